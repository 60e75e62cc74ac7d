"""How an LT112 is left (A2; S002-9, S002-11, S002-12).

The unit has two components: the two far puts that bring the money in, and the debit spread they pay for. Each is left by its own rule, so that the spread may
stay as a hedge once the risk is gone; the defence (distance of the underlying to the naked strike, naked loss, delta) and the universal rules close the
whole unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd, isfinite

from strategies.deltas import live_delta
from strategies.lt112.parameters import Lt112Parameters
from trading.exits import AssignmentRisk, DaysToExpiryExit, ExDividend, FlattenDelivery, ProfitTarget, StopLoss, VixSpike, close_all
from vocabulary.contracts import Leg, Structure, StructureKind
from vocabulary.decisions import Action, Decision, Inputs
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.positions import Holding, Marks, Position


def naked_puts(position: Position) -> Holding | None:
    """The two far puts of a 1-1-2 that are still held, None when they are gone or the structure has none."""
    if position.structure.kind is not StructureKind.LT112:
        return None
    lowest = min(position.structure.legs, key=lambda leg: leg.contract.strike or 0.0).contract
    return next((held for held in position.holdings if held.contract == lowest and held.quantity < 0), None)


def spread_legs(position: Position) -> tuple[Holding, ...]:
    """The debit spread of a 1-1-2 that is still held: long and short put, else nothing."""
    naked = min(position.structure.legs, key=lambda leg: leg.contract.strike or 0.0).contract
    rest = tuple(held for held in position.holdings if held.contract != naked and held.contract.asset.is_option and held.quantity)
    whole = any(held.quantity > 0 for held in rest) and any(held.quantity < 0 for held in rest)
    return rest if position.structure.kind is StructureKind.LT112 and whole else ()


def part(position: Position, rule: str, reason: str, leaving: tuple[Holding, ...], kind: StructureKind, inputs: Inputs) -> Decision:
    """REDUCE the position by these holdings, all of them."""
    units = gcd(*(abs(held.quantity) for held in leaving))
    legs = tuple(Leg(held.contract, held.quantity // units) for held in leaving)
    return Decision(Action.REDUCE, position.strategy, rule, reason, Structure(kind, legs), units, position.id, inputs=inputs)


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
    """Sell the debit spread when it is worth `profit` times its debit more than it cost (DOC1: 50 %)."""

    profit: float

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A2 spread profit {self.profit:.0%}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """REDUCE by the spread while the naked puts are still there; afterwards the universal rules speak of the spread alone."""
        legs = spread_legs(position)
        if not legs or naked_puts(position) is None:
            return None
        worth = _worth(view, legs)
        debit = sum(held.quantity * float(held.average_price) for held in legs)
        if worth is None or debit <= 0 or worth < debit * (1 + self.profit):
            return None
        inputs = {"worth": worth, "debit": debit, "target": debit * (1 + self.profit)}
        return part(position, self.rule_id, f"spread worth {worth:.2f}, paid {debit:.2f}", legs, StructureKind.PUT_SPREAD, inputs)


@dataclass(frozen=True, slots=True)
class NakedStop:
    """Close the whole unit when the far puts have lost `multiple` times their premium (HEAD): buying back at three times what they brought."""

    multiple: float

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A2 naked stop {self.multiple:.0%}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE."""
        naked = naked_puts(position)
        quote = None if naked is None else view.quote(naked.contract)
        if naked is None or quote is None or not isfinite(quote.ask):
            return None
        limit = float(naked.average_price) * (1 + self.multiple)
        if quote.ask < limit:
            return None
        inputs = {"ask": quote.ask, "premium": float(naked.average_price), "limit": limit}
        return close_all(position, self.rule_id, f"naked puts cost {quote.ask:.2f}, limit {limit:.2f}", inputs)


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


def naked_distance(position: Position, view: MarketView) -> float | None:
    """How far the underlying stands above the naked strike, as a fraction of its price; None without naked puts or price."""
    naked, price = naked_puts(position), view.price(position.underlying)
    return None if naked is None or price is None or price <= 0 else (price - (naked.contract.strike or 0.0)) / price


def lt112_exits(parameters: Lt112Parameters) -> ExitPlan:
    """Rules in priority order: defence, universal rules, then the components; alerts last."""
    components = (NakedDecay(parameters.naked_decay, parameters.naked_dte), SpreadProfit(parameters.spread_profit)) if parameters.component_exits else ()
    return ExitPlan(
        rules=(
            FlattenDelivery(),
            DistanceDefence(parameters.distance_close),
            NakedStop(parameters.naked_stop),
            ShortDeltaExit(parameters.delta_exit),
            StopLoss(parameters.stop),
            ProfitTarget(parameters.profit),
            DaysToExpiryExit(parameters.exit_dte, parameters.exit_dte),
            AssignmentRisk(),
            ExDividend(),
            VixSpike(),
            *components,
            DistanceWatch(parameters.distance_watch, parameters.distance_prepare),
        ),
    )


def _worth(view: MarketView, legs: tuple[Holding, ...]) -> float | None:
    """What the holdings bring at natural prices, per 1.00 of multiplier."""
    total = 0.0
    for held in legs:
        quote = view.quote(held.contract)
        if quote is None or not (isfinite(quote.bid) and isfinite(quote.ask)):
            return None
        total += held.quantity * (quote.bid if held.quantity > 0 else quote.ask)
    return total
