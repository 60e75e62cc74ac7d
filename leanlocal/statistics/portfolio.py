"""Portfolio statistics of a run (reference: lean-fidelity §9.2 and §9.3).

Inputs are the sampled series of the run; every figure is a decimal with LEAN's scale. Series too short for a variance give zeros everywhere except start
and end equity, which is why a one-day run shows no profit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from itertools import pairwise

from leanlocal.exact import round_half_even
from leanlocal.statistics import moments
from leanlocal.statistics.numbers import STATISTICS_CONTEXT, ZERO, decimal_of_double

Point = tuple[datetime, Decimal]


@dataclass(frozen=True, slots=True)
class RunSeries:
    """What the samplers collected. Times are UTC.

    equity: closes of all equity candles. performance: daily returns in percent. benchmark: daily benchmark values. turnover: daily sale volume / equity.
    profit_loss: closed results in closing order. risk_free: annual rate as a fraction at a UTC time.
    """

    equity: Sequence[Point]
    performance: Sequence[Point]
    benchmark: Sequence[Point]
    turnover: Sequence[Point]
    profit_loss: Sequence[Point]
    start_capital: Decimal
    wins: int
    losses: int
    risk_free: Callable[[datetime], Decimal]
    trading_days: int = 252


@dataclass(frozen=True, slots=True)
class PortfolioFigures:
    """LEAN's portfolio statistics; rates are fractions, money in account currency, recovery in days."""

    average_win_rate: Decimal = ZERO
    average_loss_rate: Decimal = ZERO
    profit_loss_ratio: Decimal = ZERO
    win_rate: Decimal = ZERO
    loss_rate: Decimal = ZERO
    expectancy: Decimal = ZERO
    start_equity: Decimal = ZERO
    end_equity: Decimal = ZERO
    compounding_annual_return: Decimal = ZERO
    drawdown: Decimal = ZERO
    total_net_profit: Decimal = ZERO
    sharpe_ratio: Decimal = ZERO
    probabilistic_sharpe_ratio: Decimal = ZERO
    sortino_ratio: Decimal = ZERO
    alpha: Decimal = ZERO
    beta: Decimal = ZERO
    annual_standard_deviation: Decimal = ZERO
    annual_variance: Decimal = ZERO
    information_ratio: Decimal = ZERO
    tracking_error: Decimal = ZERO
    treynor_ratio: Decimal = ZERO
    portfolio_turnover: Decimal = ZERO
    value_at_risk_99: Decimal = ZERO
    value_at_risk_95: Decimal = ZERO
    drawdown_recovery: Decimal = ZERO

    @classmethod
    def names(cls) -> list[str]:
        """Field names in LEAN's order."""
        return [field.name for field in fields(cls)]


@dataclass(frozen=True, slots=True)
class WinLoss:
    """Averages of closed results relative to the running capital."""

    average_win: Decimal
    average_loss: Decimal
    ratio: Decimal
    win_rate: Decimal
    loss_rate: Decimal
    expectancy: Decimal


def win_loss(series: RunSeries) -> WinLoss:
    """Win and loss averages in closing order; rates follow the win and loss counts, which judge exercised options by the exercise."""
    capital, gained, lost, gains, losses = series.start_capital, ZERO, ZERO, 0, 0
    for _, result in series.profit_loss:
        share = result / capital if capital else ZERO
        if result > 0:
            gained, gains = gained + share, gains + 1
        else:
            lost, losses = lost + share, losses + 1
        capital += result
    average_win = gained / gains if gains else ZERO
    average_loss = lost / losses if losses else ZERO
    ratio = average_win / abs(average_loss) if average_loss else ZERO
    counted = series.wins + series.losses
    win_rate = Decimal(series.wins) / counted if counted else ZERO
    loss_rate = Decimal(series.losses) / counted if counted else ZERO
    return WinLoss(average_win, average_loss, ratio, win_rate, loss_rate, win_rate * ratio - loss_rate)


def drawdown_and_recovery(equity: Sequence[Point]) -> tuple[Decimal, int]:
    """Largest fall from a running peak (3 decimals) and the longest time from a peak back to it, in whole days."""
    peak, since, deepest, longest = ZERO, None, ZERO, timedelta(0)
    below = False
    for moment, value in equity:
        if since is None or value >= peak:
            if since is not None and below:
                longest = max(longest, moment - since)
            peak, since, below = value, moment, False
        else:
            below = True
            deepest = max(deepest, abs(value / peak - 1))
    return round_half_even(deepest, 3), longest.days


def benchmark_changes(benchmark: Sequence[Point]) -> list[float]:
    """Daily fractional changes, 0 after a zero value; the first change is dropped."""
    values = [value for _, value in benchmark]
    changes = [float((now - before) / before) if before else 0.0 for before, now in pairwise(values)]
    return changes[1:]


