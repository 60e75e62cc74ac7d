"""Thirty-day implied volatility, and where today's stands among the past year's.

Constant maturity: total at-the-money variance is linear in time between the two expiries that bracket the term (the interpolation VIX uses, Cboe VIX
methodology), never extrapolated. Rank and percentile compare today with at least 252 *earlier* days; today itself is not among them (methodology H9), so a
new high ranks above 1 only before clipping and no figure ever sees its own or a later day.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vocabulary.errors import BadInput

Floats = NDArray[np.float64]

TERM_DAYS = 30.0
PAST_DAYS = 252


class RankStatus(Enum):
    """Whether a rank exists, and if not, why."""

    OK = "ok"
    NO_CURRENT = "no_current"
    SHORT_HISTORY = "short_history"
    FLAT_HISTORY = "flat_history"


@dataclass(frozen=True, slots=True)
class IvRank:
    """rank: (current - low) / (high - low) of the past window, clipped to [0, 1]; percentile: share of past days strictly below current. NaN unless OK."""

    current: float
    rank: float
    percentile: float
    low: float
    high: float
    days: int
    status: RankStatus


def constant_maturity_iv(days: ArrayLike, iv: ArrayLike, term: float = TERM_DAYS) -> float:
    """At-the-money volatility at `term` calendar days from those at each expiry; NaN unless two usable expiries bracket the term (or one hits it).

    days: calendar days to each expiry, any order; iv: at-the-money-forward volatility per expiry, NaN where unknown.
    """
    t, v = np.asarray(days, dtype=np.float64), np.asarray(iv, dtype=np.float64)
    if t.shape != v.shape or t.ndim != 1:
        raise BadInput(f"constant maturity: days {t.shape} and volatilities {v.shape} must be equally long lists")
    good = np.isfinite(v) & (v > 0) & (t > 0)
    order = np.argsort(t[good])
    t, variance = t[good][order], (v[good] ** 2 * t[good])[order]
    if t.size == 0 or not t[0] <= term <= t[-1]:
        return float("nan")
    return float(np.sqrt(np.interp(term, t, variance) / term))


def iv_rank(past: ArrayLike, current: float, window: int = PAST_DAYS) -> IvRank:
    """Rank and percentile of `current` among the last `window` valid values of `past` (oldest first, today not in it; NaN days are skipped)."""
    known = np.asarray(past, dtype=np.float64)
    known = known[np.isfinite(known)][-window:]
    nan = float("nan")
    if not np.isfinite(current):
        return IvRank(nan, nan, nan, nan, nan, known.size, RankStatus.NO_CURRENT)
    if known.size < window:
        return IvRank(current, nan, nan, nan, nan, known.size, RankStatus.SHORT_HISTORY)
    low, high = float(np.min(known)), float(np.max(known))
    percentile = float(np.mean(known < current))
    if high <= low:
        return IvRank(current, nan, percentile, low, high, known.size, RankStatus.FLAT_HISTORY)
    return IvRank(current, float(np.clip((current - low) / (high - low), 0.0, 1.0)), percentile, low, high, known.size, RankStatus.OK)


def rank_series(iv: ArrayLike, window: int = PAST_DAYS) -> tuple[Any, Any]:
    """Rank and percentile of every day of a series against its own past, both NaN until `window` valid earlier days exist.

    iv: one value per day, oldest first, NaN for a day without data. Entry i depends on entries up to i alone.
    """
    values = np.asarray(iv, dtype=np.float64)
    rank, percentile = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    valid = np.flatnonzero(np.isfinite(values))
    known = values[valid]
    if known.size <= window:
        return rank, percentile
    past = np.lib.stride_tricks.sliding_window_view(known[:-1], window)
    today, low, high = known[window:], past.min(axis=1), past.max(axis=1)
    span = np.where(high > low, high - low, np.nan)
    rank[valid[window:]] = np.clip((today - low) / span, 0.0, 1.0)
    percentile[valid[window:]] = np.mean(past < today[:, None], axis=1)
    return rank, percentile
