"""Statistics over rolling spans of 1, 3, 6 and 12 months, one set per month's end of the run (reference: lean-fidelity §10.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from leanlocal.clock import datetime_of
from leanlocal.results.run_result import RunResult
from leanlocal.results.trees import closed_trade_tree, portfolio_tree, trade_tree
from leanlocal.statistics.portfolio import Point, RunSeries, portfolio_figures
from leanlocal.statistics.trade_figures import trade_figures

MONTHS = (1, 3, 6, 12)


def period_ends(first: date, last: date) -> Iterator[date]:
    """Last days of the months from first to last; the last one is `last` itself."""
    day = first
    while True:
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        end = following - timedelta(days=1)
        if end >= last:
            yield last
            return
        yield end
        day = following


def period_start(end: date, months: int) -> date:
    """First day of a span of months that ends on a day."""
    after = end + timedelta(days=1)
    index = after.year * 12 + after.month - 1 - months
    return date(index // 12, index % 12 + 1, min(after.day, 28))


def rolling_window(result: RunResult) -> dict[str, Any]:
    """Name (`M3_20240831`) -> statistics of the span; empty when the run has no samples."""
    series = result.series
    if not isinstance(series, RunSeries) or not series.equity:
        return {}
    first, last = series.equity[0][0].date(), series.equity[-1][0].date()
    return {f"M{months}_{end:%Y%m%d}": _window(result, series, period_start(end, months), end) for months in MONTHS for end in period_ends(first, last)}


def _within(points: Sequence[Point], start: date, end: date) -> list[Point]:
    return [point for point in points if start <= point[0].date() <= end]


def _window(result: RunResult, series: RunSeries, start: date, end: date) -> dict[str, Any]:
    equity = _within(series.equity, start, end)
    part = replace(
        series,
        equity=equity,
        performance=_within(series.performance, start, end),
        benchmark=_within(series.benchmark, start, end),
        turnover=_within(series.turnover, start, end),
        profit_loss=_within(series.profit_loss, start, end),
        start_capital=equity[0][1] if equity else series.start_capital,
    )
    trades = [trade for trade in result.trades if start <= _day(trade.exit_time) <= end]
    return {
        "tradeStatistics": trade_tree(trade_figures(trades)),
        "portfolioStatistics": portfolio_tree(portfolio_figures(part)),
        "closedTrades": [closed_trade_tree(trade) for trade in trades],
    }


def _day(moment: int) -> date:
    found: datetime = datetime_of(moment)
    return found.date()
