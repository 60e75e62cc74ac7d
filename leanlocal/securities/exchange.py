"""`security.exchange` and its hours, as an algorithm sees them: naive clock readings of the exchange's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from leanlocal.clock import DAY, Micros, day_number, micros_of
from leanlocal.enums import MarketHoursState
from leanlocal.market_hours import ExchangeHours, Segment
from leanlocal.surface import LeanObject, core_of
from leanlocal.system_types import DayOfWeek
from leanlocal.zone_names import TimeZone

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore


class MarketHoursSegment(LeanObject[Segment]):
    """A stretch of a day in one state, as spans from midnight."""

    def __init__(self, core: Segment) -> None:
        self._core = core

    @property
    def start(self) -> timedelta:
        """From midnight."""
        return timedelta(microseconds=self._core.start)

    @property
    def end(self) -> timedelta:
        """From midnight."""
        return timedelta(microseconds=self._core.end)

    @property
    def state(self) -> MarketHoursState:
        """Regular, or before or after (told apart at noon)."""
        if self._core.regular:
            return MarketHoursState.MARKET
        return MarketHoursState.PRE_MARKET if self._core.start < DAY // 2 else MarketHoursState.POST_MARKET

    def contains(self, time: timedelta) -> bool:
        """Whether a time of day is in it."""
        return self.start <= time < self.end


class LocalMarketHours(LeanObject["tuple[Segment, ...]"]):
    """The segments of one date."""

    def __init__(self, core: tuple[Segment, ...], on: date) -> None:
        self._core = core
        self._on = on

    @property
    def segments(self) -> list[MarketHoursSegment]:
        """In order of time."""
        return [MarketHoursSegment(one) for one in self._core]

    @property
    def is_closed_all_day(self) -> bool:
        """Nothing trades."""
        return not self._core

    @property
    def is_open_all_day(self) -> bool:
        """Trades from midnight to midnight."""
        return bool(self._core) and self._core[0].start == 0 and self._core[-1].end >= DAY

    @property
    def day_of_week(self) -> DayOfWeek:
        """Its week day."""
        return DayOfWeek(self._on.isoweekday() % 7)

    @property
    def market_duration(self) -> timedelta:
        """Length of the regular segments."""
        return sum((timedelta(microseconds=one.end - one.start) for one in self._core if one.regular), timedelta())


class SecurityExchangeHours(LeanObject[ExchangeHours]):
    """Hours of a market."""

    def __init__(self, core: ExchangeHours) -> None:
        self._core = core

    @property
    def time_zone(self) -> TimeZone:
        """The exchange's zone."""
        return TimeZone(self._core.zone.name)

    @property
    def is_market_always_open(self) -> bool:
        """True for a market without closing times."""
        return self._core.always_open

    def is_open(self, local_date_time: date, *arguments: Any, extended_market_hours: bool = False) -> bool:
        """Open at a moment (local, extended) or at some moment of a span (start, end, extended)."""
        values = [*arguments]
        if values and isinstance(values[0], date):
            extended = bool(values[1]) if len(values) > 1 else extended_market_hours
            return self._core.is_open_during(self._utc(local_date_time), self._utc(values[0]), extended)
        return self._core.is_open(self._utc(local_date_time), bool(values[0]) if values else extended_market_hours)

    def is_date_open(self, local_date_time: date, extended_market_hours: bool = False) -> bool:
        """Trading on the date."""
        return self._core.is_date_open(_day(local_date_time), extended_market_hours)

    def get_next_market_open(self, local_date_time: date, extended_market_hours: bool) -> datetime:
        """First opening after the moment."""
        return self._local(self._core.next_open(self._utc(local_date_time), extended_market_hours))

    def get_next_market_close(self, local_date_time: date, extended_market_hours: bool) -> datetime:
        """First close after the moment."""
        return self._local(self._core.next_close(self._utc(local_date_time), extended_market_hours))

    def get_next_trading_day(self, date: date) -> datetime:
        """First open date after."""
        return _midnight(self._core.next_trading_day(_day(date)))

    def get_previous_trading_day(self, local_date: date) -> datetime:
        """Last open date before."""
        return _midnight(self._core.next_trading_day(_day(local_date), -1))

    def get_first_daily_market_open(self, local_date_time: date, extended_market_hours: bool) -> datetime:
        """The date's first opening; the next one when the date is closed."""
        opens = self._core.first_open(_day(local_date_time), extended_market_hours)
        return self._local(opens) if opens is not None else self.get_next_market_open(local_date_time, extended_market_hours)

    def get_last_daily_market_close(self, local_date_time: date, extended_market_hours: bool) -> datetime:
        """The date's last close; the next one when the date is closed."""
        closes = self._core.last_close(_day(local_date_time), extended_market_hours)
        return self._local(closes) if closes is not None else self.get_next_market_close(local_date_time, extended_market_hours)

    def get_previous_market_open(self, local_date_time: date, extended_market_hours: bool) -> datetime:
        """Last opening before the moment."""
        return self._local(self._core.previous_open(self._utc(local_date_time), extended_market_hours))

    def get_market_hours(self, local_date_time: date) -> LocalMarketHours:
        """Segments of a date, holidays and early closes applied."""
        day = _day(local_date_time)
        return LocalMarketHours(self._core.segments(day), day)

    @property
    def holidays(self) -> set[datetime]:
        """Dates on which nothing trades."""
        return {_midnight(day) for day in self._core.holidays}

    @property
    def early_closes(self) -> dict[datetime, timedelta]:
        """Closing times of short dates."""
        return {_midnight(day): timedelta(microseconds=at) for day, at in self._core.early_closes.items()}

    @property
    def late_opens(self) -> dict[datetime, timedelta]:
        """Opening times of dates that begin late."""
        return {_midnight(day): timedelta(microseconds=at) for day, at in self._core.late_opens.items()}

    @property
    def regular_market_duration(self) -> timedelta:
        """The most common length of a regular session over the week."""
        lengths = [sum(one.end - one.start for one in day if one.regular) for day in self._core.week]
        open_days = [length for length in lengths if length]
        return timedelta(microseconds=max(open_days, key=open_days.count, default=0))

    def _utc(self, local: date) -> Micros:
        return self._core.zone.to_utc(micros_of(local) if isinstance(local, datetime) else day_number(local))

    def _local(self, utc: Micros) -> datetime:
        return self._core.zone.local_datetime(utc)