def mean_risk_free(series: RunSeries) -> Decimal:
    """Mean of the annual rate over the equity points."""
    rates = [series.risk_free(moment) for moment, _ in series.equity]
    return sum(rates, ZERO) / len(rates) if rates else ZERO


def compound_annual(start: Decimal, end: Decimal, years: Decimal) -> Decimal:
    """Growth per year as a fraction; 0 without a positive start, end or span."""
    if start <= 0 or end <= 0 or years <= 0:
        return ZERO
    return decimal_of_double(math.pow(float(end / start), 1 / float(years)) - 1)


def probabilistic_sharpe(returns: Sequence[float], rate: float, days: int) -> float:
    """Probability that the true daily Sharpe ratio exceeds 1/sqrt(days) (Bailey and Lopez de Prado); NaN when a moment is."""
    spread = moments.deviation(returns)
    if not spread > 0:
        return math.nan
    observed = (moments.mean(returns) - rate / days) / spread
    shape = 1 - moments.skewness(returns) * observed + (moments.excess_kurtosis(returns) - 1) / 4 * observed**2
    if math.isnan(shape) or shape <= 0:
        return math.nan
    error = math.sqrt(shape / (len(returns) - 1))
    return moments.normal_probability((observed - 1 / math.sqrt(days)) / error)


def portfolio_figures(series: RunSeries) -> PortfolioFigures:
    """All portfolio statistics of the run."""
    with localcontext(STATISTICS_CONTEXT):
        return _figures(series)


def _figures(series: RunSeries) -> PortfolioFigures:
    end = series.equity[-1][1] if series.equity else series.start_capital
    turnover = [value for _, value in series.turnover]
    mean_turnover = sum(turnover, ZERO) / len(turnover) if turnover else ZERO
    returns = [float(value / 100) for _, value in series.performance[2:]]
    market = benchmark_changes(series.benchmark)
    if not series.start_capital or len(returns) < 2 or len(market) < 2:
        return PortfolioFigures(start_equity=series.start_capital, end_equity=end, portfolio_turnover=mean_turnover)
    trades = win_loss(series)
    years = Decimal((series.equity[-1][0] - series.equity[0][0]) / timedelta(days=1)) / 365
    drawdown, recovery = drawdown_and_recovery(series.equity)
    risk = _risk_figures(returns, market, mean_risk_free(series), series.trading_days)
    return PortfolioFigures(
        average_win_rate=trades.average_win,
        average_loss_rate=trades.average_loss,
        profit_loss_ratio=trades.ratio,
        win_rate=trades.win_rate,
        loss_rate=trades.loss_rate,
        expectancy=trades.expectancy,
        start_equity=series.start_capital,
        end_equity=end,
        compounding_annual_return=compound_annual(series.start_capital, end, years),
        drawdown=drawdown,
        total_net_profit=end / series.start_capital - 1,
        portfolio_turnover=mean_turnover,
        drawdown_recovery=Decimal(recovery),
        **risk,
    )


def _risk_figures(returns: list[float], market: list[float], risk_free: Decimal, days: int) -> dict[str, Decimal]:
    size = min(len(returns), len(market))
    pairs, market = returns[-size:], market[-size:]
    rate = float(risk_free)
    variance = moments.variance(returns) * days
    deviation = math.sqrt(variance)
    annual, annual_market = (math.pow(moments.mean(x) + 1, days) - 1 for x in (returns, market))
    market_variance = moments.variance(market)
    beta = moments.covariance(pairs, market) / market_variance if market_variance else 0.0
    falls = [x for x in returns if x < 0]
    downside = math.sqrt(moments.variance(falls) * days) if len(falls) > 1 else 0.0
    tracking = math.sqrt(moments.variance([x - y for x, y in zip(pairs, market, strict=True)]) * days)
    recent = returns[-days:]
    center, spread = moments.mean(recent), moments.deviation(recent)
    figures = {
        "sharpe_ratio": (annual - rate) / deviation if deviation else 0.0,
        "probabilistic_sharpe_ratio": probabilistic_sharpe(returns, rate, days),
        "sortino_ratio": (annual - rate) / downside if downside else 0.0,
        "alpha": annual - (rate + beta * (annual_market - rate)) if beta else 0.0,
        "beta": beta,
        "annual_standard_deviation": deviation,
        "annual_variance": variance,
        "information_ratio": (annual - annual_market) / tracking if tracking else 0.0,
        "tracking_error": tracking,
        "treynor_ratio": (annual - rate) / beta if beta else 0.0,
    }
    decimals = {name: decimal_of_double(value) for name, value in figures.items()}
    for level in (99, 95):
        quantile = moments.normal_quantile(center, spread, 1 - level / 100)
        decimals[f"value_at_risk_{level}"] = round_half_even(decimal_of_double(quantile), 3)
    return decimals
