"""An order and its combo group as the engine keeps them: exact decimals, times in UTC microseconds, no view of the algorithm's side.

One class serves all order types: the fields a type does not have stay None. That keeps scanning, margin and serialisation free of type switches that only
exist to find an attribute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.enums import OrderDirection, OrderStatus, OrderType
from leanlocal.exact import ZERO, mul

if TYPE_CHECKING:
    from leanlocal.clock import Micros
    from leanlocal.orders.properties import OrderProperties
    from leanlocal.securities.core import SecurityCore
    from leanlocal.symbols import Symbol

CLOSED = frozenset((OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.INVALID))
COMBO_TYPES = frozenset((OrderType.COMBO_MARKET, OrderType.COMBO_LIMIT, OrderType.COMBO_LEG_LIMIT))
REFUSED_ID = -10
"""Order id of a request refused before an order existed."""


def direction_of(quantity: Decimal) -> OrderDirection:
    """Buy, sell, or hold for zero."""
    if quantity > 0:
        return OrderDirection.BUY
    return OrderDirection.SELL if quantity < 0 else OrderDirection.HOLD


@dataclass(slots=True, eq=False)
class GroupCore:
    """What the legs of one combo share. quantity: signed units; limit_price: net limit per unit (0 for market combos)."""

    id: int
    count: int
    quantity: Decimal
    limit_price: Decimal = ZERO
    order_ids: list[int] = field(default_factory=list[int])

    @property
    def direction(self) -> OrderDirection:
        """Direction of the whole combo: the sign of its quantity."""
        return direction_of(self.quantity)


@dataclass(frozen=True, slots=True)
class SubmissionCore:
    """Bid, ask and last price of the security when the order was created."""

    bid: Decimal
    ask: Decimal
    last: Decimal


@dataclass(slots=True, eq=False)
class OrderCore:
    """One order. quantity: signed; price: average fill price (0 until filled; the strike for an exercise in the money).

    tag None and an empty text differ: None is left out of result files. broker_ids is empty for orders the engine books itself (expiry, delisting).
    """

    id: int
    kind: OrderType
    symbol: Symbol
    security: SecurityCore
    quantity: Decimal
    time: Micros
    properties: OrderProperties
    tag: str | None = ""
    status: OrderStatus = OrderStatus.NEW
    price: Decimal = ZERO
    price_currency: str = ""
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trigger_price: Decimal | None = None
    trailing_amount: Decimal | None = None
    trailing_as_percentage: bool | None = None
    stop_triggered: bool = False
    trigger_touched: bool = False
    group: GroupCore | None = None
    broker_ids: list[str] = field(default_factory=list[str])
    created: Micros = 0
    last_fill: Micros | None = None
    last_update: Micros | None = None
    canceled: Micros | None = None
    submission: SubmissionCore | None = None
    is_marketable: bool = False
    price_adjustment_mode: int = 0
    event_count: int = 0

    def __post_init__(self) -> None:
        self.created = self.created or self.time

    @property
    def direction(self) -> OrderDirection:
        """Buy, sell, or hold for zero."""
        return direction_of(self.quantity)

    @property
    def is_open(self) -> bool:
        """Neither filled nor cancelled nor invalid."""
        return self.status not in CLOSED

    @property
    def is_combo(self) -> bool:
        """Part of a combo order."""
        return self.kind in COMBO_TYPES

    @property
    def value(self) -> Decimal:
        """quantity x average price, without the multiplier."""
        return mul(self.quantity, self.price)
