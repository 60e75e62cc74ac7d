"""What a breaker or crash level wants closed, as decisions: whole positions, in the order a margin call would take them (E).

Losers first, then the most margin, strangles before LT112. A share is met by whole positions as nearly as they allow. The decisions name no
legs: CLOSE of a position id means everything it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

from risk.exposure import held_legs
from risk.margin import structure_margin
from risk.state import Demand, DemandKind, RiskEvent
from vocabulary.contracts import Contract
from vocabulary.decisions import Action, Decision, Strategy
from vocabulary.market import MarketView
from vocabulary.positions import Marks, Position, PositionBook, PositionState

_RISKIEST_FIRST = (Strategy.STRANGLE, Strategy.LT112, Strategy.ZERO_DTE, Strategy.LEAP_LADDER, Strategy.IPMCC)


def meet_demand(
    event: RiskEvent, book: PositionBook, view: MarketView, marks: Callable[[Position], Marks], future_margin: Callable[[str], float | None]
) -> tuple[Decision, ...]:
    """Closing decisions that meet the demand of a risk event, none when it has no demand. Positions already closing are left alone."""
    demand = event.demand
    if demand is None:
        return ()
    held = [position for position in book.open_positions() if position.state is PositionState.OPEN]
    margins = {position.id: position_margin(position, view, future_margin) for position in held}
    ordered = sorted(held, key=lambda position: _order(position, marks(position), margins[position.id]))
    return tuple(_close(position, event) for position in _chosen(demand, ordered, margins))


def position_margin(position: Position, view: MarketView, future_margin: Callable[[str], float | None]) -> float:
    """Margin of what a position holds now, NaN when a price it needs is missing."""
    spot, future = view.price(position.underlying), future_margin(position.underlying)
    if spot is None:
        return float("nan")

    def price(contract: Contract) -> float:
        quote = view.quote(contract)
        return float("nan") if quote is None else quote.mid

    return structure_margin(held_legs(position), spot, price, float("nan") if future is None else future)


def _order(position: Position, marks: Marks, margin: float) -> tuple[bool, float, int, str]:
    losing = marks.complete and marks.profit_natural < 0
    return (not losing, -margin if isfinite(margin) else 0.0, _RISKIEST_FIRST.index(position.strategy), position.id)


def _chosen(demand: Demand, ordered: Sequence[Position], margins: dict[str, float]) -> list[Position]:
    if demand.kind is DemandKind.CLOSE_ALL:
        return list(ordered)
    if demand.kind is DemandKind.CLOSE_STRATEGIES:
        return [position for position in ordered if position.strategy.value in demand.strategies]
    total = sum(margin for margin in margins.values() if isfinite(margin))
    chosen: list[Position] = []
    reached = 0.0
    for position in ordered:
        margin = margins[position.id]
        # a whole position is taken only when that comes nearer to the share than leaving it: one position is never sold to meet a sixth
        if not isfinite(margin) or margin <= 0 or margin >= 2 * (demand.share * total - reached):
            continue
        chosen.append(position)
        reached += margin
    return chosen


def _close(position: Position, event: RiskEvent) -> Decision:
    return Decision(Action.CLOSE, position.strategy, f"risk {event.code}", event.reason, position_id=position.id, inputs=event.inputs)
