"""Rates and dividends with dates."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greeks.rates import DividendSchedule, RateCurve, equivalent_yield, forward_price
from vocabulary.errors import BadInput
from vocabulary.market import Dividend

TODAY = date(2024, 3, 1)


@given(st.floats(-0.03, 0.15), st.floats(0.0, 30.0))
def test_flat_curve_discounts_at_its_rate(rate: float, years: float) -> None:
    assert RateCurve.flat(rate).discount(years) == pytest.approx(np.exp(-rate * years), rel=1e-12)


def test_curve_passes_through_its_nodes_and_keeps_forward_rates_constant_between() -> None:
    curve = RateCurve(np.array([0.25, 1.0]), np.array([0.05, 0.04]))
    assert curve.zero(np.array([0.25, 1.0])) == pytest.approx([0.05, 0.04])
    t = np.linspace(0.26, 0.99, 30)
    assert np.ptp(np.diff(curve.log_discount(t))) < 1e-15
    assert curve.zero(0.0) == pytest.approx(0.05)
    assert -np.diff(curve.log_discount(np.array([1.0, 3.0])))[0] / 2 == pytest.approx((0.04 - 0.25 * 0.05) / 0.75)


def test_curve_from_discount_factors_gives_them_back() -> None:
    years, discounts = np.array([0.1, 0.5, 2.0]), np.array([0.998, 0.98, 0.9])
    assert RateCurve.from_discounts(years, discounts).discount(years) == pytest.approx(discounts)


def test_dividends_count_from_tomorrow_to_the_expiry_inclusive() -> None:
    schedule = DividendSchedule.of([Dividend(date(2024, 6, 1), 2.0, True), Dividend(TODAY, 9.0, False), Dividend(date(2024, 4, 1), 1.0, False)])
    curve = RateCurve.flat(0.0)
    horizon = np.array([30, 31, 91, 92]) / 365
    assert schedule.present_value(TODAY, horizon, curve) == pytest.approx([0.0, 1.0, 1.0, 3.0])
    when, amounts = schedule.coming(TODAY, 0.2)
    assert amounts.tolist() == [1.0]
    assert when == pytest.approx([31 / 365])


def test_forward_less_dividends_agrees_with_its_equivalent_yield() -> None:
    schedule = DividendSchedule.of([Dividend(date(2024, 5, 10), 0.9, False)])
    curve = RateCurve.flat(0.05)
    years = np.array([0.1, 0.5, 1.0])
    forward = forward_price(180.0, TODAY, years, curve, schedule)
    dividend_yield = equivalent_yield(180.0, forward, years, 0.05)
    assert dividend_yield[0] == pytest.approx(0.0, abs=1e-12)
    assert 180 * np.exp((0.05 - dividend_yield) * years) == pytest.approx(forward)
    assert forward_price(180.0, TODAY, years, curve, DividendSchedule.none()) == pytest.approx(180 * np.exp(0.05 * years))


def test_disordered_or_impossible_inputs_are_refused() -> None:
    with pytest.raises(BadInput, match="ascending"):
        RateCurve(np.array([1.0, 0.5]), np.array([0.01, 0.02]))
    with pytest.raises(BadInput, match="equally long"):
        RateCurve(np.array([1.0]), np.array([0.01, 0.02]))
    with pytest.raises(BadInput, match="positive"):
        RateCurve.from_discounts([1.0], [0.0])
    with pytest.raises(BadInput, match="negative"):
        DividendSchedule.of([Dividend(TODAY, -1.0, False)])
