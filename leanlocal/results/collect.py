"""Turns a finished (or running) run into its results: statistics now, and everything LEAN writes at the end."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros, datetime_of
from leanlocal.exact import ZERO, add, from_float, grouped_text, percent_text, round_half_even
from leanlocal.portfolio.cash import CURRENCY_SIGNS
from leanlocal.results.json_text import iso_time, plain
from leanlocal.results.order_json import event_tree, order_list_hash, order_tree
from leanlocal.results.run_result import RunResult
from leanlocal.results.trees import closed_trade_tree, portfolio_tree, trade_tree
from leanlocal.statistics.numbers import percent_of
from leanlocal.statistics.portfolio import PortfolioFigures, RunSeries, portfolio_figures
from leanlocal.statistics.summary import Activity, summary
from leanlocal.statistics.trade_figures import trade_figures

if TYPE_CHECKING:
    from datetime import datetime

    from leanlocal.engine.context import RunContext


def run_series(run: RunContext) -> RunSeries:
    """What the samplers and the ledger have so far, as the statistics read it."""
    charts = run.charts
    records = list(run.ledger.records.values())
    return RunSeries(
        equity=[(datetime_of(row[0]), from_float(row[4])) for row in run.samplers.candles.rows],
        performance=_points(charts.chart("Strategy Equity").of("Return").points),
        benchmark=_points(charts.chart("Benchmark").of("Benchmark").points),
        turnover=_points(charts.chart("Portfolio Turnover").of("Portfolio Turnover").points),
        profit_loss=[(datetime_of(record.time), record.profit) for record in records],
        start_capital=run.samplers.start_value or ZERO,
        wins=sum(1 for record in records if record.won),
        losses=sum(1 for record in records if not record.won),
        risk_free=lambda moment: run.rates.at(moment.date()),
        trading_days=run.settings.trading_days_per_year or 252,
    )


def _points(points: list[tuple[Micros, Decimal | None]]) -> list[tuple[datetime, Decimal]]:
    return [(datetime_of(moment), value or ZERO) for moment, value in points]


def activity(run: RunContext) -> Activity:
    """Orders, fees and capacity so far."""
    capacity = run.capacity.estimate()
    symbol = CURRENCY_SIGNS.get(run.ledger.cash_book.account_currency, run.ledger.cash_book.account_currency)
    fees = run.ledger.sum_of(lambda holding: holding.total_fees)
    return Activity(len(run.handler.orders), fees, capacity.value, capacity.lowest_asset, symbol)


def statistics_now(run: RunContext) -> tuple[PortfolioFigures, dict[str, str]]:
    """Portfolio figures and the printed summary as of now."""
    run.valuation.flush()
    figures = portfolio_figures(run_series(run))
    lines = summary(figures, activity(run))
    return figures, {**lines, **run.charting.summary}


def runtime_statistics(run: RunContext, figures: PortfolioFigures) -> dict[str, str]:
    """The banner of a run, sorted by name, the algorithm's own lines included."""
    ledger = run.ledger
    symbol = CURRENCY_SIGNS.get(ledger.cash_book.account_currency, ledger.cash_book.account_currency)
    start = run.samplers.start_value or ZERO
    growth = ledger.total_value / start - 1 if start else ZERO
    fees = ledger.sum_of(lambda holding: holding.total_fees)
    held = add(ZERO, ledger.sum_of(lambda holding: abs(holding.holdings_value)))
    lines = {
        "Equity": symbol + grouped_text(ledger.total_value),
        "Fees": f"-{symbol}{grouped_text(fees)}",
        "Holdings": symbol + grouped_text(held),
        "Net Profit": symbol + grouped_text(ledger.sum_of(lambda holding: holding.net_profit)),
        "Probabilistic Sharpe Ratio": percent_of(figures.probabilistic_sharpe_ratio, 3),
        "Return": percent_text(round_half_even(growth, 28)),
        "Unrealized": symbol + grouped_text(ledger.sum_of(lambda holding: holding.unrealized_profit)),
        "Volume": symbol + grouped_text(ledger.sum_of(lambda holding: holding.total_sale_volume)),
    }
    return dict(sorted({**lines, **run.charting.runtime}.items()))


def configuration(run: RunContext) -> dict[str, Any]:
    """How the run was set up, in LEAN's JSON."""
    zone_free = "%Y-%m-%dT%H:%M:%SZ"
    return {
        "name": type(run.algorithm).__name__,
        "tags": [],
        "accountCurrency": run.ledger.cash_book.account_currency,
        "brokerage": int(run.brokerage.name),
        "accountType": int(run.brokerage.model.account_type),
        "parameters": dict(run.parameters),
        "outOfSampleMaxEndDate": None,
        "outOfSampleDays": 0,
        "startDate": run.span.start.strftime(zone_free),
        "endDate": run.span.end.strftime(zone_free),
        "tradingDaysPerYear": run.settings.trading_days_per_year or 252,
    }


def collect_result(
    run: RunContext, *, status: str = "Completed", error: str = "", problem: Exception | None = None, data_points: int = 0, seconds: float = 0.0
) -> RunResult:
    """Everything a finished run leaves behind."""
    identity = type(run.algorithm).__name__
    series = run_series(run)
    figures, lines = statistics_now(run)
    orders = run.handler.orders
    trades = run.trades.closed
    return RunResult(
        algorithm_id=identity,
        status=status,
        error=error,
        problem=problem,
        log=list(run.log.lines),
        messages=list(run.log.messages),
        order_events=[plain(event_tree(event, identity)) for event in run.handler.events],
        orders={str(number): plain(order_tree(order)) for number, order in sorted(orders.items())},
        statistics={**lines, "OrderListHash": order_list_hash(orders.values())},
        runtime_statistics=runtime_statistics(run, figures),
        performance={
            "tradeStatistics": trade_tree(trade_figures(trades)),
            "portfolioStatistics": portfolio_tree(figures),
            "closedTrades": [closed_trade_tree(trade) for trade in trades],
        },
        charts=run.charts.trees(),
        equity=[[row[0] // 1_000_000, *row[1:]] for row in run.samplers.candles.rows],
        profit_loss={iso_time(record.time): float(record.profit) for record in run.ledger.records.values()},
        configuration=configuration(run),
        data_points=data_points,
        seconds=seconds,
        series=series,
        trades=list(trades),
    )
