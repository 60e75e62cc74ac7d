"""Sharing out what the exchange did: an account-level expiry, assignment or forced trade is given to the positions that hold the contract, oldest first.

Two positions of opposite sign in one contract are netted by the broker, which then settles nothing; `leftovers` settles such pairs against each other at
intrinsic value once the expiry day is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from trading.events import Ending, PositionSettled, Settlement
from vocabulary.contracts import Contract, Right
from vocabulary.market import MarketView
from vocabulary.orders import Fill
from vocabulary.positions import Holding, Position


def shared_out(settlement: Settlement, positions: Iterable[Position]) -> tuple[list[PositionSettled], int]:
    """(events per position, quantity nobody claimed). Positions take their part in the given order; deliveries follow in proportion."""
    left, events = settlement.quantity, list[PositionSettled]()
    for position in positions:
        held = next((item.quantity for item in position.holdings if item.contract == settlement.contract), 0)
        if left == 0 or held * left >= 0:
            continue
        taken = max(-abs(held), min(abs(held), left))
        left -= taken
        events.append(PositionSettled(settlement.time, position.id, settlement.ending, _fills(settlement, position, taken)))
    return events, left


def _fills(settlement: Settlement, position: Position, taken: int) -> tuple[Fill, ...]:
    event_id = f"{settlement.event_id}/{position.id}"
    fee = settlement.fee * taken / settlement.quantity
    own = Fill("", settlement.contract, taken, settlement.price, fee, settlement.time, event_id)
    if settlement.delivered is None:
        return (own,)
    share = settlement.delivered.quantity * taken // settlement.quantity
    return (own, replace(settlement.delivered, ticket_id="", quantity=share, event_id=f"{event_id}/delivered"))


def leftovers(positions: Iterable[Position], view: MarketView) -> list[PositionSettled]:
    """Settle options whose expiry day is over and which the broker reported nothing about, at the intrinsic value of that day's close.

    A contract whose settlement price is not known is left alone.
    """
    events: list[PositionSettled] = []
    for position in positions:
        overdue = [held for held in position.holdings if _is_over(held.contract, view.now)]
        fills = [fill for held in overdue if (fill := _leftover_fill(position, held, view)) is not None]
        if fills:
            events.append(PositionSettled(view.now, position.id, Ending.EXPIRED, tuple(fills)))
    return events


def _is_over(contract: Contract, now: datetime) -> bool:
    return contract.right is not None and contract.expiry is not None and contract.expiry < now.date()


def _leftover_fill(position: Position, held: Holding, view: MarketView) -> Fill | None:
    contract = held.contract
    price = None if contract.expiry is None else close_of(contract.underlying, contract.expiry, view)
    if price is None:
        return None
    event_id = f"leftover/{position.id}/{contract.key}"
    return Fill("", contract, -held.quantity, Decimal(repr(round(intrinsic(contract, price), 4))), Decimal(0), view.now, event_id)


def intrinsic(contract: Contract, spot: float) -> float:
    """Value per unit if exercised now; 0 out of the money or without strike."""
    if contract.strike is None:
        return 0.0
    return max(0.0, spot - contract.strike if contract.right is Right.CALL else contract.strike - spot)


def close_of(underlying: str, day: date, view: MarketView) -> float | None:
    """The underlying's close of a past day, None when history does not have it."""
    bars = view.daily(underlying, max(5, (view.now.date() - day).days + 1))
    for when, close in zip(bars.day, bars.close, strict=True):
        if when.astype("datetime64[D]").astype(object) == day:
            return float(close)
    return None
