"""Warm-up: before the start date bars of the resolution asked for, from the start date on the subscription's own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from leanlocal.algorithm.qc_algorithm import QCAlgorithm
from leanlocal.enums import Resolution
from leanlocal.testing import AlgorithmTest, InMemoryMarket

DAYS = [date(2024, 7, day) for day in (1, 2, 3, 4, 5)]


def market() -> InMemoryMarket:
    made = InMemoryMarket()
    for place, day in enumerate(DAYS):
        made.stock("ONE", day, [(time(9, 30), 100.0 + place), (time(15, 0), 100.5 + place)])
    return made


class Warming(QCAlgorithm):
    seen: list[tuple[datetime, datetime, bool]]

    def initialize(self) -> None:
        self.set_start_date(2024, 7, 5)
        self.set_end_date(2024, 7, 5)
        self.one = self.add_equity("ONE", Resolution.MINUTE).symbol
        self.average = self.sma(self.one, 3, Resolution.DAILY)
        self.seen = []
        self.begin()

    def begin(self) -> None:
        """How the warm-up is asked for."""

    def on_data(self, slice: Any) -> None:
        bar = slice.bars.get(self.one)
        if bar is not None:
            self.seen.append((self.time, bar.end_time, self.is_warming_up))

    def on_warmup_finished(self) -> None:
        self.finished = (self.time, self.average.is_ready, self.average.current.value, self.securities[self.one].price)


class ByCount(Warming):
    def begin(self) -> None:
        self.set_warm_up(3, Resolution.DAILY)


class BySpan(Warming):
    def begin(self) -> None:
        self.set_warm_up(timedelta(days=3), Resolution.DAILY)


class BySetting(Warming):
    def begin(self) -> None:
        self.settings.warmup_resolution = Resolution.DAILY
        self.set_warm_up(3)


@pytest.mark.parametrize("kind", [ByCount, BySpan, BySetting])
def test_a_daily_warm_up_of_a_minute_subscription_delivers_daily_bars(kind: type[Warming]) -> None:
    with AlgorithmTest(kind, market()) as test:
        test.run_to(datetime(2024, 7, 5, 9, 32))
        algorithm: Any = test.algorithm
    warming = [(moment, end) for moment, end, flag in algorithm.seen if flag]
    assert warming == [(datetime(2024, 7, day, 16), datetime(2024, 7, day, 16)) for day in (2, 3, 4)]
    assert algorithm.finished == (datetime(2024, 7, 5), True, 102.5, 103.5)
    assert [moment for moment, _, flag in algorithm.seen if not flag] == [datetime(2024, 7, 5, 9, 31), datetime(2024, 7, 5, 9, 32)]


def test_the_last_warm_up_price_stands_until_the_first_minute() -> None:
    with AlgorithmTest(ByCount, market()) as test:
        test.run_to(datetime(2024, 7, 5, 9, 30))
        assert test.algorithm.securities["ONE"].price == 103.5
        test.run_to(datetime(2024, 7, 5, 9, 31))
        assert test.algorithm.securities["ONE"].price == 104


class ByMinutes(Warming):
    def begin(self) -> None:
        self.set_warm_up(2)


def test_without_a_resolution_the_subscriptions_own_bars_warm_up() -> None:
    with AlgorithmTest(ByMinutes, market()) as test:
        test.run_to(datetime(2024, 7, 5, 9, 31))
        algorithm: Any = test.algorithm
    assert [moment for moment, _, flag in algorithm.seen if flag] == [datetime(2024, 7, 4, 15, minute) for minute in (58, 59)] + [datetime(2024, 7, 4, 16)]
