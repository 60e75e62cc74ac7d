"""The rows of a moment: what each subscription delivers at a time, real or filled forward.

A real row ends at the moment. Otherwise a feed with fill-forward inside its session repeats its last row: volume zero for trades, times moved to the moment
when the row's period fits the step (lean-fidelity §2.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from leanlocal.clock import Micros, datetime_of
from leanlocal.feeds.blocks import QuoteFacts, TradeFacts
from leanlocal.feeds.feed import Feed
from leanlocal.feeds.loading import STEP_LENGTH
from leanlocal.slices.bars import QuoteBar, TradeBar, quote_bar, trade_bar
from marketdata.port import Tick

if TYPE_CHECKING:
    from leanlocal.engine.timeline import Timeline
    from leanlocal.securities.core import SecurityCore


class Delivered(NamedTuple):
    """A row delivered at a moment."""

    facts: TradeFacts | QuoteFacts
    filled: bool


def delivers(timeline: Timeline, feed: Feed[Any], moment: Micros) -> bool:
    """Whether the feed delivers anything at the moment."""
    if not feed.may_end_at(moment):
        return False
    row = feed.row_at(moment)
    if row is not None and row.end == moment:
        return True
    return feed.subscription.fill_forward and timeline.on_grid(feed, moment) and feed.repeated_at(moment) is not None


def delivers_bar(timeline: Timeline, security: SecurityCore, moment: Micros) -> bool:
    """Whether any bar of a security is delivered at the moment, found without making it; quotes are looked at first, they are there most often."""
    feeds = [feed for feed in security.feeds if not feed.subscription.internal]
    return any(delivers(timeline, feed, moment) for feed in sorted(feeds, key=lambda feed: feed.subscription.tick is not Tick.QUOTE))


def delivered(timeline: Timeline, feed: Feed[Any], moment: Micros) -> Delivered | None:
    """The row the feed delivers at the moment, None when it delivers none."""
    row = feed.row_at(moment)
    filled = row is None or row.end != moment
    if filled:
        if not (feed.subscription.fill_forward and timeline.on_grid(feed, moment)):
            return None
        row = feed.repeated_at(moment)
    if row is None:
        return None
    facts = cast("TradeFacts | QuoteFacts", feed.facts_of(row))
    return Delivered(_repeated(facts, moment, feed, timeline) if filled else facts, filled)


def _repeated(facts: TradeFacts | QuoteFacts, moment: Micros, feed: Feed[Any], timeline: Timeline) -> TradeFacts | QuoteFacts:
    if STEP_LENGTH[feed.subscription.step] != STEP_LENGTH[timeline.span]:
        return facts.repeated(facts.start, facts.end)
    return facts.repeated(moment - (facts.end - facts.start), moment)


def bar_at(timeline: Timeline, security: SecurityCore, tick: Tick, moment: Micros) -> TradeBar | QuoteBar | None:
    """The bar of a security and tick type at the moment, finest resolution first."""
    for feed in security.feeds:
        subscription = feed.subscription
        if subscription.tick is tick and not subscription.internal:
            found = delivered(timeline, feed, moment)
            if found is not None:
                return _bar(security, found)
    return None


def _bar(security: SecurityCore, found: Delivered) -> TradeBar | QuoteBar:
    zone, facts = security.hours.zone, found.facts
    start, end = datetime_of(zone.to_local(facts.start)), datetime_of(zone.to_local(facts.end))
    make = trade_bar if isinstance(facts, TradeFacts) else quote_bar
    return make(security.symbol, facts, start, end, found.filled)  # pyright: ignore[reportArgumentType]
