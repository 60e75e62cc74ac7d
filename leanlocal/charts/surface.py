"""Charts as an algorithm makes them."""

from __future__ import annotations

from typing import Any

from leanlocal.charts.series import ChartCore, SeriesCore
from leanlocal.clock import micros_of
from leanlocal.enums import ScatterMarkerSymbol, SeriesType
from leanlocal.exact import from_float
from leanlocal.surface import LeanObject


class BaseSeries(LeanObject[SeriesCore]):
    """A named series of a chart."""

    def __init__(self, name: str = "", type: SeriesType = SeriesType.LINE, index: int | str = 0, unit: str = "$") -> None:
        if isinstance(index, str):
            index, unit = 0, index
        self._core = SeriesCore(name, unit, type, index)

    @property
    def name(self) -> str:
        """Its name."""
        return self._core.name

    @property
    def unit(self) -> str:
        """What the axis shows."""
        return self._core.unit

    @property
    def index(self) -> int:
        """Which of the chart's panes it is drawn in."""
        return self._core.index

    @property
    def series_type(self) -> SeriesType:
        """How it is drawn."""
        return self._core.kind


class Series(BaseSeries):
    """A series of numbers."""

    def __init__(
        self, name: str = "", type: SeriesType = SeriesType.LINE, index: Any = 0, unit: Any = "$", symbol: ScatterMarkerSymbol = ScatterMarkerSymbol.NONE
    ) -> None:
        colored = not isinstance(unit, str)
        super().__init__(name, type, index, "$" if colored else unit)
        self._core.marker = symbol
        if colored:
            self._core.color = str(unit)

    def add_point(self, time: Any, value: float) -> None:
        """A point at a time (UTC)."""
        self._core.add(micros_of(time), from_float(float(value)), overwrite=True)


class CandlestickSeries(BaseSeries):
    """A series of candles."""

    def __init__(self, name: str = "", index: int = 0, unit: str = "$") -> None:
        super().__init__(name, SeriesType.CANDLE, index, unit)

    def add_point(self, time: Any, open: float, high: float, low: float, close: float) -> None:
        """A candle at a time (UTC)."""
        first, top, bottom, last = (from_float(float(price)) for price in (open, high, low, close))
        self._core.add_candle(micros_of(time), (first, top, bottom, last))


class Chart(LeanObject[ChartCore]):
    """A chart with series of the algorithm's own."""

    def __init__(self, name: str = "", symbol: Any = None) -> None:
        self._core = ChartCore(name)
        self._symbol = symbol

    @property
    def name(self) -> str:
        """Its name."""
        return self._core.name

    @property
    def legend_disabled(self) -> bool:
        """Whether the legend is hidden."""
        return self._core.legend_disabled

    @legend_disabled.setter
    def legend_disabled(self, value: bool) -> None:
        self._core.legend_disabled = value

    def add_series(self, series: BaseSeries) -> None:
        """Add a series."""
        self._core.series[series.name] = series._core
