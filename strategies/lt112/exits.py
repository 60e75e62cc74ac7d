"""How an LT112 is left (A2; S002-9, S002-11, S002-12).

The unit has two components: the two far puts that bring the money in, and the debit spread they pay for. Each is left by its own rule, so that the spread may
stay as a hedge once the risk is gone; the defence (distance of the underlying to the naked strike, naked loss, delta) and the universal rules close the
whole unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from strategies.deltas import live_delta
from strategies.lt112.components import naked_distance, naked_puts, part, spread_legs, spread_worth
from strategies.lt112.parameters import Lt112Parameters
from strategies.lt112.premium import UnitStop, UnitTarget
from trading.exits import AssignmentRisk, DaysToExpiryExit, ExDividend, FlattenDelivery, VixSpike, close_all
from vocabulary.contracts import StructureKind
from vocabulary.decisions import Action, Decision
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.positions import Marks, Position


@dataclass(frozen=True, slots=True)
class NakedDecay:
    """Buy the far puts back when `decay` of their premium is gone or `days` remain; the spread stays as a hedge (DOC1)."""

    decay: float
    days: int

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A2 naked decay {self.decay:.0%} or {self.days} days"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """REDUCE by the naked puts."""
        naked = naked_puts(position)
        quote = None if naked is None else view.quote(naked.contract)
        if naked is None or quote is None or not isfinite(quote.ask) or not spread_legs(position):
            return None
        left, days = quote.ask / float(naked.average_price), naked.contract.days_to_expiry(view.now.date())
        if left > 1 - self.decay and days > self.days:
            return None
        reason = f"naked puts keep {left:.0%} of their premium with {days} days left"
        inputs = {"left": left, "limit": 1 - self.decay, "days": days, "days_limit": self.days}
        return part(position, self.rule_id, reason, (naked,), StructureKind.SHORT_PUT, inputs)


@dataclass(frozen=True, slots=True)
class SpreadProfit:
    """Sell the debit spread when it is worth `profit` times its debit more than it cost (DOC1: 50 %).

    keep_hedge: not while the naked puts are held. The spread gains when the market falls towards them, which is when it is needed (C, rules of August 2024).
    """

    profit: float
    keep_hedge: bool = True

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A2 spread profit {self.profit:.0%}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE when the spread is all that is left; REDUCE by it while the naked puts are still there, if that is wanted."""
        legs, naked = spread_legs(position), naked_puts(position)
        if not legs or (naked is not None and self.keep_hedge):
            return None
        worth = spread_worth(view, legs)
        debit = sum(held.quantity * float(held.average_price) for held in legs)
        if worth is None or debit <= 0 or worth < debit * (1 + self.profit):
            return None
        inputs = {"worth": worth, "debit": debit, "target": debit * (1 + self.profit)}
        reason = f"spread worth {worth:.2f}, paid {debit:.2f}"
        if naked is None:
            return close_all(position, self.rule_id, reason, inputs)
        return part(position, self.rule_id, reason, legs, StructureKind.PUT_SPREAD, inputs)


@dataclass(frozen=True, slots=True)
class DistanceDefence:
    """Close the whole unit when the underlying is within `share` of its price above the naked strike, or below it (DOC1: the 25-point line)."""

    share: float

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A2 distance {self.share:.1%}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE."""
        distance = naked_distance(position, view)
        if distance is None or distance > self.share:
            return None
        return close_all(position, self.rule_id, f"underlying {distance:.2%} above the naked strike", {"distance": distance, "limit": self.share})


@dataclass(frozen=True, slots=True)
class DistanceWatch:
    """Alert when the underlying comes near the naked strike: first watch, then prepare (DOC1: 75 and 50 points). Last in the plan: it trades nothing."""

    watch: float
    prepare: float

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return "A2 distance watch"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """ALERT with the stage."""
        distance = naked_distance(position, view)
        if distance is None or distance > self.watch:
            return None
        stage = "prepare" if distance <= self.prepare else "watch"
        inputs = {"distance": distance, "watch": self.watch, "prepare": self.prepare, "stage": stage}
        return Decision(
            Action.ALERT, position.strategy, self.rule_id, f"{stage}: {distance:.2%} above the naked strike", position_id=position.id, inputs=inputs
        )


@dataclass(frozen=True, slots=True)
class ShortDeltaExit:
    """Close the whole position when the delta of a naked put, or of the short put of a credit spread, passes `limit` (PY: 0.40).

    The short leg of the 1-1-2's debit spread is covered by a nearer long one; its delta says nothing about risk.
    """

    limit: float

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A2 short delta {self.limit:.2f}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE."""
        naked = naked_puts(position)
        watched = position.short_holdings() if position.structure.kind is StructureKind.PUT_SPREAD else (naked,) if naked is not None else ()
        deltas = [(abs(delta), held) for held in watched if (delta := live_delta(view, held.contract)) is not None]
        if not deltas:
            return None
        worst, held = max(deltas, key=lambda entry: entry[0])
        if worst <= self.limit:
            return None
        return close_all(position, self.rule_id, f"{held.contract.key} delta {worst:.2f}", {"delta": worst, "limit": self.limit})


def lt112_exits(parameters: Lt112Parameters) -> ExitPlan:
    """Rules in priority order: defence, universal rules, then the components; alerts last."""
    components = (
        (NakedDecay(parameters.naked_decay, parameters.naked_dte), SpreadProfit(parameters.spread_profit, parameters.keep_hedge))
        if parameters.component_exits
        else ()
    )
    return ExitPlan(
        rules=(
            FlattenDelivery(),
            DistanceDefence(parameters.distance_close),
            UnitStop(parameters.stop),
            ShortDeltaExit(parameters.delta_exit),
            UnitTarget(parameters.profit),
            DaysToExpiryExit(parameters.exit_dte, parameters.exit_dte),
            AssignmentRisk(),
            ExDividend(),
            VixSpike(),
            *components,
            DistanceWatch(parameters.distance_watch, parameters.distance_prepare),
        ),
    )
