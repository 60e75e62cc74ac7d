"""Implied volatility: round trips at the conditioning floor, and a status for whatever has no answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.greeks_oracle import oracle, sample_options
from greeks import european, implied
from greeks.status import Status


def test_volatility_comes_back_within_a_few_times_what_the_price_allows() -> None:
    sample = sample_options(3000, 23)
    answer = oracle(sample)
    found = implied.implied_volatility(sample.call, answer.value[0], *sample.market())
    floor = implied.conditioning_floor(answer.value[0], answer.value[4]) + 0.5 * np.spacing(sample.volatility)
    good = found.status == Status.OK
    ratio = np.abs(found.volatility - sample.volatility)[good] / floor[good]
    assert good.mean() > 0.7
    assert np.median(ratio) < 2.0
    assert ratio.max() < 30.0


def test_no_information_is_said_only_where_the_price_determines_nothing() -> None:
    sample = sample_options(3000, 29)
    answer = oracle(sample)
    found = implied.implied_volatility(sample.call, answer.value[0], *sample.market())
    lost = found.status == Status.NO_INFORMATION
    floor = implied.conditioning_floor(answer.value[0], answer.value[4])
    assert lost.any()
    assert (floor[lost & (answer.value[0] > 1e-280)] > 1e-3 * sample.volatility[lost & (answer.value[0] > 1e-280)]).all()


@pytest.mark.parametrize(
    ("call", "strike", "years", "volatility"),
    [(1.0, 105.0, 1.0 / 8760.0, 0.35), (1.0, 500.0, 2.0, 0.12), (1.0, 100.0, 7.0 / 365.0, 4.0), (0.0, 20.0, 7.0 / 365.0, 4.0), (0.0, 95.0, 1.0 / 8760.0, 0.35)],
)
def test_extreme_out_of_the_money_options_keep_all_their_digits(call: float, strike: float, years: float, volatility: float) -> None:
    price = european.price(call, 100.0, strike, years, 0.0, 0.0, volatility)
    assert float(implied.implied_volatility(call, price, 100.0, strike, years, 0.0, 0.0).volatility) == pytest.approx(volatility, rel=1e-14)


def test_each_kind_of_unanswerable_price_has_its_status_and_no_number() -> None:
    cases = {
        Status.OK: (1.0, 5.0, 100.0, 100.0, 0.5),
        Status.BELOW_INTRINSIC: (0.0, 9.0, 100.0, 110.0, 0.5),
        Status.ABOVE_MAXIMUM: (1.0, 101.0, 100.0, 100.0, 0.5),
        Status.EXPIRED: (1.0, 10.0, 100.0, 90.0, 0.0),
        Status.NO_INFORMATION: (1.0, 0.0, 100.0, 110.0, 0.5),
        Status.BAD_INPUT: (1.0, np.nan, 100.0, 110.0, 0.5),
    }
    call, price, spot, strike, years = (np.array(column) for column in zip(*cases.values(), strict=True))
    found = implied.implied_volatility(call, price, spot, strike, years, 0.0, 0.0)
    assert found.status.dtype == np.int8
    assert [Status(code) for code in found.status.tolist()] == list(cases)
    assert np.array_equal(np.isnan(found.volatility), found.status != Status.OK)


def test_price_at_intrinsic_to_the_last_bit_is_no_information() -> None:
    found = implied.implied_volatility([1.0, 0.0], [10.0, 10.0], 100.0, [90.0, 110.0], 0.25, 0.0, 0.0)
    assert (found.status == Status.NO_INFORMATION).all()


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=7, max_size=7))
def test_nothing_raises_and_no_number_hides_a_failure(row: list[float]) -> None:
    found = implied.implied_volatility(*row)
    assert int(found.status) in set(Status)
    assert np.isnan(found.volatility) == (int(found.status) != Status.OK)


@given(st.floats(-1.5, 1.5), st.floats(1e-3, 3.0), st.floats(0.02, 3.0))
def test_higher_price_means_higher_volatility(moneyness: float, years: float, volatility: float) -> None:
    strike = 100.0 * np.exp(moneyness)
    prices = european.price(1.0, 100.0, strike, years, 0.02, 0.01, volatility * np.array([0.9, 1.0, 1.1]))
    found = implied.implied_volatility(1.0, prices, 100.0, strike, years, 0.02, 0.01)
    if (found.status == Status.OK).all() and prices[0] < prices[1] < prices[2]:
        assert found.volatility[0] <= found.volatility[1] <= found.volatility[2]


def test_black76_round_trip_on_a_future() -> None:
    price = european.black76_price(0.0, 4500.0, [4000.0, 4400.0, 4900.0], 0.15, 0.05, 0.22)
    found = implied.black76_implied_volatility(0.0, price, 4500.0, [4000.0, 4400.0, 4900.0], 0.15, 0.05)
    assert np.allclose(found.volatility, 0.22, rtol=1e-13)
