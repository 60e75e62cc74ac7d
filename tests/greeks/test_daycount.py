"""Time to expiry: minutes, AM and PM settlement, early closes, summer time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from greeks import daycount
from vocabulary.contracts import Settlement
from vocabulary.errors import BadInput

NEW_YORK = ZoneInfo("America/New_York")
MINUTES = 365.0 * 24.0 * 60.0


def test_a_0dte_option_at_three_has_sixty_minutes_left() -> None:
    now = datetime(2024, 6, 14, 15, 0, tzinfo=NEW_YORK)
    assert daycount.years_to_settlement(now, date(2024, 6, 14), Settlement.CASH_PM) == pytest.approx(60.0 / MINUTES, rel=1e-15)


def test_am_settlement_ends_at_the_open_and_pm_settlement_at_the_close() -> None:
    now = datetime(2024, 6, 20, 16, 0, tzinfo=NEW_YORK)
    morning = daycount.years_to_settlement(now, date(2024, 6, 21), Settlement.CASH_AM)
    evening = daycount.years_to_settlement(now, date(2024, 6, 21), Settlement.PHYSICAL_PM)
    assert morning == pytest.approx(17.5 * 60.0 / MINUTES)
    assert evening == pytest.approx(24.0 * 60.0 / MINUTES)


def test_after_the_instant_nothing_is_left() -> None:
    now = datetime(2024, 6, 21, 9, 31, tzinfo=NEW_YORK)
    assert daycount.years_to_settlement(now, date(2024, 6, 21), Settlement.CASH_AM) == 0.0


def test_an_early_close_ends_the_life_early() -> None:
    now = datetime(2024, 11, 29, 10, 0, tzinfo=NEW_YORK)
    early = daycount.Session(closes=time(13, 0))
    assert daycount.years_to_settlement(now, date(2024, 11, 29), Settlement.PHYSICAL_PM, early) == pytest.approx(180.0 / MINUTES)


def test_the_night_of_summer_time_is_an_hour_shorter() -> None:
    now = datetime(2024, 3, 9, 16, 0, tzinfo=NEW_YORK)
    instant = daycount.settlement_instant(date(2024, 3, 10), Settlement.CASH_PM)
    assert daycount.minutes_to_settlement(now, instant) == 23.0 * 60.0


def test_any_zone_of_the_clock_gives_the_same_life() -> None:
    here = datetime(2024, 6, 14, 15, 0, tzinfo=NEW_YORK)
    there = here.astimezone(UTC)
    assert daycount.years_to_settlement(here, date(2024, 7, 19), Settlement.CASH_PM) == daycount.years_to_settlement(
        there, date(2024, 7, 19), Settlement.CASH_PM
    )


def test_a_chain_of_dates_keeps_its_shape() -> None:
    now = datetime(2024, 6, 14, 15, 0, tzinfo=NEW_YORK)
    dates = np.array([["2024-06-14", "2024-06-21"], ["2024-06-21", "2024-06-13"]], dtype="datetime64[D]")
    years = daycount.years_of_chain(now, dates, Settlement.CASH_PM)
    assert years.shape == (2, 2)
    assert years[0, 1] == years[1, 0] == daycount.years_to_settlement(now, date(2024, 6, 21), Settlement.CASH_PM)
    assert years[1, 1] == 0.0


def test_a_clock_without_zone_is_refused() -> None:
    naive = datetime(2024, 6, 14, 15, 0)  # noqa: DTZ001 - the point of the test
    with pytest.raises(BadInput, match="no time zone"):
        daycount.years_to_settlement(naive, date(2024, 6, 14), Settlement.CASH_PM)


def test_a_session_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(BadInput, match="not after it opens"):
        daycount.Session(time(16, 0), time(9, 30))
