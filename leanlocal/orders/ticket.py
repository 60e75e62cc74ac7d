"""Tickets and requests as an algorithm sees them: a ticket is a fresh view of the record of one order, and the way to change or cancel it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from leanlocal.enums import OrderField, OrderRequestStatus, OrderRequestType, OrderResponseErrorCode, OrderStatus, OrderType, SecurityType
from leanlocal.exact import from_python, to_float
from leanlocal.orders.events import OrderEventCore
from leanlocal.orders.order import REFUSED_ID
from leanlocal.orders.properties import OrderProperties
from leanlocal.orders.requests import CancelCore, RequestCore, ResponseCore, SubmitCore, TicketCore, UpdateCore
from leanlocal.orders.surface import GroupOrderManager, OrderEvent, event_surface, group_surface, optional_float, utc_datetime
from leanlocal.orders.words import request_text, spoken, ticket_text
from leanlocal.surface import LeanObject
from leanlocal.symbol_book import ArgumentException
from leanlocal.symbols import Symbol


class OrderDesk(Protocol):
    """What a ticket asks of the transaction handler."""

    def update(self, ticket: TicketCore, fields: UpdateOrderFields) -> ResponseCore:
        """Queue an update."""
        ...

    def cancel(self, ticket: TicketCore, tag: str | None) -> ResponseCore:
        """Queue a cancellation."""
        ...


class UpdateOrderFields(LeanObject[None]):
    """What to change of an order; None leaves a field alone."""

    def __init__(self) -> None:
        self.quantity: float | None = None
        self.limit_price: float | None = None
        self.stop_price: float | None = None
        self.trigger_price: float | None = None
        self.trailing_amount: float | None = None
        self.tag: str | None = None


def exact_or_none(value: float | None) -> Decimal | None:
    """A float as a decimal, None for none."""
    return None if value is None else from_python(value)


class OrderResponse(LeanObject[ResponseCore]):
    """Answer to a request."""

    def __init__(self, core: ResponseCore) -> None:
        self._core = core

    @property
    def order_id(self) -> int:
        """Order the answer is about."""
        return self._core.order_id

    @property
    def error_code(self) -> OrderResponseErrorCode:
        """NONE or the reason of the refusal."""
        return self._core.code

    @property
    def error_message(self) -> str | None:
        """Reason in words."""
        return self._core.message

    @property
    def is_success(self) -> bool:
        """Answered, and not refused."""
        return self._core.processed and not self._core.is_error

    @property
    def is_error(self) -> bool:
        """Refused."""
        return self._core.is_error

    @property
    def is_processed(self) -> bool:
        """Answered."""
        return self._core.processed

    def __str__(self) -> str:
        if not self._core.processed:
            return "Unprocessed"
        if not self._core.is_error:
            return "Success"
        return f"Error: {spoken(self._core.code)} - {self._core.message}"


class OrderRequest(LeanObject[RequestCore]):
    """A request about an order."""

    def __init__(self, core: RequestCore) -> None:
        self._core = core

    @property
    def order_request_type(self) -> OrderRequestType:
        """Submit, update or cancel."""
        return self._core.kind

    @property
    def status(self) -> OrderRequestStatus:
        """Where the request stands."""
        return self._core.status

    @property
    def time(self) -> datetime:
        """When it was made, UTC."""
        return utc_datetime(self._core.time)

    @property
    def order_id(self) -> int:
        """Order it is about."""
        return self._core.order_id

    @property
    def tag(self) -> str | None:
        """Its text."""
        return self._core.tag

    @property
    def response(self) -> OrderResponse:
        """The answer."""
        return OrderResponse(self._core.response)


class SubmitOrderRequest(OrderRequest):
    """Request for a new order."""

    _core: SubmitCore  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def security_type(self) -> SecurityType:
        """Kind of instrument."""
        return self._core.symbol.security_type

    @property
    def symbol(self) -> Symbol:
        """What to trade."""
        return self._core.symbol

    @property
    def order_type(self) -> OrderType:
        """Type of order."""
        return self._core.order_type

    @property
    def quantity(self) -> float:
        """Signed quantity."""
        return to_float(self._core.quantity)

    @property
    def limit_price(self) -> float:
        """Limit, 0 without one."""
        return to_float(self._core.limit_price)

    @property
    def stop_price(self) -> float:
        """Stop, 0 without one."""
        return to_float(self._core.stop_price)

    @property
    def trigger_price(self) -> float:
        """Trigger, 0 without one."""
        return to_float(self._core.trigger_price)

    @property
    def trailing_amount(self) -> float:
        """Trailing distance, 0 without one."""
        return to_float(self._core.trailing_amount)

    @property
    def trailing_as_percentage(self) -> bool:
        """Whether the distance is a share of the price."""
        return self._core.trailing_as_percentage

    @property
    def order_properties(self) -> OrderProperties:
        """How the order is to be handled."""
        return self._core.properties

    @property
    def group_order_manager(self) -> GroupOrderManager | None:
        """The combo it belongs to."""
        return group_surface(self._core.group)

    @property
    def asynchronous(self) -> bool:
        """Whether the caller did not wait."""
        return self._core.asynchronous


class UpdateOrderRequest(OrderRequest):
    """Request to change an order."""

    _core: UpdateCore  # pyright: ignore[reportIncompatibleVariableOverride]

    @property
    def quantity(self) -> float | None:
        """New quantity."""
        return optional_float(self._core.quantity)

    @property
    def limit_price(self) -> float | None:
        """New limit."""
        return optional_float(self._core.limit_price)

    @property
    def stop_price(self) -> float | None:
        """New stop."""
        return optional_float(self._core.stop_price)

    @property
    def trigger_price(self) -> float | None:
        """New trigger."""
        return optional_float(self._core.trigger_price)

    @property
    def trailing_amount(self) -> float | None:
        """New trailing distance."""
        return optional_float(self._core.trailing_amount)

    def __str__(self) -> str:
        return request_text(self._core)


class CancelOrderRequest(OrderRequest):
    """Request to cancel an order."""

    _core: CancelCore  # pyright: ignore[reportIncompatibleVariableOverride]

    def __str__(self) -> str:
        return request_text(self._core)


FIELDS_OF: dict[OrderField, frozenset[OrderType]] = {
    OrderField.LIMIT_PRICE: frozenset({OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.LIMIT_IF_TOUCHED, OrderType.COMBO_LIMIT, OrderType.COMBO_LEG_LIMIT}),
    OrderField.STOP_PRICE: frozenset({OrderType.STOP_MARKET, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP}),
    OrderField.TRIGGER_PRICE: frozenset({OrderType.LIMIT_IF_TOUCHED}),
    OrderField.TRAILING_AMOUNT: frozenset({OrderType.TRAILING_STOP}),
    OrderField.TRAILING_AS_PERCENTAGE: frozenset({OrderType.TRAILING_STOP}),
}
"""Which order types have a field."""


class OrderTicket(LeanObject[TicketCore]):
    """What is known about one order, and the way to change it."""

    def __init__(self, core: TicketCore, desk: OrderDesk) -> None:
        self._core = core
        self._desk = desk

    @property
    def order_id(self) -> int:
        """Number of the order; negative when it was refused before it existed."""
        return self._core.order.id if self._core.order else REFUSED_ID

    @property
    def status(self) -> OrderStatus:
        """Where the order stands."""
        return self._core.status

    @property
    def symbol(self) -> Symbol:
        """What is traded."""
        return self._core.request.symbol

    @property
    def security_type(self) -> SecurityType:
        """Kind of instrument."""
        return self._core.request.symbol.security_type

    @property
    def quantity(self) -> float:
        """Signed quantity."""
        return to_float(self._core.order.quantity if self._core.order else self._core.request.quantity)

    @property
    def average_fill_price(self) -> float:
        """Average price of what is filled."""
        return to_float(self._core.average_price)

    @property
    def quantity_filled(self) -> float:
        """Signed quantity filled."""
        return to_float(self._core.filled)

    @property
    def quantity_remaining(self) -> float:
        """Signed quantity still open."""
        return to_float(self._core.remaining)

    @property
    def time(self) -> datetime:
        """When the order was sent, UTC."""
        return utc_datetime(self._core.request.time)

    @property
    def order_type(self) -> OrderType:
        """Type of order."""
        return self._core.request.order_type

    @property
    def tag(self) -> str | None:
        """Text of the order."""
        return self._core.order.tag if self._core.order else self._core.request.tag

    @property
    def submit_request(self) -> SubmitOrderRequest:
        """The request that made it."""
        return SubmitOrderRequest(self._core.request)

    @property
    def update_requests(self) -> list[UpdateOrderRequest]:
        """Changes asked for, oldest first."""
        return [UpdateOrderRequest(update) for update in self._core.updates]

    @property
    def cancel_request(self) -> CancelOrderRequest | None:
        """The cancellation asked for."""
        return None if self._core.cancel is None else CancelOrderRequest(self._core.cancel)

    @property
    def order_events(self) -> list[OrderEvent]:
        """What happened so far."""
        return [self._event(event) for event in self._core.events]

    def _event(self, event: OrderEventCore) -> OrderEvent:
        made = event_surface(event)
        made.ticket = self
        return made

    @property
    def has_order(self) -> bool:
        """Whether an order was made of the request."""
        return self._core.order is not None

    def get(self, field: OrderField) -> float:
        """A price of the order; ArgumentException when its type has none."""
        order, request = self._core.order, self._core.request
        if request.order_type not in FIELDS_OF[OrderField(field)]:
            raise ArgumentException(f"Unable to get field {spoken(OrderField(field))} on order of type {spoken(request.order_type)}")
        if field == OrderField.TRAILING_AS_PERCENTAGE:
            return request.trailing_as_percentage
        prices: dict[OrderField, tuple[Decimal | None, Decimal]] = {
            OrderField.LIMIT_PRICE: (order.limit_price if order else None, request.limit_price),
            OrderField.STOP_PRICE: (order.stop_price if order else None, request.stop_price),
            OrderField.TRIGGER_PRICE: (order.trigger_price if order else None, request.trigger_price),
            OrderField.TRAILING_AMOUNT: (order.trailing_amount if order else None, request.trailing_amount),
        }
        of_order, of_request = prices[OrderField(field)]
        if field == OrderField.LIMIT_PRICE and order is not None and order.kind == OrderType.COMBO_LIMIT and order.group is not None:
            return to_float(order.group.limit_price)
        return to_float(of_request if of_order is None else of_order)

    def update(self, fields: UpdateOrderFields) -> OrderResponse:
        """Ask for a change."""
        return OrderResponse(self._desk.update(self._core, fields))

    def _change(self, name: str, value: Any, tag: str | None) -> OrderResponse:
        fields = UpdateOrderFields()
        setattr(fields, name, value)
        if tag is not None:
            fields.tag = tag
        return self.update(fields)

    def update_tag(self, tag: str) -> OrderResponse:
        """Change the text."""
        return self._change("tag", tag, None)

    def update_quantity(self, quantity: float, tag: str | None = None) -> OrderResponse:
        """Change the quantity."""
        return self._change("quantity", quantity, tag)

    def update_limit_price(self, limit_price: float, tag: str | None = None) -> OrderResponse:
        """Change the limit."""
        return self._change("limit_price", limit_price, tag)

    def update_stop_price(self, stop_price: float, tag: str | None = None) -> OrderResponse:
        """Change the stop."""
        return self._change("stop_price", stop_price, tag)

    def update_trigger_price(self, trigger_price: float, tag: str | None = None) -> OrderResponse:
        """Change the trigger."""
        return self._change("trigger_price", trigger_price, tag)

    def update_stop_trailing_amount(self, trailing_amount: float, tag: str | None = None) -> OrderResponse:
        """Change the trailing distance."""
        return self._change("trailing_amount", trailing_amount, tag)

    def cancel(self, tag: str | None = None) -> OrderResponse:
        """Ask for cancellation, of the whole combo when it is one."""
        return OrderResponse(self._desk.cancel(self._core, tag))

    def get_most_recent_order_request(self) -> OrderRequest:
        """The last request made."""
        if self._core.cancel is not None:
            return CancelOrderRequest(self._core.cancel)
        return UpdateOrderRequest(self._core.updates[-1]) if self._core.updates else self.submit_request

    def get_most_recent_order_response(self) -> OrderResponse:
        """The answer to it."""
        return self.get_most_recent_order_request().response

    def __str__(self) -> str:
        core = self._core
        requests = [core.request, *core.updates, *([core.cancel] if core.cancel else [])]
        return ticket_text(core.order, self.order_id, requests)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OrderTicket) and other._core is self._core

    def __hash__(self) -> int:
        return hash(self._core)
