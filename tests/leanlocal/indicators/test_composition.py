"""Indicators made of indicators: when they have a value, what it is, and what feeds what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.indicators.averages import Identity, SimpleMovingAverage
from leanlocal.indicators.base import IndicatorBase
from leanlocal.indicators.composition import CompositeIndicator, ConstantIndicator, IndicatorExtensions
from leanlocal.runtime.exports import exported

START = datetime(2024, 7, 1, 9, 31)
PRICES = st.lists(st.integers(1, 10**6).map(lambda cents: cents / 100), min_size=6, max_size=30)


def feed(values: list[float], *indicators: IndicatorBase) -> None:
    for minute, value in enumerate(values):
        for one in indicators:
            one.update(START + timedelta(minutes=minute), value)


@given(PRICES)
def test_a_composite_is_its_two_sides_combined(prices: list[float]) -> None:
    fast, slow = SimpleMovingAverage(2), SimpleMovingAverage(5)
    made = {"+": IndicatorExtensions.plus(fast, slow), "-": IndicatorExtensions.minus(fast, slow), "/": IndicatorExtensions.over(fast, slow)}
    feed(prices, fast, slow)
    ours, theirs = fast.current.value, slow.current.value
    assert made["+"].current.value == pytest.approx(ours + theirs)
    assert made["-"].current.value == pytest.approx(ours - theirs, abs=1e-9)
    assert made["/"].current.value == pytest.approx(ours / theirs)
    assert all(one.samples == len(prices) and one.is_ready for one in made.values())
    assert made["-"].current.time == START + timedelta(minutes=len(prices) - 1)


def test_a_composite_waits_for_both_sides_to_change() -> None:
    left, right = Identity("left"), Identity("right")
    both = IndicatorExtensions.times(left, right)
    feed([3.0], left)
    assert both.samples == 0
    feed([4.0], right)
    assert (both.samples, both.current.value) == (1, 12.0)
    feed([5.0], right)
    assert both.samples == 1


def test_a_number_needs_no_waiting_for() -> None:
    side = Identity("side")
    more = IndicatorExtensions.plus(side, 1.5)
    feed([3.0, 4.0], side)
    assert (more.samples, more.current.value, more.name) == (2, 5.5, "COMPOSE(side,1.5)")


def test_a_quotient_by_zero_leaves_the_last_one_standing() -> None:
    left, right = Identity("left"), Identity("right")
    ratio = IndicatorExtensions.over(left, right, "ratio")
    feed([6.0], left, right)
    left.update(START + timedelta(hours=1), 8.0)
    right.update(START + timedelta(hours=1), 0.0)
    assert (ratio.name, ratio.current.value) == ("ratio", 1.0)


@pytest.mark.parametrize(("wait", "taken"), [(True, 3), (False, 5)])
def test_an_indicator_is_fed_by_another_from_its_readiness_on_or_at_once(wait: bool, taken: int) -> None:
    first = SimpleMovingAverage(3)
    second = IndicatorExtensions.sma(first, 2, wait)
    feed([1.0, 2.0, 3.0, 4.0, 5.0], first)
    assert (second.name, second.samples, second.current.value) == ("SMA2_Of_SMA(3)", taken, 3.5)


def test_a_function_of_ones_own_composes_two() -> None:
    left, right = Identity("left"), Identity("right")
    widest = CompositeIndicator("widest", left, right, lambda a, b: max(a.current.value, b.current.value))
    feed([3.0], left)
    feed([7.0], right)
    assert widest.current.value == 7.0
    widest.reset()
    assert (widest.samples, left.samples, right.samples, widest.is_ready) == (0, 0, 0, False)


def test_a_constant_is_always_ready_and_survives_a_reset() -> None:
    constant = ConstantIndicator("two", 2)
    constant.reset()
    assert (constant.is_ready, constant.current.value) == (True, 2.0)


def test_algorithms_see_them_by_lean_names() -> None:
    names: dict[str, Any] = exported()
    assert names["IndicatorExtensions"] is IndicatorExtensions
    assert names["CompositeIndicator"] is CompositeIndicator
    with pytest.raises(NotImplementedError, match="weighted_by"):
        names["IndicatorExtensions"].weighted_by(Identity("a"), Identity("b"), 3)
