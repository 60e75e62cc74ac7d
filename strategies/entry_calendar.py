"""Entry days and times that survive holidays and early closes.

Everything is asked of the exchange's sessions, never of the weekday alone: the first Wednesday that is a holiday moves to the next session, a Good Friday has
no 0DTE at all, and a time before the close moves with an early one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from strategies.protocol import Appointment, Purpose
from vocabulary.market import MarketView, Session

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)


def nth_weekday(day: date, weekday: int, nth: int) -> date:
    """The nth (1 to 5) such weekday of the month of `day`, by the calendar alone; the fifth may lie in the next month."""
    first = day.replace(day=1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def is_nth_weekday_session(view: MarketView, underlying: str, day: date, weekday: int, nth: int) -> bool:
    """True when `day` stands for the nth weekday of its month: that day itself, or the first session after it when it is a holiday."""
    wanted = nth_weekday(day, weekday, nth)
    return wanted.month == day.month and first_session_from(view, underlying, wanted) == day


def is_weekly_session(view: MarketView, underlying: str, day: date, weekday: int) -> bool:
    """True when `day` is its week's session for a weekday: that day itself, or the first session after it in the same week when it is a holiday."""
    wanted = day + timedelta(days=weekday - day.weekday())
    return wanted <= day and first_session_from(view, underlying, wanted) == day


def is_last_session_of_week(view: MarketView, underlying: str) -> bool:
    """True on Friday, or on Thursday when Friday is a holiday."""
    today = view.now.date()
    sunday = today + timedelta(days=6 - today.weekday())
    days = [session.day for session in view.sessions(underlying, today, sunday)]
    return bool(days) and days[-1] == today


def first_session_from(view: MarketView, underlying: str, day: date) -> date | None:
    """First session on or after a day, looking ten days ahead."""
    return next((session.day for session in view.sessions(underlying, day, day + timedelta(days=10))), None)


def sessions_until(view: MarketView, underlying: str, expiry: date) -> int:
    """Sessions from today through an expiry, today included: the trading days an ATR distance is scaled with."""
    return len(view.sessions(underlying, view.now.date(), expiry))


def at_clock(session: Session, moment: time) -> datetime:
    """A wall-clock time of a session's day in the session's own time zone."""
    return datetime.combine(session.day, moment, tzinfo=session.open.tzinfo)


def before_close(session: Session, moment: time, minutes: int) -> datetime:
    """The earlier of a clock time and `minutes` before this session's close: a rule for 15:00 becomes 12:00 when the market closes at 13:00."""
    return min(at_clock(session, moment), session.close - timedelta(minutes=minutes))


def appointments(session: Session | None, prepare: Sequence[time], propose: Sequence[time]) -> list[Appointment]:
    """Appointments inside a session in time order; times outside it are left out."""
    if session is None:
        return []
    wanted = [Appointment(at_clock(session, moment), Purpose.PREPARE) for moment in prepare]
    wanted += [Appointment(at_clock(session, moment), Purpose.PROPOSE) for moment in propose]
    inside = [entry for entry in wanted if session.open <= entry.at < session.close]
    return sorted(inside, key=lambda entry: (entry.at, entry.purpose.value))


def attempts(first: time, count: int, minutes: int) -> tuple[time, ...]:
    """The entry time and its retries: a contract registered today has no quote before its next row."""
    start = datetime(2000, 1, 3, first.hour, first.minute)  # noqa: DTZ001 - only the clock part is used
    return tuple((start + timedelta(minutes=minutes * step)).time() for step in range(count))
