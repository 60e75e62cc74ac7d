"""The equity curve's candles: what one holds, when it closes, and that batches do not matter."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.charts.candles import EquityCandles, sample_period
from leanlocal.clock import DAY, HOUR, MINUTE

steps = st.lists(st.tuples(st.integers(1, 10), st.floats(1, 1e6, allow_nan=False)), min_size=1, max_size=60)


def columns(drawn: list[tuple[int, float]]) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    times = np.cumsum([gap * MINUTE for gap, _ in drawn]).astype(np.int64)
    return times, np.array([value for _, value in drawn], dtype=np.float64)


def fed(drawn: list[tuple[int, float]], period: int, cuts: list[int]) -> EquityCandles:
    times, values = columns(drawn)
    candles, begin = EquityCandles(period), 0
    for end in [*sorted({cut % len(drawn) for cut in cuts}), len(drawn)]:
        candles.on_steps(times[begin:end], values[begin:end])
        begin = end
    return candles


@given(steps, st.integers(1, 30), st.lists(st.integers(0, 60), max_size=5))
def test_batches_of_steps_do_not_matter(drawn: list[tuple[int, float]], minutes: int, cuts: list[int]) -> None:
    assert fed(drawn, minutes * MINUTE, cuts).rows == fed(drawn, minutes * MINUTE, []).rows


@given(steps, st.integers(1, 30))
def test_candles_enclose_their_ends_and_are_a_period_apart(drawn: list[tuple[int, float]], minutes: int) -> None:
    rows = fed(drawn, minutes * MINUTE, []).rows
    for moment, first, high, low, last in rows:
        assert low <= min(first, last) <= max(first, last) <= high
        assert moment in columns(drawn)[0]
    assert all(later[0] - earlier[0] > minutes * MINUTE for earlier, later in pairwise(rows[1:]))


def test_first_step_closes_at_once_and_the_next_candle_at_the_first_step_past_the_period() -> None:
    candles = EquityCandles(4 * MINUTE)
    times = np.array([0, 1, 2, 4, 5, 6], dtype=np.int64) * MINUTE
    candles.on_steps(times, np.array([10.0, 12.0, 8.0, 9.00004, 9.5, 7.0]))
    assert candles.rows == [(0, 10.0, 10.0, 10.0, 10.0), (5 * MINUTE, 12.0, 12.0, 8.0, 9.5)]


def test_sample_closes_the_running_candle_and_repeats_none() -> None:
    candles = EquityCandles(4 * MINUTE)
    candles.on_steps(np.array([0, 1], dtype=np.int64) * MINUTE, np.array([10.0, 12.0]))
    candles.sample(2 * MINUTE, 11.123456)
    candles.sample(2 * MINUTE, 13.0)
    assert candles.rows[1:] == [(2 * MINUTE, 12.0, 12.0, 11.1235, 11.1235)]


@pytest.mark.parametrize(("span", "period"), [(HOUR, 4 * MINUTE), (4000 * HOUR, HOUR), (365 * DAY, 365 * DAY // 4000)])
def test_period_is_a_share_of_the_run_but_no_shorter_than_four_minutes(span: int, period: int) -> None:
    assert sample_period(0, span) == period
