"""eSSVI: one volatility smile per expiry, three numbers each, free of static arbitrage by construction.

Total variance at log-moneyness k = ln(strike / forward):  w(k) = (theta + rho psi k + sqrt((psi k + theta rho)^2 + theta^2 (1 - rho^2))) / 2
with theta the at-the-money total variance, psi = theta phi the slope and rho the skew (Gatheral & Jacquier 2014, arXiv 1204.0646; Hendriks & Martini 2019).

- No butterfly: psi (1 + |rho|) <= 4 and psi^2 (1 + |rho|) <= 4 theta (Gatheral & Jacquier, Theorem 4.2).
- No calendar between slices 1 and 2: theta2 >= theta1 p, psi2 >= psi1 p, psi2 / theta2 <= psi1 / theta1 with
  p = max((1 + rho1) / (1 + rho2), (1 - rho1) / (1 - rho2)) (Hendriks & Martini, Prop. 3.5; Mingone 2022).

Between slices theta, psi and rho psi are linear in time, which keeps both properties (Corbetta, Cohort, Laachir & Martini 2019); before the first slice the
smile scales with time, after the last the at-the-money volatility stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vocabulary.errors import BadInput

Floats = NDArray[np.float64]

BUTTERFLY_BOUND = 4.0


@dataclass(frozen=True, slots=True)
class Slices:
    """eSSVI parameters of several expiries, ascending in `years`. All arrays of the same length (or broadcast against each other)."""

    years: Floats
    theta: Floats
    rho: Floats
    psi: Floats

    def __post_init__(self) -> None:
        if not (np.all(np.asarray(self.theta) > 0) and np.all(np.asarray(self.psi) > 0) and np.all(np.abs(self.rho) < 1)):
            raise BadInput("eSSVI: theta and psi must be positive and rho inside (-1, 1)")

    def __len__(self) -> int:
        return int(np.size(self.theta))

    def one(self, index: int) -> Slices:
        """The slice at `index`, as arrays of length 1."""
        picked = slice(index, index + 1) if index != -1 else slice(index, None)
        return Slices(self.years[picked], self.theta[picked], self.rho[picked], self.psi[picked])

    def at(self, years: ArrayLike) -> Slices:
        """Interpolated parameters at each year fraction (> 0), any shape."""
        t = np.asarray(years, dtype=np.float64)
        if not np.all(t > 0):
            raise BadInput("eSSVI: years to expiry must be positive")
        early, late = np.minimum(t / self.years[0], 1.0), np.maximum(t / self.years[-1], 1.0)
        theta, psi, skew = (np.interp(t, self.years, one) for one in (self.theta, self.psi, self.rho * self.psi))
        return Slices(t, theta * early * late, skew / psi, psi * early)


def total_variance(slices: Slices, k: ArrayLike) -> Any:
    """w(k) with the parameters broadcast against k."""
    x = np.asarray(k, dtype=np.float64)
    root = np.sqrt((slices.psi * x + slices.theta * slices.rho) ** 2 + slices.theta**2 * (1 - slices.rho**2))
    return (slices.theta + slices.rho * slices.psi * x + root) / 2


def variance_slopes(slices: Slices, k: ArrayLike) -> tuple[Any, Any, Any]:
    """w, dw/dk and d2w/dk2 in closed form."""
    x = np.asarray(k, dtype=np.float64)
    inner = slices.psi * x + slices.theta * slices.rho
    root = np.sqrt(inner**2 + slices.theta**2 * (1 - slices.rho**2))
    first = (slices.rho * slices.psi + slices.psi * inner / root) / 2
    second = slices.psi**2 * slices.theta**2 * (1 - slices.rho**2) / (2 * root**3)
    return (slices.theta + slices.rho * slices.psi * x + root) / 2, first, second


def durrleman(slices: Slices, k: ArrayLike) -> Any:
    """Durrleman's function g(k): the implied density is positive exactly where g is (Gatheral & Jacquier, Lemma 2.2)."""
    x = np.asarray(k, dtype=np.float64)
    w, first, second = variance_slopes(slices, x)
    return (1 - x * first / (2 * w)) ** 2 - first**2 / 4 * (1 / w + 0.25) + second / 2


def butterfly_margin(slices: Slices) -> Floats:
    """Distance to the butterfly bounds per slice, relative; not negative means free of butterfly arbitrage."""
    wing = 1 - slices.psi * (1 + np.abs(slices.rho)) / BUTTERFLY_BOUND
    belly = 1 - slices.psi**2 * (1 + np.abs(slices.rho)) / (BUTTERFLY_BOUND * slices.theta)
    return np.minimum(wing, belly)


def skew_ratio(earlier_rho: ArrayLike, later_rho: ArrayLike) -> Any:
    """The factor p by which theta and psi must at least grow when the skew changes between two slices; 1 when it does not."""
    before, after = np.asarray(earlier_rho, dtype=np.float64), np.asarray(later_rho, dtype=np.float64)
    return np.maximum((1 + before) / (1 + after), (1 - before) / (1 - after))


def calendar_margin(slices: Slices) -> Floats:
    """Distance to the calendar bounds for each pair of neighbours (length - 1), relative; not negative means total variance never falls with time."""
    p = skew_ratio(slices.rho[:-1], slices.rho[1:])
    theta, psi = slices.theta[1:] / slices.theta[:-1], slices.psi[1:] / slices.psi[:-1]
    return np.minimum(np.minimum(theta - p, psi - p), theta - psi)
