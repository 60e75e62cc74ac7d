"""Estimate of the money a strategy can move before its orders move the market (reference: lean-fidelity §9.5).

After a fill the security is watched for a while and the volume traded is added up; at snapshots, a week apart at most, the watched security with the least
volume sets a new estimate that is blended with the old one. Watching happens in arrears: rows are read when a snapshot or the next fill needs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leanlocal.clock import DAY, HOUR, MINUTE, Micros
from leanlocal.consolidators.rows import delivered_rows
from leanlocal.enums import OrderStatus
from leanlocal.exact import add, div, mul
from leanlocal.feeds.blocks import BarFacts, QuoteFacts
from leanlocal.portfolio.buying_power import reserved_alone
from leanlocal.statistics.numbers import STATISTICS_CONTEXT, ZERO
from marketdata.port import Step, Tick

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.orders.events import OrderEventCore
    from leanlocal.securities.core import SecurityCore

SHARE_OF_VOLUME = {Step.DAILY: Decimal("0.02"), Step.HOUR: Decimal("0.05"), Step.MINUTE: Decimal("0.20")}
WATCHED_DOLLARS = Decimal(6_000_000)
WATCH_WITHOUT_VOLUME = Decimal(10)
SHORTEST_WATCH, LONGEST_WATCH = Decimal(1), Decimal(120)
SESSION_MINUTES = Decimal(390)
EFFECT_OF_A_FILL = 30 * DAY
LEAST_DISCOUNT = Decimal("0.20")
NEW_SHARE, OLD_SHARE = Decimal("0.33"), Decimal("0.66")
LONGEST_PERIOD_DAYS = 7
SNAPSHOTS_AT_END = 2
DISPLAY_UNIT = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Capacity:
    """The estimate in account currency and the id of the asset that limits it; zero and empty before the first."""

    value: Decimal = ZERO
    lowest_asset: str = ""


@dataclass(frozen=True, slots=True)
class Traded:
    """A bar with volume: when it was delivered, its close and volume (for quotes the mean size), and its length."""

    end: Micros
    close: Decimal
    volume: Decimal
    step: Step


class Watched:
    """One security's share of the estimate.

    Watching lasts until the first bar with volume that comes too late to count, however long that takes: that bar too enters the average from which the
    length of the next watch follows.
    """

    def __init__(self, run: RunContext, security: SecurityCore) -> None:
        self._run = run
        self.security = security
        self.sales = ZERO
        self.trades = 0
        self.dollars = ZERO
        self.watching = False
        self._starts_anew = False
        self._seen: Micros = 0
        self._order: Micros | None = None
        self._discount = Decimal(1)
        self._share = ZERO
        self._average = ZERO
        self._last_volume: Decimal | None = None
        self._last_end: Micros = 0
        security.before_reset = self._end_of_subscription

    def _end_of_subscription(self) -> None:
        self.advance(self._run.clock.now)

    @property
    def market_dollars(self) -> Decimal:
        """Share of the market's dollar volume the strategy may take."""
        return mul(self.dollars, self._share)

    def on_fill(self, event: OrderEventCore) -> None:
        """A fill: count it and watch from its step on. After a snapshot the first fill clears what was counted before."""
        self.advance(event.time - 1)
        rate = self.security.holding.rate
        self.sales = add(self.sales, mul(event.fill_price, abs(event.fill_quantity), self.security.multiplier, rate))
        before = self._order if self._order is not None else event.time - DAY
        share = 2 * div(Decimal(event.time - before) / MINUTE, SESSION_MINUTES)
        self._discount = min(Decimal(1), max(LEAST_DISCOUNT, share))
        self._order = event.time
        if self._starts_anew:
            self.dollars, self.trades, self._starts_anew = ZERO, 0, False
        self.trades += 1
        if not self.watching:
            self.watching, self._seen = True, event.time - 1

    def advance(self, upto: Micros) -> None:
        """Take the bars delivered up to a moment, as long as the security is watched."""
        if not self.watching or upto <= self._seen:
            return
        with localcontext(STATISTICS_CONTEXT):
            for bar in self._bars(self._seen, upto):
                if not self._take(bar):
                    self.watching = False
                    break
        self._seen = upto

    def _take(self, bar: Traded) -> bool:
        rate, close = self.security.holding.rate, bar.close
        minutes = Decimal(bar.end - self._last_end) / MINUTE
        if self._last_volume is None or not minutes:
            self._average = rate * close * bar.volume
        else:
            self._average = close * rate * (bar.volume + self._last_volume) / minutes
        self._last_volume, self._last_end = bar.volume, bar.end
        included = self._included(bar)
        if included:
            self._share = SHARE_OF_VOLUME[bar.step]
            self.dollars += close * self._discount * bar.volume * rate * self.security.multiplier
        return included

    def _included(self, bar: Traded) -> bool:
        assert self._order is not None
        if bar.step is Step.HOUR:
            return bar.end == -(-self._order // HOUR) * HOUR
        if bar.step is Step.DAILY:
            return bar.end == self._order or bar.end // DAY == -(-self._order // DAY)
        wanted = WATCHED_DOLLARS / self._average if self._average else WATCH_WITHOUT_VOLUME
        minutes = int(LONGEST_WATCH if wanted > LONGEST_WATCH else max(SHORTEST_WATCH, wanted))
        return bar.end <= self._order + minutes * MINUTE

    def _bars(self, after: Micros, upto: Micros) -> Iterator[Traded]:
        """Bars with volume in time order, an hour at a time because a watch often ends within one: a quote counts where the step has no trade bar, and a
        filled-forward one is a bar without volume. Once something was traded every step has a trade bar, and only the real ones can count."""
        trades, quotes = self._feed(Tick.TRADE), self._feed(Tick.QUOTE)
        while after < upto:
            if trades is not None and trades.subscription.fill_forward and trades.repeated_at(after) is not None:
                yield from _real_trades(trades, after, upto)
                return
            until = min(upto, (after // HOUR + 1) * HOUR)
            rows = {} if quotes is None else {row.end: row.facts for row in delivered_rows(quotes, self._run.timeline.span, after, until)}
            if trades is not None:
                rows |= {row.end: row.facts for row in delivered_rows(trades, self._run.timeline.span, after, until)}
            for end in sorted(rows):
                bar = traded(end, rows[end])
                if bar.volume:
                    yield bar
            after = until

    def _feed(self, tick: Tick) -> Any:
        """The algorithm's own feed; what is only subscribed internally (a mapped future) counts by its trades."""
        own = user_feeds(self.security)
        seen = own or [feed for feed in self.security.feeds if feed.subscription.tick is Tick.TRADE]
        return next((feed for feed in seen if feed.subscription.tick is tick), None)

    def start_anew(self) -> None:
        """A snapshot was taken: sales count from zero; volume and trades stand until the next fill."""
        self.sales, self._starts_anew = ZERO, True

    def is_over(self, moment: Micros) -> bool:
        """Whether the security no longer bears on the estimate: not held, and its last fill long ago."""
        return not self.security.holding.quantity and self._order is not None and moment >= self._order + EFFECT_OF_A_FILL


def traded(end: Micros, facts: BarFacts) -> Traded:
    """A delivered bar; a quote's volume is the mean of its two sizes."""
    volume = (facts.bid_size + facts.ask_size) / 2 if isinstance(facts, QuoteFacts) else facts.volume
    return Traded(end, facts.close, volume, step_of(facts.end - facts.start))


def _real_trades(feed: Any, after: Micros, upto: Micros) -> Iterator[Traded]:
    for block in feed.blocks_between(after, upto):
        for row in np.flatnonzero((block.ends > after) & (block.ends <= upto) & (block.volume > 0)).tolist():
            facts = block.facts(row)
            yield traded(facts.end, facts)


def step_of(length: Micros) -> Step:
    """Resolution LEAN takes a bar's length for: a session's bar of 6.5 hours counts as hourly."""
    if length >= DAY:
        return Step.DAILY
    return Step.HOUR if length >= HOUR else Step.MINUTE


def user_feeds(security: SecurityCore) -> list[Any]:
    """Feeds of the algorithm's own subscriptions."""
    return [feed for feed in security.feeds if not feed.subscription.internal]


class Slots:
    """Watched securities in LEAN's order: among equals the first counts, and a newcomer takes the slot that was freed last (as in .NET's dictionary)."""

    def __init__(self) -> None:
        self._slots: list[Watched | None] = []
        self._freed: list[int] = []

    def __iter__(self) -> Iterator[Watched]:
        return (watched for watched in self._slots if watched is not None)

    def __bool__(self) -> bool:
        return len(self._freed) < len(self._slots)

    def of(self, security: SecurityCore) -> Watched | None:
        """The share of a security, None when it is not watched."""
        return next((watched for watched in self if watched.security is security), None)

    def put(self, watched: Watched) -> None:
        """Watch one more."""
        if self._freed:
            self._slots[self._freed.pop()] = watched
        else:
            self._slots.append(watched)

    def free(self, watched: Watched) -> None:
        """Watch it no more."""
        at = self._slots.index(watched)
        self._slots[at] = None
        self._freed.append(at)


class CapacityEstimate:
    """Follows the fills of one run."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._watched = Slots()
        self._next_snapshot: Micros | None = None
        self._value = ZERO
        self._lowest = ""

    def on_fill(self, event: OrderEventCore) -> None:
        """An order event; only fills count."""
        if event.status not in (OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED) or not event.fill_quantity:
            return
        security = self._run.securities[event.symbol]
        watched = self._watched.of(security)
        if watched is None:
            watched = Watched(self._run, security)
            self._watched.put(watched)
        watched.on_fill(event)

    def on_steps(self, times: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Steps with the account's value: a snapshot is taken at the first step of its day."""
        if self._next_snapshot is None:
            self._next_snapshot = self._first_snapshot()
        while self._watched:
            at = int(np.searchsorted(times, self._next_snapshot))
            if at >= times.size:
                return
            if self._snapshot(int(times[at]), Decimal(repr(float(values[at])))):
                self._next_snapshot = int(times[at]) // DAY * DAY + self._period
            times, values = times[at + 1 :], values[at + 1 :]

    @property
    def _period(self) -> Micros:
        days = (self._run.end - self._run.start) / DAY - 1
        return int(max(1.0, min(days, LONGEST_PERIOD_DAYS)) * DAY)

    def _first_snapshot(self) -> Micros:
        return self._run.start // DAY * DAY + self._period

    def finish(self, now: Micros, value: Decimal) -> None:
        """The last snapshots, at the end of the run: LEAN takes two."""
        for _ in range(SNAPSHOTS_AT_END):
            if self._watched:
                self._snapshot(now, value)

    def _snapshot(self, moment: Micros, value: Decimal) -> bool:
        for watched in self._watched:
            watched.advance(moment)
        if not value:
            return False
        with localcontext(STATISTICS_CONTEXT):
            smallest = min(self._watched, key=lambda watched: watched.market_dollars)
            self._lowest = str(smallest.security.symbol.id)
            sales = sum((watched.sales for watched in self._watched), ZERO)
            share = smallest.sales / sales if sales else ZERO
            scale = max(share, self._reserved(smallest.security, moment) / value)
            fresh = smallest.market_dollars / smallest.trades / scale if scale else self._value
            self._value = fresh if not self._value else NEW_SHARE * fresh + OLD_SHARE * self._value
        for watched in list(self._watched):
            if watched.is_over(moment):
                self._watched.free(watched)
            else:
                watched.start_anew()
        return True

    def _reserved(self, security: SecurityCore, moment: Micros) -> Decimal:
        clock, now = self._run.clock, self._run.clock.now
        clock.now = moment
        try:
            return reserved_alone(security) * security.leverage
        finally:
            clock.now = now

    def estimate(self) -> Capacity:
        """The estimate so far, rounded to thousands."""
        with localcontext(STATISTICS_CONTEXT):
            rounded = round(self._value / DISPLAY_UNIT) * DISPLAY_UNIT
        return Capacity(Decimal(rounded), self._lowest)
