"""Indicators over completed daily bars. Today's unfinished bar is never in them, and too short a history gives None, never a number.

Smoothing follows the definitions the method's charts use: Wilder's average for the true range, exponential averages with 2/(n+1), population deviation for
the Bollinger band.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greeks.iv_rank import RankStatus, iv_rank
from vocabulary.market import DailyBars

Floats = NDArray[np.float64]
TRADING_DAYS = 252


def average_true_range(bars: DailyBars, days: int) -> float | None:
    """Wilder's average true range in price units; needs days + 1 bars."""
    if len(bars.close) < days + 1:
        return None
    before = bars.close[:-1]
    ranges = np.maximum(bars.high[1:], before) - np.minimum(bars.low[1:], before)
    average = float(np.mean(ranges[:days]))
    for value in ranges[days:]:
        average += (float(value) - average) / days
    return average if np.isfinite(average) else None


def exponential_average(values: Floats, days: int) -> float | None:
    """Exponential average seeded with the mean of the first `days` values; None for fewer."""
    if len(values) < days:
        return None
    average = float(np.mean(values[:days]))
    for value in values[days:]:
        average += (float(value) - average) * 2.0 / (days + 1)
    return average


def simple_average(values: Floats, days: int) -> float | None:
    """Mean of the last `days` values; None for fewer."""
    return float(np.mean(values[-days:])) if len(values) >= days else None


def lower_band(values: Floats, days: int, width: float) -> float | None:
    """Lower Bollinger band: mean less `width` population deviations of the last `days` values."""
    return float(np.mean(values[-days:]) - width * np.std(values[-days:])) if len(values) >= days else None


def highest(bars: DailyBars, days: int) -> float | None:
    """Highest high of the last `days` bars; None for fewer."""
    return float(np.max(bars.high[-days:])) if len(bars.high) >= days else None


def rank_in_past_year(values: Floats, current: float) -> float | None:
    """Rank of `current` between the low and high of at least 252 earlier values, 0 to 1; None when the history is too short or flat (H-9)."""
    rank = iv_rank(values, current)
    return rank.rank if rank.status is RankStatus.OK else None


def realised_volatilities(closes: Floats, days: int = 20) -> Floats:
    """Annualised volatility of each window of `days` daily log returns, oldest first; empty when there are too few closes."""
    if len(closes) < days + 1:
        return np.empty(0)
    returns = np.diff(np.log(closes))
    windows = np.lib.stride_tricks.sliding_window_view(returns, days)
    return windows.std(axis=1) * np.sqrt(TRADING_DAYS)
