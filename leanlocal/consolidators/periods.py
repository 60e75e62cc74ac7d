"""When a consolidated bar begins and how long it is: fixed spans, calendar periods, market sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from leanlocal.clock import datetime_of, micros_of
from leanlocal.market_hours import ExchangeHours
from leanlocal.surface import LeanObject

DAY = timedelta(days=1)
YEAR_ONE = datetime(1, 1, 1)


class CalendarInfo(LeanObject[None]):
    """Start and length of a calendar period."""

    def __init__(self, start: datetime, period: timedelta) -> None:
        self.start = start
        self.period = period

    @property
    def end(self) -> datetime:
        """When the period is over."""
        return self.start + self.period


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _month_start(moment: datetime, months: int) -> datetime:
    index = moment.year * 12 + moment.month - 1
    return datetime(index // 12 if months == 1 else (index // months * months) // 12, (index // months * months) % 12 + 1, 1)


def _next_months(start: datetime, months: int) -> datetime:
    index = start.year * 12 + start.month - 1 + months
    return datetime(index // 12, index % 12 + 1, 1)


def _weekly(moment: datetime) -> CalendarInfo:
    return CalendarInfo(_midnight(moment) - DAY * moment.weekday(), 7 * DAY)


def _of_months(months: int) -> Callable[[datetime], CalendarInfo]:
    def period(moment: datetime) -> CalendarInfo:
        start = _month_start(moment, months)
        return CalendarInfo(start, _next_months(start, months) - start)

    return period


class Calendar(LeanObject[None]):
    """Calendar periods to consolidate by."""

    WEEKLY: ClassVar[Callable[[datetime], CalendarInfo]] = staticmethod(_weekly)
    MONTHLY: ClassVar[Callable[[datetime], CalendarInfo]] = staticmethod(_of_months(1))
    QUARTERLY: ClassVar[Callable[[datetime], CalendarInfo]] = staticmethod(_of_months(3))
    YEARLY: ClassVar[Callable[[datetime], CalendarInfo]] = staticmethod(_of_months(12))


@dataclass(frozen=True, slots=True)
class Periods:
    """A rule for bars: where the bar of a moment begins, and its length. takes: whether a row from start to end counts at all, None when all do."""

    of: Callable[[datetime], CalendarInfo]
    fixed: timedelta | None = None
    takes: Callable[[datetime, datetime], bool] | None = None


def fixed_span(period: timedelta) -> Periods:
    """Bars of a fixed length: cut at multiples counted from the year 1, or from the first bar when longer than a day.

    A length that does not divide a day therefore starts at another clock time every day.
    """

    def of(moment: datetime) -> CalendarInfo:
        if period > DAY:
            return CalendarInfo(moment, period)
        return CalendarInfo(moment - (moment - YEAR_ONE) % period, period)

    return Periods(of, period)


def session_days(hours: ExchangeHours, extended: bool) -> Periods:
    """One bar per session, from its open to its close, of the rows inside it."""

    def of(moment: datetime) -> CalendarInfo:
        day = moment.date()
        opens, closes = hours.first_open(day, extended), hours.last_close(day, extended)
        if opens is None or closes is None:
            return CalendarInfo(_midnight(moment), DAY)
        start = datetime_of(hours.zone.to_local(opens))
        return CalendarInfo(start, datetime_of(hours.zone.to_local(closes)) - start)

    def takes(start: datetime, end: datetime) -> bool:
        return hours.is_open_during(hours.zone.to_utc(micros_of(start)), hours.zone.to_utc(micros_of(end)), extended)

    return Periods(of, None, takes)
