"""When markets are open: LEAN's market-hours database as sessions of a date.

`ExchangeHours` answers in UTC micros. A date's segments are the week day's, cut by an early close and a late open, none on a holiday; segments that touch
count as one session (also across midnight). Entries of options without their own holidays take the underlying's; an entry shares the holidays of its
market's `[*]` entry. Sources: lean-fidelity §1.5, recorded early closes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, cast

from leanlocal.clock import DAY, HOUR, MINUTE, SECOND, Micros, Zone, date_of, day_number, zone
from leanlocal.enums import SecurityType
from vocabulary.errors import MissingData

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TYPE_NAMES = {
    SecurityType.EQUITY: "Equity",
    SecurityType.OPTION: "Option",
    SecurityType.FUTURE: "Future",
    SecurityType.FUTURE_OPTION: "FutureOption",
    SecurityType.INDEX: "Index",
    SecurityType.INDEX_OPTION: "IndexOption",
    SecurityType.FOREX: "Forex",
    SecurityType.CRYPTO: "Crypto",
    SecurityType.CFD: "Cfd",
}
_HORIZON = 40


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of a day in micros since local midnight; regular is False before and after the market."""

    start: Micros
    end: Micros
    regular: bool


Sessions = tuple[tuple[Micros, Micros], ...]


class ExchangeHours:
    """Sessions of one market-hours entry. data_zone: zone of the clock readings in data files; zone: the exchange's."""

    def __init__(
        self,
        name: str,
        exchange_zone: Zone,
        data_zone: Zone,
        week: tuple[tuple[Segment, ...], ...],
        holidays: frozenset[date],
        early_closes: Mapping[date, Micros],
        late_opens: Mapping[date, Micros],
    ) -> None:
        self.name = name
        self.zone = exchange_zone
        self.data_zone = data_zone
        self._week = week
        self._holidays = holidays
        self._early = early_closes
        self._late = late_opens
        self._days: dict[tuple[date, bool], Sessions] = {}
        self.always_open = all(day and day[0].start == 0 and day[-1].end >= DAY for day in week)

    @property
    def week(self) -> tuple[tuple[Segment, ...], ...]:
        """Usual segments of each week day, Monday first."""
        return self._week

    @property
    def holidays(self) -> frozenset[date]:
        """Dates on which nothing trades."""
        return self._holidays

    @property
    def early_closes(self) -> Mapping[date, Micros]:
        """Closing times (after midnight) of short dates."""
        return self._early

    @property
    def late_opens(self) -> Mapping[date, Micros]:
        """Opening times (after midnight) of dates that begin late."""
        return self._late

    def previous_open(self, utc: Micros, extended: bool = False) -> Micros:
        """Last opening before the moment (strictly). MissingData when there is none within 40 days."""
        day = self.zone.local_date(utc)
        for _ in range(_HORIZON):
            opens = [start for start, _ in self.sessions(day, extended) if start < utc]
            if opens:
                return opens[-1]
            day -= timedelta(days=1)
        raise MissingData(f"market hours {self.name}: no opening within {_HORIZON} days before {self.zone.local_datetime(utc)}")

    def segments(self, day: date) -> tuple[Segment, ...]:
        """The date's segments on the local clock, empty when closed."""
        if day in self._holidays:
            return ()
        usual = self._week[day.weekday()]
        early, late = self._early.get(day), self._late.get(day)
        if early is None and late is None:
            return usual
        parts: list[Segment] = []
        if early is not None:
            parts += _clipped(usual, 0 if late is None or late > early else late, early)
        if late is not None and (early is None or late > early):
            parts += _clipped(usual, late, 2 * DAY)
        return tuple(parts)

    def sessions(self, day: date, extended: bool = False) -> Sessions:
        """The date's open intervals (start, end) in UTC; touching segments are joined."""
        key = (day, extended)
        found = self._days.get(key)
        if found is None:
            found = self._days[key] = self._sessions(day, extended)
        return found

    def _sessions(self, day: date, extended: bool) -> Sessions:
        joined: list[tuple[Micros, Micros]] = []
        midnight = day_number(day)
        for part in self.segments(day):
            if not (part.regular or extended):
                continue
            start, end = self.zone.to_utc(midnight + part.start), self.zone.to_utc(midnight + part.end)
            if joined and joined[-1][1] == start:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return tuple(joined)

    def is_date_open(self, day: date, extended: bool = False) -> bool:
        """True when the market trades on the date."""
        return bool(self.sessions(day, extended))

    def is_open(self, utc: Micros, extended: bool = False) -> bool:
        """True within [open, close)."""
        return any(start <= utc < end for start, end in self.sessions(self.zone.local_date(utc), extended))

    def is_open_during(self, start: Micros, end: Micros, extended: bool = False) -> bool:
        """True when some moment of the bar [start, end) is in a session."""
        day, last = self.zone.local_date(start), self.zone.local_date(end)
        while day <= last:
            if any(opens < end and start < closes for opens, closes in self.sessions(day, extended)):
                return True
            day += timedelta(days=1)
        return False

    def next_open(self, utc: Micros, extended: bool = False) -> Micros:
        """First opening after the moment (strictly). MissingData when there is none within 40 days."""
        day = self.zone.local_date(utc)
        before = self.sessions(day - timedelta(days=1), extended)
        closed_at = before[-1][1] if before else None
        for _ in range(_HORIZON):
            for start, end in self.sessions(day, extended):
                if start > utc and start != closed_at:
                    return start
                closed_at = end
            day += timedelta(days=1)
        raise MissingData(f"market hours {self.name}: no opening within {_HORIZON} days after {self.zone.local_datetime(utc)}")

    def next_close(self, utc: Micros, extended: bool = False) -> Micros:
        """First close after the moment (strictly), sessions that touch over midnight counting as one. MissingData when there is none."""
        day = self.zone.local_date(utc)
        for _ in range(_HORIZON):
            for _start, end in self.sessions(day, extended):
                if end > utc and not self._continues(end, extended):
                    return end
            day += timedelta(days=1)
        raise MissingData(f"market hours {self.name}: no close within {_HORIZON} days after {self.zone.local_datetime(utc)}")

    def _continues(self, end: Micros, extended: bool) -> bool:
        following = self.sessions(self.zone.local_date(end), extended)
        return bool(following) and following[0][0] == end

    def first_open(self, day: date, extended: bool = False) -> Micros | None:
        """First opening of the date, None when closed."""
        sessions = self.sessions(day, extended)
        return sessions[0][0] if sessions else None

    def last_close(self, day: date, extended: bool = False) -> Micros | None:
        """Last close of the date, None when closed."""
        sessions = self.sessions(day, extended)
        return sessions[-1][1] if sessions else None

    def next_trading_day(self, day: date, step: int = 1) -> date:
        """First open date after (step 1) or before (step -1) the date."""
        for _ in range(_HORIZON):
            day += timedelta(days=step)
            if self.is_date_open(day):
                return day
        raise MissingData(f"market hours {self.name}: no trading day within {_HORIZON} days of {day}")

    def open_on_or(self, day: date, step: int) -> date:
        """The date itself when open, else the next (step 1) or previous (step -1) open one."""
        return day if self.is_date_open(day) else self.next_trading_day(day, step)

    def regular_duration(self, day: date) -> Micros:
        """Length of the date's regular sessions."""
        return sum(end - start for start, end in self.sessions(day))

    def midnight(self, day: date) -> Micros:
        """UTC moment of the date's midnight on the exchange clock."""
        return self.zone.to_utc(day_number(day))

    def local_date(self, utc: Micros) -> date:
        """The exchange's date at a moment."""
        return date_of(self.zone.to_local(utc))


