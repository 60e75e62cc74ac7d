"""Cash dividends of the funds: announced amounts by ex-day, known for all years.

Amounts follow each fund's published yearly totals, as a straight line, in cents; ex-days follow its habit. A fund's price holds what has accrued since the
last ex-day and drops by the amount on the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from marketdata.synthetic.calendar import sessions, third_friday

QUARTER_ENDS = (3, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class DividendHabit:
    """How a fund pays. first_year: total of 2018; growth: added per year; months: months of the
    ex-days; sessions_after: ex-day counted from the third Friday, None for the first session of the month.
    """

    first_year: float
    growth: float
    months: tuple[int, ...]
    sessions_after: int | None


HABITS = {
    "spy": DividendHabit(5.10, 0.33, QUARTER_ENDS, 0),
    "qqq": DividendHabit(1.41, 0.25, QUARTER_ENDS, 1),
    "iwm": DividendHabit(1.90, 0.10, QUARTER_ENDS, 2),
    "tlt": DividendHabit(3.15, 0.09, tuple(range(1, 13)), None),
}


@dataclass(frozen=True, slots=True)
class ExDay:
    """One dividend: session index of the ex-day and cash per share."""

    index: int
    amount: float


@cache
def ex_days(ticker: str) -> tuple[ExDay, ...]:
    """All dividends of a fund inside the calendar, ascending; empty for one that pays none."""
    habit = HABITS.get(ticker)
    if habit is None:
        return ()
    calendar = sessions()
    years = range(calendar.date(0).year, calendar.date(len(calendar.days) - 1).year)
    return tuple(ExDay(ex_index(habit, year, month), amount_of(habit, year)) for year in years for month in habit.months)


def amount_of(habit: DividendHabit, year: int) -> float:
    """Cash of one payment in a year."""
    return round((habit.first_year + habit.growth * (year - 2018)) / len(habit.months), 2)


def ex_index(habit: DividendHabit, year: int, month: int) -> int:
    """Session of the ex-day."""
    calendar = sessions()
    if habit.sessions_after is None:
        return calendar.on_or_before(date(year, month, 1)) + (0 if calendar.index_of(date(year, month, 1)) is not None else 1)
    return calendar.on_or_before(third_friday(year, month)) + habit.sessions_after


@cache
def accruals(ticker: str) -> tuple[float, ...]:
    """What a share holds of the coming dividend on each session: rises in equal steps to the amount on the session before the ex-day, zero on the ex-day."""
    length = len(sessions().days)
    held = [0.0] * length
    last = 0
    for one in ex_days(ticker):
        span = one.index - last
        for i in range(last, one.index):
            held[i] = one.amount * (i - last + 1) / span
        last = one.index
    return tuple(held)
