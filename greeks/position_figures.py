"""What the Greeks of one position say in the terms of its strategy: how far the short strikes are, how fast delta will move, what an hour is worth.

0DTE lives by gamma and the theta of the hours left, LT112 by its distance to the naked strikes and its neutrality, strangles by the tested side (S000-7).
Bands are those of methodology D. All functions take arrays with one row per position or per short leg.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks.probability import probability_of_touch
from greeks.score import Level, level

Floats = NDArray[np.float64]

GAMMA_IMPACT_BANDS = (50.0, 150.0, 300.0)
"""Shares of delta that a 1 % move adds: where medium, high and extreme begin (methodology D)."""
VEGA_BANDS, VEGA_BANDS_HIGH_IV, HIGH_IV = (300.0, 700.0), (200.0, 500.0), 0.30
"""Currency per vol point where medium and high begin; the tighter pair holds above 30 % implied volatility (methodology D)."""
NEUTRAL_SHARES = 50.0
"""Absolute delta of a position that counts as neutral (methodology D)."""
MOVE = 0.01
HOURS_PER_DAY = 24.0


@dataclass(frozen=True, slots=True)
class ShortStrikes:
    """Distance of each short strike from the spot. fraction: of the spot, negative once it is in the money; sigmas: in standard deviations of the time left;
    touch: chance that the spot trades at the strike before expiry."""

    fraction: Floats
    sigmas: Floats
    touch: Floats


def gamma_impact(gamma: ArrayLike, spot: ArrayLike) -> Any:
    """Shares of delta gained or lost when the underlying moves 1 %; gamma in desk units, any shape."""
    return np.abs(np.asarray(gamma, dtype=np.float64)) * np.asarray(spot, dtype=np.float64) * MOVE


def gamma_level(gamma: float, spot: float) -> Level:
    """Band of the gamma impact of one position."""
    return level(float(gamma_impact(gamma, spot)), GAMMA_IMPACT_BANDS)


def vega_level(vega: float, iv: float) -> Level:
    """Band of the absolute vega of one position: low, medium or high."""
    return level(abs(vega), VEGA_BANDS_HIGH_IV if iv > HIGH_IV else VEGA_BANDS)


def is_neutral(delta: ArrayLike) -> Any:
    """True where the absolute delta of a position is inside the neutral band; never for an unknown delta."""
    return np.abs(np.asarray(delta, dtype=np.float64)) < NEUTRAL_SHARES


def theta_per_hour(theta: ArrayLike) -> Any:
    """Theta of one clock hour from theta per calendar day: what a 0DTE position earns while nothing moves."""
    return np.asarray(theta, dtype=np.float64) / HOURS_PER_DAY


def short_strikes(call: ArrayLike, strike: ArrayLike, spot: ArrayLike, volatility: ArrayLike, years: ArrayLike, carry: ArrayLike = 0.0) -> ShortStrikes:
    """Distances of short legs; all arguments broadcast. carry: rate less dividend yield, used for the touch probability.

    sigmas is infinite without time or volatility left (signed like the distance), NaN at the strike itself.
    """
    k, s = np.asarray(strike, dtype=np.float64), np.asarray(spot, dtype=np.float64)
    sign = np.where(np.asarray(call, dtype=np.bool_), 1.0, -1.0)
    deviation = np.asarray(volatility, dtype=np.float64) * np.sqrt(np.asarray(years, dtype=np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        sigmas = sign * np.log(k / s) / deviation
    touched = np.where(sign * (k - s) <= 0, 1.0, probability_of_touch(s, k, volatility, years, carry))
    return ShortStrikes(sign * (k / s - 1.0), sigmas, np.where(np.isfinite(k + s), touched, np.nan))


def nearest_short_strike(distances: ShortStrikes) -> int:
    """Row of the tested side: the smallest distance; ties go to the first. Unknown distances are never the nearest."""
    return int(np.argmin(np.where(np.isnan(distances.fraction), np.inf, distances.fraction)))
