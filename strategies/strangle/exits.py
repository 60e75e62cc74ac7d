"""How a strangle is left: the delta ladder of the tested side between the universal rules (A3, H-48, H-49).

Up to 16 hold, from 20 roll the untested side in (a limited number of times), from 25 close the tested side, from 30 close everything. Deltas are those of
one contract, so the ladder reads the same for one strangle or ten; they are computed from live quotes, and without them the ladder is silent while the money
rules go on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from strategies.chain_selection import first_quoted
from strategies.deltas import live_delta
from strategies.strangle.parameters import StrangleParameters
from strategies.strangle.strikes import by_delta
from strategies.structures import structure
from trading.exits import AssignmentRisk, DaysToExpiryExit, ExDividend, FlattenDelivery, ProfitTarget, StopLoss, VixSpike, close_all
from vocabulary.contracts import Contract, Right, StructureKind
from vocabulary.decisions import Action, Decision
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.positions import Holding, Marks, Position

_ALONE = {Right.PUT: StructureKind.SHORT_PUT, Right.CALL: StructureKind.SHORT_CALL}


@dataclass(frozen=True, slots=True)
class SideDelta:
    """One sold side with its absolute delta."""

    held: Holding
    delta: float


def sides(position: Position, view: MarketView) -> tuple[SideDelta, ...] | None:
    """Sold legs with their deltas, the most tested first; None while one delta is unknown."""
    deltas = [(held, live_delta(view, held.contract)) for held in position.short_holdings()]
    known = [SideDelta(held, abs(delta)) for held, delta in deltas if delta is not None]
    return tuple(sorted(known, key=lambda entry: (-entry.delta, entry.held.contract.key))) if len(known) == len(deltas) and known else None


@dataclass(frozen=True, slots=True)
class DeltaLadder:
    """The four rungs. `parameters` hold the lines, the delta to roll to and how often."""

    parameters: StrangleParameters

    @property
    def rule_id(self) -> str:
        """Stable id; the rung is in the decision's inputs."""
        return "A3 delta ladder"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE, REDUCE or ROLL by the delta of the tested side."""
        found, lines = sides(position, view), self.parameters
        if found is None:
            return None
        tested = found[0]
        facts = {"delta": round(tested.delta, 4), "tested": tested.held.contract.key}
        if tested.delta >= lines.ladder_close_all:
            return close_all(position, self.rule_id, f"tested side at {tested.delta:.2f}", {**facts, "rung": "close_all", "line": lines.ladder_close_all})
        if tested.delta >= lines.ladder_close_side:
            return self._close_side(position, tested, facts)
        if tested.delta >= lines.ladder_roll and len(found) == 2 and position.rolls < lines.max_rolls:
            return self._roll(position, found[1], view, facts)
        return None

    def _close_side(self, position: Position, tested: SideDelta, facts: dict[str, float | str]) -> Decision:
        contract, units = tested.held.contract, abs(tested.held.quantity)
        leaving = structure(_ALONE[contract.right or Right.PUT], (contract, -1))
        inputs = {**facts, "rung": "close_side", "line": self.parameters.ladder_close_side}
        reason = f"tested side at {tested.delta:.2f}"
        return Decision(Action.REDUCE, position.strategy, self.rule_id, reason, leaving, units, position.id, inputs=inputs)

    def _roll(self, position: Position, untested: SideDelta, view: MarketView, facts: dict[str, float | str]) -> Decision | None:
        """Roll the untested side nearer, never beyond the tested strike and only to a higher delta."""
        old = untested.held.contract
        new = first_quoted(view, _roll_targets(view, old, self.parameters))
        delta = None if new is None else live_delta(view, new)
        if new is None or new == old or delta is None or abs(delta) <= untested.delta:
            return None
        kind, units = _ALONE[old.right or Right.PUT], abs(untested.held.quantity)
        inputs = {**facts, "rung": "roll", "line": self.parameters.ladder_roll, "from_delta": round(untested.delta, 4), "to_delta": round(abs(delta), 4)}
        reason = f"tested side at {facts['delta']:.2f}: roll {old.key} to {new.key}"
        leaving, coming = structure(kind, (old, -1)), structure(kind, (new, -1))
        return Decision(Action.ROLL, position.strategy, self.rule_id, reason, leaving, units, position.id, coming, inputs=inputs)


def roll_candidates(view: MarketView, positions: Sequence[Position], parameters: StrangleParameters) -> tuple[Contract, ...]:
    """What open strangles may roll to today: registered once the tested side has passed the hold line, or while its delta is not known yet."""
    wanted: list[Contract] = []
    for position in positions:
        found = sides(position, view)
        if found is not None and found[0].delta < parameters.ladder_hold:
            continue
        for held in position.short_holdings():
            wanted.extend(_roll_targets(view, held.contract, parameters))
    return tuple(dict.fromkeys(wanted))


def strangle_exits(parameters: StrangleParameters) -> ExitPlan:
    """Rules in priority order."""
    return ExitPlan(
        rules=(
            FlattenDelivery(),
            StopLoss(parameters.stop),
            DeltaLadder(parameters),
            ProfitTarget(parameters.profit),
            DaysToExpiryExit(parameters.exit_dte, parameters.exit_dte),
            AssignmentRisk(),
            ExDividend(),
            VixSpike(),
        ),
    )


def _roll_targets(view: MarketView, old: Contract, parameters: StrangleParameters) -> tuple[Contract, ...]:
    """Contracts of the same expiry, right and delivery nearest to the roll delta in the daily chain."""
    chain, price = view.chain(old.underlying), view.price(old.underlying)
    if chain is None or price is None or old.expiry is None or old.right is None:
        return ()
    found = by_delta(view, chain, old.expiry, old.right, price, parameters.roll_delta)
    return tuple(contract for contract in found if contract.future_expiry == old.future_expiry)
