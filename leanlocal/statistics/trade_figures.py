"""Trade statistics: counts, averages, runs, spreads and drawdowns of the closed trades, in closing order (reference: lean-fidelity §9.6).

Money and durations are parted by the sign of the result. The counts, rates and runs of winners also hold the trades that lost their premium but won by
their own `is_win`, which judges exercised options by the exercise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from leanlocal.exact import add, div, sub
from leanlocal.statistics.moments import deviation
from leanlocal.statistics.numbers import STATISTICS_CONTEXT, ZERO, decimal_of_double
from leanlocal.statistics.trades import Micros, Trade

MICROS_PER_SECOND, TICKS_PER_SECOND = 1e6, 1e7
UNBOUNDED = Decimal(10)
"""What LEAN reports for a ratio whose divisor is zero."""


@dataclass(frozen=True, slots=True)
class TradeFigures:
    """LEAN's trade statistics; times in UTC microseconds, durations in microseconds, money in account currency."""

    start_date_time: Micros | None
    end_date_time: Micros | None
    total_number_of_trades: int
    number_of_winning_trades: int
    number_of_losing_trades: int
    total_profit_loss: Decimal
    total_profit: Decimal
    total_loss: Decimal
    largest_profit: Decimal
    largest_loss: Decimal
    average_profit_loss: Decimal
    average_profit: Decimal
    average_loss: Decimal
    average_trade_duration: float
    average_winning_trade_duration: float
    average_losing_trade_duration: float
    median_trade_duration: float
    median_winning_trade_duration: float
    median_losing_trade_duration: float
    max_consecutive_winning_trades: int
    max_consecutive_losing_trades: int
    profit_loss_ratio: Decimal
    win_loss_ratio: Decimal
    win_rate: Decimal
    loss_rate: Decimal
    average_mae: Decimal
    average_mfe: Decimal
    largest_mae: Decimal
    largest_mfe: Decimal
    maximum_closed_trade_drawdown: Decimal
    maximum_intra_trade_drawdown: Decimal
    profit_loss_standard_deviation: Decimal
    profit_loss_downside_deviation: Decimal
    profit_factor: Decimal
    sharpe_ratio: Decimal
    sortino_ratio: Decimal
    profit_to_max_drawdown_ratio: Decimal
    maximum_end_trade_drawdown: Decimal
    average_end_trade_drawdown: Decimal
    maximum_drawdown_duration: Micros
    total_fees: Decimal


def average(values: Sequence[Decimal]) -> Decimal:
    """Running mean, so that the scale is the one LEAN ends with; 0 when empty."""
    result = ZERO
    for count, value in enumerate(values, start=1):
        result = add(result, div(sub(value, result), Decimal(count)))
    return result


def mean_duration(values: Sequence[Micros]) -> float:
    """Running mean in seconds, each correction cut to a tenth of a microsecond; 0 when empty."""
    ticks = 0
    for count, value in enumerate(values, start=1):
        ticks += int((value / MICROS_PER_SECOND - ticks / TICKS_PER_SECOND) / count * TICKS_PER_SECOND)
    return ticks / 10


