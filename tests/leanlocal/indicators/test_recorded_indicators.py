"""Twenty-five indicators over six weeks of adjusted daily bars must show, bar by bar, every digit LEAN logged: value, readiness and samples."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.enums import MovingAverageType
from leanlocal.exact import exact_arithmetic
from leanlocal.indicators import averages, oscillators, ranges, trend, volumes, windowed
from leanlocal.indicators.base import IndicatorBase
from leanlocal.indicators.readings import BarPrices, Reading
from leanlocal.indicators.window import RollingWindow
from leanlocal.symbol_book import ArgumentException
from marketdata.leanfolder import LeanFolder
from marketdata.port import Instrument, Kind, Step, Tick, TradeColumns


def adjusted_bars(shared: Path) -> dict[date, BarPrices]:
    folder = LeanFolder(shared / "lean-data")
    columns = folder.bars(Instrument(Kind.EQUITY, "usa", "spy"), Step.DAILY, Tick.TRADE, None)
    assert isinstance(columns, TradeColumns)
    factors = [(row.day, row.price_factor * row.split_factor) for row in folder.factor_rows("spy", "usa")]
    bars: dict[date, BarPrices] = {}
    for i in range(columns.start.size):
        day = (datetime(1970, 1, 1) + timedelta(microseconds=int(columns.start[i]))).date()
        if not date(2013, 8, 1) < day < date(2013, 10, 31):
            continue
        factor = next(value for last, value in factors if last >= day)
        raw = (columns.open[i], columns.high[i], columns.low[i], columns.close[i])
        first, high, low, last = (Decimal(int(value)) / columns.divisor * factor for value in raw)
        bars[day] = BarPrices(first, high, low, last, Decimal(round(Decimal(int(columns.volume[i])) / factor)))
    return bars


def tools() -> dict[str, IndicatorBase]:
    simple = MovingAverageType.SIMPLE
    return {
        "atr": ranges.AverageTrueRange(14, simple),
        "atr_simple": ranges.AverageTrueRange(5, simple),
        "sma": averages.SimpleMovingAverage(10),
        "ema": averages.ExponentialMovingAverage(10),
        "ema_s": averages.ExponentialMovingAverage(10, 0.5),
        "rsi": oscillators.RelativeStrengthIndex(14),
        "rsi_simple": oscillators.RelativeStrengthIndex(5, simple),
        "bb": ranges.BollingerBands(20, 2),
        "std": windowed.StandardDeviation(10),
        "macd": oscillators.MovingAverageConvergenceDivergence(5, 10, 4),
        "mom": windowed.Momentum(5),
        "roc": windowed.RateOfChange(5),
        "max": windowed.Maximum(10),
        "min": windowed.Minimum(10),
        "vwap_window": averages.SimpleMovingAverage(5),
        "adx": trend.AverageDirectionalIndex(5),
        "cci": oscillators.CommodityChannelIndex(10),
        "logr": windowed.LogReturn(1),
        "natr": ranges.NormalizedAverageTrueRange(5),
        "variance": windowed.Variance(10),
        "wilr": oscillators.WilliamsPercentR(10),
        "hma": averages.LinearWeightedMovingAverage(6),
        "dch": ranges.DonchianChannel(10, 10),
        "obv": volumes.OnBalanceVolume(),
        "tr": ranges.TrueRange(),
    }


def shown(indicator: Any) -> str:
    return f"{indicator.current.value:.10g}"


@pytest.mark.shared
def test_indicators_show_every_logged_digit(shared: Path) -> None:
    bars, subject = adjusted_bars(shared), tools()
    lines = (shared / "parity/sample/05_indicators_daily/expected/log.txt").read_text().splitlines()
    with exact_arithmetic():
        for line in lines:
            parts = line.split("|")
            if parts[0].endswith(" bar"):
                end = datetime.fromisoformat(parts[3])
                reading = Reading(end, bars[end.date()].close, bars[end.date()])
                special = {"max": reading.prices.high, "min": reading.prices.low, "vwap_window": reading.prices.volume}
                for name, tool in subject.items():
                    tool.update(reading.at(special[name]) if name in special else reading)
            elif parts[0].endswith(" values"):
                expected = dict(part.split("=") for part in parts[1:])
                actual = {name: f"{shown(tool)},{'y' if tool.is_ready else 'n'},{tool.samples}" for name, tool in subject.items()}
                assert actual == expected, line[:19]
            else:
                bands, macd = subject["bb"], subject["macd"]
                inner = [bands.upper_band, bands.middle_band, bands.lower_band, bands.standard_deviation, bands.percent_b, bands.band_width]
                assert [shown(one) for one in inner] == parts[1:7]
                assert [f"signal={shown(macd.signal)}", f"histogram={shown(macd.histogram)}"] == parts[7:9]


values = st.lists(st.integers(1, 1000), min_size=12, max_size=40)
START = datetime(2024, 1, 2, 16)


def fed(indicator: IndicatorBase, numbers: list[int]) -> IndicatorBase:
    for i, number in enumerate(numbers):
        indicator.update(START + timedelta(days=i), number)
    return indicator


@given(values)
def test_simple_average_is_the_mean_of_the_newest_values(numbers: list[int]) -> None:
    average = fed(averages.SimpleMovingAverage(5), numbers)
    assert average.current.value == pytest.approx(sum(numbers[-5:]) / 5)
    assert average.is_ready
    assert average.samples == len(numbers)


@given(values)
def test_reset_gives_a_fresh_indicator(numbers: list[int]) -> None:
    for make in (
        lambda: oscillators.RelativeStrengthIndex(4),
        lambda: ranges.BollingerBands(5, 2),
        lambda: averages.HullMovingAverage(4),
        lambda: averages.KaufmanAdaptiveMovingAverage(4),
    ):
        used = fed(make(), numbers)
        used.reset()
        assert used.samples == 0
        assert not used.is_ready
        assert fed(used, numbers).current.value == fed(make(), numbers).current.value


@given(values)
def test_bounded_oscillators_stay_in_their_bounds(numbers: list[int]) -> None:
    for oscillator in (oscillators.RelativeStrengthIndex(5), trend.AverageDirectionalIndex(3)):
        assert 0 <= fed(oscillator, numbers).current.value <= 100
    efficiency = fed(averages.KaufmanEfficiencyRatio(5), numbers)
    assert 0 <= efficiency.current.value <= 1


def test_constant_series_leaves_every_average_at_the_constant() -> None:
    for kind in MovingAverageType:
        if kind in averages.AVERAGES:
            assert fed(averages.moving_average(kind, "x", 4), [7] * 40).current.value == pytest.approx(7), kind


def test_input_older_than_the_last_is_refused() -> None:
    average = fed(averages.SimpleMovingAverage("mine", 3), [1, 2])
    with pytest.raises(ArgumentException, match="forward only indicator: mine"):
        average.update(START - timedelta(days=1), 1.0)


def test_window_keeps_the_newest_first_and_remembers_what_left() -> None:
    window = RollingWindow[int](2)
    for item in (1, 2, 3):
        window.add(item)
    assert (window[0], window[1], window.most_recently_removed, list(window), window.samples) == (3, 2, 1, [3, 2], 3)
    assert window[5] is None


def test_handlers_see_each_value_and_can_be_removed() -> None:
    seen: list[float] = []
    average = averages.SimpleMovingAverage(2)

    def note(sender: object, point: Any) -> None:
        assert sender is average
        seen.append(point.value)

    average.updated += note
    fed(average, [2, 4])
    average.updated -= note
    average.update(START + timedelta(days=9), 100)
    assert seen == [2.0, 3.0]