class SecurityExchange(LeanObject["SecurityCore"]):
    """The exchange of a security, now."""

    def __init__(self, core: SecurityCore) -> None:
        self._core = core

    @property
    def hours(self) -> SecurityExchangeHours:
        """Its hours."""
        return SecurityExchangeHours(self._core.hours)

    @property
    def time_zone(self) -> TimeZone:
        """Its zone."""
        return TimeZone(self._core.hours.zone.name)

    @property
    def local_time(self) -> datetime:
        """Its clock now."""
        return self._core.hours.zone.local_datetime(self._core.clock.now)

    @property
    def exchange_open(self) -> bool:
        """Open now, in regular hours."""
        return self._core.hours.is_open(self._core.clock.now)

    @property
    def closing_soon(self) -> bool:
        """Closing within ten minutes."""
        return self.is_closing_soon(10)

    @property
    def trading_days_per_year(self) -> int:
        """252 for markets with closing days."""
        return 365 if self._core.hours.always_open else 252

    def is_closing_soon(self, minutes_to_close: int) -> bool:
        """Not open any more after the given minutes."""
        return not self._core.hours.is_open(self._core.clock.now + minutes_to_close * 60_000_000)

    def date_is_open(self, date_to_check: date, extended_market_hours: bool = False) -> bool:
        """Trading on the date."""
        return self._core.hours.is_date_open(_day(date_to_check), extended_market_hours)

    def date_time_is_open(self, date_time: datetime) -> bool:
        """Open at a clock reading of the exchange."""
        return self._core.hours.is_open(self._core.hours.zone.to_utc(micros_of(date_time)))


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def hours_core(hours: SecurityExchangeHours) -> ExchangeHours:
    """The engine's hours behind a surface object."""
    return core_of(hours)
