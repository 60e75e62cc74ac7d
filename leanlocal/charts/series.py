"""A chart's series as values: points in time order, and their JSON as LEAN writes it.

A point no later than the series' last is dropped (replaced, where LEAN overwrites). Numbers are rounded for display: 7 significant digits, 4 places above 1000.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from leanlocal.clock import SECOND, Micros
from leanlocal.enums import ScatterMarkerSymbol, SeriesType
from leanlocal.exact import smart_round, to_float
from leanlocal.symbol_book import ArgumentException

MARKERS = {
    ScatterMarkerSymbol.NONE: "none",
    ScatterMarkerSymbol.CIRCLE: "circle",
    ScatterMarkerSymbol.SQUARE: "square",
    ScatterMarkerSymbol.DIAMOND: "diamond",
    ScatterMarkerSymbol.TRIANGLE: "triangle",
    ScatterMarkerSymbol.TRIANGLE_DOWN: "triangle-down",
}

RESERVED: dict[str, tuple[str, ...]] = {
    "Strategy Equity": ("Equity", "Return"),
    "Capacity": ("Strategy Capacity",),
    "Drawdown": ("Equity Drawdown",),
    "Benchmark": ("Benchmark",),
    "Assets Sales Volume": (),
    "Exposure": (),
    "Portfolio Margin": (),
    "Portfolio Turnover": ("Portfolio Turnover",),
}
"""Series the run samples itself, by chart; nothing at all can be plotted in a chart without any named (QCAlgorithm.Plotting.cs of QuantConnect/Lean)."""


@dataclass(slots=True)
class SeriesCore:
    """One series. points: (time, value); value None where LEAN writes null. candles: (time, open, high, low, close) instead, for a candle series."""

    name: str
    unit: str = "$"
    kind: SeriesType = SeriesType.LINE
    index: int = 0
    index_name: str = ""
    tooltip: str = ""
    color: str = ""
    marker: ScatterMarkerSymbol = ScatterMarkerSymbol.NONE
    points: list[tuple[Micros, Decimal | None]] = field(default_factory=list[tuple[Micros, "Decimal | None"]])
    candles: list[tuple[Micros, float, float, float, float]] = field(default_factory=list[tuple[Micros, float, float, float, float]])

    def add(self, moment: Micros, value: Decimal | None, *, overwrite: bool = False) -> None:
        """Take a point; one that is not later than the last is dropped, or replaces it."""
        if self.points and moment <= self.points[-1][0]:
            if overwrite and moment == self.points[-1][0]:
                self.points[-1] = (moment, value)
            return
        self.points.append((moment, value))

    def add_candle(self, moment: Micros, prices: tuple[Decimal, Decimal, Decimal, Decimal]) -> None:
        """Take open, high, low and close; at the time of the last candle they replace it, before it they are dropped."""
        first, high, low, last = (to_float(smart_round(price)) for price in prices)
        if self.candles and moment == self.candles[-1][0]:
            self.candles.pop()
        if not self.candles or moment > self.candles[-1][0]:
            self.candles.append((moment, first, high, low, last))

    def tree(self) -> dict[str, Any]:
        """LEAN's JSON."""
        head: dict[str, Any] = {"name": self.name, "unit": self.unit, "index": self.index, "seriesType": int(self.kind)}
        if self.index_name:
            head["indexName"] = self.index_name
        if self.tooltip:
            head["tooltip"] = self.tooltip
        if self.kind is SeriesType.CANDLE:
            return {**head, "values": [[row[0] // SECOND, *row[1:]] for row in self.candles]}
        return {**head, "values": [self._point(*point) for point in self.points], "color": self.color, "scatterMarkerSymbol": MARKERS[self.marker]}

    def _point(self, moment: Micros, value: Decimal | None) -> Any:
        shown = None if value is None else to_float(smart_round(value))
        return {"x": moment // SECOND, "y": shown} if self.kind is SeriesType.SCATTER else [moment // SECOND, shown]


@dataclass(slots=True)
class ChartCore:
    """A named set of series."""

    name: str
    legend_disabled: bool = False
    series: dict[str, SeriesCore] = field(default_factory=dict[str, SeriesCore])

    def of(self, name: str, unit: str = "$", kind: SeriesType = SeriesType.LINE, index: int = 0) -> SeriesCore:
        """The series of a name, made when it is new."""
        return self.series.setdefault(name, SeriesCore(name, unit, kind, index))

    def tree(self) -> dict[str, Any]:
        """LEAN's JSON."""
        head: dict[str, Any] = {"name": self.name, "chartType": 0}
        if self.legend_disabled:
            head["legendDisabled"] = True
        return {**head, "series": {name: series.tree() for name, series in self.series.items()}}


class ChartBook:
    """All charts of a run by name."""

    def __init__(self) -> None:
        self.charts: dict[str, ChartCore] = {}

    def chart(self, name: str) -> ChartCore:
        """The chart of a name, made when it is new."""
        return self.charts.setdefault(name, ChartCore(name))

    def plot(self, chart: str, series: str, moment: Micros, value: Decimal, kind: SeriesType = SeriesType.LINE) -> None:
        """A point of the algorithm's own; a second one at the same time replaces the first.

        Raises ArgumentException for a name the run keeps for itself and for a series of candles.
        """
        self._own(chart, series, kind, candles=False).add(moment, value, overwrite=True)

    def plot_candle(self, chart: str, series: str, moment: Micros, prices: tuple[Decimal, Decimal, Decimal, Decimal]) -> None:
        """A candle of the algorithm's own: open, high, low, close. Raises ArgumentException as `plot` does, and for a series of numbers."""
        self._own(chart, series, SeriesType.CANDLE, candles=True).add_candle(moment, prices)

    def _own(self, chart: str, series: str, kind: SeriesType, *, candles: bool) -> SeriesCore:
        kept = RESERVED.get(chart)
        if kept is not None and not kept:
            raise ArgumentException(f"'{chart}' is a reserved chart name.")
        if kept is not None and series in kept:
            raise ArgumentException(f"'{series}' is a reserved series name for chart '{chart}'.")
        found = self.chart(chart).of(series, kind=kind)
        if (found.kind is SeriesType.CANDLE) is not candles:
            holds = "candles" if found.kind is SeriesType.CANDLE else "numbers"
            raise ArgumentException(f"series '{series}' of chart '{chart}' holds {holds}; plot the other kind under another name")
        return found

    def trees(self) -> dict[str, Any]:
        """LEAN's JSON of every chart that has a series with values."""
        return {name: chart.tree() for name, chart in self.charts.items() if any(s.points or s.candles for s in chart.series.values())}
