"""Fills by the base rules: options, index options, and with two exceptions futures.

A method returns the order's event; status NONE means nothing filled. The caller has done the checks that do not depend on prices.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.enums import OrderStatus, OrderType
from leanlocal.exact import add, normalize, sub
from leanlocal.fills import rules
from leanlocal.fills.market_state import FillMoment, counts_as_open, finest_span, side_prices, stamp, waits_for_fresh_data
from leanlocal.fills.rules import SidePrices
from leanlocal.orders.events import OrderEventCore, event_of
from leanlocal.orders.order import OrderCore
from leanlocal.slippage.models import slippage_of

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore


FILL_METHODS = {
    OrderType.MARKET: "market",
    OrderType.LIMIT: "limit",
    OrderType.STOP_MARKET: "stop_market",
    OrderType.STOP_LIMIT: "stop_limit",
    OrderType.LIMIT_IF_TOUCHED: "limit_if_touched",
    OrderType.TRAILING_STOP: "trailing_stop",
    OrderType.MARKET_ON_OPEN: "market_on_open",
    OrderType.MARKET_ON_CLOSE: "market_on_close",
    OrderType.COMBO_MARKET: "market",
    OrderType.COMBO_LEG_LIMIT: "limit",
}


def no_fill(order: OrderCore, moment: FillMoment) -> OrderEventCore:
    """An event that says nothing happened."""
    return event_of(order, moment.now, OrderStatus.NONE)


def filled(order: OrderCore, moment: FillMoment, price: Decimal, message: str = "") -> OrderEventCore:
    """The whole order at a price."""
    event = event_of(order, moment.now, OrderStatus.FILLED, message)
    event.fill_price = normalize(price)
    event.fill_quantity = normalize(order.quantity)
    return event


def needed(value: Decimal | None, order: OrderCore, name: str) -> Decimal:
    """A field the order's type must have."""
    if value is None:
        raise TypeError(f"order {order.id} of type {order.kind} has no {name}")
    return value


