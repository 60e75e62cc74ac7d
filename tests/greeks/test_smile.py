"""The smile never holds an arbitrage, whatever it is fitted to, and finds a smile again that it can represent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from greeks.essvi import Slices, butterfly_margin, calendar_margin, durrleman, skew_ratio, total_variance, variance_slopes
from greeks.smile import FitParameters, SmileQuotes, arbitrage_check, fit_surface, from_cube
from vocabulary.errors import BadInput, MissingData

CUBE = st.tuples(*[st.floats(0.0, 1.0)] * 3)


def chain_of_slices(points: list[tuple[float, float, float]]) -> Slices:
    rows, before = [], None
    for point in points:
        floor = 1e-4 if before is None else float(before[0])
        before = np.array([float(v) for v in from_cube(np.array([point[0], point[1] * 0.5, point[2]]), floor, before)])
        rows.append(before)
    return Slices(np.arange(1, len(rows) + 1) / 12, *np.array(rows).T)


@given(st.lists(CUBE, min_size=2, max_size=6))
@settings(deadline=None, max_examples=150)
def test_every_point_of_the_search_cube_is_free_of_static_arbitrage(points: list[tuple[float, float, float]]) -> None:
    slices = chain_of_slices(points)
    assert np.all(butterfly_margin(slices) >= -1e-12)
    assert np.all(calendar_margin(slices) >= -1e-9)
    check = arbitrage_check(slices)
    assert check.smallest_density >= -1e-9
    assert check.smallest_growth >= -1e-9


@given(st.lists(CUBE, min_size=2, max_size=4))
@settings(deadline=None, max_examples=60)
def test_surface_between_and_beyond_the_slices_stays_free_of_arbitrage(points: list[tuple[float, float, float]]) -> None:
    slices = chain_of_slices(points)
    dense = slices.at(np.linspace(0.25, 1.6, 28) * slices.years[-1])
    check = arbitrage_check(dense, np.linspace(-2, 2, 161))
    assert check.smallest_density >= -1e-9
    assert check.smallest_growth >= -1e-9


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=12)
def test_fit_to_quotes_full_of_arbitrage_is_free_of_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    quotes = [SmileQuotes(t, np.linspace(-0.4, 0.3, 12), random.uniform(0.05, 0.9, 12), random.uniform(0.1, 2.0, 12)) for t in (0.02, 0.1, 0.5)]
    surface = fit_surface(quotes, FitParameters(max_steps=60))
    assert arbitrage_check(surface.slices).free


def test_fit_finds_the_surface_its_quotes_came_from() -> None:
    years = np.array([7, 35, 91, 182, 365]) / 365
    truth = Slices(years, 0.04 * years, np.array([-0.3, -0.4, -0.45, -0.5, -0.5]), np.array([0.03, 0.09, 0.16, 0.23, 0.31]))
    assert arbitrage_check(truth).free
    grid = np.linspace(-0.35, 0.25, 31)
    quotes = [SmileQuotes(t, grid * np.sqrt(t) * 2, np.sqrt(total_variance(truth.one(i), grid * np.sqrt(t) * 2) / t), np.ones(31)) for i, t in enumerate(years)]
    surface = fit_surface(quotes)
    assert np.max(surface.rmse) < 1e-5
    assert surface.iv(0.0, years) == pytest.approx(np.full(5, 0.2), abs=2e-5)


def test_one_stale_quote_does_not_bend_the_smile() -> None:
    truth = Slices(np.array([0.1]), np.array([0.004]), np.array([-0.4]), np.array([0.07]))
    k = np.linspace(-0.2, 0.15, 15)
    iv = np.sqrt(total_variance(truth, k) / 0.1)
    iv[4] += 0.3
    fitted = fit_surface([SmileQuotes(0.1, k, iv, np.ones(15))])
    assert fitted.iv(k, 0.1)[np.arange(15) != 4] == pytest.approx(np.sqrt(total_variance(truth, k) / 0.1)[np.arange(15) != 4], abs=0.004)


def test_implied_density_of_a_slice_is_positive_and_sums_to_one() -> None:
    slices = Slices(np.array([0.25]), np.array([0.01]), np.array([-0.6]), np.array([0.2]))
    k = np.linspace(-6, 6, 40_001)
    w = total_variance(slices, k)
    d2 = -k / np.sqrt(w) - np.sqrt(w) / 2
    density = durrleman(slices, k) / np.sqrt(2 * np.pi * w) * np.exp(-(d2**2) / 2)
    assert np.min(density) > 0
    assert float(np.sum((density[1:] + density[:-1]) / 2 * np.diff(k))) == pytest.approx(1.0, abs=1e-6)


def test_slopes_of_total_variance_agree_with_differences() -> None:
    slices = Slices(np.array([0.25]), np.array([0.01]), np.array([-0.6]), np.array([0.2]))
    k, h = np.linspace(-1, 1, 41), 1e-4
    w, first, second = variance_slopes(slices, k)
    up, down = total_variance(slices, k + h), total_variance(slices, k - h)
    assert first == pytest.approx((up - down) / (2 * h), rel=1e-5, abs=1e-6)
    assert second == pytest.approx((up - 2 * w + down) / h**2, rel=1e-4, abs=1e-4)


def test_call_prices_from_the_surface_fall_and_are_convex_in_strike_and_rise_with_time() -> None:
    years = np.array([0.1, 0.3, 0.9])
    slices = Slices(years, 0.05 * years, np.array([-0.5, -0.45, -0.4]), np.array([0.09, 0.18, 0.33]))
    assert arbitrage_check(slices).free
    strike = np.linspace(0.4, 2.0, 321)
    prices = []
    for i in range(3):
        deviation = np.sqrt(total_variance(slices.one(i), np.log(strike)))
        d1 = -np.log(strike) / deviation + deviation / 2
        prices.append(ndtr(d1) - strike * ndtr(d1 - deviation))
    assert all(np.all(np.diff(one) < 1e-15) and np.all(np.diff(one, 2) > -1e-15) for one in prices)
    assert np.all(np.diff(prices, axis=0) > -1e-15)


def test_expiries_with_too_few_quotes_are_left_out_and_named() -> None:
    few = SmileQuotes(0.1, np.zeros(2), np.full(2, 0.2), np.ones(2))
    many = SmileQuotes(0.2, np.linspace(-0.1, 0.1, 9), np.full(9, 0.2), np.ones(9))
    assert fit_surface([few, many]).left_out == (0.1,)
    with pytest.raises(MissingData, match="none of 1 expiries"):
        fit_surface([few])


def test_bad_times_and_parameters_are_refused() -> None:
    quotes = SmileQuotes(0.1, np.linspace(-0.1, 0.1, 9), np.full(9, 0.2), np.ones(9))
    with pytest.raises(BadInput, match="distinct"):
        fit_surface([quotes, quotes])
    with pytest.raises(BadInput, match="inside"):
        Slices(np.array([0.1]), np.array([0.01]), np.array([1.0]), np.array([0.1]))
    with pytest.raises(BadInput, match="positive"):
        Slices(np.array([0.1]), np.array([0.01]), np.array([0.0]), np.array([0.1])).at(0.0)


@given(st.floats(-0.99, 0.99), st.floats(-0.99, 0.99))
def test_skew_ratio_is_at_least_one(before: float, after: float) -> None:
    assert skew_ratio(before, after) >= 1.0
