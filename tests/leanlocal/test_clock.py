"""Zones and market hours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.clock import DAY, HOUR, MINUTE, datetime_of, day_number, micros_of, zone
from leanlocal.enums import SecurityType
from leanlocal.market_hours import HoursDatabase
from vocabulary.errors import MissingData

NEW_YORK = zone("America/New_York")
WEEK = {name: [{"start": "09:30:00", "end": "16:00:00", "state": "market"}] for name in ("monday", "tuesday", "wednesday", "thursday", "friday")}
NIGHTS = {
    name: [{"start": "00:00:00", "end": "17:00:00", "state": "market"}, {"start": "18:00:00", "end": "1.00:00:00", "state": "market"}]
    for name in ("monday", "tuesday", "wednesday", "thursday")
}
ZONES = {"dataTimeZone": "America/New_York", "exchangeTimeZone": "America/New_York"}
ENTRIES = {
    "Equity-usa-[*]": {
        **ZONES,
        **WEEK,
        "monday": [{"start": "04:00:00", "end": "09:30:00", "state": "premarket"}, *WEEK["monday"]],
        "holidays": ["7/4/2024"],
        "earlyCloses": {"7/3/2024": "13:00:00"},
    },
    "Option-usa-[*]": {**ZONES, **WEEK},
    "Future-cme-ES": {**ZONES, **NIGHTS, "earlyCloses": {"7/3/2024": "13:00:00"}, "lateOpens": {"7/3/2024": "18:00:00"}},
}
HOURS = HoursDatabase({"entries": ENTRIES})


@given(moment=st.datetimes(datetime(1999, 1, 1), datetime(2045, 1, 1)))
def test_offsets_are_the_zone_databases(moment: datetime) -> None:
    expected = moment.replace(tzinfo=UTC).astimezone(ZoneInfo("America/New_York")).replace(tzinfo=None)
    assert NEW_YORK.local_datetime(micros_of(moment)) == expected


@given(hours=st.integers(0, 24 * 365 * 30))
def test_clock_readings_come_back_unless_the_hour_exists_twice(hours: int) -> None:
    utc = micros_of(datetime(2000, 1, 1)) + hours * HOUR
    back = NEW_YORK.to_utc(NEW_YORK.to_local(utc))
    assert back in (utc, utc - HOUR)


def test_array_conversion_equals_the_scalar_one_across_a_clock_change() -> None:
    readings = np.arange(micros_of(datetime(2024, 3, 9)), micros_of(datetime(2024, 3, 12)), 30 * MINUTE)
    expected = [NEW_YORK.to_utc(int(reading)) for reading in readings]
    assert NEW_YORK.to_utc_array(readings).tolist() == expected


def test_holiday_is_closed_and_early_close_ends_the_day() -> None:
    hours = HOURS.hours(SecurityType.EQUITY, "usa", "SPY")
    assert not hours.is_date_open(date(2024, 7, 4))
    closes = hours.last_close(date(2024, 7, 3))
    assert closes is not None
    assert NEW_YORK.local_datetime(closes) == datetime(2024, 7, 3, 13)


def test_options_without_holidays_of_their_own_take_the_underlyings() -> None:
    hours = HOURS.hours(SecurityType.OPTION, "usa", "SPY", (SecurityType.EQUITY, "SPY"))
    assert not hours.is_date_open(date(2024, 7, 4))


def test_pre_market_counts_only_with_extended_hours_and_joins_the_session() -> None:
    hours = HOURS.hours(SecurityType.EQUITY, "usa", "SPY")
    monday = date(2024, 7, 1)
    at_eight = NEW_YORK.to_utc(day_number(monday) + 8 * HOUR)
    assert not hours.is_open(at_eight)
    assert hours.is_open(at_eight, extended=True)
    assert len(hours.sessions(monday, extended=True)) == 1


def test_early_close_with_a_late_open_after_it_keeps_both_ends_of_the_day() -> None:
    hours = HOURS.hours(SecurityType.FUTURE, "cme", "ES")
    readings = [tuple(NEW_YORK.local_datetime(end).hour for end in session) for session in hours.sessions(date(2024, 7, 3))]
    assert readings == [(0, 13), (18, 0)]


def test_sessions_that_touch_over_midnight_have_one_close() -> None:
    hours = HOURS.hours(SecurityType.FUTURE, "cme", "ES")
    evening = NEW_YORK.to_utc(micros_of(datetime(2024, 7, 1, 20)))
    assert NEW_YORK.local_datetime(hours.next_close(evening)) == datetime(2024, 7, 2, 17)


def test_next_open_skips_holiday_and_weekend() -> None:
    hours = HOURS.hours(SecurityType.EQUITY, "usa", "SPY")
    assert hours.next_trading_day(date(2024, 7, 3)) == date(2024, 7, 5)
    friday_evening = NEW_YORK.to_utc(micros_of(datetime(2024, 7, 5, 17)))
    assert NEW_YORK.local_datetime(hours.next_open(friday_evening)) == datetime(2024, 7, 8, 9, 30)


def test_missing_entry_is_named() -> None:
    with pytest.raises(MissingData, match="Index-usa-SPX"):
        HOURS.hours(SecurityType.INDEX, "usa", "SPX")


def test_market_that_never_opens_again_is_reported() -> None:
    database = HoursDatabase({"entries": {"Equity-usa-[*]": {**ZONES}}})
    with pytest.raises(MissingData, match="no opening within"):
        database.hours(SecurityType.EQUITY, "usa", "SPY").next_open(20_000 * DAY)


def test_numbers_and_datetimes_are_inverse() -> None:
    moment = datetime(2024, 7, 1, 9, 30, 0, 5)
    assert datetime_of(micros_of(moment)) == moment
