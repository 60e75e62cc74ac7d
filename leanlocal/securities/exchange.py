"""`security.exchange` and its hours, as an algorithm sees them: naive clock readings of the exchange's zone."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros, day_number, micros_of
from leanlocal.market_hours import ExchangeHours
from leanlocal.surface import LeanObject, core_of

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore


class TimeZone(str):
    """A time zone; prints its IANA name."""

    __slots__ = ()

    @property
    def id(self) -> str:
        """IANA name."""
        return str(self)


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