class BaseFills:
    """The base rules."""

    def prices(self, security: SecurityCore, *, buys: bool) -> SidePrices:
        """Bar of the side the order trades on."""
        return side_prices(security, buys=buys)

    def allows_extended_market(self, security: SecurityCore) -> bool:
        """Whether market orders fill outside the regular session."""
        return False

    def allows_extended_stop(self, security: SecurityCore) -> bool:
        """Whether stop market orders trigger outside the regular session."""
        return False

    def fill(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """Try a single order."""
        event: OrderEventCore = getattr(self, FILL_METHODS[order.kind])(order, moment)
        return event

    def market(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """At the current price of the side, when the market is open and the price fresh; else wait."""
        security, buys = order.security, order.quantity > 0
        if not counts_as_open(security, moment.now, extended=self.allows_extended_market(security)):
            return no_fill(order, moment)
        prices = self.prices(security, buys=buys)
        waits = waits_for_fresh_data(security, order, prices.end, moment)
        if waits:
            return no_fill(order, moment)
        message = "" if waits is None else f"Warning: fill at stale price ({stamp(security, prices.end)})"
        return filled(order, moment, self.worsened(order, self.market_price(order, prices)), message)

    def market_price(self, order: OrderCore, prices: SidePrices) -> Decimal:
        """The current price; the open of an hour or daily bar that started after the order."""
        security = order.security
        late_bar = security.only_hour_or_daily and order.time < prices.start and finest_span(security) > 0
        return prices.open if late_bar else prices.current

    def worsened(self, order: OrderCore, price: Decimal) -> Decimal:
        """The price with slippage."""
        slippage = slippage_of(order.security, order)
        if not slippage:
            return price
        return add(price, slippage) if order.quantity > 0 else sub(price, slippage)

    def limit(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """Strictly inside the limit, on a bar newer than the order."""
        security, buys = order.security, order.quantity > 0
        if not counts_as_open(security, moment.now, extended=security.extended_hours):
            return no_fill(order, moment)
        prices = self.prices(security, buys=buys)
        if prices.end <= order.time:
            return no_fill(order, moment)
        price = rules.limit_fill(buys=buys, limit=needed(order.limit_price, order, "limit"), bar=prices)
        return no_fill(order, moment) if price is None else filled(order, moment, price)

    def stop_market(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """Strictly beyond the stop."""
        security, buys = order.security, order.quantity > 0
        if not counts_as_open(security, moment.now, extended=self.allows_extended_stop(security)):
            return no_fill(order, moment)
        prices = self.prices(security, buys=buys)
        if prices.end <= order.time:
            return no_fill(order, moment)
        stop = needed(order.stop_price, order, "stop")
        price = rules.stop_market_fill(buys=buys, stop=stop, bar=prices, slippage=slippage_of(security, order))
        return no_fill(order, moment) if price is None else filled(order, moment, price)

    def stop_limit(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """Triggered by the stop, then a limit on the current price; both may happen on one bar."""
        security, buys = order.security, order.quantity > 0
        if not counts_as_open(security, moment.now, extended=security.extended_hours):
            return no_fill(order, moment)
        prices = self.prices(security, buys=buys)
        if prices.end <= order.time:
            return no_fill(order, moment)
        order.stop_triggered = order.stop_triggered or rules.stop_triggers(buys=buys, stop=needed(order.stop_price, order, "stop"), bar=prices)
        if not order.stop_triggered:
            return no_fill(order, moment)
        price = rules.triggered_stop_limit_fill(buys=buys, limit=needed(order.limit_price, order, "limit"), bar=prices)
        return no_fill(order, moment) if price is None else filled(order, moment, price)

    def limit_if_touched(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """Touched by a trade bar, then filled at the limit when the opposite quote allows it."""
        security, buys = order.security, order.quantity > 0
        if not counts_as_open(security, moment.now, extended=security.extended_hours):
            return no_fill(order, moment)
        trade = security.last_trade()
        if trade is None or trade.end <= order.time:
            return no_fill(order, moment)
        trigger = needed(order.trigger_price, order, "trigger")
        order.trigger_touched = order.trigger_touched or (trade.low <= trigger if buys else trade.high >= trigger)
        if not order.trigger_touched:
            return no_fill(order, moment)
        price = rules.touched_limit_fill(buys=buys, limit=needed(order.limit_price, order, "limit"), bid=security.bid, ask=security.ask)
        return no_fill(order, moment) if price is None else filled(order, moment, price)

    def trailing_stop(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """A touch of the stop fills; otherwise the stop follows the bar."""
        security, buys = order.security, order.quantity > 0
        if not counts_as_open(security, moment.now, extended=False):
            return no_fill(order, moment)
        prices = side_prices(security, buys=buys)
        if prices.end <= order.time:
            return no_fill(order, moment)
        stop = needed(order.stop_price, order, "stop")
        price = rules.trailing_stop_fill(buys=buys, stop=stop, bar=prices, slippage=slippage_of(security, order))
        if price is not None:
            return filled(order, moment, price)
        amount = needed(order.trailing_amount, order, "trailing amount")
        order.stop_price = rules.moved_trailing_stop(buys=buys, stop=stop, bar=prices, amount=amount, as_percentage=bool(order.trailing_as_percentage))
        return no_fill(order, moment)

    def market_on_open(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """Open of the side's first bar of a session that began after the order."""
        security = order.security
        hours = security.hours
        prices = self.prices(security, buys=order.quantity > 0)
        sent_in_session = hours.is_open(order.time)
        if prices.end <= order.time or (sent_in_session and hours.local_date(prices.end) == hours.local_date(order.time)):
            return no_fill(order, moment)
        if not counts_as_open(security, moment.now, extended=False):
            return no_fill(order, moment)
        return filled(order, moment, self.worsened(order, prices.open))

    def market_on_close(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """Close of the side once the session's close is reached."""
        security = order.security
        if moment.now < security.hours.next_close(order.time):
            return no_fill(order, moment)
        prices = self.prices(security, buys=order.quantity > 0)
        return filled(order, moment, self.worsened(order, prices.current))


class FutureFills(BaseFills):
    """Futures and their options: market orders fill in the hours around the session too, stops when those hours are subscribed."""

    def allows_extended_market(self, security: SecurityCore) -> bool:
        """Always."""
        return True

    def allows_extended_stop(self, security: SecurityCore) -> bool:
        """With the subscription."""
        return security.extended_hours
