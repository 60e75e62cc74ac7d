"""Feeds the run's consolidators: pulls the rows their subscriptions delivered and moves the clock past the ends of their bars.

A consolidator by time needs attention only when its bar is over, so the rows of a bar are pulled in one go then. One by count or by price sees every row as
it comes. Order inside a step is LEAN's: by subscription, trades before quotes, then by registration (reference: lean-fidelity §2.5, step 18).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros, datetime_of, micros_of
from leanlocal.consolidators.base import DataConsolidator
from leanlocal.consolidators.rows import delivered_rows, surface_bar
from leanlocal.consolidators.timeless import RangeConsolidator, tell_step
from leanlocal.enums import SecurityType
from leanlocal.feeds.feed import Feed
from leanlocal.symbol_book import ArgumentException
from marketdata.port import Step, Tick

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore

TICK_ORDER = {Tick.TRADE: 0, Tick.QUOTE: 1, Tick.OPEN_INTEREST: 2}


@dataclass(slots=True, eq=False)
class Entry:
    """A registered consolidator. seen: end of the last row it was given; due: when it must be looked at next."""

    security: SecurityCore
    tick: Tick
    consolidator: Any
    seen: Micros
    due: Micros | None = None


class ConsolidatorHub:
    """All consolidators of a run."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._entries: list[Entry] = []
        self._due: Micros | None = None
        self._stale = False

    def add(self, security: SecurityCore, consolidator: Any, tick: Tick) -> None:
        """Register a consolidator for a subscription of a security; a continuous future may get its first contract later.

        Raises ArgumentException when the security has no such subscription.
        """
        continuous = security.kind is SecurityType.FUTURE and security.is_canonical
        if not continuous and all(config.tick is not tick for config in security.configs):
            raise ArgumentException(f"{security.symbol.value} has no {tick.value} subscription to consolidate; add the security first")
        if isinstance(consolidator, RangeConsolidator):
            tell_step(consolidator, security.terms.min_price_variation)
        begin = self._run.clock.now if self._run.locked else -1
        self._entries.append(Entry(security, tick, consolidator, begin))
        self._entries.sort(key=lambda entry: (entry.security.number, TICK_ORDER[entry.tick]))
        self._stale = True

    def remove(self, consolidator: Any) -> None:
        """Forget a consolidator."""
        self._entries = [entry for entry in self._entries if entry.consolidator is not consolidator]
        self._stale = True

    def subscription_changed(self) -> None:
        """A security's rows come from another place from now on."""
        self._stale = True

    def next_due(self, now: Micros) -> Micros | None:
        """When some consolidator must be looked at after `now`; None when none is waiting."""
        if self._stale or (self._due is not None and self._due <= now):
            self._schedule(now)
        return self._due

    def scan_past(self, moment: Micros) -> None:
        """Bars that were over before this step are handed out at their own time."""
        if not self._entries or (not self._stale and (self._due is None or self._due >= moment)):
            return
        while (late := self._earliest_end(moment)) is not None:
            self._run.clock.now = late
            self._look(late)
        self._stale = True

    def update(self, now: Micros) -> None:
        """The step's rows reach the consolidators, and each looks at the clock."""
        if not self._entries or (not self._stale and (self._due is None or self._due > now)):
            return
        self._look(now)
        self._schedule(now)

    def _look(self, now: Micros) -> None:
        for entry in list(self._entries):
            self._feed(entry, now)
            if isinstance(entry.consolidator, DataConsolidator) or hasattr(entry.consolidator, "scan"):
                entry.consolidator.scan(datetime_of(entry.security.hours.zone.to_local(now)))

    def _feed(self, entry: Entry, now: Micros) -> None:
        feed = self._feed_of(entry)
        if feed is None:
            return
        after = max(entry.seen, feed.subscription.begin - 1)
        for row in delivered_rows(feed, self._span(), after, now):
            entry.consolidator.update(surface_bar(entry.security, row))
        entry.seen = now

    def _feed_of(self, entry: Entry) -> Feed[Any] | None:
        return next((feed for feed in entry.security.feeds if feed.subscription.tick is entry.tick and not feed.subscription.internal), None)

    def _span(self) -> Step:
        return self._run.timeline.span

    def _earliest_end(self, moment: Micros) -> Micros | None:
        ends = [end for entry in self._entries if (end := self._end_of_bar(entry)) is not None and end < moment]
        return min(ends, default=None)

    def _end_of_bar(self, entry: Entry) -> Micros | None:
        due = getattr(entry.consolidator, "_due", None)
        local: Any = due() if callable(due) else None
        return None if local is None else entry.security.hours.zone.to_utc(micros_of(local))

    def _schedule(self, now: Micros) -> None:
        self._stale = False
        self._due = min((due for entry in self._entries if (due := self._next_of(entry, now)) is not None), default=None)

    def _next_of(self, entry: Entry, now: Micros) -> Micros | None:
        end = None if getattr(entry.consolidator, "_by_rows", True) else self._end_of_bar(entry)
        if end is not None:
            return end
        feed = self._feed_of(entry)
        if feed is None:
            return None
        following = feed.next_end_after(now)
        if feed.subscription.fill_forward and feed.repeated_at(now) is not None:
            return now + 1
        return following
