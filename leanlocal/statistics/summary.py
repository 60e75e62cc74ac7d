"""The printed summary: LEAN's line names in its order, each figure rounded and formatted as LEAN prints it (reference: lean-fidelity §9.4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from leanlocal.exact import fixed_text, round_half_even, round_significant, text
from leanlocal.statistics.numbers import ZERO, double_text, percent_of
from leanlocal.statistics.portfolio import PortfolioFigures


@dataclass(frozen=True, slots=True)
class Activity:
    """What is not a portfolio figure: orders with an id, fees in account currency, the capacity estimate and the smallest asset's id."""

    total_orders: int
    total_fees: Decimal
    capacity: Decimal = ZERO
    lowest_asset: str = ""
    currency_symbol: str = "$"


def capacity_text(value: Decimal, symbol: str) -> str:
    """Two significant digits with cents; a bare zero when nothing was estimated."""
    return symbol + (fixed_text(round_significant(value, 2), 2) if value else "0")


def summary(figures: PortfolioFigures, activity: Activity) -> dict[str, str]:
    """Line name -> text, in LEAN's order."""
    return {
        "Total Orders": str(activity.total_orders),
        "Average Win": percent_of(figures.average_win_rate, 2),
        "Average Loss": percent_of(figures.average_loss_rate, 2),
        "Compounding Annual Return": percent_of(figures.compounding_annual_return, 3),
        "Drawdown": percent_of(figures.drawdown, 3),
        "Expectancy": text(round_half_even(figures.expectancy, 3)),
        "Start Equity": text(round_half_even(figures.start_equity, 2)),
        "End Equity": text(round_half_even(figures.end_equity, 2)),
        "Net Profit": percent_of(figures.total_net_profit, 3),
        **_ratios(figures),
        "Total Fees": activity.currency_symbol + fixed_text(activity.total_fees, 2),
        "Estimated Strategy Capacity": capacity_text(activity.capacity, activity.currency_symbol),
        "Lowest Capacity Asset": activity.lowest_asset,
        "Portfolio Turnover": percent_of(figures.portfolio_turnover, 2),
        "Drawdown Recovery": text(figures.drawdown_recovery),
    }


def _ratios(figures: PortfolioFigures) -> dict[str, str]:
    doubles = {
        "Alpha": figures.alpha,
        "Beta": figures.beta,
        "Annual Standard Deviation": figures.annual_standard_deviation,
        "Annual Variance": figures.annual_variance,
        "Information Ratio": figures.information_ratio,
        "Tracking Error": figures.tracking_error,
        "Treynor Ratio": figures.treynor_ratio,
    }
    return {
        "Sharpe Ratio": double_text(float(figures.sharpe_ratio), 3),
        "Sortino Ratio": double_text(float(figures.sortino_ratio), 3),
        "Probabilistic Sharpe Ratio": percent_of(figures.probabilistic_sharpe_ratio, 3),
        "Loss Rate": percent_of(figures.loss_rate, 0),
        "Win Rate": percent_of(figures.win_rate, 0),
        "Profit-Loss Ratio": text(round_half_even(figures.profit_loss_ratio, 2)),
        **{name: double_text(float(value), 3) for name, value in doubles.items()},
    }
