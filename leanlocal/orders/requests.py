"""Requests about orders (submit, update, cancel), the responses to them, and the record of both that a ticket is a view of."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.enums import OrderRequestStatus, OrderRequestType, OrderResponseErrorCode, OrderStatus, OrderType
from leanlocal.exact import ZERO, sub
from leanlocal.orders.order import CLOSED, REFUSED_ID, OrderCore

if TYPE_CHECKING:
    from leanlocal.clock import Micros
    from leanlocal.orders.events import OrderEventCore
    from leanlocal.orders.order import GroupCore
    from leanlocal.orders.properties import OrderProperties
    from leanlocal.securities.core import SecurityCore
    from leanlocal.symbols import Symbol


@dataclass(frozen=True, slots=True)
class ResponseCore:
    """Answer to a request; code NONE is success, `processed` False the state before any answer."""

    order_id: int
    code: OrderResponseErrorCode = OrderResponseErrorCode.NONE
    message: str | None = None
    processed: bool = True

    @property
    def is_error(self) -> bool:
        """Whether the request was refused."""
        return self.code != OrderResponseErrorCode.NONE and self.processed


UNPROCESSED = ResponseCore(0, OrderResponseErrorCode.NONE, None, processed=False)


@dataclass(slots=True, eq=False)
class RequestCore:
    """What the three requests share."""

    time: Micros
    order_id: int
    tag: str | None
    kind: OrderRequestType
    status: OrderRequestStatus = OrderRequestStatus.UNPROCESSED
    response: ResponseCore = UNPROCESSED

    def answer(self, response: ResponseCore, status: OrderRequestStatus) -> ResponseCore:
        """Set and return the response."""
        self.response, self.status = response, status
        return response

    def succeed(self) -> ResponseCore:
        """Answer with success."""
        return self.answer(ResponseCore(self.order_id), OrderRequestStatus.PROCESSED)

    def refuse(self, code: OrderResponseErrorCode, message: str) -> ResponseCore:
        """Answer with an error."""
        return self.answer(ResponseCore(self.order_id, code, message), OrderRequestStatus.ERROR)


@dataclass(slots=True, eq=False)
class SubmitCore(RequestCore):
    """Everything an order is made from."""

    order_type: OrderType = OrderType.MARKET
    symbol: Symbol = None  # pyright: ignore[reportAssignmentType]  # dataclass inheritance wants a default; `submit_request` always gives one
    security: SecurityCore | None = None
    quantity: Decimal = ZERO
    limit_price: Decimal = ZERO
    stop_price: Decimal = ZERO
    trigger_price: Decimal = ZERO
    trailing_amount: Decimal = ZERO
    trailing_as_percentage: bool = False
    properties: OrderProperties = None  # pyright: ignore[reportAssignmentType]
    group: GroupCore | None = None
    asynchronous: bool = False


@dataclass(slots=True, eq=False)
class UpdateCore(RequestCore):
    """Fields to change; None leaves a field alone."""

    quantity: Decimal | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    trigger_price: Decimal | None = None
    trailing_amount: Decimal | None = None

    @property
    def allowed_when_closed(self) -> bool:
        """Only the text may change on a closed order."""
        return self.tag is not None and all(
            value is None for value in (self.quantity, self.limit_price, self.stop_price, self.trigger_price, self.trailing_amount)
        )


@dataclass(slots=True, eq=False)
class CancelCore(RequestCore):
    """Request to cancel one order (and with it its combo)."""


@dataclass(slots=True, eq=False)
class TicketCore:
    """All that is known about one order: its request, its order once there is one, updates, cancel request, events, what is filled at what price."""

    request: SubmitCore
    order: OrderCore | None = None
    updates: list[UpdateCore] = field(default_factory=list[UpdateCore])
    cancel: CancelCore | None = None
    events: list[OrderEventCore] = field(default_factory=list["OrderEventCore"])
    filled: Decimal = ZERO
    average_price: Decimal = ZERO
    refused_status: OrderStatus = OrderStatus.INVALID

    @property
    def order_id(self) -> int:
        """Number of the order, negative when there is none."""
        return self.order.id if self.order else self.request.order_id or REFUSED_ID

    @property
    def status(self) -> OrderStatus:
        """Status of the order, INVALID for a refused request, NEW while it waits."""
        if self.order:
            return self.order.status
        return OrderStatus.INVALID if self.request.response.is_error else OrderStatus.NEW

    @property
    def is_closed(self) -> bool:
        """Filled, cancelled or invalid."""
        return self.status in CLOSED

    @property
    def remaining(self) -> Decimal:
        """Signed quantity not filled yet."""
        quantity = self.order.quantity if self.order else self.request.quantity
        return sub(quantity, self.filled)
