"""QCAlgorithm's part about what is shown: plots, charts, statistics, benchmark, rates."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal import symbol_book
from leanlocal.charts.benchmark import BenchmarkView, FunctionBenchmark, SecurityBenchmark
from leanlocal.charts.shown import Tags
from leanlocal.charts.surface import Chart, Series
from leanlocal.enums import SecurityType, SeriesType
from leanlocal.exact import from_float, text
from leanlocal.indicators.base import IndicatorBase
from leanlocal.indicators.custom import PythonIndicator
from leanlocal.mappings import as_symbol
from leanlocal.rates.surface import InterestRateProvider
from leanlocal.results.collect import statistics_now
from leanlocal.slices.bars import TradeBar
from leanlocal.statistics.surface import AlgorithmPerformance, Pairs, StatisticsResults, Trade, TradeBuilderView
from leanlocal.statistics.trade_figures import trade_figures
from leanlocal.surface import core_of
from leanlocal.symbol_book import ArgumentException

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

DEFAULT_CHART = "Strategy Equity"


class NullReferenceException(RuntimeError):
    """LEAN's failure when something is asked for before it exists."""


def shown(value: Any) -> str:
    """A statistic's value as text."""
    return text(from_float(value)) if isinstance(value, float) else str(value)


def finite(value: Any) -> Decimal:
    """A number to plot as LEAN's decimal. Raises ArgumentException for one that is not finite."""
    number = float(value)
    if not math.isfinite(number):
        raise ArgumentException(f"It is not possible to cast a non-finite floating-point value ({number}) as decimal.")
    return from_float(number)


class ChartingMixin:
    """plot, statistics, set_benchmark and their kin."""

    _run: RunContext

    @property
    def tags(self) -> Tags:
        """Labels of the run."""
        return self._run.charting.tags

    def add_tag(self, tag: str) -> None:
        """Label the run."""
        self._run.charting.tags.add(tag)

    def set_tags(self, tags: Any) -> None:
        """Replace the labels of the run."""
        self._run.charting.tags = Tags(tags)

    def plot(self, chart: str, *values: Any) -> None:
        """A point or a candle: plot([chart, ]series, value), …series, open, high, low, close), …series, bar), or plot(chart, indicators…).

        Raises ArgumentException for other forms, a name the run keeps for itself, and numbers that are not finite.
        """
        if values and all(isinstance(value, IndicatorBase | PythonIndicator) for value in values):
            for indicator in values:
                self._point(chart, indicator.name, float(indicator))
            return
        chart, series, given = (chart, values[0], values[1:]) if values and isinstance(values[0], str) else (DEFAULT_CHART, chart, values)
        if len(given) == 1 and isinstance(given[0], TradeBar):
            bar = given[0]
            given = (bar.open, bar.high, bar.low, bar.close)
        if len(given) == 1:
            self._point(chart, series, given[0])
        elif len(given) == 4:
            first, high, low, last = (finite(value) for value in given)
            self._run.charts.plot_candle(chart, series, self._run.clock.now, (first, high, low, last))
        else:
            raise ArgumentException(f"plot of {len(given)} values in '{series}': a point has one value, a candle open, high, low and close")

    def _point(self, chart: str, series: str, value: Any) -> None:
        self._run.charts.plot(chart, series, self._run.clock.now, finite(value))

    def record(self, series: str, value: float) -> None:
        """Same as plot(series, value)."""
        self._point(DEFAULT_CHART, series, value)

    def add_series(self, chart: str, series: str, series_type: SeriesType, unit: str = "$") -> None:
        """Make a series of a chart known, and the chart when it is new."""
        core = self._run.charts.charts.setdefault(chart, core_of(Chart(chart)))
        core.series.setdefault(series, core_of(Series(series, series_type, unit)))

    def add_chart(self, chart: Chart) -> None:
        """Make a chart with series of one's own known."""
        core = core_of(chart)
        self._run.charts.charts.setdefault(core.name, core)

    def plot_indicator(self, chart: str, *indicators: Any) -> None:
        """Plot indicators whenever they change; a leading True waits until they are ready."""
        wait = bool(indicators) and indicators[0] is True
        for indicator in indicators:
            if isinstance(indicator, IndicatorBase | PythonIndicator):
                indicator.updated += lambda sender, point: self._point(chart, sender.name, point.value) if sender.is_ready or not wait else None

    def set_runtime_statistic(self, name: str, value: Any) -> None:
        """A line of the run's banner."""
        self._run.charting.runtime[name] = shown(value)

    def set_summary_statistic(self, name: str, value: Any) -> None:
        """A line of the summary; not possible before the run has begun."""
        if not self._run.locked:
            raise NullReferenceException("Object reference not set to an instance of an object.")
        self._run.charting.summary[name] = shown(value)

    @property
    def runtime_statistics(self) -> Pairs:
        """Lines set so far."""
        return Pairs(dict(sorted(self._run.charting.runtime.items())))

    @property
    def statistics(self) -> StatisticsResults:
        """Statistics as of now."""
        figures, lines = statistics_now(self._run)
        closed = self._run.trades.closed
        return StatisticsResults(lines, AlgorithmPerformance(figures, trade_figures(closed), [Trade(trade) for trade in closed]))

    @property
    def trade_builder(self) -> TradeBuilderView:
        """Closed trades."""
        return TradeBuilderView(self._run)

    def set_benchmark(self, security_type: Any, symbol: Any = None) -> None:
        """Measure the run against a symbol, a ticker, or a function of time."""
        if symbol is not None and isinstance(security_type, SecurityType):
            chosen = symbol_book.create(symbol, security_type, "usa")
        elif callable(security_type) and not hasattr(security_type, "symbol"):
            self._run.benchmark = FunctionBenchmark(self._run, security_type)
            return
        else:
            chosen = as_symbol(security_type) or symbol_book.create(str(security_type), SecurityType.EQUITY, "usa")
        self._run.benchmark = SecurityBenchmark(self._run, chosen)

    @property
    def benchmark(self) -> BenchmarkView | None:
        """What the run is measured against, None until the run begins."""
        return BenchmarkView(self._run) if self._run.locked else None

    @property
    def risk_free_interest_rate_model(self) -> InterestRateProvider:
        """The rate model."""
        return self._run.charting.rate_model or InterestRateProvider(self._run.rates)

    def set_risk_free_interest_rate_model(self, model: Any) -> None:
        """Use another rate model: an object with get_interest_rate(date)."""
        self._run.charting.rate_model = model
        self._run.rates = _UserRates(model)


class _UserRates:
    def __init__(self, model: Any) -> None:
        ask: Callable[[datetime], Any] = model.get_interest_rate
        self._ask = ask

    def at(self, day: date) -> Any:
        """The user's rate of a date."""
        return from_float(float(self._ask(datetime(day.year, day.month, day.day))))
