"""The desk's units, fixed once: what the pricing kernels give becomes what a trader reads.

Kernels speak the mathematics (per unit of the underlying, per year, per 1.00 of volatility, per 1.00 of rate). The desk speaks money and shares: delta in
shares, gamma in delta per 1.00 of the underlying, theta in account currency per calendar day, vega per volatility point, rho per 1 % of rate, each already
times multiplier and signed quantity. Every other module of this room works in one of the two and says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vocabulary.positions import Greeks

Floats = NDArray[np.float64]

DAYS_PER_YEAR = 365.0
"""Day count of the room: time to expiry is minutes to settlement over 365 calendar days (ACT/365 fixed), theta is per calendar day."""
VOL_POINT = 0.01
RATE_PERCENT = 0.01


@dataclass(frozen=True, slots=True)
class GreekArrays:
    """Sensitivities as arrays of one shape, in the desk's units (see `vocabulary.positions.Greeks`)."""

    delta: Floats
    gamma: Floats
    theta: Floats
    vega: Floats
    rho: Floats

    def row(self, index: int) -> Greeks:
        """The Greeks of one row as plain numbers."""
        return Greeks(*(float(column[index]) for column in self.columns()))

    def columns(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """The five arrays in the order of the fields."""
        return self.delta, self.gamma, self.theta, self.vega, self.rho

    def total(self) -> Greeks:
        """Sum over all rows; NaN in a row makes its sum NaN, because an unknown leg is an unknown total."""
        return Greeks(*(float(np.sum(column)) for column in self.columns()))


def to_desk(delta: ArrayLike, gamma: ArrayLike, theta: ArrayLike, vega: ArrayLike, rho: ArrayLike, size: ArrayLike) -> GreekArrays:
    """Kernel Greeks (theta per year, vega per 1.00, rho per 1.00) of one option unit in the desk's units for `size` = signed quantity x multiplier.

    All arguments broadcast. Theta of the kernels is the derivative with respect to calendar time, negative for most long options; so is the desk's.
    """
    scale = np.asarray(size, dtype=np.float64)
    columns = (
        np.asarray(delta) * scale,
        np.asarray(gamma) * scale,
        np.asarray(theta) * scale / DAYS_PER_YEAR,
        np.asarray(vega) * scale * VOL_POINT,
        np.asarray(rho) * scale * RATE_PERCENT,
    )
    return GreekArrays(*np.broadcast_arrays(*columns))


def linear_instrument(size: ArrayLike) -> GreekArrays:
    """Shares, index units or futures: delta is the signed quantity times the multiplier, every other Greek is zero."""
    delta = np.asarray(size, dtype=np.float64)
    return GreekArrays(delta, *(np.zeros_like(delta) for _ in range(4)))


def year_fraction(minutes: ArrayLike) -> Any:
    """Minutes to settlement as a fraction of a 365-day year; never negative."""
    return np.maximum(np.asarray(minutes, dtype=np.float64), 0.0) / (DAYS_PER_YEAR * 24.0 * 60.0)
