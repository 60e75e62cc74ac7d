"""How a rung is left (A5).

A sold rung: 30 % of the credit, the seeds' 200 % stop, and a roll to a year out at 150 days; the 21-day rule never comes into it. A bought rung: its own
profit, loss and last day; no stop on a credit it never took, no 21-day rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from strategies.chain_selection import first_quoted
from strategies.leap_ladder.parameters import LeapLadderParameters
from strategies.leap_ladder.strikes import rung_candidates, week_delta
from strategies.structures import net_price, structure
from trading.exits import AssignmentRisk, DaysToExpiryExit, FlattenDelivery, ProfitTarget, StopLoss, close_all
from vocabulary.contracts import Contract, StructureKind
from vocabulary.decisions import Action, Decision
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.positions import Marks, Position


@dataclass(frozen=True, slots=True)
class RungRoll:
    """At `roll_dte` days a sold rung is rolled to a new one a year out, for a credit; after `max_rolls` it is closed instead."""

    parameters: LeapLadderParameters

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A5 roll at {self.parameters.roll_dte} days"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """ROLL or CLOSE; nothing while a fresh rung has no quote or brings no credit."""
        shorts = position.short_holdings()
        days = shorts[0].contract.days_to_expiry(view.now.date()) if shorts else self.parameters.roll_dte + 1
        if not shorts or days > self.parameters.roll_dte:
            return None
        inputs = {"days": days, "limit": self.parameters.roll_dte, "rolls": position.rolls, "max_rolls": self.parameters.max_rolls}
        if position.rolls >= self.parameters.max_rolls:
            return close_all(position, self.rule_id, f"{days} days left and rolled {position.rolls} times", inputs)
        old = shorts[0]
        fresh = first_quoted(view, _targets(view, position, self.parameters))
        if fresh is None or fresh == old.contract:
            return None
        leaving, coming = structure(StructureKind.SHORT_PUT, (old.contract, -1)), structure(StructureKind.SHORT_PUT, (fresh, -1))
        paid, taken = net_price(view, leaving.reversed()), net_price(view, coming)
        credit = None if paid is None or taken is None else paid.natural + taken.natural
        if credit is None or credit <= 0:
            return None
        reason, units = f"roll {old.contract.key} to {fresh.key} for {credit:.2f}", abs(old.quantity)
        facts = {**inputs, "credit": credit}
        return Decision(Action.ROLL, position.strategy, self.rule_id, reason, leaving, units, position.id, coming, limit=credit, inputs=facts)


@dataclass(frozen=True, slots=True)
class BoughtLoss:
    """Close a bought rung when it has lost `fraction` of its debit (PY: 50 %)."""

    fraction: float

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A5 loss {self.fraction:.0%} of debit"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE."""
        debit = -float(position.entry_credit)
        if not marks.complete or debit <= 0 or marks.profit_natural > -self.fraction * debit:
            return None
        inputs = {"profit": marks.profit_natural, "limit": -self.fraction * debit, "debit": debit}
        return close_all(position, self.rule_id, f"loss {marks.profit_natural:.2f} of the debit {debit:.2f}", inputs)


def roll_candidates(view: MarketView, positions: Sequence[Position], parameters: LeapLadderParameters) -> tuple[Contract, ...]:
    """New rungs for sold ones that are at or near their roll day."""
    if not parameters.is_sold:
        return ()
    near = [position for position in positions if any(_days(held.contract, view) <= parameters.roll_dte + 3 for held in position.short_holdings())]
    return tuple(dict.fromkeys(contract for position in near for contract in _targets(view, position, parameters)))


def ladder_exits(parameters: LeapLadderParameters) -> ExitPlan:
    """Rules in priority order for the ladder's side."""
    if not parameters.is_sold:
        last_day = DaysToExpiryExit(parameters.long_exit_dte, parameters.long_exit_dte)
        return ExitPlan((FlattenDelivery(), ProfitTarget(parameters.long_profit), BoughtLoss(parameters.long_loss), last_day))
    return ExitPlan((FlattenDelivery(), StopLoss(parameters.stop), ProfitTarget(parameters.profit), RungRoll(parameters), AssignmentRisk()))


def _targets(view: MarketView, position: Position, parameters: LeapLadderParameters) -> tuple[Contract, ...]:
    return rung_candidates(view, position.underlying, week_delta(view.now.date(), parameters), parameters)


def _days(contract: Contract, view: MarketView) -> int:
    return contract.days_to_expiry(view.now.date())
