"""`self.schedule`, `self.date_rules`, `self.time_rules` as an algorithm uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from leanlocal.clock import DAY, HOUR, MINUTE, SECOND, Micros, Zone, datetime_of, micros_of, zone
from leanlocal.mappings import as_symbol
from leanlocal.schedule import rules
from leanlocal.schedule.queue import Event, moments_of
from leanlocal.schedule.rules import Dates, MarketClock, Moments
from leanlocal.surface import LeanObject, core_of
from leanlocal.symbol_book import ArgumentException

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class DateRule(LeanObject[Dates]):
    """On which dates."""

    def __init__(self, core: Dates) -> None:
        self._core = core

    @property
    def name(self) -> str:
        """Text used in event names."""
        return self._core.name

    def get_dates(self, start: date, end: date) -> list[datetime]:
        """Dates of a span."""
        return [_midnight(day) for day in self._core.between(_day(start), _day(end))]


class TimeRule(LeanObject[Moments]):
    """At which times of a date."""

    def __init__(self, core: Moments) -> None:
        self._core = core

    @property
    def name(self) -> str:
        """Text used in event names."""
        return self._core.name

    def create_utc_event_times(self, dates: Sequence[date]) -> list[datetime]:
        """UTC moments on the dates."""
        return [datetime_of(moment) for day in dates for moment in self._core.of(_day(day))]


class FuncDateRule(DateRule):
    """Dates given by a function of a first and a last date."""

    def __init__(self, name: str, get_dates_function: Callable[[datetime, datetime], Any]) -> None:
        def between(first: date, last: date) -> Iterator[date]:
            return iter([_day(day) for day in get_dates_function(_midnight(first), _midnight(last))])

        super().__init__(Dates(name, between))


class FuncTimeRule(TimeRule):
    """UTC moments given by a function of dates."""

    def __init__(self, name: str, create_utc_event_times_function: Callable[[list[datetime]], Any]) -> None:
        def moments(day: date) -> Iterator[Micros]:
            return iter([micros_of(moment) for moment in create_utc_event_times_function([_midnight(day)])])

        super().__init__(Moments(name, moments))


class ScheduledEvent(LeanObject[Event]):
    """An event that was scheduled."""

    def __init__(self, core: Event) -> None:
        self._core = core

    @property
    def name(self) -> str:
        """Its name."""
        return self._core.name

    @property
    def enabled(self) -> bool:
        """Whether it fires."""
        return self._core.enabled

    @enabled.setter
    def enabled(self, value: bool) -> None:
        self._core.enabled = value

    @property
    def next_event_utc_time(self) -> datetime:
        """When it fires next."""
        return datetime_of(self._core.time)


class DateRules(LeanObject["RunContext"]):
    """`self.date_rules`."""

    def __init__(self, run: RunContext) -> None:
        self._core = run

    @property
    def today(self) -> DateRule:
        """Only today."""
        return DateRule(rules.on_dates([self._core.local_time.date()], "TodayOnly"))

    @property
    def tomorrow(self) -> DateRule:
        """Only tomorrow."""
        return DateRule(rules.on_dates([self._core.local_time.date() + timedelta(days=1)], "TomorrowOnly"))

    def on(self, *dates: Any, **named: int) -> DateRule:
        """Given dates: (year, month, day), dates, or a list of dates."""
        if named or (dates and isinstance(dates[0], int)):
            parts = [*dates, *named.values()]
            return DateRule(rules.on_dates([date(parts[0], parts[1], parts[2])]))
        given = dates[0] if len(dates) == 1 and not isinstance(dates[0], date) else dates
        return DateRule(rules.on_dates([_day(day) for day in given]))

    def every(self, *days: Any) -> DateRule:
        """Given week days."""
        given = days[0] if len(days) == 1 and isinstance(days[0], list | tuple) else days
        numbers = [(int(day) - 1) % 7 for day in given]
        return DateRule(rules.on_weekdays(numbers, ",".join(WEEKDAY_NAMES[number] for number in numbers)))

    def every_day(self, symbol: Any = None, extended_market_hours: bool = False) -> DateRule:
        """Every calendar day, or every trading day of a security."""
        return DateRule(rules.every_day(None if symbol is None else self._market(symbol), extended_market_hours))

    def week_start(self, *arguments: Any, **named: Any) -> DateRule:
        """First day of each week plus an offset."""
        return self._edge("WeekStart", rules.week_of, True, arguments, named)

    def week_end(self, *arguments: Any, **named: Any) -> DateRule:
        """Last day of each week less an offset."""
        return self._edge("WeekEnd", rules.trading_week_of, False, arguments, named)

    def month_start(self, *arguments: Any, **named: Any) -> DateRule:
        """First day of each month plus an offset."""
        return self._edge("MonthStart", rules.month_of, True, arguments, named)

    def month_end(self, *arguments: Any, **named: Any) -> DateRule:
        """Last day of each month less an offset."""
        return self._edge("MonthEnd", rules.month_of, False, arguments, named)

    def quarter_start(self, *arguments: Any, **named: Any) -> DateRule:
        """First day of each quarter plus an offset."""
        return self._edge("QuarterStart", rules.quarter_of, True, arguments, named)

    def quarter_end(self, *arguments: Any, **named: Any) -> DateRule:
        """Last day of each quarter less an offset."""
        return self._edge("QuarterEnd", rules.quarter_of, False, arguments, named)

    def year_start(self, *arguments: Any, **named: Any) -> DateRule:
        """First day of each year plus an offset."""
        return self._edge("YearStart", rules.year_of, True, arguments, named)

    def year_end(self, *arguments: Any, **named: Any) -> DateRule:
        """Last day of each year less an offset."""
        return self._edge("YearEnd", rules.year_of, False, arguments, named)

    def _edge(self, word: str, period: rules.PeriodOf, at_start: bool, arguments: tuple[Any, ...], named: dict[str, Any]) -> DateRule:
        values = [*arguments, *(named[name] for name in ("symbol", "days_offset") if name in named)]
        symbols = [value for value in values if not isinstance(value, int)]
        offset = next((value for value in values if isinstance(value, int)), 0)
        market = self._market(symbols[0]) if symbols else None
        if market is not None and period is rules.trading_week_of:
            period = rules.week_of
        return DateRule(rules.period_edge(word, period, offset, at_start, market))

    def _market(self, symbol: Any) -> MarketClock:
        return market_of(self._core, symbol)


class TimeRules(LeanObject["RunContext"]):
    """`self.time_rules`."""

    def __init__(self, run: RunContext) -> None:
        self._core = run
        self._zone: Zone | None = None

    @property
    def _clock_zone(self) -> Zone:
        return self._zone or self._core.zone

    def set_default_time_zone(self, time_zone: Any) -> None:
        """Zone of clock times from now on."""
        self._zone = zone(str(time_zone))

    @property
    def now(self) -> TimeRule:
        """This time of day."""
        local = self._core.zone.to_local(self._core.clock.now)
        return TimeRule(rules.at_time(local % DAY, self._core.zone, "Now"))

    @property
    def midnight(self) -> TimeRule:
        """00:00."""
        return TimeRule(rules.at_time(0, self._clock_zone, "Midnight"))

    @property
    def noon(self) -> TimeRule:
        """12:00."""
        return TimeRule(rules.at_time(12 * HOUR, self._clock_zone, "Noon"))

    def at(self, *arguments: Any, **named: Any) -> TimeRule:
        """A clock time: (timedelta[, zone]) or (hour, minute[, second][, zone])."""
        values = [*arguments, *named.values()]
        if len(values) < 2 and not isinstance(values[0], timedelta | time):
            raise ArgumentException("at needs an hour and a minute, or a timedelta")
        zones = [value for value in values if isinstance(value, str)]
        numbers = [value for value in values if not isinstance(value, str)]
        return TimeRule(rules.at_time(_time_of_day(numbers), zone(zones[0]) if zones else self._clock_zone))

    def every(self, interval: timedelta) -> TimeRule:
        """Every interval from midnight on."""
        return TimeRule(rules.every(interval // timedelta(microseconds=1), self._clock_zone))

    def after_market_open(self, symbol: Any = None, minutes_after_open: float = 0, extended_market_open: bool = False) -> TimeRule:
        """Minutes after the opening."""
        markets, name = self._markets(symbol)
        return TimeRule(rules.around_open(markets, minutes_after_open, extended_market_open, name))

    def before_market_open(self, symbol: Any = None, minutes_before_open: float = 0, extended_market_open: bool = False) -> TimeRule:
        """Minutes before the opening."""
        markets, name = self._markets(symbol)
        return TimeRule(rules.around_open(markets, -minutes_before_open, extended_market_open, name))

    def after_market_close(self, symbol: Any = None, minutes_after_close: float = 0, extended_market_close: bool = False) -> TimeRule:
        """Minutes after the close."""
        markets, name = self._markets(symbol)
        return TimeRule(rules.around_close(markets, minutes_after_close, extended_market_close, name))

    def before_market_close(self, symbol: Any = None, minutes_before_close: float = 0, extended_market_close: bool = False) -> TimeRule:
        """Minutes before the close."""
        markets, name = self._markets(symbol)
        return TimeRule(rules.around_close(markets, -minutes_before_close, extended_market_close, name))

    def _markets(self, symbol: Any) -> tuple[list[MarketClock], str | None]:
        if symbol is not None:
            market = market_of(self._core, symbol)
            return [market], market.name
        return [MarketClock(core.symbol.value, core.hours) for core in self._core.securities.values()], None


class ScheduleManager(LeanObject["RunContext"]):
    """`self.schedule`."""

    def __init__(self, run: RunContext) -> None:
        self._core = run

    @property
    def date_rules(self) -> DateRules:
        """Rules for dates."""
        return DateRules(self._core)

    @property
    def time_rules(self) -> TimeRules:
        """Rules for times."""
        return TimeRules(self._core)

    def on(self, *arguments: Any, **named: Any) -> ScheduledEvent:
        """Schedule ([name,] date rule, time rule, callback)."""
        values = [*arguments, *named.values()]
        name = values.pop(0) if values and isinstance(values[0], str) else None
        date_rule, time_rule, callback = values
        dates, moments = core_of(date_rule), core_of(time_rule)
        text = name or f"{dates.name}: {moments.name}"
        return ScheduledEvent(schedule(self._core, text, dates, moments, _adapted(callback, text, self._core)))

    def remove(self, scheduled_event: ScheduledEvent) -> None:
        """Forget an event."""
        self._core.events.remove(core_of(scheduled_event))


def schedule(run: RunContext, name: str, dates: Dates, moments: Moments, callback: Callable[[], object], days_after: int = 0) -> Event:
    """Put an event into the run's queue; moments that have passed are dropped. Before the run begins the event only waits.

    days_after: how many days after the run's last date it may still fire.
    """

    def ahead(first: date) -> Iterator[Micros]:
        return moments_of(dates, moments, first, run.zone.local_date(run.end) + timedelta(days=days_after))

    event = Event(name, ahead, callback)
    if run.locked:
        event.start(run.clock.now)
    run.events.add(event)
    return event


def market_of(run: RunContext, symbol: Any) -> MarketClock:
    """Hours of a symbol, ticker or security."""
    known = as_symbol(symbol)
    if known is None:
        raise KeyError(f"{symbol} is not a security of this algorithm: add it before scheduling by its hours")
    return MarketClock(known.value if known in run.securities else str(known), run.securities.hours_of(known))


def _adapted(callback: Any, name: str, run: RunContext) -> Callable[[], object]:
    code = getattr(callback, "__code__", None)
    if code is None:
        return callback
    free = code.co_argcount - len(callback.__defaults__ or ()) - (1 if hasattr(callback, "__self__") else 0)
    return callback if free <= 0 else lambda: callback(name, datetime_of(run.clock.now))


def _time_of_day(values: list[Any]) -> Micros:
    first = values[0]
    if isinstance(first, timedelta):
        return first // timedelta(microseconds=1)
    if isinstance(first, time):
        return first.hour * HOUR + first.minute * MINUTE + first.second * SECOND
    seconds = values[2] if len(values) > 2 else 0
    return int(first * HOUR + values[1] * MINUTE + seconds * SECOND)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
