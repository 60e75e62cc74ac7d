"""Indicators over completed days only; too short a history is None."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.daily_indicators import (
    average_true_range,
    exponential_average,
    highest,
    lower_band,
    rank_in_past_year,
    realised_volatilities,
    simple_average,
)
from vocabulary.market import DailyBars


def bars(close: list[float], half: float = 0.5) -> DailyBars:
    values = np.array(close, dtype=np.float64)
    days = np.datetime64("2024-01-01", "D") + np.arange(len(values))
    return DailyBars(days, values, values + half, values - half, values)


def test_the_average_true_range_counts_gaps() -> None:
    assert average_true_range(bars([100.0] * 21), 20) == pytest.approx(1.0)
    assert average_true_range(bars([100.0, 110.0] * 11), 20) == pytest.approx(10.5)
    assert average_true_range(bars([100.0] * 20), 20) is None


def test_averages_of_a_constant_are_the_constant() -> None:
    flat = np.full(30, 7.0)
    assert exponential_average(flat, 8) == simple_average(flat, 21) == lower_band(flat, 20, 2.0) == 7.0
    assert exponential_average(flat[:7], 8) is None and simple_average(flat[:7], 8) is None and lower_band(flat[:7], 8, 2.0) is None


@given(st.lists(st.floats(1, 1000), min_size=21, max_size=80))
def test_an_average_lies_between_the_extremes(values: list[float]) -> None:
    found = exponential_average(np.array(values), 21)
    assert found is not None and min(values) - 1e-9 <= found <= max(values) + 1e-9


def test_the_rank_needs_a_whole_year_of_earlier_days() -> None:
    past = np.linspace(10.0, 30.0, 252)
    assert rank_in_past_year(past, 25.0) == pytest.approx(0.75)
    assert rank_in_past_year(past[1:], 25.0) is None
    assert rank_in_past_year(np.full(252, 12.0), 12.0) is None


def test_realised_volatility_is_annualised() -> None:
    draws = np.random.default_rng(3).standard_normal(2_000) * 0.2 / np.sqrt(252)
    found = realised_volatilities(np.asarray(100.0 * np.exp(np.cumsum(draws)), dtype=np.float64), 250)
    assert float(np.mean(found)) == pytest.approx(0.2, rel=0.05)
    assert realised_volatilities(np.ones(10)).size == 0


def test_the_highest_high_of_the_window() -> None:
    assert highest(bars([1.0, 5.0, 2.0, 3.0]), 2) == 3.5
    assert highest(bars([1.0]), 2) is None
