"""What happened to an order, as a value: one event per change of state, with the fill if there was one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.enums import OrderDirection, OrderStatus
from leanlocal.exact import ZERO
from leanlocal.orders.order import OrderCore

if TYPE_CHECKING:
    from leanlocal.clock import Micros
    from leanlocal.symbols import Symbol

NO_CURRENCY = "QCC"
"""Currency of an amount nobody charged."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency."""

    amount: Decimal
    currency: str


NO_FEE = Money(ZERO, NO_CURRENCY)


@dataclass(slots=True, eq=False)
class OrderEventCore:
    """One event. id counts the order's events from 1 (0 until it is published). fill_quantity is signed; 0 when nothing was filled."""

    order: OrderCore
    symbol: Symbol
    time: Micros
    status: OrderStatus
    quantity: Decimal
    direction: OrderDirection
    fill_price: Decimal = ZERO
    fill_currency: str = ""
    fill_quantity: Decimal = ZERO
    fee: Money = NO_FEE
    message: str = ""
    is_assignment: bool = False
    is_in_the_money: bool = False
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trigger_price: Decimal | None = None
    trailing_amount: Decimal | None = None
    trailing_as_percentage: bool | None = None
    id: int = 0
    won: bool | None = None

    @property
    def is_fill(self) -> bool:
        """Whether holdings change."""
        return self.status in (OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED)


def event_of(order: OrderCore, time: Micros, status: OrderStatus, message: str = "") -> OrderEventCore:
    """An event about an order as it stands, nothing filled."""
    return OrderEventCore(
        order=order,
        symbol=order.symbol,
        time=time,
        status=status,
        quantity=order.quantity,
        direction=order.direction,
        fill_currency=order.price_currency,
        message=message,
        limit_price=order.limit_price,
        stop_price=order.stop_price,
        trigger_price=order.trigger_price,
        trailing_amount=order.trailing_amount,
        trailing_as_percentage=order.trailing_as_percentage,
    )
