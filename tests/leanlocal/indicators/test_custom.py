"""Indicators written by an algorithm: asked by the engine, read by the algorithm."""

from __future__ import annotations

from collections import deque
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from leanlocal.algorithm.qc_algorithm import QCAlgorithm
from leanlocal.enums import Resolution
from leanlocal.indicators.custom import PythonIndicator, feed
from leanlocal.slices.bars import TradeBar
from leanlocal.symbol_book import ArgumentException
from leanlocal.testing import AlgorithmTest, InMemoryMarket

DAY = date(2024, 7, 2)
PRICES = (100.0, 102.0, 104.0, 103.0, 105.0)


class MeanOfCloses(PythonIndicator):
    """Keeps names of its own that the engine uses elsewhere, and does not call its base's constructor."""

    def __init__(self, name: str, period: int) -> None:
        self.name = name
        self.value = 0.0
        self.warm_up_period = period
        self._window = deque[float](maxlen=period)

    def update(self, input: Any) -> bool:
        self._window.append(input.close if hasattr(input, "close") else input.value)
        self.value = sum(self._window) / len(self._window)
        return len(self._window) == self._window.maxlen


class InOtherSpelling(PythonIndicator):
    def __init__(self) -> None:
        super().__init__("ignored")
        self.Value = 0

    def Update(self, input: Any) -> None:
        self.Value = input.value * 2

    @property
    def is_ready(self) -> bool:
        return self.samples > 1


class Plain:
    """An indicator that derives from nothing."""

    name, value, is_ready = "plain", 0.0, False

    def update(self, input: Any) -> bool:
        self.value, self.is_ready = input.close, True
        return True


class Using(QCAlgorithm):
    def initialize(self) -> None:
        self.set_start_date(2024, 7, 2)
        self.set_end_date(2024, 7, 2)
        one = self.add_equity("ONE", Resolution.MINUTE).symbol
        self.mean, self.double, self.picked, self.plain = MeanOfCloses("mine", 3), InOtherSpelling(), MeanOfCloses("high", 1), Plain()
        self.heard: list[tuple[str, float]] = []
        self.mean.updated += lambda sender, point: self.heard.append((sender.name, point.value))
        self.register_indicator(one, self.mean, Resolution.MINUTE)
        self.register_indicator(one, self.double, timedelta(minutes=1))
        self.register_indicator(one, self.picked, Resolution.MINUTE, lambda bar: bar.volume)
        self.register_indicator(one, self.plain, Resolution.MINUTE)
        self.ready: list[bool] = []
        self.one = one

    def on_data(self, slice: Any) -> None:
        self.ready.append(self.mean.is_ready)
        if self.time.minute == 35:
            self.late = MeanOfCloses("late", 3)
            self.warm_up_indicator(self.one, self.late)
            self.past = self.indicator_history(MeanOfCloses("past", 2), self.one, 4)


@pytest.fixture
def algorithm() -> Any:
    made = InMemoryMarket()
    made.stock("ONE", DAY, [(time(9, 30 + i), price) for i, price in enumerate(PRICES)])
    with AlgorithmTest(Using, made) as test:
        test.run_to(datetime(2024, 7, 2, 9, 35))
        return test.algorithm


def test_engine_asks_the_algorithms_update_and_keeps_its_value(algorithm: Any) -> None:
    mean = algorithm.mean
    assert algorithm.ready == [False, False, True, True, True]
    assert (mean.samples, mean.current.value, mean.previous.value, mean.name) == (5, 104, 103, "mine")
    assert mean.current.end_time == datetime(2024, 7, 2, 9, 35)
    assert algorithm.heard == [("mine", value) for value in (100, 101, 102, 103, 104)]
    assert float(mean) == 104
    assert mean > 103
    assert mean <= 104


def test_other_spelling_and_readiness_of_ones_own(algorithm: Any) -> None:
    assert (algorithm.double.current.value, algorithm.double.is_ready, algorithm.double.value) == (210, True, 210)


def test_selector_hands_over_a_value(algorithm: Any) -> None:
    assert algorithm.picked.current.value == algorithm.picked.value > 0


def test_class_that_derives_from_nothing_is_fed_with_bars(algorithm: Any) -> None:
    assert (algorithm.plain.value, algorithm.plain.is_ready) == (105, True)


def test_warm_up_and_history_go_through_the_algorithms_update(algorithm: Any) -> None:
    assert (algorithm.late.is_ready, algorithm.late.current.value) == (True, 104)
    assert [point.value for point in algorithm.past.current] == [101, 103, 103.5, 104]


def bar(minute: int, close: float) -> TradeBar:
    return TradeBar(datetime(2024, 7, 2, 10, minute), None, close, close, close, close, 1, timedelta(minutes=1))


def test_calling_update_oneself_leaves_the_current_value() -> None:
    mean = MeanOfCloses("mine", 2)
    assert not mean.update(bar(0, 5))
    assert (mean.value, mean.current.value, mean.samples, mean.is_ready) == (5, 0, 0, False)


def test_reset_and_order_are_the_engines() -> None:
    mean = MeanOfCloses("mine", 1)
    feed(mean, bar(5, 5))
    with pytest.raises(ArgumentException, match="forward only indicator: mine"):
        feed(mean, bar(1, 5))
    mean.reset()
    assert (mean.samples, mean.is_ready, mean.current.value) == (0, False, 0)


def test_class_without_update_or_value_is_named() -> None:
    class Nothing(PythonIndicator):
        pass

    class Silent(PythonIndicator):
        def update(self, input: Any) -> bool:
            return True

    for kind, missing in ((Nothing, "update"), (Silent, "value")):
        with pytest.raises(NotImplementedError, match=rf"Indicator\.{missing} must be implemented.*{kind.__name__}"):
            feed(kind(), bar(0, 5))
