"""From a request to an order the broker would take: lot size and tick rounding, and the order's text and prices by type."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.enums import OrderDirection, OrderType, SecurityType
from leanlocal.exact import div, mul, normalize, round_half_even, sub, text, truncate
from leanlocal.fills.rules import trailing_stop_price
from leanlocal.orders.order import OrderCore, SubmissionCore
from leanlocal.orders.requests import SubmitCore

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore

D = Decimal
_ROUNDED = {"limit_price": "LimitPrice", "stop_price": "StopPrice", "trigger_price": "TriggerPrice"}
_NEVER_MARKETABLE = frozenset((OrderType.STOP_MARKET, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP, OrderType.LIMIT_IF_TOUCHED))


def order_of(request: SubmitCore) -> OrderCore:
    """The order a request asks for, before any rounding."""
    security = request.security
    if security is None:
        raise TypeError(f"request for {request.symbol} has no security")
    order = OrderCore(
        request.order_id,
        request.order_type,
        request.symbol,
        security,
        request.quantity,
        request.time,
        request.properties,
        request.tag,
        price_currency=security.quote_currency,
        group=request.group,
        price_adjustment_mode=security.price_adjustment_mode if security.kind == SecurityType.EQUITY else 0,
        submission=SubmissionCore(security.bid, security.ask, security.close),
    )
    _set_prices(order, request)
    order.is_marketable = _is_marketable(order)
    return order


def _set_prices(order: OrderCore, request: SubmitCore) -> None:
    kind = order.kind
    if kind in (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.LIMIT_IF_TOUCHED, OrderType.COMBO_LEG_LIMIT):
        order.limit_price = request.limit_price
    if kind in (OrderType.STOP_MARKET, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP):
        order.stop_price = request.stop_price
    if kind == OrderType.LIMIT_IF_TOUCHED:
        order.trigger_price = request.trigger_price
    if kind == OrderType.TRAILING_STOP:
        order.trailing_amount, order.trailing_as_percentage = request.trailing_amount, request.trailing_as_percentage
        if not order.stop_price:
            order.stop_price = trailing_stop_price(
                buys=order.quantity > 0, price=order.security.price, amount=request.trailing_amount, as_percentage=request.trailing_as_percentage
            )
        if not order.tag:
            order.tag = trailing_tag(request)


def trailing_tag(request: SubmitCore) -> str:
    """Text of a trailing stop without one of its own."""
    if request.trailing_as_percentage:
        return f"Trailing Amount: {text(mul(request.trailing_amount, D(100)))}%"
    return f"Trailing Amount: ${text(request.trailing_amount)}"


def _is_marketable(order: OrderCore) -> bool:
    security = order.security
    if order.kind in (OrderType.MARKET, OrderType.COMBO_MARKET):
        return True
    if order.kind != OrderType.LIMIT or order.limit_price is None:
        return False
    return order.limit_price >= security.ask if order.direction == OrderDirection.BUY else order.limit_price <= security.bid


def price_variation(security: SecurityCore, reference: Decimal) -> Decimal:
    """Tick that limit and stop prices are rounded to; 0 for none (shares with adjusted prices)."""
    if security.kind == SecurityType.EQUITY:
        if security.price_adjustment_mode != 0:
            return D(0)
        return D("0.0001") if reference < 1 else D("0.01")
    if security.kind == SecurityType.INDEX_OPTION:
        return _index_option_variation(security, reference)
    return security.min_price_variation


def _index_option_variation(security: SecurityCore, reference: Decimal) -> Decimal:
    ticker = security.symbol.id.symbol
    if ticker == "VIX":
        return D("0.01") if reference < 3 else D("0.05")
    if ticker == "VIXW":
        return D("0.01")
    return D("0.05") if reference < 3 else D("0.10")


def round_quantity(order: OrderCore, warn: Callable[[str], None]) -> None:
    """Cut the quantity to whole lots, towards zero."""
    lot = order.security.lot_size
    whole = mul(truncate(div(order.quantity, lot)), lot)
    if whole == order.quantity:
        return
    left = sub(order.quantity, whole)
    warn(
        f"Warning: Due to brokerage limitations, orders will be rounded to the nearest lot size of {text(normalize(lot))}. "
        f"{text(normalize(left))} units of {order.symbol.value} were not ordered."
    )
    order.quantity = whole


def round_prices(order: OrderCore, warn: Callable[[str], None]) -> None:
    """Round the order's own prices to the tick, half to even, and say so."""
    if order.kind == OrderType.TRAILING_STOP and order.security.kind == SecurityType.EQUITY and order.security.price_adjustment_mode != 0:
        return
    for name, spoken in _ROUNDED.items():
        price = getattr(order, name)
        if price is None:
            continue
        rounded = rounded_price(price, price_variation(order.security, order.security.price))
        if rounded is not None:
            setattr(order, name, rounded)
            if rounded != price:
                warn(f"Warning: To meet brokerage precision requirements, order {spoken} was rounded to {text(rounded)} from {text(price)}")


def rounded_price(price: Decimal, variation: Decimal) -> Decimal | None:
    """The price on its tick, None when there is no tick."""
    if not variation:
        return None
    return mul(round_half_even(div(price, variation), 0), variation)


def round_group_limit(orders: list[OrderCore], warn: Callable[[str], None]) -> None:
    """Round a combo's net limit to the smallest tick among its legs."""
    group = orders[0].group
    if group is None or orders[0].kind != OrderType.COMBO_LIMIT:
        return
    ticks = [tick for order in orders if (tick := price_variation(order.security, order.security.price))]
    rounded = rounded_price(group.limit_price, min(ticks)) if ticks else None
    if rounded is None:
        return
    if rounded != group.limit_price:
        warn(f"Warning: To meet brokerage precision requirements, order LimitPrice was rounded to {text(rounded)} from {text(group.limit_price)}")
    group.limit_price = rounded
