"""The forward each expiry trades at, read from the options themselves by put-call parity: call - put = discount x (forward - strike).

Every strike quoted on both sides is one noisy observation. They are weighted by the precision of their quotes and refitted with Tukey's bisquare weights
(Beaton & Tukey 1974; Huber, Robust Statistics) so that a stale quote cannot drag the forward. With the discount factor given one number is fitted, without it
the slope gives the discount factor too, and so the implied rate. American quotes obey parity only as an inequality: their early-exercise premiums are
taken off first (see `greeks.american_forward`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

TUKEY_CUT = 4.685
"""Bisquare tuning constant: 95 % efficiency for normal errors (Huber)."""
ROUNDS = 25
MAD_TO_SIGMA = 1.4826


class ForwardStatus(Enum):
    """How far a parity fit may be trusted."""

    OK = "ok"
    TOO_FEW_PAIRS = "too_few_pairs"
    IMPLAUSIBLE = "implausible"


@dataclass(frozen=True, slots=True)
class Parity:
    """Strikes quoted as call and as put: both mids, and the half-width of the quote of their difference, in price units."""

    strike: Floats
    call: Floats
    put: Floats
    noise: Floats

    @property
    def difference(self) -> Floats:
        """Call less put, what parity speaks of."""
        return self.call - self.put

    def rows(self, picked: NDArray[np.bool_]) -> Parity:
        """The pairs where `picked` is true."""
        return Parity(self.strike[picked], self.call[picked], self.put[picked], self.noise[picked])

    def __len__(self) -> int:
        return int(self.strike.size)


@dataclass(frozen=True, slots=True)
class ForwardFit:
    """Forward, discount factor and how good they are. NaN unless status is OK.

    forward_error, rate_error: standard errors; pairs: strikes used; kept: sum of the robust weights over pairs; residual: robust scale of the misfit.
    """

    years: float
    forward: float
    discount: float
    forward_error: float
    rate_error: float
    residual: float
    pairs: int
    kept: float
    status: ForwardStatus

    @property
    def rate(self) -> float:
        """Continuously compounded rate to the expiry."""
        return -float(np.log(self.discount)) / self.years

    def dividend_yield(self, spot: float) -> float:
        """Continuous yield that makes `spot` grow to the forward at this rate."""
        return self.rate - float(np.log(self.forward / spot)) / self.years

    def dividend_value(self, spot: float) -> float:
        """Present value of the dividends up to the expiry: spot less discounted forward."""
        return spot - self.forward * self.discount


def pair_quotes(strike: ArrayLike, is_call: ArrayLike, bid: ArrayLike, ask: ArrayLike) -> Parity:
    """Match calls and puts of one expiry by strike; rows without a positive bid and a finite ask above it are left out.

    strike, is_call, bid, ask: one row per contract of one expiry. A duplicated strike keeps its first row.
    """
    k, call = np.asarray(strike, dtype=np.float64), np.asarray(is_call, dtype=np.bool_)
    low, high = np.asarray(bid, dtype=np.float64), np.asarray(ask, dtype=np.float64)
    usable = (low > 0) & (high >= low) & np.isfinite(high) & (k > 0)
    calls, puts = np.flatnonzero(usable & call), np.flatnonzero(usable & ~call)
    both, at_call, at_put = np.intersect1d(k[calls], k[puts], return_indices=True)
    c, p = calls[at_call], puts[at_put]
    return Parity(both, (low[c] + high[c]) / 2, (low[p] + high[p]) / 2, (high[c] - low[c] + high[p] - low[p]) / 2)


def near_the_money(pairs: Parity, centre: float, width: float) -> Parity:
    """Only strikes within `width` (log-moneyness) of `centre`, where both sides carry information and early exercise matters least."""
    return pairs.rows(np.abs(np.log(pairs.strike / centre)) <= width)


def fit_forward(pairs: Parity, years: float, discount: float | None = None, tick: float = 0.005) -> ForwardFit:
    """Robust parity fit of one expiry.

    discount: known discount factor, or None to fit it (needs 3 pairs, else 1). tick: floor of the quote noise in price units (half a cent). Never raises:
    the status says why there is no forward. IMPLAUSIBLE: the fitted discount factor or forward is not positive.
    """
    needed = 3 if discount is None else 1
    if len(pairs) < needed or years <= 0:
        return _nothing(years, len(pairs), ForwardStatus.TOO_FEW_PAIRS)
    scale = float(np.median(pairs.strike))
    design, target = _system(pairs, scale, discount)
    solution, covariance, weights, residual = robust_fit(design, target, 1.0 / np.maximum(pairs.noise, tick))
    return _read(pairs, years, scale, discount, solution, covariance, float(np.sum(weights)), residual)


def _system(pairs: Parity, scale: float, discount: float | None) -> tuple[Floats, Floats]:
    """Columns and right-hand side; strikes are centred on `scale` so that intercept and slope are nearly uncorrelated."""
    ones = np.ones(len(pairs))
    if discount is not None:
        return discount * ones[:, None], pairs.difference + discount * (pairs.strike - scale)
    return np.stack([ones, -(pairs.strike - scale)], axis=1), pairs.difference


def robust_fit(design: Floats, target: Floats, precision: Floats) -> tuple[Floats, Floats, Floats, float]:
    """Iteratively reweighted least squares with bisquare weights on residuals in units of their own noise.

    design (rows, columns), target (rows,), precision = 1 / noise (rows,). Returns solution, its covariance, the robust weights in [0, 1], and the
    robust scale of the residuals in target units. Starts from the median-like L1 fit, so up to half of the rows may be wrong.
    """
    a, b = design * precision[:, None], target * precision
    solution = _least_absolute(a, b)
    weights = np.ones(b.size)
    spread = 1.0
    for _ in range(ROUNDS):
        misfit = b - a @ solution
        spread = max(MAD_TO_SIGMA * float(np.median(np.abs(misfit))), 1e-9)
        reach = TUKEY_CUT * max(spread, 0.1)
        weights = np.where(np.abs(misfit) < reach, (1 - (misfit / reach) ** 2) ** 2, 0.0)
        updated = _weighted(a, b, weights)
        moved = float(np.max(np.abs(updated - solution)))
        solution = updated
        if moved <= 1e-12 * max(1.0, float(np.max(np.abs(solution)))):
            break
    covariance = np.linalg.pinv(a.T @ (weights[:, None] * a)) * spread**2
    return solution, covariance, weights, spread * float(np.median(1.0 / precision))


def _least_absolute(a: Floats, b: Floats) -> Floats:
    """L1 solution by iteratively reweighted least squares; a start that outliers do not move."""
    solution = _weighted(a, b, np.ones(b.size))
    for _ in range(ROUNDS):
        misfit = np.abs(b - a @ solution)
        solution = _weighted(a, b, 1.0 / np.maximum(misfit, 1e-6 + 1e-3 * float(np.median(misfit))))
    return solution


def _weighted(a: Floats, b: Floats, weights: Floats) -> Floats:
    root = np.sqrt(weights)
    return np.linalg.lstsq(a * root[:, None], b * root, rcond=None)[0]


def _read(pairs: Parity, years: float, scale: float, discount: float | None, solution: Floats, covariance: Floats, kept: float, residual: float) -> ForwardFit:
    """From solution to forward and discount with standard errors by the delta method."""
    if discount is not None:
        forward, found, rate_error = scale + float(solution[0]), discount, 0.0
        forward_error = float(np.sqrt(covariance[0, 0]))
    else:
        found = float(solution[1])
        forward = scale + float(solution[0]) / found if found > 0 else np.nan
        forward_error = float(np.sqrt(covariance[0, 0])) / found if found > 0 else np.nan
        rate_error = float(np.sqrt(covariance[1, 1])) / found / years if found > 0 else np.nan
    if not (np.isfinite(forward) and forward > 0 and found > 0):
        return _nothing(years, len(pairs), ForwardStatus.IMPLAUSIBLE)
    return ForwardFit(years, float(forward), found, forward_error, float(rate_error), residual, len(pairs), kept, ForwardStatus.OK)


def _nothing(years: float, pairs: int, status: ForwardStatus) -> ForwardFit:
    nan = float("nan")
    return ForwardFit(years, nan, nan, nan, nan, nan, pairs, 0.0, status)