def median_duration(values: Sequence[Micros]) -> float:
    """Median, of an even number the upper one; 0 when empty."""
    return float(sorted(values)[len(values) // 2]) if values else 0.0


def longest_run(flags: Sequence[bool], wanted: bool) -> int:
    """Longest unbroken run of `wanted`."""
    best = run = 0
    for flag in flags:
        run = run + 1 if flag is wanted else 0
        best = max(best, run)
    return best


def _ratio(top: Decimal, bottom: Decimal) -> Decimal:
    return top / abs(bottom) if bottom else ZERO


def _or_unbounded(top: Decimal, bottom: Decimal) -> Decimal:
    return _ratio(top, bottom) if bottom else (UNBOUNDED if top > 0 else ZERO)


@dataclass(frozen=True, slots=True)
class _Drawdowns:
    closed: Decimal
    intra: Decimal
    duration: Micros


def _drawdowns(trades: Sequence[Trade[Any]]) -> _Drawdowns:
    total = peak = peak_with_best = closed = intra = ZERO
    peak_time, falling, longest = trades[0].entry_time if trades else 0, False, 0
    for trade in trades:
        peak_with_best = max(peak_with_best, total + trade.mfe)
        intra = min(intra, total + trade.mae - peak_with_best)
        total += trade.profit_loss
        closed = min(closed, total - peak)
        if total > peak:
            longest = max(longest, trade.exit_time - peak_time) if falling else longest
            peak, peak_time, falling = total, trade.exit_time, False
        elif trade.profit_loss <= 0:
            falling = True
    return _Drawdowns(closed, intra, longest)


def trade_figures(trades: Sequence[Trade[Any]]) -> TradeFigures:
    """All trade statistics; zeros without trades."""
    with localcontext(STATISTICS_CONTEXT):
        return _figures(trades)


def _figures(trades: Sequence[Trade[Any]]) -> TradeFigures:
    results = [trade.profit_loss for trade in trades]
    gains, losses = ([t.profit_loss for t in trades if (t.profit_loss > 0) is won] for won in (True, False))
    falls = _drawdowns(trades)
    mean, spread = average(results), decimal_of_double(deviation([float(x) for x in results]))
    downside = decimal_of_double(deviation([float(x) for x in losses]))
    return TradeFigures(
        start_date_time=min((t.entry_time for t in trades), default=None),
        end_date_time=max((t.exit_time for t in trades), default=None),
        total_number_of_trades=len(trades),
        total_profit_loss=sum(results, ZERO),
        average_profit_loss=mean,
        maximum_closed_trade_drawdown=falls.closed,
        maximum_intra_trade_drawdown=falls.intra,
        maximum_drawdown_duration=falls.duration,
        profit_loss_standard_deviation=spread,
        profit_loss_downside_deviation=downside,
        sharpe_ratio=_ratio(mean, spread),
        sortino_ratio=_ratio(mean, downside),
        profit_to_max_drawdown_ratio=_or_unbounded(sum(results, ZERO), falls.closed),
        total_fees=sum((t.fees for t in trades), ZERO),
        **_winners_and_losers(gains, losses, sum(trade.is_win for trade in trades if trade.profit_loss <= 0)),
        **_durations(trades),
        **_excursions(trades),
    )


def _winners_and_losers(gains: Sequence[Decimal], losses: Sequence[Decimal], won_in_exercise: int) -> dict[str, Any]:
    gained, lost, count = sum(gains, ZERO), sum(losses, ZERO), len(gains) + len(losses)
    winners, losers = len(gains) + won_in_exercise, len(losses) - won_in_exercise
    return {
        "number_of_winning_trades": winners,
        "number_of_losing_trades": losers,
        "total_profit": gained,
        "total_loss": lost,
        "largest_profit": max([ZERO, *gains]),
        "largest_loss": min([ZERO, *losses]),
        "average_profit": average(gains),
        "average_loss": average(losses),
        "profit_loss_ratio": _ratio(average(gains), average(losses)),
        "win_loss_ratio": Decimal(winners) / losers if losers else (UNBOUNDED if winners else ZERO),
        "win_rate": Decimal(winners) / count if count else ZERO,
        "loss_rate": 1 - Decimal(winners) / count if count else ZERO,
        "profit_factor": _or_unbounded(gained, lost),
    }


def _durations(trades: Sequence[Trade[Any]]) -> dict[str, Any]:
    everything = [t.duration for t in trades]
    winning, losing = ([t.duration for t in trades if (t.profit_loss > 0) is won] for won in (True, False))
    flags = [trade.profit_loss > 0 or trade.is_win for trade in trades]
    return {
        "average_trade_duration": mean_duration(everything),
        "average_winning_trade_duration": mean_duration(winning),
        "average_losing_trade_duration": mean_duration(losing),
        "median_trade_duration": median_duration(everything),
        "median_winning_trade_duration": median_duration(winning),
        "median_losing_trade_duration": median_duration(losing),
        "max_consecutive_winning_trades": longest_run(flags, True),
        "max_consecutive_losing_trades": longest_run(flags, False),
    }


def _excursions(trades: Sequence[Trade[Any]]) -> dict[str, Any]:
    return {
        "average_mae": average([t.mae for t in trades]),
        "average_mfe": average([t.mfe for t in trades]),
        "largest_mae": min([ZERO, *(t.mae for t in trades)]),
        "largest_mfe": max([ZERO, *(t.mfe for t in trades)]),
        "maximum_end_trade_drawdown": max([ZERO, *(t.drawdown for t in trades)]),
        "average_end_trade_drawdown": sub(average([t.profit_loss for t in trades]), average([t.mfe for t in trades])),
    }
