"""How orders, tickets, requests and events read as text: `str()` of each, in LEAN's words (facts: LEAN's order messages; recorded event lines).

Enumerations are spelled the way LEAN's own language spells them inside such texts (StopMarket, UpdateSubmitted), not the way they print by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import Enum

from leanlocal.clock import datetime_of
from leanlocal.enums import OrderType, SecurityType
from leanlocal.exact import HUNDRED, mul, short_text, smart_round, text
from leanlocal.orders.events import OrderEventCore
from leanlocal.orders.order import OrderCore
from leanlocal.orders.requests import CancelCore, RequestCore, UpdateCore
from leanlocal.portfolio.cash import CURRENCY_SIGNS

OPTIONS = (SecurityType.OPTION, SecurityType.INDEX_OPTION, SecurityType.FUTURE_OPTION)


def spoken(member: Enum) -> str:
    """A member's name in one capitalised word: STOP_MARKET is StopMarket."""
    return "".join(part.capitalize() for part in member.name.split("_"))


def _priced(price: Decimal | None, currency: str) -> str:
    sign = CURRENCY_SIGNS.get(currency, currency) if currency else "$"
    return sign + short_text(smart_round(price or Decimal(0)))


def trailing_text(amount: Decimal | None, *, as_percentage: bool | None, currency: str) -> str:
    """Distance of a trailing stop: "5.00%" or "$0.5"."""
    distance = amount or Decimal(0)
    return f"{text(mul(distance, HUNDRED))}%" if as_percentage else CURRENCY_SIGNS.get(currency, currency) + text(distance)


def _limit(order: OrderCore) -> str:
    return f" at limit {_priced(order.limit_price, order.price_currency)}"


def _stop(order: OrderCore) -> str:
    return f" at stop {_priced(order.stop_price, order.price_currency)}"


def _stop_limit(order: OrderCore) -> str:
    return f"{_stop(order)} limit {_priced(order.limit_price, order.price_currency)}"


def _touched(order: OrderCore) -> str:
    return f" at trigger {_priced(order.trigger_price, order.price_currency)} limit {_priced(order.limit_price, order.price_currency)}"


def _trailing(order: OrderCore) -> str:
    distance = trailing_text(order.trailing_amount, as_percentage=order.trailing_as_percentage, currency=order.price_currency)
    return f"{_stop(order)}. Trailing amount: {distance}"


PRICES: dict[OrderType, Callable[[OrderCore], str]] = {
    OrderType.LIMIT: _limit,
    OrderType.STOP_MARKET: _stop,
    OrderType.STOP_LIMIT: _stop_limit,
    OrderType.LIMIT_IF_TOUCHED: _touched,
    OrderType.TRAILING_STOP: _trailing,
}
"""What the types with prices of their own append; combos say nothing of theirs."""


def order_text(order: OrderCore) -> str:
    """One order."""
    units = "unit" if order.quantity == 1 else "units"
    what = f"{spoken(order.status)} {spoken(order.kind)} order for {short_text(order.quantity)} {units} of {order.symbol}"
    tag = f": {order.tag}" if order.tag else ""
    prices = PRICES.get(order.kind)
    return f"OrderId: {order.id} (BrokerId: {','.join(order.broker_ids)}) {what}{tag}{prices(order) if prices else ''}"


def ticket_text(order: OrderCore | None, number: int, requests: Sequence[RequestCore]) -> str:
    """One ticket: its order and how many requests were made and answered."""
    counts = f"Request Count: {len(requests)} Response Count: {sum(request.response.processed for request in requests)}"
    return f"{number}: {counts}" if order is None else f"{number}: {order_text(order)} {counts}"


def event_text(event: OrderEventCore) -> str:
    """One event, with what there is to say about it."""
    currency = event.fill_currency
    parts = [
        f"Time: {datetime_of(event.time):%m/%d/%Y %H:%M:%S} OrderID: {event.order.id} EventID: {event.id} Symbol: {event.symbol.value}",
        f"Status: {spoken(event.status)} Quantity: {short_text(event.quantity)}",
    ]
    if event.fill_quantity:
        parts.append(f"FillQuantity: {short_text(event.fill_quantity)} FillPrice: {_priced(event.fill_price, currency)}")
    for name, price in (("LimitPrice", event.limit_price), ("StopPrice", event.stop_price)):
        if price is not None:
            parts.append(f"{name}: {_priced(price, currency)}")
    if event.trailing_amount is not None:
        parts.append(f"TrailingAmount: {trailing_text(event.trailing_amount, as_percentage=event.trailing_as_percentage, currency=currency)}")
    if event.trigger_price is not None:
        parts.append(f"TriggerPrice: {_priced(event.trigger_price, currency)}")
    if event.fee.amount:
        parts.append(f"OrderFee: {short_text(event.fee.amount)} {event.fee.currency}")
    if event.message:
        parts.append(f"Message: {event.message}")
    if event.symbol.security_type in OPTIONS:
        parts.append(f"IsAssignment: {event.is_assignment}")
    return " ".join(parts)


def request_text(request: CancelCore | UpdateCore) -> str:
    """A request to cancel or change an order."""
    cancels = isinstance(request, CancelCore)
    what = "Cancel Order" if cancels else "Update Order"
    changes = "" if cancels else f"{_changes(request)} "
    return f"{datetime_of(request.time):%m/%d/%Y %H:%M:%S} UTC: {what}: ({request.order_id}) - {changes}{request.tag or ''} Status: {spoken(request.status)}"


def _changes(request: UpdateCore) -> str:
    quantity = [] if request.quantity is None else [f"Quantity: {short_text(request.quantity)}"]
    fields = (
        ("LimitPrice", request.limit_price),
        ("StopPrice", request.stop_price),
        ("TrailingAmount", request.trailing_amount),
        ("TriggerPrice", request.trigger_price),
    )
    return ", ".join(quantity + [f"{name}: {short_text(smart_round(price))}" for name, price in fields if price is not None])
