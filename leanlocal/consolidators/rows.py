"""The rows a subscription delivers, real and filled forward, as bars of the API.

Filled-forward rows repeat the last real one with no volume: at the data's own resolution their time moves on, a coarser bar keeps its times
(reference: lean-fidelity §2.3, recordings of slices).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from leanlocal.clock import Micros, datetime_of
from leanlocal.feeds.blocks import BarFacts, InterestBlock, TradeFacts
from leanlocal.feeds.feed import Feed
from leanlocal.feeds.loading import STEP_LENGTH
from leanlocal.slices.bars import QuoteBar, TradeBar, quote_bar, trade_bar
from marketdata.port import Step

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore


class Delivered(NamedTuple):
    """One delivered row: when, its facts, and whether it repeats an older one."""

    end: Micros
    facts: BarFacts
    filled: bool


def grid_ends(feed: Feed[Any], span: Step, after: Micros, upto: Micros) -> Iterator[Micros]:
    """Moments after < t <= upto at which fill-forward would deliver; days end with the regular session."""
    length = STEP_LENGTH[span]
    day, last = feed.hours.local_date(after), feed.hours.local_date(upto)
    extended = feed.subscription.extended and span is not Step.DAILY
    while day <= last:
        for opens, closes in feed.hours.sessions(day, extended):
            if span is Step.DAILY:
                if after < closes <= upto:
                    yield closes
                continue
            moment = max(opens // length * length + length, (after // length + 1) * length)
            while moment <= min(closes, upto):
                yield moment
                moment += length
        day += timedelta(days=1)


def delivered_rows(feed: Feed[Any], span: Step, after: Micros, upto: Micros) -> list[Delivered]:
    """Trade or quote rows of a feed with after < end <= upto, ascending; span: the run's fill-forward step."""
    real: dict[Micros, BarFacts] = {}
    for block in feed.blocks_between(after, upto):
        if isinstance(block, InterestBlock):
            continue
        ends = block.end_list
        real |= {ends[row]: block.facts(row) for row in range(bisect_right(ends, after), bisect_right(ends, upto))}
    if not feed.subscription.fill_forward:
        return [Delivered(end, facts, False) for end, facts in sorted(real.items())]
    rows: list[Delivered] = []
    for end in sorted({*real, *grid_ends(feed, span, after, upto)}):
        if end in real:
            rows.append(Delivered(end, real[end], False))
        elif (source := feed.repeated_at(end)) is not None and (last := feed.facts_of(source)) is not None:
            rows.append(Delivered(end, _repeated(last, end, feed.subscription.step is span), True))
    return rows


def _repeated(facts: BarFacts, end: Micros, moves: bool) -> BarFacts:
    start, end = (end - (facts.end - facts.start), end) if moves else (facts.start, facts.end)
    return facts.repeated(start, end)


def surface_bar(security: SecurityCore, row: Delivered) -> TradeBar | QuoteBar:
    """The row as the algorithm sees it, on the exchange's clock."""
    zone, facts = security.hours.zone, row.facts
    start, end = datetime_of(zone.to_local(facts.start)), datetime_of(zone.to_local(facts.end))
    if isinstance(facts, TradeFacts):
        return trade_bar(security.symbol, facts, start, end, row.filled)
    return quote_bar(security.symbol, facts, start, end, row.filled)
