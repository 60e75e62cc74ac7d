"""QCAlgorithm's indicator helpers: names, feeding, warming up."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

import pytest

from leanlocal.algorithm.qc_algorithm import QCAlgorithm
from leanlocal.enums import MovingAverageType, Resolution
from leanlocal.testing import AlgorithmTest, InMemoryMarket

DAY = date(2024, 7, 2)
PRICES = (100.0, 101.0, 100.5, 103.0, 102.0, 104.0, 103.0, 106.0, 105.0, 104.0)
OTHER = (50.0, 50.2, 50.1, 51.0, 50.4, 51.5, 51.0, 52.5, 51.9, 52.0)
NAMED: dict[str, tuple[tuple[Any, ...], str]] = {
    "alma": ((5,), "ALMA(5,6,0.85,ONE_min)"),
    "t_3": ((2,), "T3(2,0.7,ONE_min)"),
    "zlema": ((3,), "ZLEMA(3,ONE_min)"),
    "rma": ((2,), "RMA(2,ONE_min)"),
    "ker": ((3,), "KER(3,ONE_min)"),
    "tsf": ((3,), "TSF(3,ONE_min)"),
    "tdd": ((3,), "TDD(3,ONE_min)"),
    "tsi": ((3, 2, 2), "TSI(3,2,2,ONE_min)"),
    "srsi": ((2, 2, 2, 2), "SRSI(2,2,2,2,ONE_min)"),
    "ichimoku": ((2, 3, 3, 4, 2, 2), "ICHIMOKU(2,3,3,4,2,2,ONE_min)"),
    "heikin_ashi": ((), "HA(ONE_min)"),
    "ibs": ((), "IBS(ONE_min)"),
    "chop": ((3,), "CHOP(3,ONE_min)"),
    "mass": ((2, 2), "MASS(2,2,ONE_min)"),
    "vtx": ((3,), "VTX(3,ONE_min)"),
    "ao": ((2, 3), "AO(2,3,Simple,ONE_min)"),
    "adosc": ((2, 3), "ADOSC(2,3,ONE_min)"),
    "emv": ((2,), "EMV(2, 10000,ONE_min)"),
    "fi": ((3,), "FI(3,ONE_min)"),
    "apo": ((2, 3, MovingAverageType.SIMPLE), "APO(2,3,ONE_min)"),
    "kch": ((3, 2), "KCH(3,2,ONE_min)"),
    "sto": ((3, 2, 2), "STO(3,2,2,ONE_min)"),
}


def market() -> InMemoryMarket:
    made = InMemoryMarket()
    for ticker, prices in (("ONE", PRICES), ("TWO", OTHER)):
        made.stock(ticker, DAY, [(time(9, 30 + i), price) for i, price in enumerate(prices)])
    return made


class Asking(QCAlgorithm):
    warmed = False

    def initialize(self) -> None:
        self.set_start_date(2024, 7, 2)
        self.set_end_date(2024, 7, 2)
        self.settings.automatic_indicator_warm_up = self.warmed
        self.one, self.two = (self.add_equity(ticker, Resolution.MINUTE).symbol for ticker in ("ONE", "TWO"))
        self.made: dict[str, Any] = {}
        if not self.warmed:
            self.made = {name: getattr(self, name)(self.one, *given) for name, (given, _) in NAMED.items()}
            self.pairs = (self.b(self.one, self.two, 4), self.cov(self.one, self.two, 4), self.c(self.one, self.two, 5, resolution=Resolution.MINUTE))


def test_helpers_name_their_indicators_and_feed_them_with_each_bar() -> None:
    with AlgorithmTest(Asking, market()) as test:
        test.run_to(datetime(2024, 7, 2, 9, 40))
        algorithm: Any = test.algorithm
    for name, indicator in algorithm.made.items():
        assert indicator.name == NAMED[name][1], name
        assert indicator.samples == 10, name
        assert indicator.is_ready, name


def test_pair_helpers_take_the_bars_of_both_symbols() -> None:
    with AlgorithmTest(Asking, market()) as test:
        test.run_to(datetime(2024, 7, 2, 9, 40))
        algorithm: Any = test.algorithm
    beta, covariance, correlation = algorithm.pairs
    assert [one.samples for one in algorithm.pairs] == [20, 20, 20]
    assert (beta.name, covariance.name) == ("B(4)", "COV(4)")
    returns = [[after / before - 1 for before, after in pairwise(prices[5:])] for prices in (PRICES, OTHER)]
    means = [sum(side) / 4 for side in returns]
    joint = sum((a - means[0]) * (b - means[1]) for a, b in zip(*returns, strict=True)) / 3
    spread = sum((b - means[1]) ** 2 for b in returns[1]) / 3
    assert covariance.current.value == pytest.approx(joint)
    assert beta.current.value == pytest.approx(joint / spread)
    assert 0 < correlation.current.value < 1


class Warmed(Asking):
    warmed = True

    def on_data(self, slice: Any) -> None:
        if self.time == datetime(2024, 7, 2, 9, 38):
            self.beta = self.b(self.one, self.two, 4)


def test_a_pair_warms_up_from_both_histories() -> None:
    with AlgorithmTest(Warmed, market()) as test:
        test.run_to(datetime(2024, 7, 2, 9, 38))
        algorithm: Any = test.algorithm
    assert algorithm.beta.is_ready
    assert algorithm.beta.samples == 10
