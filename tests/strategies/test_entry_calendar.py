"""Entry days survive holidays and early closes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from strategies.entry_calendar import (
    appointments,
    at_clock,
    attempts,
    before_close,
    first_session_from,
    is_last_session_of_week,
    is_nth_weekday_session,
    is_weekly_session,
    nth_weekday,
)
from strategies.protocol import Purpose
from tests.priced_world import NEW_YORK, PricedWorld, calendar

GOOD_FRIDAY = date(2024, 3, 29)
EARLY_CLOSES = (date(2024, 7, 3), date(2024, 11, 29))


def test_good_friday_is_no_session_and_thursday_ends_that_week() -> None:
    world = PricedWorld().at(GOOD_FRIDAY)
    assert world.session("SPY", GOOD_FRIDAY) is None
    assert not is_last_session_of_week(world, "SPY")
    assert is_last_session_of_week(world.at(date(2024, 3, 28)), "SPY")


def test_an_early_close_moves_a_time_before_the_close() -> None:
    world = PricedWorld()
    for day in EARLY_CLOSES:
        session = world.session("SPY", day)
        assert session is not None
        assert before_close(session, time(15, 0), 60) == datetime.combine(day, time(12, 0), NEW_YORK)
        assert before_close(session, time(11, 0), 60) == at_clock(session, time(11, 0))


def test_appointments_after_an_early_close_are_left_out() -> None:
    session = PricedWorld().session("SPY", EARLY_CLOSES[0])
    found = appointments(session, (time(9, 45),), (time(10, 30), time(13, 0), time(15, 0)))
    assert [(entry.at.time(), entry.purpose) for entry in found] == [(time(9, 45), Purpose.PREPARE), (time(10, 30), Purpose.PROPOSE)]


def test_a_holiday_monday_moves_the_weekly_entry_to_tuesday() -> None:
    world = PricedWorld()  # 2024-01-15 is Martin Luther King Day
    assert not is_weekly_session(world, "SPY", date(2024, 1, 15), 0)
    assert is_weekly_session(world, "SPY", date(2024, 1, 16), 0)
    assert not is_weekly_session(world, "SPY", date(2024, 1, 17), 0)


def test_a_holiday_wednesday_moves_the_monthly_entry_to_thursday() -> None:
    world = PricedWorld()  # 2025-01-01 is the first Wednesday of the month
    assert not is_nth_weekday_session(world, "SPY", date(2025, 1, 1), 2, 1)
    assert is_nth_weekday_session(world, "SPY", date(2025, 1, 2), 2, 1)


@given(st.dates(date(2022, 2, 1), date(2026, 11, 30)), st.integers(0, 4), st.integers(1, 4))
def test_nth_weekday_is_that_weekday_of_that_week(day: date, weekday: int, nth: int) -> None:
    found = nth_weekday(day, weekday, nth)
    assert found.weekday() == weekday
    assert (found.month, (found.day - 1) // 7 + 1) == (day.month, nth)


@given(st.dates(date(2022, 2, 1), date(2026, 11, 30)))
def test_every_month_has_exactly_one_first_wednesday_session(day: date) -> None:
    world = PricedWorld()
    month = [day.replace(day=number) for number in range(1, 29)]
    sessions = [entry for entry in month if calendar().is_session(entry.isoformat())]
    assert sum(is_nth_weekday_session(world, "SPY", entry, 2, 1) for entry in sessions) == 1


@given(st.dates(date(2022, 2, 1), date(2026, 11, 30)))
def test_every_week_has_exactly_one_last_session(day: date) -> None:
    monday = day - timedelta(days=day.weekday())
    world = PricedWorld()
    assert sum(is_last_session_of_week(world.at(monday + timedelta(days=step)), "SPY") for step in range(7)) == 1


@given(st.dates(date(2022, 2, 1), date(2026, 11, 30)))
def test_the_first_session_from_a_day_is_a_session_with_none_between(day: date) -> None:
    found = first_session_from(PricedWorld(), "SPY", day)
    assert found is not None
    between = [day + timedelta(days=step) for step in range((found - day).days)]
    assert calendar().is_session(found.isoformat()) and not any(calendar().is_session(entry.isoformat()) for entry in between)


def test_attempts_start_at_the_entry_time() -> None:
    assert attempts(time(9, 55), 3, 5) == (time(9, 55), time(10, 0), time(10, 5))
