"""American options: against QuantLib's converged values, put-call symmetry, regimes of negative rates, Greeks, boundary, implied volatility."""

from __future__ import annotations

import numpy as np
import pytest
import QuantLib as ql  # noqa: N813 - its own documentation writes it so
from hypothesis import given, settings
from hypothesis import strategies as st

from greeks import american, european
from greeks.american.tree import tree_price
from greeks.status import Status
from vocabulary.errors import BadInput

MONEYNESS = st.floats(0.5, 2.0)
YEARS = st.floats(0.02, 3.0)
RATE = st.floats(0.002, 0.12)
CARRY = st.floats(0.0, 0.12)
VOLATILITY = st.floats(0.08, 0.9)


def _quantlib_puts(rows: list[tuple[float, int, float, float, float]]) -> list[float]:
    """Converged QdFp values, K = 100, of (spot, days, volatility, rate, yield)."""
    today = ql.Date(1, 6, 2022)
    ql.Settings.instance().evaluationDate = today
    count, values = ql.Actual365Fixed(), []
    scheme = ql.QdFpTanhSinhIterationScheme(30, 32, 1e-12)
    for spot, days, volatility, rate, carry in rows:
        curves = [ql.YieldTermStructureHandle(ql.FlatForward(today, x, count)) for x in (carry, rate)]
        smile = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), volatility, count))
        process = ql.BlackScholesMertonProcess(ql.QuoteHandle(ql.SimpleQuote(spot)), *curves, smile)
        option = ql.VanillaOption(ql.PlainVanillaPayoff(ql.Option.Put, 100.0), ql.AmericanExercise(today, today + days))
        option.setPricingEngine(ql.QdFpAmericanEngine(process, scheme))
        values.append(option.NPV())
    return values


