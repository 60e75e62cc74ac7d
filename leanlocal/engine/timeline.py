"""Which moments exist: the times at which some subscription delivers a row, real or filled forward.

Filled-forward rows are a rule, not data: once a group of subscriptions with the same sessions has had a first row, every step of the fill-forward span inside
a session is a moment. So a day's timeline is made from session grids plus the few rows that are not on a grid (open interest at 06:30, feeds without
fill-forward), without reading the rows of every contract. Sources: lean-fidelity §2.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leanlocal.clock import Micros
from leanlocal.feeds.feed import Feed
from leanlocal.feeds.loading import STEP_LENGTH
from leanlocal.market_hours import ExchangeHours, Sessions
from leanlocal.securities.core import SecurityCore
from leanlocal.securities.registry import SecurityRegistry
from leanlocal.symbols import CHAIN_TYPES, Symbol
from marketdata.port import Step, Tick

Times = NDArray[np.int64]
ORDER = (Step.MINUTE, Step.HOUR, Step.DAILY)
EMPTY: Times = np.empty(0, dtype=np.int64)


@dataclass(slots=True)
class _Group:
    """Feeds that share sessions. started: end of the first row any of them delivered, None before."""

    hours: ExchangeHours
    extended: bool
    step: Step
    feeds: list[Feed[Any]]
    started: Micros | None = None


class Timeline:
    """Moments of a run's subscriptions."""

    def __init__(self, registry: SecurityRegistry) -> None:
        self._registry = registry
        self._groups: dict[tuple[int, bool, Step], _Group] = {}
        self._started: dict[tuple[int, bool, Step], Micros] = {}
        self._watched: list[Feed[Any]] = []
        self.span = Step.MINUTE
        self._stale = True
        self._changed = True
        self._ordered: list[SecurityCore] = []
        self._chains: dict[Symbol, list[SecurityCore]] | None = None
        self._open_now: tuple[Micros, Micros] = (0, 0)

    def watch(self, feeds: Iterable[Feed[Any]]) -> None:
        """Rows of these feeds are moments too, though nobody is handed them (the benchmark's)."""
        self._watched.extend(feeds)

    def refresh(self) -> None:
        """Subscriptions changed: they will be looked at again before the next question."""
        self._stale = True

    @property
    def changed(self) -> bool:
        """Whether moments may have changed since `steps` was asked."""
        self._look()
        return self._changed

    def mark_changed(self) -> None:
        """Moments come from elsewhere too, and these have changed."""
        self._changed = True

    @property
    def ordered(self) -> list[SecurityCore]:
        """Subscribed securities in feed order: by type, then by symbol text."""
        self._look()
        return self._ordered

    def chains(self) -> dict[Symbol, list[SecurityCore]]:
        """Subscribed contracts by their canonical symbol, both in order of creation."""
        self._look()
        if self._chains is None:
            self._chains = {}
            for security in self._registry.subscribed():
                if security.kind in CHAIN_TYPES and not security.is_canonical:
                    self._chains.setdefault(security.symbol.canonical, []).append(security)
        return self._chains

    def has_user_data(self, moment: Micros) -> bool:
        """Whether a filled-forward row of some subscription of the algorithm's is due at the moment; False does not exclude real rows."""
        self._look()
        if self.span is Step.DAILY or moment % STEP_LENGTH[self.span]:
            return False
        opens, closes = self._open_now
        if opens < moment <= closes:
            return True
        for group in self._groups.values():
            if group.started is not None and moment > group.started:
                for opens, closes in _sessions(group, moment - 1, moment):
                    if opens < moment <= closes:
                        self._open_now = max(opens, group.started), closes
                        return True
        return False

    def _look(self) -> None:
        if not self._stale:
            return
        self._stale = False
        self._chains = None
        self._open_now = (0, 0)
        subscribed = self._registry.subscribed()
        active = [security for security in subscribed if not security.is_canonical]
        self._ordered = sorted(active, key=lambda security: (int(security.kind), security.symbol.value))
        groups: dict[tuple[int, bool, Step], _Group] = {}
        span = Step.DAILY
        for security in subscribed:
            for feed in security.feeds:
                subscription = feed.subscription
                if subscription.internal:
                    continue
                span = min(span, subscription.step, key=ORDER.index)
                if subscription.fill_forward:
                    key = (id(feed.hours), subscription.extended, subscription.step)
                    group = groups.setdefault(key, _Group(feed.hours, subscription.extended, subscription.step, [], self._started.get(key)))
                    group.feeds.append(feed)
        unstarted = any(group.started is None for group in groups.values())
        self._changed = self._changed or span is not self.span or groups.keys() != self._groups.keys() or unstarted
        self.span = span
        self._groups = groups

    def steps(self, after: Micros, until: Micros) -> Times:
        """Distinct moments after < t <= until, ascending."""
        self._look()
        self._changed = False
        parts = [*self._grids(after, until), *self._rows(after, until), *self._interest_rows(after, until)]
        return np.unique(np.concatenate(parts)) if parts else EMPTY

    def unfinished_rows(self, end: Micros) -> set[Micros]:
        """Ends of the hour and daily rows that have begun by the moment and end after it (a day of a currency pair that is cut in UTC)."""
        found: set[Micros] = set()
        for security in self._registry.subscribed():
            for feed in security.feeds:
                if feed.subscription.step is not Step.MINUTE:
                    for block in feed.blocks_between(end, end):
                        found.update(block.ends[(block.starts <= end) & (block.ends > end + 1)].tolist())
        return found

    def on_grid(self, feed: Feed[Any], moment: Micros) -> bool:
        """True when fill-forward would deliver a row of this feed at the moment (given that it had one before)."""
        subscription = feed.subscription
        for opens, closes in feed.hours.sessions(feed.hours.local_date(moment - 1), subscription.extended):
            if opens < moment <= closes:
                return moment == closes or (self.span is not Step.DAILY and moment % STEP_LENGTH[self.span] == 0)
        return False

    def _grids(self, after: Micros, until: Micros) -> Iterator[Times]:
        covered: set[Sessions] = set()
        for group in sorted(self._groups.values(), key=lambda g: (g.started is None, ORDER.index(g.step))):
            sessions = _sessions(group, after, until)
            if not sessions or (sessions in covered and group.step is Step.MINUTE):
                continue
            if group.started is None:
                self._try_start(group, after, until)
            if group.started is None:
                continue
            covered.add(sessions)
            for opens, closes in sessions:
                grid = self._session_grid(opens, closes)
                yield grid[(grid > after) & (grid <= until) & (grid >= group.started)]

    def _session_grid(self, opens: Micros, closes: Micros) -> Times:
        if self.span is Step.DAILY:
            return np.array([closes], dtype=np.int64)
        length = STEP_LENGTH[self.span]
        return np.arange(opens // length * length + length, closes + 1, length, dtype=np.int64)

    def _try_start(self, group: _Group, after: Micros, until: Micros) -> None:
        for feeds in (_anchors(group.feeds), group.feeds):
            nexts = [feed.next_end_after(max(after, feed.subscription.begin), closed_hours=True) for feed in feeds]
            firsts = [end for end in nexts if end is not None and end <= until]
            if firsts:
                group.started = min(firsts)
                self._started[(id(group.hours), group.extended, group.step)] = group.started
                return

    def _rows(self, after: Micros, until: Micros) -> Iterator[Times]:
        for feed in self._watched:
            yield from _ends(feed, after, until)
        for security in self._registry.subscribed():
            for feed in security.feeds:
                subscription = feed.subscription
                gridded = subscription.fill_forward and subscription.step is Step.MINUTE and not subscription.internal
                if subscription.tick is not Tick.OPEN_INTEREST and not gridded:
                    yield from _ends(feed, after, until)

    def _interest_rows(self, after: Micros, until: Micros) -> Iterator[Times]:
        for security in self._registry.subscribed():
            for feed in security.feeds:
                if feed.subscription.tick is Tick.OPEN_INTEREST:
                    yield from _ends(feed, after, until)


def _ends(feed: Feed[Any], after: Micros, until: Micros) -> Iterator[Times]:
    for block in feed.blocks_between(after, until):
        yield block.ends[(block.ends > after) & (block.ends <= until)]


def _anchors(feeds: Iterable[Feed[Any]]) -> list[Feed[Any]]:
    return [feed for feed in feeds if feed.hours.name.split("-")[0] in ANCHOR_NAMES]


ANCHOR_NAMES = frozenset({"Equity", "Index", "Future", "Forex", "Crypto"})


def _sessions(group: _Group, after: Micros, until: Micros) -> Sessions:
    day, last = group.hours.local_date(after), group.hours.local_date(until)
    found: list[tuple[Micros, Micros]] = []
    while day <= last:
        found += [(opens, closes) for opens, closes in group.hours.sessions(day, group.extended) if closes > after and opens < until]
        day += timedelta(days=1)
    return tuple(found)
