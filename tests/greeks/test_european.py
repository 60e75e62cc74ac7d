"""European kernels: against the 200-bit oracle, and the identities that any price must keep."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.greeks_oracle import QUANTITIES, oracle, sample_options
from greeks import european

SPOT = st.floats(1.0, 5000.0)
LOG_MONEYNESS = st.floats(-1.6, 1.6)
YEARS = st.floats(1.0 / 8760.0, 5.0)
RATE = st.floats(-0.05, 0.15)
VOLATILITY = st.floats(0.01, 4.0)
GREEKS_BY_BUMP = (("delta", "price", 1), ("gamma", "delta", 1), ("theta", "price", 3), ("vega", "price", 6), ("rho", "price", 4))
MORE_BY_BUMP = (("vanna", "delta", 6), ("charm", "delta", 3), ("vomma", "vega", 6))


def test_price_and_greeks_agree_with_200_bit_arithmetic_to_1e_13_of_their_scale() -> None:
    sample = sample_options(3000, 17)
    answer, ours = oracle(sample), european.greeks(*sample.arguments())
    for i, quantity in enumerate(QUANTITIES):
        known = answer.scale[i] > 1e-280
        error = np.abs(getattr(ours, quantity) - answer.value[i])[known] / answer.scale[i][known]
        assert error.max() < 1e-13, quantity


@given(SPOT, LOG_MONEYNESS, YEARS, RATE, RATE, VOLATILITY)
def test_put_call_parity(spot: float, moneyness: float, years: float, rate: float, carry: float, volatility: float) -> None:
    strike = spot * np.exp(moneyness)
    call, put = european.price([1.0, 0.0], spot, strike, years, rate, carry, volatility)
    asset, cash = spot * np.exp(-carry * years), strike * np.exp(-rate * years)
    assert call - put == pytest.approx(asset - cash, abs=1e-14 * (asset + cash))


@given(SPOT, YEARS, RATE, RATE, VOLATILITY)
def test_price_falls_and_is_convex_in_the_strike_for_calls_and_rises_for_puts(spot: float, years: float, rate: float, carry: float, volatility: float) -> None:
    strikes = spot * np.linspace(0.3, 3.0, 28)
    call = european.price(1.0, spot, strikes, years, rate, carry, volatility)
    put = european.price(0.0, spot, strikes, years, rate, carry, volatility)
    slack = 1e-14 * spot * np.exp(0.8)
    assert (np.diff(call) <= slack).all() and (np.diff(put) >= -slack).all()
    assert (np.diff(call, 2) >= -4.0 * slack).all() and (np.diff(put, 2) >= -4.0 * slack).all()


@given(SPOT, LOG_MONEYNESS, YEARS, RATE, RATE)
def test_price_never_falls_when_volatility_rises(spot: float, moneyness: float, years: float, rate: float, carry: float) -> None:
    values = european.price(1.0, spot, spot * np.exp(moneyness), years, rate, carry, np.linspace(0.01, 4.0, 200))
    assert (np.diff(values) >= -1e-14 * spot * np.exp(1.6 + 0.75)).all()


@given(SPOT, LOG_MONEYNESS, YEARS, RATE, RATE, VOLATILITY)
def test_four_times_the_spot_and_strike_is_exactly_four_times_the_price(
    spot: float, moneyness: float, years: float, rate: float, carry: float, volatility: float
) -> None:
    strike = spot * np.exp(moneyness)
    one = european.greeks([1.0, 0.0], spot, strike, years, rate, carry, volatility)
    four = european.greeks([1.0, 0.0], 4.0 * spot, 4.0 * strike, years, rate, carry, volatility)
    assert np.allclose(4.0 * one.price, four.price, rtol=0.0, atol=1e-300)  # exact down to subnormal numbers
    assert np.array_equal(one.delta, four.delta)


@pytest.mark.parametrize(("quantity", "of", "argument"), GREEKS_BY_BUMP + MORE_BY_BUMP)
def test_greeks_are_the_derivatives_of_the_price(quantity: str, of: str, argument: int) -> None:
    rng = np.random.default_rng(4)
    n = 400
    spot = rng.uniform(50.0, 150.0, n)
    columns = [rng.integers(0, 2, n).astype(float), spot, spot * np.exp(rng.normal(0, 0.2, n)), rng.uniform(0.1, 2.0, n)]
    columns += [rng.uniform(-0.02, 0.08, n), rng.uniform(0.0, 0.05, n), rng.uniform(0.1, 0.6, n)]
    bump = 1e-5 * (spot if argument == 1 else np.ones(n))
    up, down = list(columns), list(columns)
    up[argument], down[argument] = columns[argument] + bump, columns[argument] - bump
    slope = (getattr(european.greeks(*up), of) - getattr(european.greeks(*down), of)) / (2.0 * bump)
    slope = -slope if argument == 3 else slope
    exact = getattr(european.greeks(*columns), quantity)
    assert np.allclose(exact, slope, rtol=1e-6, atol=2e-6 * max(1.0, float(np.abs(exact).max())))


def test_black76_is_merton_with_the_yield_at_the_rate_and_its_rho_holds_the_forward() -> None:
    greeks = european.black76_greeks([1.0, 0.0], 4500.0, [4600.0, 4400.0], 0.2, 0.05, 0.18)
    bump = 1e-5
    up, down = (european.black76_price([1.0, 0.0], 4500.0, [4600.0, 4400.0], 0.2, 0.05 + s, 0.18) for s in (bump, -bump))
    assert np.array_equal(greeks.price, european.price([1.0, 0.0], 4500.0, [4600.0, 4400.0], 0.2, 0.05, 0.05, 0.18))
    assert np.allclose(greeks.rho, (up - down) / (2 * bump), rtol=1e-7)


def test_arguments_broadcast_like_numpy_and_a_second_thread_changes_nothing() -> None:
    strikes, years = np.linspace(50.0, 150.0, 101)[:, None], np.linspace(0.1, 2.0, 53)
    one = european.greeks(1.0, 100.0, strikes, years, 0.03, 0.01, 0.2)
    two = european.greeks(1.0, 100.0, strikes, years, 0.03, 0.01, 0.2, threads=2)
    assert one.price.shape == (101, 53)
    assert np.array_equal(one.vomma, two.vomma)
    assert european.price(1.0, 100.0, 100.0, 1.0, 0.0, 0.0, 0.2).shape == ()


def test_expired_and_zero_volatility_options_are_worth_their_discounted_payoff() -> None:
    greeks = european.greeks([1.0, 0.0, 1.0, 1.0], 100.0, [90.0, 90.0, 100.0, 95.0], [0.0, 0.0, 0.0, 1.0], 0.05, 0.0, [0.2, 0.2, 0.2, 0.0])
    assert greeks.price.tolist() == pytest.approx([10.0, 0.0, 0.0, 100.0 - 95.0 * np.exp(-0.05)], abs=1e-13)
    assert greeks.delta.tolist() == [1.0, 0.0, 0.5, 1.0]
    assert greeks.gamma.tolist() == greeks.vega.tolist() == [0.0] * 4


@pytest.mark.parametrize("position", range(1, 7))
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -1.0])
def test_a_bad_row_is_nan_and_leaves_its_neighbours_alone(position: int, wrong: float) -> None:
    if position in (4, 5) and wrong == -1.0:
        pytest.skip("a rate or yield may be negative")
    columns = [np.array([1.0, 1.0]), *(np.array([x, x]) for x in (100.0, 100.0, 1.0, 0.02, 0.01, 0.2))]
    columns[position][0] = wrong
    greeks = european.greeks(*columns)
    assert np.isnan(greeks.price[0]) and np.isnan(greeks.vomma[0])
    assert greeks.price[1] == european.price(1.0, 100.0, 100.0, 1.0, 0.02, 0.01, 0.2)
