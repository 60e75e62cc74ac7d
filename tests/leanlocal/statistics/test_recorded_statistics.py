"""Portfolio and trade statistics recomputed from recorded series and trades must equal what LEAN printed for them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.exact import round_half_even, text
from leanlocal.statistics.portfolio import PortfolioFigures, RunSeries, drawdown_and_recovery, portfolio_figures
from leanlocal.statistics.summary import Activity, summary
from leanlocal.statistics.trade_builder import Fill, TradeBuilder
from leanlocal.statistics.trade_figures import trade_figures
from leanlocal.statistics.trades import Trade

pytestmark = pytest.mark.shared


def micros(stamp: str) -> int:
    return int(datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp() * 1_000_000)


def points(charts: dict[str, Any], chart: str, name: str) -> list[tuple[datetime, Decimal]]:
    values = charts[chart]["series"][name]["values"]
    return [(datetime.fromtimestamp(row[0], UTC), Decimal(repr(row[-1]))) for row in values]


def rates(shared: Path, data: str) -> list[tuple[str, Decimal]]:
    rows = (shared / data / "alternative/interest-rate/usa/interest-rate.csv").read_text().split()[1:]
    return [(row.split(",")[0], Decimal(row.split(",")[1]) / 100) for row in rows]


def series(shared: Path, data: str, charts: dict[str, Any], results: list[str], wins: int, losses: int) -> RunSeries:
    table = rates(shared, data)

    def risk_free(moment: datetime) -> Decimal:
        return [rate for day, rate in table if day <= moment.date().isoformat()][-1]

    closed = [(datetime(2024, 1, 1, tzinfo=UTC), Decimal(result)) for result in results]
    equity = points(charts, "Strategy Equity", "Equity")
    daily = points(charts, "Strategy Equity", "Return")
    market = points(charts, "Benchmark", "Benchmark")
    turnover = points(charts, "Portfolio Turnover", "Portfolio Turnover")
    return RunSeries(equity, daily, market, turnover, closed, Decimal(100_000), wins, losses, risk_free)


CASES = {
    "results-example": ("parity/market/data", ["-1270.6", "693.4", "334.8", "-518.6", "409.4", "286.8"], 4, 2),
    "sample/15_statistics_buy_hold": ("lean-data", [], 0, 0),
    "sample/15_statistics_options": ("lean-data", ["57.4", "-202.6", "-149.2", "-890", "10", "2217"], 3, 3),
}


def recorded(shared: Path, case: str) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    folder = shared / "parity" / case
    if case == "results-example":
        whole = json.loads((folder / "Lt112.json").read_text())
        return whole["charts"], whole["statistics"], whole["totalPerformance"]
    parts = ["charts", "statistics", "performance"]
    charts, statistics, performance = (json.loads((folder / "expected" / f"{part}.json").read_text()) for part in parts)
    return charts, statistics, performance


@pytest.mark.parametrize("case", CASES)
def test_portfolio_statistics_equal_the_recorded_ones(shared: Path, case: str) -> None:
    data, results, wins, losses = CASES[case]
    charts, statistics, performance = recorded(shared, case)
    figures = portfolio_figures(series(shared, data, charts, results, wins, losses))
    for name in PortfolioFigures.names():
        key = "".join(part.title() if index else part for index, part in enumerate(name.split("_")))
        assert text(round_half_even(getattr(figures, name), 4)) == performance["portfolioStatistics"][key], name
    lines = summary(figures, Activity(int(statistics["Total Orders"]), Decimal(statistics["Total Fees"][1:])))
    assert list(lines) == [name for name in statistics if name != "OrderListHash"]
    for name in set(lines) - {"Estimated Strategy Capacity", "Lowest Capacity Asset"}:
        assert lines[name] == statistics[name], name


def recorded_trade(row: dict[str, Any]) -> Trade[str]:
    return Trade(
        securities=(row["symbols"][0]["value"],),
        entry_time=micros(row["entryTime"]),
        entry_price=Decimal(str(row["entryPrice"])),
        direction=1 - 2 * row["direction"],
        quantity=Decimal(str(row["quantity"])),
        exit_time=micros(row["exitTime"]),
        exit_price=Decimal(str(row["exitPrice"])),
        profit_loss=Decimal(str(row["profitLoss"])),
        fees=Decimal(str(row["totalFees"])),
        mae=Decimal(str(row["mae"])),
        mfe=Decimal(str(row["mfe"])),
        drawdown=Decimal(str(row["endTradeDrawdown"])),
        is_win=row["isWin"],
        order_ids=tuple(row["orderIds"]),
    )


COUNTS = ("total_number_of_trades", "number_of_winning_trades", "max_consecutive_winning_trades", "max_consecutive_losing_trades")
SPANS = ("average_trade_duration", "median_winning_trade_duration", "maximum_drawdown_duration")


@pytest.mark.parametrize("case", ["results-example", "sample/15_statistics_options", "sample/09_income_aapl_hourly", "sample/09_early_assignment"])
def test_trade_statistics_equal_the_recorded_ones(shared: Path, case: str) -> None:
    if case == "results-example":
        performance = recorded(shared, case)[2]
    else:
        performance = json.loads((shared / "parity" / case / "expected" / "performance.json").read_text())
    figures = trade_figures([recorded_trade(row) for row in performance["closedTrades"]])
    for key, expected in performance["tradeStatistics"].items():
        name = "".join("_" + c.lower() if c.isupper() else c for c in key).replace("_m_a_e", "_mae").replace("_m_f_e", "_mfe")
        value = getattr(figures, name)
        if isinstance(value, Decimal):
            assert round(value, 4) == Decimal(expected), key
        elif name in COUNTS:
            assert value == expected, key
        elif name in SPANS and "." not in expected:
            hours, minutes, seconds = (int(x) for x in expected.split(":"))
            assert value == ((hours * 60 + minutes) * 60 + seconds) * 1_000_000, key


class Priced:
    """A security whose price is a scripted series of (time, price) updates."""

    def __init__(self, prices: list[tuple[int, float]], multiplier: int = 100) -> None:
        self._prices = prices
        self.multiplier = Decimal(multiplier)
        self.price = Decimal(0)

    def price_updates(self, start: int, end: int) -> tuple[list[int], list[float]]:
        rows = [(t, p) for t, p in self._prices if start < t <= end]
        return [t for t, _ in rows], [p for _, p in rows]


def fill(security: Priced, time: int, price: str, quantity: int, fee: str, order: int) -> Fill[Priced]:
    return Fill(security, time, Decimal(price), Decimal(quantity), Decimal(fee), order)


def test_second_entry_shares_the_extremes_of_the_position_and_the_closing_fee_goes_to_the_first_trade() -> None:
    call = Priced([(1, 13.6), (2, 13.55), (3, 14.4), (5, 14.3), (6, 14.05)])
    builder: TradeBuilder[Priced] = TradeBuilder()
    for one in (fill(call, 0, "13.8", 2, "1.3", 7), fill(call, 4, "14.4", 3, "1.95", 8), fill(call, 6, "13.8", -4, "2.6", 9)):
        builder.process_fill(one)
    first, second = builder.closed
    assert (first.profit_loss, first.fees, first.mae, first.mfe, first.drawdown) == (0, Decimal("3.9"), -50, 120, 120)
    assert (second.profit_loss, second.fees, second.mae, second.mfe, second.drawdown) == (-120, Decimal("1.95"), -170, 0, 120)
    assert not first.is_win
    assert builder.has_position(call)


def test_fill_larger_than_the_position_closes_it_and_opens_the_other_way() -> None:
    share = Priced([], multiplier=1)
    builder: TradeBuilder[Priced] = TradeBuilder()
    builder.process_fill(fill(share, 0, "10", 5, "1", 1))
    builder.process_fill(fill(share, 1, "11", -8, "1", 2))
    builder.process_fill(fill(share, 2, "9", 3, "1", 3))
    assert [(t.direction, t.quantity, t.profit_loss, t.fees) for t in builder.closed] == [(1, 5, 5, 2), (-1, 3, 6, 1)]


@given(st.lists(st.tuples(st.integers(-5, 5).filter(bool), st.integers(1, 40)), min_size=1, max_size=30))
def test_closed_trades_plus_the_open_rest_account_for_every_fill(fills: list[tuple[int, int]]) -> None:
    share, builder = Priced([], multiplier=1), TradeBuilder[Priced]()
    for time, (quantity, price) in enumerate(fills):
        builder.process_fill(fill(share, time, str(price), quantity, "0", time))
    held = sum(quantity for quantity, _ in fills)
    cash = -sum(quantity * price for quantity, price in fills)
    rest = sum(t.profit_loss for t in builder.closed)
    if held == 0:
        assert rest == cash
    assert builder.has_position(share) == (held != 0)


@given(st.lists(st.integers(50, 150), min_size=1, max_size=40))
def test_drawdown_is_the_largest_fall_from_a_running_peak(values: list[int]) -> None:
    start = datetime(2024, 1, 1, tzinfo=UTC)
    deepest, days = drawdown_and_recovery([(start, Decimal(value)) for value in values])
    peaks = [max(values[: i + 1]) for i in range(len(values))]
    assert float(deepest) == pytest.approx(max(1 - v / p for v, p in zip(values, peaks, strict=True)), abs=5.01e-4)
    assert days == 0
