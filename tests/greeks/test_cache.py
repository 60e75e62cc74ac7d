"""Cached Greeks have an age, a place in the market, and no way into a stop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from greeks.cache import CacheParameters, GreeksCache, Purpose
from vocabulary.errors import BadInput
from vocabulary.positions import Greeks

NOW = datetime(2024, 5, 1, 14, 30, tzinfo=UTC)
OLD, NEW = Greeks(1.0, 0, 0, 0, 0), Greeks(2.0, 0, 0, 0, 0)


def filled() -> GreeksCache:
    cache = GreeksCache()
    cache.put("SPY 2024-06-21 P 480", OLD, NOW, 500.0)
    return cache


def test_entry_is_shown_with_its_age_until_five_minutes() -> None:
    cache = filled()
    entry = cache.read("SPY 2024-06-21 P 480", NOW + timedelta(seconds=300), 500.0, Purpose.DISPLAY)
    assert entry is not None
    assert entry.age(NOW + timedelta(seconds=300)) == 300.0
    assert cache.read("SPY 2024-06-21 P 480", NOW + timedelta(seconds=301), 500.0, Purpose.REPORT) is None
    assert cache.read("another", NOW, 500.0, Purpose.REPORT) is None
    assert (cache.hits, cache.misses) == (1, 2)


def test_a_stop_never_sees_a_cached_figure() -> None:
    cache = filled()
    assert cache.read("SPY 2024-06-21 P 480", NOW, 500.0, Purpose.STOP) is None
    computed = cache.read_or_compute("SPY 2024-06-21 P 480", NOW, 500.0, Purpose.STOP, lambda: NEW)
    assert computed.greeks == NEW
    assert cache.read_or_compute("SPY 2024-06-21 P 480", NOW, 500.0, Purpose.DISPLAY, lambda: OLD).greeks == NEW


def test_a_move_of_the_underlying_or_a_clock_that_went_back_makes_an_entry_stale() -> None:
    cache = filled()
    assert cache.read("SPY 2024-06-21 P 480", NOW, 502.0, Purpose.DISPLAY) is None
    assert cache.read("SPY 2024-06-21 P 480", NOW - timedelta(seconds=1), 500.0, Purpose.DISPLAY) is None


def test_cache_stays_within_its_size_and_forgets_what_expired() -> None:
    cache = GreeksCache(CacheParameters(entries=3))
    for number in range(5):
        cache.put(str(number), OLD, NOW + timedelta(seconds=100 * number), 500.0)
    assert len(cache) == 3
    assert cache.read("1", NOW + timedelta(seconds=100), 500.0, Purpose.DISPLAY) is None
    assert cache.drop_expired(NOW + timedelta(seconds=650)) == 2
    assert len(cache) == 1


def test_times_need_a_zone() -> None:
    with pytest.raises(BadInput, match="time zone"):
        GreeksCache().put("x", OLD, datetime(2024, 5, 1), 500.0)  # noqa: DTZ001
