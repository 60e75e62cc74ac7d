"""Profit at expiry, touch and expected move against closed forms and simulation."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from greeks.probability import expected_move, lognormal_distribution, payoff_at_expiry, probability_of_profit, probability_of_touch
from vocabulary.contracts import AssetClass, Contract, Right, Style
from vocabulary.errors import BadInput

EXPIRY = date(2024, 6, 21)
UNIT = st.floats(0.0, 1.0)


def option(strike: float, right: Right, expiry: date = EXPIRY) -> Contract:
    return Contract(AssetClass.EQUITY_OPTION, "SPY", 100.0, "", expiry, strike, right, Style.AMERICAN)


def test_short_put_profits_above_its_break_even() -> None:
    payoff = payoff_at_expiry([(option(95.0, Right.PUT), -1.0)], 120.0)
    assert payoff.break_evens() == pytest.approx([93.8])
    below = lognormal_distribution(100.0, 0.3, 0.25)
    assert probability_of_profit(payoff, below) == pytest.approx(1 - float(below(np.array(93.8))))


def test_iron_condor_profits_between_its_break_evens_and_nowhere_else() -> None:
    legs = [(option(90.0, Right.PUT), 1.0), (option(95.0, Right.PUT), -1.0), (option(105.0, Right.CALL), -1.0), (option(110.0, Right.CALL), 1.0)]
    payoff = payoff_at_expiry(legs, 150.0)
    assert payoff.break_evens() == pytest.approx([93.5, 106.5])
    assert payoff.at([0.0, 92.0, 100.0, 200.0]) == pytest.approx([-350.0, -150.0, 150.0, -350.0])
    below = lognormal_distribution(100.0, 0.25, 0.1)
    assert probability_of_profit(payoff, below) == pytest.approx(float(below(np.array(106.5)) - below(np.array(93.5))))


def test_naked_call_loses_beyond_its_last_break_even() -> None:
    payoff = payoff_at_expiry([(option(110.0, Right.CALL), -2.0)], 300.0)
    assert payoff.break_evens() == pytest.approx([111.5])
    shares = Contract(AssetClass.EQUITY, "SPY", 1.0)
    covered = payoff_at_expiry([(shares, 100.0), (option(110.0, Right.CALL), -1.0)], -10_000.0)
    assert covered.break_evens() == pytest.approx([100.0])
    assert covered.at(500.0) == pytest.approx(1000.0)


@given(st.lists(st.tuples(st.floats(50, 150), st.booleans(), st.integers(-3, 3)), min_size=1, max_size=5), st.floats(-500, 500))
@settings(deadline=None, max_examples=80)
def test_chance_of_profit_agrees_with_counting_on_a_fine_grid(rows: list[tuple[float, bool, int]], cash: float) -> None:
    legs = [(option(round(strike, 1), Right.CALL if call else Right.PUT), float(quantity)) for strike, call, quantity in rows]
    payoff = payoff_at_expiry(legs, cash)
    below = lognormal_distribution(100.0, 0.4, 0.5)
    edges = np.concatenate([np.linspace(0, 600, 60_001), [1e6]])
    counted = np.sum(np.diff(below(edges))[payoff.at((edges[:-1] + edges[1:]) / 2) > 0])
    chance = probability_of_profit(payoff, below)
    assert 0.0 <= chance <= 1.0
    assert chance == pytest.approx(float(counted), abs=2e-3)


def test_legs_of_different_expiry_have_no_payoff_at_expiry() -> None:
    with pytest.raises(BadInput, match="2 different days"):
        payoff_at_expiry([(option(95.0, Right.PUT), -1.0), (option(95.0, Right.PUT, date(2025, 1, 17)), 1.0)], 0.0)


def test_touch_agrees_with_a_simulation_that_corrects_for_its_steps() -> None:
    random = np.random.default_rng(11)
    steps, paths, spot, volatility, years, carry = 400, 20_000, 100.0, 0.3, 0.5, 0.35
    dt = years / steps
    walk = np.cumsum(random.normal((carry - volatility**2 / 2) * dt, volatility * np.sqrt(dt), (paths, steps)), axis=1)
    for barrier in (85.0, 120.0):
        shift = 0.5826 * volatility * np.sqrt(dt) * np.sign(np.log(spot / barrier))
        edge = np.log(barrier / spot) + shift
        touched = np.mean(walk.min(axis=1) <= edge if barrier < spot else walk.max(axis=1) >= edge)
        assert probability_of_touch(spot, barrier, volatility, years, carry) == pytest.approx(float(touched), abs=0.012)


@given(st.floats(10, 1000), st.floats(0.3, 3.0), st.floats(0.01, 3.0), st.floats(1e-4, 5.0), st.floats(-0.2, 0.2))
def test_touch_is_a_probability_and_at_least_that_of_ending_beyond(spot: float, ratio: float, volatility: float, years: float, carry: float) -> None:
    chance = float(probability_of_touch(spot, spot * ratio, volatility, years, carry))
    deviation = volatility * np.sqrt(years)
    d2 = (np.log(1 / ratio) + (carry - volatility**2 / 2) * years) / deviation
    assert 0.0 <= chance <= 1.0
    assert chance >= float(ndtr(d2) if ratio > 1 else ndtr(-d2)) - 1e-12


def test_touch_without_drift_of_the_logarithm_is_twice_the_tail() -> None:
    volatility, years = 0.25, 0.4
    tail = float(ndtr(-abs(np.log(0.9)) / (volatility * np.sqrt(years))))
    assert probability_of_touch(100.0, 90.0, volatility, years, volatility**2 / 2) == pytest.approx(2 * tail, rel=1e-12)


def test_touch_at_its_edges() -> None:
    found = probability_of_touch([100.0, 100.0, 100.0, -1.0], [100.0, 110.0, 110.0, 110.0], [0.2, 0.0, 0.2, 0.2], [0.0, 1.0, 0.0, 1.0])
    np.testing.assert_array_equal(found, [1.0, 0.0, 0.0, np.nan])
    assert np.isfinite(probability_of_touch(100.0, 400.0, 0.01, 1.0, 0.5))


def test_expected_move_holds_68_percent_and_its_mean_is_the_straddle() -> None:
    move = expected_move(100.0, 0.2, 30 / 365)
    below = lognormal_distribution(100.0, 0.2, 30 / 365)
    assert float(below(np.array(move.high)) - below(np.array(move.low))) == pytest.approx(0.682689492, abs=1e-8)
    deviation = 0.2 * np.sqrt(30 / 365)
    call = 100 * (ndtr(deviation / 2) - ndtr(-deviation / 2))
    assert move.mean_absolute == pytest.approx(2 * call)
    assert expected_move(100.0, 0.2, 0.0).one_sigma == 0.0
    many = expected_move([100.0, 200.0], 0.2, [30 / 365, 0.0])
    assert many.high.tolist() == [pytest.approx(move.high), 200.0]


def test_distribution_needs_time_and_volatility() -> None:
    with pytest.raises(BadInput, match="positive"):
        lognormal_distribution(100.0, 0.0, 1.0)
