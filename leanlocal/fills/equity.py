"""Fills of shares: quotes when they are fresh and trades otherwise for market orders, trade bars for limits and stops, and messages that say which."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.clock import HOUR
from leanlocal.exact import add, sub, text
from leanlocal.fills import rules
from leanlocal.fills.base import BaseFills, filled, needed, no_fill
from leanlocal.fills.market_state import FillMoment, counts_as_open, prices_of, side_prices, stamp, waits_for_fresh_data
from leanlocal.fills.rules import SidePrices
from leanlocal.slippage.models import slippage_of

if TYPE_CHECKING:
    from leanlocal.orders.events import OrderEventCore
    from leanlocal.orders.order import OrderCore


class EquityFills(BaseFills):
    """Rules of LEAN's equity fill model."""

    def market(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """At the quote's side while fresh, else at a newer trade."""
        security = order.security
        if not counts_as_open(security, moment.now, extended=False):
            return no_fill(order, moment)
        prices, message = self._best_effort(order, moment)
        waits = waits_for_fresh_data(security, order, prices.end, moment)
        if waits:
            return no_fill(order, moment)
        if waits is not None:
            message = f"Warning: fill at stale price ({stamp(security, prices.end)})"
        return filled(order, moment, self.worsened(order, self.market_price(order, prices)), message)

    def _best_effort(self, order: OrderCore, moment: FillMoment) -> tuple[SidePrices, str]:
        security, buys = order.security, order.quantity > 0
        quote = security.last_quote() if security.has_quote_feed else None
        trade = security.last_trade()
        if quote is not None and (quote.end >= order.time - moment.stale_span or trade is None or trade.end <= quote.end):
            side = quote.ask if buys else quote.bid
            return (prices_of(side, quote.start, quote.end) if side is not None else side_prices(security, buys=buys)), ""
        if trade is None:
            return side_prices(security, buys=buys), ""
        message = f"Warning: No quote information available at {stamp(security, trade.end)}, order filled using TradeBar data"
        return prices_of(trade.trade, trade.start, trade.end), message

    def _fresh_trade(self, order: OrderCore, moment: FillMoment) -> SidePrices | None:
        security = order.security
        if not counts_as_open(security, moment.now, extended=security.extended_hours):
            return None
        trade = security.last_trade()
        if trade is None or trade.end <= order.time:
            return None
        return prices_of(trade.trade, trade.start, trade.end)

    def limit(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """The limit, or a better open."""
        bar = self._fresh_trade(order, moment)
        found = None if bar is None else rules.equity_limit_fill(buys=order.quantity > 0, limit=needed(order.limit_price, order, "limit"), bar=bar)
        if bar is None or found is None:
            return no_fill(order, moment)
        price, at_open = found
        return filled(order, moment, price, self._gap_message(order, bar, price, "a favorable") if at_open else "")

    def _gap_message(self, order: OrderCore, bar: SidePrices, price: Decimal, kind: str) -> str:
        return f"Due to {kind} gap at {stamp(order.security, bar.end)}, order filled using the open price ({text(price)})"

    def stop_market(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """The stop, or a worse open; a touch is enough."""
        security, buys = order.security, order.quantity > 0
        if not counts_as_open(security, moment.now, extended=False):
            return no_fill(order, moment)
        bar = self._fresh_trade(order, moment)
        if bar is None:
            return no_fill(order, moment)
        found = rules.equity_stop_fill(buys=buys, stop=needed(order.stop_price, order, "stop"), bar=bar, slippage=slippage_of(security, order))
        if found is None:
            return no_fill(order, moment)
        price, gap = found
        return filled(order, moment, price, self._gap_message(order, bar, bar.open, "an unfavorable") if gap else "")

    def limit_if_touched(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """Touched by a trade, then at the better of the quote and the limit."""
        security, buys = order.security, order.quantity > 0
        bar = self._fresh_trade(order, moment)
        if bar is None:
            return no_fill(order, moment)
        trigger, limit = needed(order.trigger_price, order, "trigger"), needed(order.limit_price, order, "limit")
        order.trigger_touched = order.trigger_touched or (bar.low <= trigger if buys else bar.high >= trigger)
        if not order.trigger_touched:
            return no_fill(order, moment)
        if buys and security.ask <= limit:
            return filled(order, moment, min(security.ask, limit))
        if not buys and security.bid >= limit:
            return filled(order, moment, max(security.bid, limit))
        return no_fill(order, moment)

    def market_on_open(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """Open of the first trade bar that starts after the order, in a session after the one it was sent in."""
        security = order.security
        trade, hours = security.last_trade(), security.hours
        if trade is None or trade.start < order.time:
            return no_fill(order, moment)
        if hours.is_open(order.time) and hours.local_date(trade.start) == hours.local_date(order.time):
            return no_fill(order, moment)
        if trade.end - trade.start < HOUR and not hours.is_open(trade.start):
            return no_fill(order, moment)
        if not counts_as_open(security, moment.now, extended=False):
            return no_fill(order, moment)
        return filled(order, moment, self._slipped(order, trade.open))

    def market_on_close(self, order: OrderCore, moment: FillMoment) -> OrderEventCore:
        """Last trade at or after the close."""
        security = order.security
        close = security.hours.next_close(order.time)
        trade = security.last_trade()
        if moment.now < close or trade is None:
            return no_fill(order, moment)
        return filled(order, moment, self._slipped(order, trade.close))

    def _slipped(self, order: OrderCore, price: Decimal) -> Decimal:
        slippage = slippage_of(order.security, order)
        return add(price, slippage) if order.quantity > 0 else sub(price, slippage)
