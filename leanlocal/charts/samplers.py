"""What LEAN samples by itself: the equity curve at the run's steps, and once per calendar day returns, benchmark, drawdown, exposure, turnover and margin.

Daily samples are taken at the algorithm's midnights and at the end. Nothing is sampled while warming up.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leanlocal.charts.candles import EquityCandles, sample_period
from leanlocal.clock import Micros
from leanlocal.enums import SecurityType, SeriesType
from leanlocal.exact import HUNDRED, ZERO, add, div, from_float, mul, round_half_even, smart_round, sub, to_float

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

KIND_NAMES = {
    SecurityType.EQUITY: "Equity",
    SecurityType.OPTION: "Option",
    SecurityType.FUTURE: "Future",
    SecurityType.FOREX: "Forex",
    SecurityType.FUTURE_OPTION: "FutureOption",
    SecurityType.INDEX: "Index",
    SecurityType.INDEX_OPTION: "IndexOption",
}


class Samplers:
    """The samples of one run. start_value: what the account was worth at the first sample."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._candles: EquityCandles | None = None
        self._last_value = ZERO
        self._peak = ZERO
        self._sold = ZERO
        self._sold_before = ZERO
        self._last_step: Micros = 0
        self.start_value: Decimal | None = None
        equity = run.charts.chart("Strategy Equity")
        equity.of("Equity", "$", SeriesType.CANDLE, 0)
        self._returns = equity.of("Return", "%", SeriesType.BAR, 1)
        self._benchmark = run.charts.chart("Benchmark").of("Benchmark", "$", SeriesType.LINE, 0)
        self._drawdown = run.charts.chart("Drawdown").of("Equity Drawdown", "%", SeriesType.LINE, 0)
        self._turnover = run.charts.chart("Portfolio Turnover").of("Portfolio Turnover", "%", SeriesType.LINE, 0)
        self._capacity = run.charts.chart("Capacity").of("Strategy Capacity", "$", SeriesType.LINE, 0)

    @property
    def candles(self) -> EquityCandles:
        """The equity curve."""
        if self._candles is None:
            self._candles = EquityCandles(sample_period(self._run.start, self._run.end))
            self._run.charts.chart("Strategy Equity").of("Equity").candles = self._candles.rows
        return self._candles

    def on_steps(self, times: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """The account's value at steps since the last call."""
        self.candles.on_steps(times, values)
        self._run.capacity.on_steps(times, values)
        if times.size:
            self._last_step = int(times[-1])
            self._run.trades.follow(self._last_step)

    def daily(self, now: Micros) -> None:
        """The daily sample at a moment."""
        if self._run.is_warming_up:
            return
        value = self._run.ledger.total_value
        if self.start_value is None:
            self.start_value = self._last_value = value
        self.candles.sample(now, to_float(value))
        self._sample_day(now, value)

    def finish(self, now: Micros) -> None:
        """The samples at the end of the run."""
        if self._run.is_warming_up:
            return
        self.candles.sample(now, to_float(self._run.ledger.total_value))
        if now > self._last_step:
            self._run.capacity.on_steps(np.array([now], dtype=np.int64), np.array([to_float(self._run.ledger.total_value)]))
        self._run.capacity.finish(now, self._run.ledger.total_value)
        self.daily(now)

    def _sample_day(self, now: Micros, value: Decimal) -> None:
        change = div(mul(sub(value, self._last_value), HUNDRED), self._last_value) if self._last_value else ZERO
        self._returns.add(now, smart_round(round_half_even(change, 10)))
        self._last_value = value
        self._benchmark.add(now, smart_round(self._run.benchmark.value(now)))
        self._peak = max(self._peak, value)
        fall = mul(sub(div(value, self._peak), Decimal(1)), HUNDRED) if self._peak else ZERO
        self._drawdown.add(now, round_half_even(fall, 2))
        self._capacity.add(now, self._run.capacity.estimate().value)
        self._sample_exposure(now, value)
        self._sample_turnover(now, value)
        self._sample_margin(now, value)

    def _sample_exposure(self, now: Micros, value: Decimal) -> None:
        kinds = {kind: KIND_NAMES.get(kind) or str(kind) for kind in self._run.securities.kinds}
        longs, shorts = dict.fromkeys(kinds.values(), ZERO), dict.fromkeys(kinds.values(), ZERO)
        for security in self._run.ledger.invested():
            kind, worth = kinds[security.kind], security.holding.holdings_value
            longs[kind] = add(longs[kind], max(worth, ZERO))
            shorts[kind] = add(shorts[kind], min(worth, ZERO))
        chart = self._run.charts.chart("Exposure")
        for sides, word in ((longs, "Long"), (shorts, "Short")):
            for kind, worth in sides.items():
                share = div(worth, value) if value else ZERO
                chart.of(f"{kind} - {word} Ratio", "", SeriesType.LINE, 0).add(now, round_half_even(share, 4))

    def _sample_turnover(self, now: Micros, value: Decimal) -> None:
        sold = ZERO
        for security in self._run.ledger.traded():
            volume = security.holding.total_sale_volume
            sold = add(sold, volume)
            sales = self._run.charts.chart("Assets Sales Volume")
            sales.of(security.symbol.value, "$", SeriesType.TREEMAP, 0).add(now, volume)
        if now == self._run.start or not value:
            return
        points = self._turnover.points
        again = bool(points) and points[-1][0] == now  # the run ends at a midnight: its last sample replaces that midnight's
        if again:
            points.pop()
        else:
            self._sold_before = self._sold
        self._sold = sold
        points.append((now, smart_round(div(sub(sold, self._sold_before), value))))

    def _sample_margin(self, now: Micros, value: Decimal) -> None:
        chart = self._run.charts.chart("Portfolio Margin")
        chart.legend_disabled = True
        used: dict[str, Decimal] = {}
        for group in self._run.handler.groups.current():
            name = ", ".join(position.security.symbol.value for position in group.positions)
            used[name] = add(used.get(name, ZERO), group.need().maintenance)
        for name, margin in used.items():
            series = chart.of(name, "%", SeriesType.BAR, 0)
            series.index_name, series.tooltip = "Margin Used (%)", "{SERIES_NAME}: {VALUE}%"
            series.add(now, four_digits(div(mul(margin, HUNDRED), value)) if value else ZERO)
        for name, series in chart.series.items():
            if name not in used and series.points and series.points[-1][1] is not None:
                series.add(now, None)


def four_digits(value: Decimal) -> Decimal:
    """Rounded to four significant digits."""
    return from_float(float(f"{to_float(value):.4g}"))