def _clipped(segments: tuple[Segment, ...], low: Micros, high: Micros) -> list[Segment]:
    return [Segment(max(s.start, low), min(s.end, high), s.regular) for s in segments if s.start < high and s.end > low]


class HoursDatabase:
    """All entries of the market-hours database, parsed one by one when asked for."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._entries: Mapping[str, Any] = raw.get("entries", raw)
        self._made: dict[str, ExchangeHours] = {}

    def hours(self, kind: SecurityType, market: str, ticker: str, underlying: tuple[SecurityType, str] | None = None) -> ExchangeHours:
        """Hours of an instrument; underlying: type and ticker whose holidays an option takes. MissingData when neither an own nor a `[*]` entry exists."""
        key = self._key(kind, market, ticker)
        if key is None and kind is SecurityType.FUTURE_OPTION and underlying is not None:
            return self.hours(underlying[0], market, underlying[1])
        if key is None:
            raise MissingData(f"market-hours-database.json has no entry for {TYPE_NAMES[kind]}-{market}-{ticker}; add one or its [*] entry")
        name = f"{key}/{underlying}"
        if name not in self._made:
            self._made[name] = self._parse(key, market, kind, underlying)
        return self._made[name]

    def _key(self, kind: SecurityType, market: str, ticker: str) -> str | None:
        prefix = f"{TYPE_NAMES[kind]}-{market}-"
        return next((prefix + name for name in (ticker.upper(), "[*]") if prefix + name in self._entries), None)

    def _parse(self, key: str, market: str, kind: SecurityType, underlying: tuple[SecurityType, str] | None) -> ExchangeHours:
        entry = cast("Mapping[str, Any]", self._entries[key])
        wildcard = cast("Mapping[str, Any]", self._entries.get(f"{TYPE_NAMES[kind]}-{market}-[*]", {}))
        sources = [entry, wildcard]
        if underlying is not None and not any(source.get(name) for source in sources for name in ("holidays", "earlyCloses", "lateOpens")):
            own = self._key(underlying[0], market, underlying[1])
            base = f"{TYPE_NAMES[underlying[0]]}-{market}-[*]"
            sources = [cast("Mapping[str, Any]", self._entries.get(name, {})) for name in (own or base, base)]
        return ExchangeHours(
            key,
            zone(entry["exchangeTimeZone"]),
            zone(entry["dataTimeZone"]),
            tuple(tuple(_segment(part) for part in entry.get(name, ())) for name in WEEKDAYS),
            frozenset(_date(text) for source in sources for text in source.get("holidays", ())),
            _times(sources, "earlyCloses"),
            _times(sources, "lateOpens"),
        )


def _segment(part: Mapping[str, str]) -> Segment:
    return Segment(_clock(part["start"]), _clock(part["end"]), part["state"] == "market")


def _times(sources: list[Mapping[str, Any]], name: str) -> dict[date, Micros]:
    return {_date(day): _clock(at) for source in reversed(sources) for day, at in source.get(name, {}).items()}


@lru_cache(maxsize=4096)
def _clock(text: str) -> Micros:
    days = 0
    if "." in text:
        whole, text = text.split(".", 1)
        days = int(whole)
    parts = [int(part) for part in text.split(":")]
    if len(parts) == 4:
        days, parts = days + parts[0], parts[1:]
    return days * DAY + parts[0] * HOUR + parts[1] * MINUTE + parts[2] * SECOND


@lru_cache(maxsize=65536)
def _date(text: str) -> date:
    month, day, year = text.split("/")
    return date(int(year), int(month), int(day))
