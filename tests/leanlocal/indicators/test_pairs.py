"""Beta, covariance and correlation against their definitions, and when two symbols' bars count as a pair."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from leanlocal.enums import CorrelationType
from leanlocal.indicators.pairs import Beta, Correlation, Covariance, PairIndicator
from leanlocal.indicators.readings import BarPrices, Reading
from leanlocal.symbol_book import ArgumentException
from leanlocal.symbols import Market, SecurityType, Symbol

SPY, IBM = Symbol.create("SPY", SecurityType.EQUITY, Market.USA), Symbol.create("IBM", SecurityType.EQUITY, Market.USA)
START = datetime(2024, 1, 2, 16)
DAY = timedelta(days=1)
walks = st.lists(st.tuples(st.integers(50, 150), st.integers(50, 150)), min_size=8, max_size=16)


def bar(symbol: Symbol, end: datetime, close: float, length: timedelta = timedelta(hours=6.5)) -> Reading:
    price = Decimal(str(close))
    return Reading(end, price, BarPrices(price, price, price, price, Decimal(1)), symbol, end - length)


def fed(subject: PairIndicator, walk: list[tuple[int, int]]) -> PairIndicator:
    for i, (target, reference) in enumerate(walk):
        subject.update(bar(IBM, START + i * DAY, target))
        subject.update(bar(SPY, START + i * DAY, reference))
    return subject


def returns_of(walk: list[tuple[int, int]], period: int) -> NDArray[np.float64]:
    closes = np.array(walk, dtype=float)
    return (closes[1:] / closes[:-1] - 1)[-period:]


@given(walks)
def test_beta_is_covariance_over_variance_of_returns(walk: list[tuple[int, int]]) -> None:
    returns = returns_of(walk, 5)
    spread = float(np.var(returns[:, 1], ddof=1))
    expected = float(np.cov(returns.T)[0, 1]) / (spread if spread > 1e-18 else 1)
    subject = fed(Beta(IBM, SPY, 5), walk)
    assert subject.current.value == pytest.approx(expected, rel=1e-7, abs=1e-12)
    assert (subject.name, subject.is_ready, subject.warm_up_period) == ("B(5)", True, 6)


@given(walks)
def test_covariance_of_returns(walk: list[tuple[int, int]]) -> None:
    expected = float(np.cov(returns_of(walk, 4).T)[0, 1])
    assert fed(Covariance("mine", 4, IBM, SPY), walk).current.value == pytest.approx(expected, rel=1e-7, abs=1e-12)


@given(walks)
def test_correlation_of_closes_lies_between_minus_one_and_one(walk: list[tuple[int, int]]) -> None:
    for kind in CorrelationType:
        subject = fed(Correlation(IBM, SPY, 6, kind), walk)
        closes = np.array(walk[-6:], dtype=float)
        if kind is CorrelationType.SPEARMAN:
            closes = np.array([[float(np.mean(np.flatnonzero(np.sort(side) == one)) + 1) for one in side] for side in closes.T]).T
        varies = min(float(np.ptp(side)) for side in closes.T) > 0
        expected = float(np.corrcoef(closes.T)[0, 1]) if varies else 0.0
        assert subject.current.value == pytest.approx(expected, abs=1e-7)
        assert -1 - 1e-12 <= subject.current.value <= 1 + 1e-12


def test_a_symbol_has_a_beta_of_one_to_itself_scaled() -> None:
    subject = fed(Beta("scaled", IBM, SPY, 3), [(10, 20), (11, 22), (9, 18), (12, 24)])
    assert subject.current.value == pytest.approx(1)


def test_reference_that_stands_still_gives_no_beta() -> None:
    assert fed(Beta(IBM, SPY, 3), [(10, 20), (11, 20), (9, 20), (12, 20)]).current.value == 0


def test_bar_missing_on_one_side_leaves_the_value() -> None:
    subject = fed(Correlation(IBM, SPY, 2), [(10, 20), (11, 25)])
    before = subject.current.value
    subject.update(bar(IBM, START + 2 * DAY, 3))
    assert subject.current.value == before == pytest.approx(1)
    subject.update(bar(IBM, START + 3 * DAY, 8))
    subject.update(bar(SPY, START + 3 * DAY, 30))
    assert subject.current.value == pytest.approx(-1)


def test_daily_bars_pair_by_date_and_minute_bars_by_minute() -> None:
    daily, minute = Correlation(IBM, SPY, 2), Correlation(IBM, SPY, 2)
    for i, price in enumerate((10, 12, 13)):
        daily.update(bar(SPY, START + i * DAY - timedelta(hours=3), price))
        daily.update(bar(IBM, START + i * DAY, price))
        minute.update(bar(SPY, START + timedelta(minutes=2 * i), price, timedelta(minutes=1)))
        minute.update(bar(IBM, START + timedelta(minutes=2 * i + 1), price, timedelta(minutes=1)))
    assert daily.is_ready
    assert not minute.is_ready
    assert math.isclose(daily.current.value, 1)


def test_reset_forgets_both_sides() -> None:
    walk = [(10, 20), (11, 19), (9, 23), (12, 24)]
    used = fed(Beta(IBM, SPY, 3), walk)
    value = used.current.value
    used.reset()
    assert (used.samples, used.is_ready, used.current.value) == (0, False, 0)
    assert fed(used, walk).current.value == value


def test_a_third_symbol_and_a_period_of_one_are_refused() -> None:
    with pytest.raises(ArgumentException, match="does not correspond to any"):
        Beta(IBM, SPY, 3).update(bar(Symbol.create("QQQ", SecurityType.EQUITY, Market.USA), START, 1))
    with pytest.raises(ArgumentException, match="greater than 2 but was 1"):
        Covariance(IBM, SPY, 1)


def test_exchanges_on_different_clocks_are_refused() -> None:
    future = Symbol.create_future("ES", Market.CME, datetime(2024, 3, 15))
    with pytest.raises(NotImplementedError, match="clock"):
        Beta(SPY, future, 3)
