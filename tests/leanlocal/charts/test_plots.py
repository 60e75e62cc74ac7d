"""What an algorithm plots: points, candles, indicators, names kept by the run, and the JSON of each series."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.algorithm.qc_algorithm import QCAlgorithm
from leanlocal.charts.series import ChartBook, SeriesCore
from leanlocal.charts.surface import CandlestickSeries, Chart, Series
from leanlocal.clock import SECOND, micros_of
from leanlocal.enums import Resolution, ScatterMarkerSymbol, SeriesType
from leanlocal.indicators.custom import PythonIndicator
from leanlocal.surface import core_of
from leanlocal.symbol_book import ArgumentException
from leanlocal.testing import AlgorithmTest, InMemoryMarket

DAY = date(2024, 7, 2)
TEN = micros_of(datetime(2024, 7, 2, 14))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(-1000, 1000)), max_size=40))
def test_points_ascend_and_the_newest_of_a_moment_stands(drawn: list[tuple[int, int]]) -> None:
    series = SeriesCore("x")
    for moment, value in drawn:
        series.add(moment, Decimal(value), overwrite=True)
    moments = [moment for moment, _ in series.points]
    assert moments == sorted(set(moments))
    newest = max((moment for moment, _ in drawn), default=None)
    if newest is not None:
        assert series.points[-1] == (newest, [value for moment, value in drawn if moment == newest][-1])


def test_points_of_a_sampled_series_are_not_replaced() -> None:
    series = SeriesCore("x")
    series.add(5, Decimal(1))
    series.add(5, Decimal(2))
    assert series.points == [(5, Decimal(1))]


def test_json_rounds_for_display_and_tells_scatter_points_apart() -> None:
    line, dots = SeriesCore("Line"), SeriesCore("Dots", "%", SeriesType.SCATTER, 1, marker=ScatterMarkerSymbol.TRIANGLE_DOWN)
    for series in (line, dots):
        series.add(3 * SECOND, Decimal("0.123456789"))
        series.add(4 * SECOND, Decimal("12345.123456"))
        series.add(5 * SECOND, None)
    shown = [[3, 0.1234568], [4, 12345.1235], [5, None]]
    assert line.tree() == {"name": "Line", "unit": "$", "index": 0, "seriesType": 0, "values": shown, "color": "", "scatterMarkerSymbol": "none"}
    assert dots.tree()["values"] == [{"x": 3, "y": 0.1234568}, {"x": 4, "y": 12345.1235}, {"x": 5, "y": None}]
    assert dots.tree()["scatterMarkerSymbol"] == "triangle-down"


def test_charts_without_values_are_left_out() -> None:
    book = ChartBook()
    book.chart("Empty").of("Nothing")
    book.plot("Full", "One", TEN, Decimal(1))
    assert list(book.trees()) == ["Full"]


def test_series_of_ones_own_keep_pane_unit_and_marker() -> None:
    chart, dots, candles = Chart("Mine"), Series("Dots", SeriesType.SCATTER, "%", symbol=ScatterMarkerSymbol.CIRCLE), CandlestickSeries("Candles", 2, "")
    for series in (dots, candles):
        chart.add_series(series)
    dots.add_point(datetime(2024, 7, 2, 14), 3)
    candles.add_point(datetime(2024, 7, 2, 14), 1, 4, 0.5, 2)
    candles.add_point(datetime(2024, 7, 2, 14), 1, 5, 0.5, 3)
    candles.add_point(datetime(2024, 7, 2, 13), 9, 9, 9, 9)
    tree = core_of(chart).tree()
    assert (tree["series"]["Dots"]["unit"], tree["series"]["Dots"]["scatterMarkerSymbol"]) == ("%", "circle")
    assert tree["series"]["Candles"] == {"name": "Candles", "unit": "", "index": 2, "seriesType": 2, "values": [[TEN // SECOND, 1.0, 5.0, 0.5, 3.0]]}


class Twice(PythonIndicator):
    def update(self, input: Any) -> bool:
        self.value = 2 * input.value
        return True


class Plotting(QCAlgorithm):
    refused: dict[str, str]

    def initialize(self) -> None:
        self.set_start_date(2024, 7, 2)
        self.set_end_date(2024, 7, 2)
        self.one = self.add_equity("ONE", Resolution.MINUTE).symbol
        self.mean, self.twice = self.sma(self.one, 2), Twice()
        self.register_indicator(self.one, self.twice, Resolution.MINUTE)
        self.plot_indicator("Indicators", True, self.mean, self.twice)
        self.add_series("Mine", "Dots", SeriesType.SCATTER, "%")
        self.refused = {}

    def on_data(self, slice: Any) -> None:
        bar = slice.bars.get(self.one)
        if bar is None:
            return
        self.plot("bare", bar.close)
        self.record("recorded", bar.open)
        self.plot("Mine", "Dots", bar.close)
        self.plot("Mine", "Dots", bar.close + 1)
        self.plot("Mine", "Bars", bar)
        self.plot("Prices", 1, 4, 0.5, 2)
        self.plot("Now", self.mean, self.twice)
        for name, chart, values in (
            ("series", "Strategy Equity", ("Return", 1)),
            ("chart", "Exposure", ("x", 1)),
            ("kind", "Mine", ("Bars", 1)),
            ("finite", "Mine", ("x", float("nan"))),
            ("form", "Mine", ("x", 1, 2)),
        ):
            with pytest.raises(ArgumentException) as refusal:
                self.plot(chart, *values)
            self.refused[name] = str(refusal.value)


@pytest.fixture
def charts() -> tuple[Mapping[str, Any], dict[str, str]]:
    market = InMemoryMarket()
    market.stock("ONE", DAY, [(time(9, 30), 100.0), (time(9, 31), 102.0)])
    with AlgorithmTest(Plotting, market) as test:
        result = test.run_to_end()
        return result.charts, test.algorithm.refused


def test_points_land_where_they_are_plotted(charts: tuple[Mapping[str, Any], dict[str, str]]) -> None:
    trees, _ = charts
    equity, mine = trees["Strategy Equity"]["series"], trees["Mine"]["series"]
    assert [value for _, value in equity["bare"]["values"][:2]] == [100.0, 102.0]
    assert equity["recorded"]["values"][0][1] == 100.0
    assert [point["y"] for point in mine["Dots"]["values"][:2]] == [101.0, 103.0]
    assert (mine["Dots"]["unit"], mine["Dots"]["seriesType"]) == ("%", 1)
    assert mine["Bars"]["seriesType"] == equity["Prices"]["seriesType"] == 2
    assert equity["Prices"]["values"][0][1:] == [1.0, 4.0, 0.5, 2.0]
    assert [row[4] for row in mine["Bars"]["values"][:2]] == [100.0, 102.0]


def test_indicators_are_plotted_under_their_names_and_once_ready(charts: tuple[Mapping[str, Any], dict[str, str]]) -> None:
    trees, _ = charts
    later, now = trees["Indicators"]["series"], trees["Now"]["series"]
    assert [value for _, value in later["SMA(2,ONE_min)"]["values"][:2]] == [101.0, 102.0]
    assert [value for _, value in later["Twice"]["values"][:2]] == [200.0, 204.0]
    assert [value for _, value in now["SMA(2,ONE_min)"]["values"][:2]] == [100.0, 101.0]


def test_names_of_the_run_and_wrong_forms_are_refused(charts: tuple[Mapping[str, Any], dict[str, str]]) -> None:
    _, refused = charts
    assert refused["series"] == "'Return' is a reserved series name for chart 'Strategy Equity'."
    assert refused["chart"] == "'Exposure' is a reserved chart name."
    assert "holds candles" in refused["kind"]
    assert "non-finite" in refused["finite"]
    assert "a candle open, high, low and close" in refused["form"]
