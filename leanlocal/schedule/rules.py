"""Date and time rules as plain generators: dates of a span, moments of a date.

Names are LEAN's (they are part of an event's default name). A rule with a market counts trading days, one without counts calendar days.
Sources: lean-fidelity §2.6, SURPRISES "Time, slices, events".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from leanlocal.clock import DAY, HOUR, MINUTE, Micros, Zone, day_number
from leanlocal.market_hours import ExchangeHours

ONE_DAY = timedelta(days=1)
DatesOf = Callable[[date, date], Iterator[date]]
MomentsOf = Callable[[date], Iterator[Micros]]
PeriodOf = Callable[[date], tuple[date, date]]


@dataclass(frozen=True, slots=True)
class Dates:
    """A date rule: the dates from a first to a last date (inclusive) on which it holds."""

    name: str
    between: DatesOf


@dataclass(frozen=True, slots=True)
class Moments:
    """A time rule: the UTC moments of one date."""

    name: str
    of: MomentsOf


@dataclass(frozen=True, slots=True)
class MarketClock:
    """The market a rule follows: the text it is named by, and its hours."""

    name: str
    hours: ExchangeHours


def days_between(first: date, last: date) -> Iterator[date]:
    """Every calendar date of the span."""
    while first <= last:
        yield first
        first += ONE_DAY


def every_day(market: MarketClock | None = None, extended: bool = False) -> Dates:
    """Every calendar day, or every trading day of a market."""
    if market is None:
        return Dates("EveryDay", days_between)
    return Dates(f"{market.name}: EveryDay", lambda first, last: (day for day in days_between(first, last) if market.hours.is_date_open(day, extended)))


def on_weekdays(weekdays: Sequence[int], name: str) -> Dates:
    """Given week days (Monday is 0)."""
    wanted = frozenset(weekdays)
    return Dates(name, lambda first, last: (day for day in days_between(first, last) if day.weekday() in wanted))


def on_dates(days: Sequence[date], name: str | None = None) -> Dates:
    """Given dates."""
    ordered = sorted(days)
    text = ",".join(f"{day:%m/%d/%Y}" for day in days) if name is None else name
    return Dates(text, lambda first, last: (day for day in ordered if first <= day <= last))


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday around a date."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def trading_week_of(day: date) -> tuple[date, date]:
    """Monday and Friday around a date: without a market the week ends on Friday."""
    monday, _ = week_of(day)
    return monday, monday + timedelta(days=4)


def month_of(day: date) -> tuple[date, date]:
    """First and last date of the month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - ONE_DAY


def quarter_of(day: date) -> tuple[date, date]:
    """First and last date of the quarter."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first, month_of(first + timedelta(days=70))[1]


def year_of(day: date) -> tuple[date, date]:
    """First and last date of the year."""
    return date(day.year, 1, 1), date(day.year, 12, 31)


def period_edge(word: str, period: PeriodOf, offset: int, at_start: bool, market: MarketClock | None) -> Dates:
    """A day counted from the start (or back from the end) of each week, month, quarter or year; trading days when a market is given."""
    sign = f"{'+' if at_start else '-'}{offset}" if offset else ""
    name = f"{market.name}: {word}{sign}" if market else f"{word}{sign}"

    def dates(first: date, last: date) -> Iterator[date]:
        start = period(first)[0]
        while start <= last:
            begin, end = period(start)
            day = _edge_day(begin, end, offset, at_start, market)
            if day is not None and first <= day <= last:
                yield day
            start = _next_period(period, end)

    return Dates(name, dates)


def _next_period(period: PeriodOf, end: date) -> date:
    following = end + ONE_DAY
    while period(following)[1] <= end:
        following += ONE_DAY
    return following


def _edge_day(begin: date, end: date, offset: int, at_start: bool, market: MarketClock | None) -> date | None:
    if market is None:
        day = begin + timedelta(days=offset) if at_start else end - timedelta(days=offset)
        return min(max(day, begin), end)
    trading = [day for day in days_between(begin, end) if market.hours.is_date_open(day)]
    if not trading:
        return None
    offset = min(offset, len(trading) - 1)
    return trading[offset] if at_start else trading[-1 - offset]


def at_time(after_midnight: Micros, zone: Zone, name: str | None = None) -> Moments:
    """A clock time of a zone; named by its hours, `9.75`."""
    text = name or number_text(after_midnight / HOUR)
    return Moments(text, lambda day: iter((zone.to_utc(day_number(day) + after_midnight),)))


def every(interval: Micros, zone: Zone) -> Moments:
    """Every interval from midnight on."""

    def moments(day: date) -> Iterator[Micros]:
        midnight = day_number(day)
        return (zone.to_utc(midnight + after) for after in range(0, DAY, interval))

    return Moments(f"Every {number_text(interval / MINUTE)} min", moments)


def around_open(markets: Sequence[MarketClock], minutes: float, extended: bool, name: str | None) -> Moments:
    """Minutes after (negative: before) the day's first opening; of several markets the earliest."""
    side = "after" if minutes > 0 else "before"
    text = _market_text(name, minutes, f"{side} {'Extended' if extended else ''}MarketOpen")
    return Moments(text, lambda day: _shifted((m.hours.first_open(day, extended) for m in markets if m.hours.is_date_open(day)), minutes, min))


def around_close(markets: Sequence[MarketClock], minutes: float, extended: bool, name: str | None) -> Moments:
    """Minutes after (negative: before) the day's last close; of several markets the latest."""
    side = "before" if minutes < 0 else "after"
    text = _market_text(name, minutes, f"{side} {'Extended' if extended else ''}MarketClose")
    return Moments(text, lambda day: _shifted((m.hours.last_close(day, extended) for m in markets if m.hours.is_date_open(day)), minutes, max))


def _market_text(name: str | None, minutes: float, rest: str) -> str:
    text = f"{number_text(abs(minutes))} min {rest}"
    return f"{name}: {text}" if name else text


def _shifted(moments: Iterator[Micros | None], minutes: float, choose: Callable[[list[Micros]], Micros]) -> Iterator[Micros]:
    known = [moment for moment in moments if moment is not None]
    if known:
        yield choose(known) + round(minutes * MINUTE)


def number_text(value: float) -> str:
    """At most two decimals, none when whole."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
