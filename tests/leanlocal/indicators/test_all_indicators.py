"""What holds for every indicator: ready after its warm-up and not before, reset makes it new, and each says what it is called."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from leanlocal.exact import exact_arithmetic
from leanlocal.indicators import averages, candles, oscillators, ranges, trend, volumes, windowed
from leanlocal.indicators.base import BarIndicator, Indicator, IndicatorBase, TradeBarIndicator, WindowIndicator
from leanlocal.indicators.readings import BarPrices, Reading

START = datetime(2024, 7, 2, 9, 30)
GIVEN: dict[str, tuple[Any, ...]] = {
    "MovingAverageConvergenceDivergence": (3, 5, 3),
    "AbsolutePriceOscillator": (3, 5),
    "PercentagePriceOscillator": (3, 5),
    "Stochastic": (4, 2, 3),
    "StochasticRelativeStrengthIndex": (3, 4, 2, 2),
    "UltimateOscillator": (2, 3, 4),
    "AwesomeOscillator": (3, 5),
    "TrueStrengthIndex": (4, 3, 2),
    "BollingerBands": (4, 2),
    "KeltnerChannels": (4, 2),
    "DonchianChannel": (3, 4),
    "AroonOscillator": (3, 4),
    "SuperTrend": (4, 2),
    "AccumulationDistributionOscillator": (3, 5),
    "ChaikinMoneyFlow": ("CMF", 4),
    "MassIndex": (3, 4),
    "IchimokuKinkoHyo": (2, 3, 3, 4, 2, 2),
}
NO_PERIOD = {
    "ParabolicStopAndReverse",
    "HeikinAshi",
    "InternalBarStrength",
    "OnBalanceVolume",
    "AccumulationDistribution",
    "TrueRange",
    "BalanceOfPower",
    "IntradayVwap",
}


def kinds() -> dict[str, type[IndicatorBase]]:
    bases = {IndicatorBase, Indicator, BarIndicator, TradeBarIndicator, WindowIndicator}
    modules = (averages, candles, oscillators, ranges, trend, volumes, windowed)
    found = {
        name: kind for module in modules for name, kind in inspect.getmembers(module, inspect.isclass) if issubclass(kind, IndicatorBase) and kind not in bases
    }
    return {name: kind for name, kind in sorted(found.items()) if not name.startswith("_")}


def maker(name: str, kind: Any) -> Callable[[], Any]:
    given = GIVEN.get(name, () if name in NO_PERIOD else ("mine",) if name == "Identity" else (4,))
    return lambda: kind(*given)


def bars(count: int) -> list[Reading]:
    drawn, close, made = random.Random(7), 100.0, list[Reading]()
    for i in range(count):
        opening, close = close, close + drawn.uniform(-2, 2)
        values = (opening, max(opening, close) + drawn.random(), min(opening, close) - drawn.random(), close)
        first, high, low, last = (Decimal(f"{value:.2f}") for value in values)
        made.append(Reading(START + timedelta(minutes=i), last, BarPrices(first, high, low, last, Decimal(drawn.randint(1, 999)))))
    return made


def values(indicator: Any, rows: list[Reading]) -> list[tuple[Decimal, bool, int]]:
    shown: list[tuple[Decimal, bool, int]] = []
    with exact_arithmetic():
        for row in rows:
            indicator.update(row)
            shown.append((indicator.current.value, indicator.is_ready, indicator.samples))
    return shown


@pytest.mark.parametrize("name", kinds())
def test_ready_after_the_warm_up_and_for_good(name: str) -> None:
    indicator = maker(name, kinds()[name])()
    readiness = [ready for _, ready, _ in values(indicator, bars(60))]
    first = readiness.index(True) + 1
    assert all(readiness[first - 1 :])
    assert first == indicator.warm_up_period


@pytest.mark.parametrize("name", kinds())
def test_reset_makes_it_new(name: str) -> None:
    make, rows = maker(name, kinds()[name]), bars(40)
    used = make()
    fresh = values(used, rows)
    used.reset()
    assert (used.samples, used.current.value) == (0, 0)
    assert values(used, rows) == fresh == values(make(), rows)


@pytest.mark.parametrize("name", kinds())
def test_a_name_of_its_own_is_kept(name: str) -> None:
    made, given = kinds()[name], GIVEN.get(name, () if name in NO_PERIOD or name == "Identity" else (4,))
    own = given[1:] if name == "ChaikinMoneyFlow" else given
    assert made("mine", *own).name.startswith("mine")
    assert maker(name, made)().name