def _random_rows(count: int) -> list[tuple[float, int, float, float, float]]:
    rng = np.random.default_rng(31)
    pick = lambda values: float(rng.choice(values))  # noqa: E731 - one line, used five times below
    return [
        (
            pick([80, 90, 100, 110, 120]),
            int(pick([30, 91, 182, 365])),
            pick([0.1, 0.2, 0.3, 0.4, 0.6]),
            pick([0.02, 0.04, 0.06, 0.08, 0.1]),
            pick([0.0, 0.04, 0.08, 0.12]),
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize(("scheme", "limit"), [(american.FAST, 1e-4), (american.ACCURATE, 1e-7)])
def test_values_agree_with_quantlib_converged(scheme: american.Scheme, limit: float) -> None:
    rows = _random_rows(60)
    spot, days, volatility, rate, carry = (np.array(column) for column in zip(*rows, strict=True))
    ours = american.price(0.0, spot, 100.0, days / 365.0, rate, carry, volatility, scheme)
    reference = np.maximum(_quantlib_puts(rows), 100.0 - spot)
    assert np.sqrt(np.mean((ours.value - reference) ** 2)) < limit


@given(MONEYNESS, YEARS, RATE, CARRY, VOLATILITY)
def test_a_call_is_the_put_with_spot_and_strike_and_rate_and_yield_exchanged(m: float, years: float, rate: float, carry: float, volatility: float) -> None:
    call = american.price(1.0, 100.0 * m, 100.0, years, rate, carry + 0.001, volatility).value
    put = american.price(0.0, 100.0, 100.0 * m, years, carry + 0.001, rate, volatility).value
    assert call == put


@given(MONEYNESS, YEARS, RATE, CARRY, VOLATILITY)
def test_worth_at_least_the_european_and_the_payoff_and_no_more_than_the_strike(m: float, years: float, rate: float, carry: float, volatility: float) -> None:
    value = float(american.price(0.0, 100.0 * m, 100.0, years, rate, carry, volatility).value)
    assert value >= float(european.price(0.0, 100.0 * m, 100.0, years, rate, carry, volatility)) - 1e-3
    assert max(100.0 - 100.0 * m, 0.0) <= value <= 100.0


@given(YEARS, RATE, CARRY, VOLATILITY)
@settings(max_examples=40)
def test_put_falls_and_is_convex_in_the_spot(years: float, rate: float, carry: float, volatility: float) -> None:
    value = american.price(0.0, np.linspace(40.0, 200.0, 81), 100.0, years, rate, carry, volatility, american.ACCURATE).value
    assert (np.diff(value) <= 1e-6).all()
    assert (np.diff(value, 2) >= -1e-5).all()


@given(MONEYNESS, RATE, CARRY, VOLATILITY)
@settings(max_examples=40)
def test_longer_life_is_never_worth_less(m: float, rate: float, carry: float, volatility: float) -> None:
    value = american.price(0.0, 100.0 * m, 100.0, np.linspace(0.05, 3.0, 40), rate, carry, volatility, american.ACCURATE).value
    assert (np.diff(value) >= -1e-5).all()


def test_homogeneous_in_spot_and_strike() -> None:
    one = american.greeks([0.0, 1.0], 95.0, 100.0, 0.7, 0.05, 0.03, 0.25)
    many = american.greeks([0.0, 1.0], 95.0 * 8, 100.0 * 8, 0.7, 0.05, 0.03, 0.25)
    assert np.array_equal(8.0 * one.price, many.price)
    assert np.array_equal(one.delta, many.delta)


def test_greeks_are_the_derivatives_of_the_price() -> None:
    call, strike, years = np.array([0.0, 1.0] * 6), np.repeat([90.0, 100.0, 110.0], 4), 0.6
    rate, carry, volatility = np.tile([0.05, 0.03], 6), np.tile([0.02, 0.06], 6), 0.3

    def value(spot: float = 100.0, t: float = years, r: float = 0.0, v: float = volatility) -> np.ndarray:
        return american.price(call, spot, strike, t, rate + r, carry, v, american.ACCURATE).value

    found = american.greeks(call, 100.0, strike, years, rate, carry, volatility, american.ACCURATE)
    assert np.allclose(found.delta, (value(100.5) - value(99.5)) / 1.0, atol=1e-4)
    assert np.allclose(found.gamma, (value(100.5) - 2.0 * value() + value(99.5)) / 0.25, atol=1e-4)
    assert np.allclose(found.vega, (value(v=0.301) - value(v=0.299)) / 0.002, atol=2e-3)
    assert np.allclose(found.rho, (value(r=1e-4) - value(r=-1e-4)) / 2e-4, atol=2e-2)
    assert np.allclose(found.theta, (value(t=years - 1e-3) - value(t=years + 1e-3)) / 2e-3, atol=2e-3)


def test_future_options_hold_the_future_when_the_rate_moves() -> None:
    found = american.future_greeks([0.0, 1.0], 4500.0, [4400.0, 4700.0], 0.3, 0.05, 0.2, american.ACCURATE)
    up, down = (american.price([0.0, 1.0], 4500.0, [4400.0, 4700.0], 0.3, r, r, 0.2, american.ACCURATE).value for r in (0.0501, 0.0499))
    assert np.allclose(found.rho, (up - down) / 2e-4, rtol=1e-3)


def test_exercised_at_once_below_the_boundary_with_delta_minus_one_and_no_time_value() -> None:
    boundary = float(american.price(0.0, 100.0, 100.0, 1.0, 0.06, 0.01, 0.2).boundary)
    found = american.greeks(0.0, [0.99 * boundary, 1.01 * boundary], 100.0, 1.0, 0.06, 0.01, 0.2)
    assert 70.0 < boundary < 100.0
    assert found.price[0] == 100.0 - 0.99 * boundary
    assert (found.delta[0], found.gamma[0], found.vega[0], found.theta[0]) == (-1.0, 0.0, 0.0, 0.0)
    assert found.price[1] > 100.0 - 1.01 * boundary


def test_call_boundary_lies_above_the_strike() -> None:
    boundary = float(american.price(1.0, 100.0, 100.0, 1.0, 0.03, 0.06, 0.2).boundary)
    stopped = american.price(1.0, 1.01 * boundary, 100.0, 1.0, 0.03, 0.06, 0.2).value
    assert boundary > 100.0
    assert stopped == pytest.approx(1.01 * boundary - 100.0, abs=1e-10)


@pytest.mark.parametrize(
    ("call", "rate", "carry"),
    [(1.0, 0.05, 0.0), (0.0, 0.0, 0.02), (0.0, -0.02, 0.0), (0.0, -0.02, -0.01), (1.0, 0.03, -0.01)],
)
def test_never_exercised_early_is_the_european_option(call: float, rate: float, carry: float) -> None:
    ours = american.price(call, 90.0, 100.0, 1.0, rate, carry, 0.25)
    assert ours.value == european.price(call, 90.0, 100.0, 1.0, rate, carry, 0.25)
    assert ours.status == Status.OK and np.isnan(ours.boundary)


@pytest.mark.parametrize(("call", "rate", "carry"), [(0.0, 0.03, -0.02), (0.0, 0.0, -0.03), (1.0, -0.02, 0.01), (0.0, 0.001, 0.05)])
def test_negative_yields_and_rates_with_one_boundary_agree_with_the_tree(call: float, rate: float, carry: float) -> None:
    ours = float(american.price(call, 95.0, 100.0, 1.0, rate, carry, 0.25, american.ACCURATE).value)
    assert ours == pytest.approx(tree_price(bool(call), 95.0, 100.0, 1.0, rate, carry, 0.25, steps=2048), abs=2e-4)


def test_two_boundaries_are_priced_by_the_tree_between_european_value_and_strike() -> None:
    ours = american.greeks([0.0, 1.0], [80.0, 125.0], 100.0, 1.0, [-0.01, -0.03], [-0.03, -0.01], 0.1)
    assert (ours.status == Status.OK).all()
    plain = european.price([0.0, 1.0], [80.0, 125.0], 100.0, 1.0, [-0.01, -0.03], [-0.03, -0.01], 0.1)
    assert (ours.price >= np.maximum(plain, [20.0, 25.0]) - 1e-9).all()
    assert np.isfinite([ours.delta, ours.gamma, ours.theta, ours.vega, ours.rho]).all()


def test_bad_and_expired_rows_have_their_status_and_leave_neighbours_alone() -> None:
    ours = american.greeks(0.0, [100.0, np.nan, 90.0, 100.0], 100.0, [1.0, 1.0, 0.0, 1.0], 0.05, 0.0, [0.2, 0.2, 0.2, 0.0])
    assert ours.status.tolist() == [Status.OK, Status.BAD_INPUT, Status.EXPIRED, Status.BAD_INPUT]
    assert ours.price[2] == 10.0 and np.isnan(ours.delta[1:]).all()
    assert np.isnan(ours.price[[1, 3]]).all() and ours.price[0] > 0.0


def test_implied_volatility_comes_back_from_the_price() -> None:
    rng = np.random.default_rng(8)
    n = 300
    call, spot, years = rng.integers(0, 2, n).astype(float), 100.0 * np.exp(rng.normal(0.0, 0.15, n)), rng.uniform(0.02, 2.0, n)
    rate, carry, volatility = rng.uniform(0.0, 0.08, n), rng.uniform(0.0, 0.06, n), rng.uniform(0.1, 0.8, n)
    price = american.greeks(call, spot, 100.0, years, rate, carry, volatility)
    found = american.implied_volatility(call, price.price, spot, 100.0, years, rate, carry)
    clear = (found.status == Status.OK) & (price.vega > 0.1)
    assert clear.mean() > 0.8
    assert np.abs(found.volatility - volatility)[clear].max() < 1e-7


def test_implied_volatility_statuses() -> None:
    found = american.implied_volatility(0.0, [12.0, 9.0, 10.0, 100.5, 12.0, np.nan], [90.0] * 3 + [100.0, 90.0, 90.0], 100.0, [1.0] * 4 + [0.0, 1.0], 0.05, 0.0)
    wanted = [Status.OK, Status.BELOW_INTRINSIC, Status.NO_INFORMATION, Status.ABOVE_MAXIMUM, Status.EXPIRED, Status.BAD_INPUT]
    assert found.status.tolist() == wanted
    assert np.array_equal(np.isnan(found.volatility), found.status != Status.OK)


def test_a_scheme_too_coarse_to_mean_anything_is_refused() -> None:
    with pytest.raises(BadInput, match="at least 2 nodes"):
        american.Scheme(1, 5, 5, 16)
