"""Time inside the engine: integer microseconds since 1970 in UTC, and the way to clock readings of a zone and back.

Offsets change twice a year, so a zone keeps the change points of the years it was asked about and answers with a binary search. A clock reading of a zone
("local micros") is the number its naive datetime would have. `NaT`-like values do not exist: absent is None.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Micros = int
SECOND: Micros = 1_000_000
MINUTE: Micros = 60 * SECOND
HOUR: Micros = 60 * MINUTE
DAY: Micros = 24 * HOUR
EPOCH = datetime(1970, 1, 1)
EPOCH_DAY = date(1970, 1, 1)


@dataclass(slots=True)
class EngineClock:
    """The moment the engine is at; only the engine moves it, and only forward."""

    now: Micros = 0


def micros_of(moment: datetime) -> Micros:
    """Number of a naive datetime."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def datetime_of(micros: Micros) -> datetime:
    """Naive datetime of a number."""
    return EPOCH + timedelta(microseconds=micros)


def day_number(day: date) -> Micros:
    """Number of a date's midnight."""
    return (day - EPOCH_DAY).days * DAY


def date_of(micros: Micros) -> date:
    """Date a number falls on."""
    return date.fromordinal(719_163 + micros // DAY)


class Zone:
    """A time zone by IANA name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._info = ZoneInfo(name)
        self._years: dict[int, tuple[list[Micros], list[Micros]]] = {}
        self._last: tuple[Micros, Micros, Micros] = (0, 0, 0)

    def offset(self, utc: Micros) -> Micros:
        """Local minus UTC at a UTC moment. The last answer is kept with the time for which it stands."""
        since, until, offset = self._last
        if since <= utc < until:
            return offset
        starts, offsets = self._year(date_of(utc).year)
        at = bisect_right(starts, utc)
        until = starts[at] if at < len(starts) else day_number(date(date_of(utc).year + 1, 1, 1))
        self._last = starts[at - 1], until, offsets[at - 1]
        return offsets[at - 1]

    def to_local(self, utc: Micros) -> Micros:
        """Clock reading at a UTC moment."""
        return utc + self.offset(utc)

    def to_utc(self, local: Micros) -> Micros:
        """UTC moment of a clock reading; of an hour that exists twice the first, a reading that does not exist is moved on."""
        guess = local - self.offset(local)
        utc = local - self.offset(guess)
        earlier = local - self.offset(utc - HOUR)
        return earlier if earlier < utc and self.to_local(earlier) == local else utc

    def local_datetime(self, utc: Micros) -> datetime:
        """Naive clock reading at a UTC moment."""
        return datetime_of(self.to_local(utc))

    def local_date(self, utc: Micros) -> date:
        """Date on the zone's calendar at a UTC moment."""
        return date_of(self.to_local(utc))

    def midnight(self, day: date) -> Micros:
        """UTC moment a date begins in the zone."""
        return self.to_utc(day_number(day))

    def to_utc_array(self, local: NDArray[np.int64]) -> NDArray[np.int64]:
        """UTC moments of ascending clock readings."""
        if not local.size:
            return local
        first, last = self.offset(self.to_utc(int(local[0]))), self.offset(self.to_utc(int(local[-1])))
        if first == last and int(local[-1]) - int(local[0]) < 90 * DAY:
            return local - first
        days, index = np.unique(local // HOUR, return_inverse=True)
        shifts = np.array([hour * HOUR - self.to_utc(int(hour) * HOUR) for hour in days], dtype=np.int64)
        return local - shifts[index]

    def _year(self, year: int) -> tuple[list[Micros], list[Micros]]:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._changes(year)
        return found

    def _changes(self, year: int) -> tuple[list[Micros], list[Micros]]:
        start = day_number(date(year, 1, 1))
        end = day_number(date(year + 1, 1, 1))
        starts, offsets = [start], [self._read(start)]
        step = 28 * DAY
        at = start
        while at < end:
            upto = min(at + step, end)
            if self._read(upto) != offsets[-1]:
                change = self._find_change(at, upto, offsets[-1])
                starts.append(change)
                offsets.append(self._read(change))
            at = upto
        return starts, offsets

    def _find_change(self, low: Micros, high: Micros, before: Micros) -> Micros:
        while high - low > MINUTE:
            middle = (low + high) // 2 // MINUTE * MINUTE
            if self._read(middle) == before:
                low = middle
            else:
                high = middle
        return high

    def _read(self, utc: Micros) -> Micros:
        offset = datetime_of(utc).replace(tzinfo=UTC).astimezone(self._info).utcoffset()
        return 0 if offset is None else offset // timedelta(microseconds=1)


@lru_cache(maxsize=64)
def zone(name: str) -> Zone:
    """The zone of that name; ZoneInfoNotFoundError for an unknown one."""
    return Zone(name)


NEW_YORK = "America/New_York"
