"""The forward from put-call parity: exact on exact quotes, steady against stale ones, honest about too little."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greeks.forward import ForwardStatus, Parity, fit_forward, near_the_money, pair_quotes


def parity(forward: float, discount: float, strikes: np.ndarray, noise: np.ndarray | float = 0.05) -> Parity:
    put = np.full(strikes.shape, 10.0)
    return Parity(strikes, put + discount * (forward - strikes), put, np.broadcast_to(np.asarray(noise, dtype=float), strikes.shape).copy())


@given(st.floats(20, 5000), st.floats(-0.02, 0.12), st.floats(0.02, 2.0))
@settings(deadline=None, max_examples=60)
def test_exact_quotes_give_back_forward_and_rate(forward: float, rate: float, years: float) -> None:
    discount = float(np.exp(-rate * years))
    fit = fit_forward(parity(forward, discount, forward * np.linspace(0.7, 1.3, 21)), years)
    assert fit.status is ForwardStatus.OK
    assert fit.forward == pytest.approx(forward, rel=1e-9)
    assert fit.rate == pytest.approx(rate, abs=1e-7 / years)


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_a_quarter_of_stale_quotes_moves_the_forward_by_less_than_its_noise(seed: int) -> None:
    random = np.random.default_rng(seed)
    strikes = np.linspace(70, 130, 41)
    pairs = parity(101.5, 0.99, strikes, 0.04)
    pairs.call[:] += random.normal(0, 0.02, 41)
    pairs.call[random.choice(41, 10, replace=False)] += random.uniform(2, 8, 10)
    assert fit_forward(pairs, 0.5, discount=0.99).forward == pytest.approx(101.5, abs=0.03)
    assert fit_forward(pairs, 0.5).forward == pytest.approx(101.5, abs=0.06)


def test_standard_error_covers_the_truth_about_as_often_as_it_should() -> None:
    random = np.random.default_rng(3)
    strikes, inside = np.linspace(80, 120, 33), 0
    for _ in range(200):
        pairs = parity(100.0, 0.98, strikes)
        pairs.call[:] += random.normal(0, 0.05, 33)
        fit = fit_forward(pairs, 1.0, discount=0.98)
        inside += abs(fit.forward - 100.0) < 2 * fit.forward_error
    assert 170 <= inside <= 200


def test_dividends_are_what_spot_and_forward_say() -> None:
    years, rate, dividend = 0.5, 0.03, 1.7
    discount = float(np.exp(-rate * years))
    fit = fit_forward(parity((200 - dividend) / discount, discount, np.linspace(150, 250, 21)), years)
    assert fit.dividend_value(200.0) == pytest.approx(dividend, abs=1e-7)
    assert 200 * np.exp((fit.rate - fit.dividend_yield(200.0)) * years) == pytest.approx(fit.forward)


def test_pairs_need_a_bid_and_an_ask_on_both_sides() -> None:
    strike = np.array([90.0, 100, 110, 90, 100, 110])
    is_call = np.array([True, True, True, False, False, False])
    bid = np.array([11.0, 4, 0, 1, 4, 11])
    ask = np.array([11.2, 4.2, 0.1, 1.2, np.nan, 11.2])
    pairs = pair_quotes(strike, is_call, bid, ask)
    assert pairs.strike.tolist() == [90.0]
    assert pairs.difference == pytest.approx([10.0])
    assert pairs.noise == pytest.approx([0.2])


def test_too_few_pairs_and_nonsense_are_statuses_not_numbers() -> None:
    two = parity(100.0, 0.99, np.array([95.0, 105.0]))
    assert fit_forward(two, 0.5).status is ForwardStatus.TOO_FEW_PAIRS
    assert fit_forward(two, 0.5, discount=0.99).status is ForwardStatus.OK
    assert fit_forward(two, 0.0, discount=0.99).status is ForwardStatus.TOO_FEW_PAIRS
    rising = Parity(np.array([90.0, 100, 110, 120]), np.array([0.0, 10, 20, 30]), np.full(4, 10.0), np.full(4, 0.1))
    wrong = fit_forward(rising, 0.5)
    assert wrong.status is ForwardStatus.IMPLAUSIBLE
    assert np.isnan(wrong.forward)


QUOTE = st.one_of(st.floats(-5, 200), st.just(float("nan")), st.just(float("inf")))


@given(st.lists(st.tuples(st.sampled_from([90.0, 95.0, 100.0, 105.0, 110.0]), st.booleans(), QUOTE, QUOTE), max_size=14), st.booleans())
@settings(deadline=None, max_examples=150)
def test_whatever_is_quoted_a_fit_has_a_status_and_numbers_only_when_it_is_ok(rows: list[tuple[float, bool, float, float]], free: bool) -> None:
    columns = [np.array([row[i] for row in rows]) for i in range(4)]
    fit = fit_forward(pair_quotes(columns[0], columns[1].astype(bool), columns[2], columns[3]), 0.25, None if free else 0.99)
    if fit.status is ForwardStatus.OK:
        assert fit.forward > 0 < fit.discount
    else:
        assert np.isnan(fit.forward)
    assert 0 <= fit.kept <= fit.pairs


def test_near_the_money_keeps_the_informative_strikes() -> None:
    pairs = near_the_money(parity(100.0, 1.0, np.array([50.0, 95, 100, 105, 200])), 100.0, 0.1)
    assert pairs.strike.tolist() == [95.0, 100.0, 105.0]
