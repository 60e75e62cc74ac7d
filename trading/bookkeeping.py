"""Arithmetic of fills on holdings, in Decimal: average prices, cash, what a trade leaves. No state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from vocabulary.contracts import Contract
from vocabulary.orders import Fill
from vocabulary.positions import Holding, Position


def multiplier_of(contract: Contract) -> Decimal:
    """The contract multiplier as an exact decimal."""
    return Decimal(repr(contract.multiplier))


def cash_of(fill: Fill) -> Decimal:
    """Cash a fill brings in (positive) or costs, without its fee. A future's notional counts too: bought and sold it nets to its profit."""
    return -fill.quantity * fill.price * multiplier_of(fill.contract)


def with_fill(holdings: tuple[Holding, ...], fill: Fill) -> tuple[Holding, ...]:
    """Holdings after one fill: adding averages the price, reducing keeps it, crossing zero starts at the fill's."""
    held = next((item for item in holdings if item.contract == fill.contract), None)
    if held is None:
        return (*holdings, Holding(fill.contract, fill.quantity, fill.price)) if fill.quantity else holdings
    quantity = held.quantity + fill.quantity
    if quantity == 0:
        return tuple(item for item in holdings if item is not held)
    changed = Holding(fill.contract, quantity, _average(held, fill, quantity))
    return tuple(changed if item is held else item for item in holdings)


def _average(held: Holding, fill: Fill, quantity: int) -> Decimal:
    if held.quantity * fill.quantity > 0:
        return (held.average_price * held.quantity + fill.price * fill.quantity) / quantity
    return held.average_price if held.quantity * quantity > 0 else fill.price


def with_fills(position: Position, fills: Iterable[Fill]) -> Position:
    """The position after fills: holdings, cash and fees."""
    holdings, cash, fees = position.holdings, position.net_cash, position.fees
    for fill in fills:
        holdings, cash, fees = with_fill(holdings, fill), cash + cash_of(fill), fees + fill.fee
    return replace(position, holdings=holdings, net_cash=cash, fees=fees)


def profit_of(position: Position) -> Decimal:
    """Booked result of a closed position after fees."""
    return position.net_cash - position.fees
