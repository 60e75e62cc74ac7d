"""What a fill looks at: the bar of the side an order trades on, whether the exchange counts as open, and whether that bar is too old to trade on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leanlocal.clock import DAY, HOUR, MINUTE, Micros
from leanlocal.enums import Resolution, SecurityType
from leanlocal.fills.rules import SidePrices

if TYPE_CHECKING:
    from leanlocal.feeds.blocks import BarFacts, Ohlc
    from leanlocal.orders.order import OrderCore
    from leanlocal.securities.core import SecurityCore

SPANS = {Resolution.DAILY: DAY, Resolution.HOUR: HOUR, Resolution.MINUTE: MINUTE}
DEFAULT_STALE_SPAN: Micros = HOUR


@dataclass(frozen=True, slots=True)
class FillMoment:
    """When a fill is tried, and how old a price may be."""

    now: Micros
    stale_span: Micros = DEFAULT_STALE_SPAN


def stamp(security: SecurityCore, moment: Micros) -> str:
    """A moment on the exchange's clock with the zone's name, as fill messages write it."""
    return f"{security.zone.local_datetime(moment):%m/%d/%Y %H:%M:%S} {security.zone.name}"


def prices_of(side: Ohlc, start: Micros, end: Micros) -> SidePrices:
    """A bar's side; zero open, high or low count as the close."""
    close = side.close
    return SidePrices(start, end, close, side.open or close, side.high or close, side.low or close)


def last_update(security: SecurityCore) -> BarFacts | None:
    """The newest bar: of a share its trades, of others of any type, a quote before a trade of the same end."""
    quote, trade = security.last_quote(), security.last_trade()
    if security.kind is SecurityType.EQUITY:
        return trade
    if quote is None or trade is None:
        return quote or trade
    return trade if trade.end > quote.end else quote


def side_prices(security: SecurityCore, *, buys: bool) -> SidePrices:
    """Base rule: the quote's own side if there is one, however old; else the trade; else what the security's price came from."""
    quote = security.last_quote() if security.has_quote_feed else None
    side = None if quote is None else quote.ask if buys else quote.bid
    if quote is not None and side is not None:
        return prices_of(side, quote.start, quote.end)
    trade = security.last_trade() if security.has_trade_feed else None
    if trade is not None:
        return prices_of(trade.trade, trade.start, trade.end)
    bar = last_update(security)
    start, end = (bar.start, bar.end) if bar is not None else (0, 0)
    price = security.price
    return SidePrices(start, end, price, security.open or price, security.high or price, security.low or price)


def counts_as_open(security: SecurityCore, now: Micros, *, extended: bool) -> bool:
    """Open at the moment, or still within the last bar when that bar overlaps a session (how a fill at the closing bell is possible)."""
    hours = security.hours
    if hours.is_open(now, extended):
        return True
    bar = last_update(security)
    if bar is None:
        return False
    if bar.end - bar.start > HOUR:
        on_bar = hours.local_date(now) == hours.local_date(bar.end)
    else:
        on_bar = now <= bar.end
    return on_bar and hours.is_open_during(bar.start, bar.end, extended)


def waits_for_fresh_data(security: SecurityCore, order: OrderCore, end: Micros, moment: FillMoment) -> bool | None:
    """None when the price is fresh; True when the order must wait for the next bar; False when it may fill on the stale price with a warning."""
    if end + moment.stale_span >= order.time:
        return None
    return security.only_hour_or_daily or order.time - end > finest_span(security)


def finest_span(security: SecurityCore) -> Micros:
    """Length of the shortest bars subscribed."""
    return min((SPANS[resolution] for resolution in security.resolutions), default=MINUTE)
