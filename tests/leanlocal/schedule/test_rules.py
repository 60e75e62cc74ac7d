"""Date and time rules: which moments they name."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from leanlocal.clock import HOUR, MINUTE, zone
from leanlocal.enums import SecurityType
from leanlocal.market_hours import HoursDatabase
from leanlocal.schedule import rules
from leanlocal.schedule.queue import NEVER, Event, EventQueue, moments_of

NEW_YORK = zone("America/New_York")
SESSION = [{"start": "09:30:00", "end": "16:00:00", "state": "market"}]
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), SESSION)
ENTRY = {"dataTimeZone": "America/New_York", "exchangeTimeZone": "America/New_York", **WEEK, "holidays": ["7/4/2024"], "earlyCloses": {"7/3/2024": "13:00:00"}}
SPY = rules.MarketClock("SPY", HoursDatabase({"entries": {"Equity-usa-[*]": ENTRY}}).hours(SecurityType.EQUITY, "usa", "SPY"))


def days(rule: rules.Dates, first: date, last: date) -> list[int]:
    return [day.day for day in rule.between(first, last)]


def times(rule: rules.Moments, day: date) -> list[str]:
    return [f"{NEW_YORK.local_datetime(moment):%H:%M}" for moment in rule.of(day)]


def test_every_day_of_a_market_leaves_out_weekends_and_holidays() -> None:
    assert days(rules.every_day(SPY), date(2024, 7, 3), date(2024, 7, 8)) == [3, 5, 8]
    assert days(rules.every_day(), date(2024, 7, 3), date(2024, 7, 8)) == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("market", "at_start", "offset", "expected"),
    [(SPY, True, 0, [1]), (SPY, True, 3, [5]), (SPY, False, 0, [31]), (None, True, 0, [1]), (None, True, 3, [4]), (None, False, 2, [29])],
)
def test_month_edges_count_trading_days_with_a_market_and_calendar_days_without(
    market: rules.MarketClock | None, at_start: bool, offset: int, expected: list[int]
) -> None:
    rule = rules.period_edge("Month", rules.month_of, offset, at_start, market)
    assert days(rule, date(2024, 7, 1), date(2024, 7, 31)) == expected


def test_week_end_without_a_market_is_friday_even_on_a_holiday_week() -> None:
    rule = rules.period_edge("WeekEnd", rules.trading_week_of, 0, False, None)
    assert days(rule, date(2024, 7, 1), date(2024, 7, 14)) == [5, 12]


@pytest.mark.parametrize(("unit", "expected"), [(rules.quarter_of, [date(2024, 7, 1), date(2024, 10, 1)]), (rules.year_of, [])])
def test_quarters_and_years_begin_where_the_calendar_says(unit: rules.PeriodOf, expected: list[date]) -> None:
    rule = rules.period_edge("Start", unit, 0, True, None)
    assert list(rule.between(date(2024, 6, 30), date(2024, 12, 31))) == expected


def test_market_relative_times_follow_the_early_close() -> None:
    assert times(rules.around_close([SPY], -15, False, "SPY"), date(2024, 7, 2)) == ["15:45"]
    assert times(rules.around_close([SPY], -15, False, "SPY"), date(2024, 7, 3)) == ["12:45"]
    assert times(rules.around_open([SPY], 30, False, "SPY"), date(2024, 7, 4)) == []


def test_names_of_rules_are_leans() -> None:
    assert rules.at_time(9 * HOUR + 45 * MINUTE, NEW_YORK).name == "9.75"
    assert rules.around_open([SPY], 0, False, "SPY").name == "SPY: 0 min before MarketOpen"
    assert rules.around_close([SPY], 0, False, "SPY").name == "SPY: 0 min after MarketClose"
    assert rules.around_close([SPY], -15, True, "SPY").name == "SPY: 15 min before ExtendedMarketClose"
    assert rules.every(30 * MINUTE, NEW_YORK).name == "Every 30 min"
    assert rules.on_dates([date(2013, 12, 6)]).name == "12/06/2013"


def test_every_interval_runs_around_the_clock_of_the_date() -> None:
    assert times(rules.every(6 * HOUR, NEW_YORK), date(2024, 7, 2)) == ["00:00", "06:00", "12:00", "18:00"]


def event(name: str, order: list[str], *moments: int) -> Event:
    made = Event(name, lambda first: iter(moments), lambda: order.append(name))
    made.start(0)
    return made


def fire(queue: EventQueue, until: int) -> None:
    for _, due in queue.due(until):
        due.callback()


def test_events_of_one_moment_first_fire_in_order_of_creation() -> None:
    queue, order = EventQueue(), list[str]()
    for name in "abc":
        queue.add(event(name, order, 5))
    fire(queue, 5)
    assert order == ["a", "b", "c"]
    assert queue.next_time == NEVER


def test_event_that_has_fired_goes_behind_the_one_a_search_meets_among_equals() -> None:
    queue, order = EventQueue(), list[str]()
    queue.add(event("first", order, 1, 10))
    queue.add(event("between", order, 5))
    for name in "abc":
        queue.add(event(name, order, 10))
    fire(queue, 10)
    assert order == ["first", "between", "a", "first", "b", "c"]


def test_event_added_by_a_callback_takes_part_at_once() -> None:
    queue, order = EventQueue(), list[str]()
    late = event("late", order, 7)
    adder = Event("adder", lambda first: iter((5,)), lambda: queue.add(late))
    adder.start(0)
    queue.add(adder)
    fire(queue, 8)
    assert order == ["late"]


def test_removed_event_does_not_fire() -> None:
    queue, order = EventQueue(), list[str]()
    gone = event("gone", order, 5)
    queue.add(gone)
    queue.remove(gone)
    fire(queue, 9)
    assert order == []


def test_moments_before_the_start_are_dropped_and_the_start_itself_fires() -> None:
    order = list[str]()
    made = Event("x", lambda first: iter((1, 5, 9)), lambda: order.append("x"))
    made.start(5)
    assert made.time == 5


def test_moments_of_a_rule_ascend_even_when_times_overlap_days() -> None:
    late = rules.Moments("late", lambda day: iter((NEW_YORK.to_utc((day - date(1970, 1, 1)).days * 24 * HOUR + 30 * HOUR), 0)))
    found = list(moments_of(rules.every_day(), late, date(2024, 7, 1), date(2024, 7, 3)))
    assert found == sorted(found)
    assert len(found) == 3
    assert NEW_YORK.local_datetime(found[0]) == datetime(2024, 7, 2, 6)
    assert found[1] - found[0] == timedelta(days=1) // timedelta(microseconds=1)
