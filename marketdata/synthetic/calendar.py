"""Trading sessions of the synthetic market and the minutes inside them.

One session is 1,380 minutes, 18:00 New York time of the evening before to 17:00 of its day, for every instrument alike: a future trades all of it, a share
the 390 minutes from 09:30. `m` is always the minute node counted from 18:00, so that a time is a pair (session, m) and needs no time zone until it is
written down. Holidays and early closes are those of the New York Stock Exchange (package exchange_calendars).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
FIRST, LAST = date(2018, 1, 2), date(2026, 12, 31)
LISTED_UNTIL = date(2030, 12, 31)
EPOCH = date(1970, 1, 1)
NEW_YORK = ZoneInfo("America/New_York")

MINUTE = 60_000_000
DAY = 1440 * MINUTE
NODES = 1380
EVENING = 6 * 60
"""Minutes from the session's start (18:00) to midnight."""
OPEN = 930
CLOSE = 1320
LATE_CLOSE = 1335
"""Index options and the index itself: 16:15."""
HALF_DAY_CUT = 180
"""A half-day ends three hours early: 13:00 for shares, 13:15 for index options."""


def node_at(hour: int, minute: int = 0) -> int:
    """Node of a New York clock reading on the session's own day (or, from 18:00 on, the evening before)."""
    return (hour * 60 + minute + EVENING) % 1440


@dataclass(frozen=True, slots=True)
class Sessions:
    """All sessions up to the last one an option may expire on. Row i of every array is session i.

    days: days since 1970; half: early close; offset: minutes New York is behind UTC; simulated: how many sessions from the first have prices;
    dates: the same days as dates.
    """

    days: Ints
    half: NDArray[np.bool_]
    offset: Ints
    simulated: int
    dates: tuple[date, ...]

    def date(self, index: int) -> date:
        """Day of a session."""
        return self.dates[index]

    def index_of(self, day: date) -> int | None:
        """Session on that day, None on a holiday or outside the calendar."""
        at = bisect_left(self.dates, day)
        return at if at < len(self.dates) and self.dates[at] == day else None

    def on_or_before(self, day: date) -> int:
        """Last session not after that day; -1 before the first."""
        return bisect_right(self.dates, day) - 1

    def close_node(self, index: int, regular: int = CLOSE) -> int:
        """Node at which a session that ends at `regular` ends on that day."""
        return regular - HALF_DAY_CUT if self.half[index] else regular

    def local_micros(self, index: int, node: int | Ints) -> Ints:
        """New York clock reading of a node, microseconds since 1970."""
        return np.int64(self.days[index]) * DAY + (np.asarray(node, dtype=np.int64) - EVENING) * MINUTE

    def utc_micros(self, index: int, node: int | Ints) -> Ints:
        """UTC of a node, microseconds since 1970."""
        return self.local_micros(index, node) + np.int64(self.offset[index]) * MINUTE

    def calendar_days(self, index: int, node: float) -> float:
        """New York clock reading of a node in days since 1970."""
        return float(self.days[index]) + (node - EVENING) / 1440.0


@cache
def sessions() -> Sessions:
    """The calendar, built once."""
    from exchange_calendars import get_calendar  # brings pandas with it: only when a market is made

    calendar = get_calendar("XNYS", start=FIRST.isoformat(), end=LISTED_UNTIL.isoformat())
    stamps = calendar.sessions
    days = stamps.to_numpy().astype("datetime64[D]").astype(np.int64)
    early = {stamp.date() for stamp in calendar.early_closes}
    dates = tuple(EPOCH + timedelta(days=int(day)) for day in days)
    half = np.array([day in early for day in dates])
    offset = np.array([minutes_behind_utc(day) for day in dates], dtype=np.int64)
    return Sessions(days, half, offset, int(np.searchsorted(days, (LAST - EPOCH).days, side="right")), dates)


def minutes_behind_utc(day: date) -> int:
    """240 in summer, 300 in winter."""
    behind = datetime(day.year, day.month, day.day, 12, tzinfo=NEW_YORK).utcoffset()
    return -int((behind or timedelta()).total_seconds() // 60)


@cache
def third_friday(year: int, month: int) -> date:
    """Third Friday, or the session before it when it is a holiday (Good Friday, Juneteenth)."""
    first = date(year, month, 1)
    friday = first + timedelta(days=(4 - first.weekday()) % 7 + 14)
    return session_on_or_before(friday)


def session_on_or_before(day: date) -> date:
    """The day itself when it is a session, else the last session before it."""
    calendar = sessions()
    return calendar.date(max(calendar.on_or_before(day), 0))


def session_before(day: date, count: int) -> date:
    """The session `count` sessions before the last one not after `day`."""
    calendar = sessions()
    return calendar.date(max(calendar.on_or_before(day) - count, 0))
