"""Bars by price: classic renko and range bars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.algorithm.qc_algorithm import QCAlgorithm
from leanlocal.consolidators.timeless import ClassicRangeConsolidator, ClassicRenkoConsolidator, RangeConsolidator, tell_step
from leanlocal.enums import Resolution, SecurityType
from leanlocal.exact import exact_arithmetic
from leanlocal.feeds.blocks import TradeFacts
from leanlocal.slices.bars import TradeBar, trade_bar
from leanlocal.symbol_book import ArgumentException, SymbolBook, using
from leanlocal.symbols import Symbol
from leanlocal.testing import AlgorithmTest, InMemoryMarket

START = datetime(2024, 7, 2, 9, 30)
MINUTE = timedelta(minutes=1)
CENT = Decimal("0.01")


@pytest.fixture(autouse=True)
def exact() -> Iterator[None]:
    with exact_arithmetic(), using(SymbolBook()):
        yield


def bar(minute: int, price: Decimal, volume: int = 10) -> TradeBar:
    begin = START + minute * MINUTE
    return trade_bar(Symbol.create("SPY", SecurityType.EQUITY, "usa"), TradeFacts(0, 0, price, price, price, price, Decimal(volume)), begin, begin + MINUTE)


def fed(consolidator: Any, prices: list[str]) -> list[Any]:
    got: list[Any] = []
    if isinstance(consolidator, RangeConsolidator):
        tell_step(consolidator, CENT)
    consolidator.data_consolidated += lambda _, made: got.append(made)
    for minute, price in enumerate(prices):
        consolidator.update(bar(minute, Decimal(price)))
    return got


def shape(made: Any) -> tuple[float, float, float, float, float]:
    return made.open, made.high, made.low, made.close, made.volume


def test_classic_renko_opens_at_the_next_multiple_and_holds_one_step_per_row() -> None:
    got = fed(ClassicRenkoConsolidator(1), ["99.4", "100.5", "103.2", "101.5", "99.9"])
    assert [shape(made) for made in got] == [(100, 101, 100, 101, 30), (101, 101.5, 100, 100, 30)]
    assert [(made.time, made.end_time) for made in got] == [(START, START + 2 * MINUTE), (START + 2 * MINUTE, START + 4 * MINUTE)]


def test_classic_renko_with_selectors_and_uneven_bars() -> None:
    subject = ClassicRenkoConsolidator(2, lambda row: row.close * 2, lambda _: 1, False)
    got = fed(subject, ["10", "10.5", "11.5"])
    assert [shape(made) for made in got] == [(20, 22, 20, 22, 3)]
    assert subject.working_data.open == 22
    with pytest.raises(ArgumentException, match="bar size"):
        ClassicRenkoConsolidator(0)


@given(st.lists(st.integers(9000, 11000), min_size=2, max_size=60))
def test_classic_renko_bars_are_one_size_high_and_join(cents: list[int]) -> None:
    got = fed(ClassicRenkoConsolidator(0.5), [str(Decimal(value) / 100) for value in cents])
    for made in got:
        assert abs(made.close - made.open) == pytest.approx(0.5)
    for earlier, later in pairwise(got):
        assert later.open == earlier.close


def test_range_bars_between_have_no_volume() -> None:
    got = fed(RangeConsolidator(10), ["100.00", "100.05", "100.32"])
    assert [shape(made) for made in got] == [(100, 100.1, 100, 100.1, 20), (100.11, 100.21, 100.11, 100.21, 0)]
    assert (got[0].time, got[0].end_time) == (datetime(1, 1, 1), START + 2 * MINUTE)


def test_classic_range_bars_leave_gaps() -> None:
    subject = ClassicRangeConsolidator(10)
    got = fed(subject, ["100.00", "99.95", "99.60", "99.65"])
    assert [shape(made) for made in got] == [(100, 100, 99.9, 99.9, 20)]
    assert shape(subject.working_data) == (99.6, 99.65, 99.6, 99.6, 20)
    assert subject.range_size == pytest.approx(0.1)


@given(st.lists(st.integers(9900, 10100), min_size=2, max_size=40), st.integers(2, 30))
def test_range_bars_are_a_range_high_and_a_step_apart(cents: list[int], steps: int) -> None:
    got = fed(RangeConsolidator(steps), [str(Decimal(value) / 100) for value in cents])
    for made in got:
        assert made.range_size == pytest.approx(steps / 100)
        assert made.close in (made.high, made.low)
    for earlier, later in pairwise(got):
        edge = earlier.high + 0.01 if earlier.close == earlier.high else earlier.low - 0.01
        assert later.open == pytest.approx(edge)


def test_range_consolidator_must_be_registered_and_reset_begins_anew() -> None:
    with pytest.raises(ArgumentException, match="price step"):
        RangeConsolidator(5).update(bar(0, Decimal(100)))
    subject = RangeConsolidator(5)
    fed(subject, ["100.00", "100.20"])
    subject.reset()
    assert (subject.working_data, subject.consolidated, subject.range_size) == (None, None, 0)


class Using(QCAlgorithm):
    def initialize(self) -> None:
        self.set_start_date(2024, 7, 2)
        self.set_end_date(2024, 7, 2)
        one = self.add_equity("ONE", Resolution.MINUTE).symbol
        self.got: list[Any] = []
        for consolidator in (RangeConsolidator(50), ClassicRenkoConsolidator(1)):
            consolidator.data_consolidated += lambda sender, made: self.got.append((type(sender).__name__, self.time.minute, made.close))
            self.subscription_manager.add_consolidator(one, consolidator)


def test_an_algorithm_gets_them_with_the_row_that_closes_them() -> None:
    made = InMemoryMarket()
    made.stock("ONE", date(2024, 7, 2), [(time(9, 30), 100.0), (time(9, 31), 100.4), (time(9, 32), 101.2)])
    with AlgorithmTest(Using, made) as test:
        test.run_to(datetime(2024, 7, 2, 9, 34))
        assert test.algorithm.got == [("RangeConsolidator", 33, 100.5), ("RangeConsolidator", 33, 101.01), ("ClassicRenkoConsolidator", 33, 101)]
