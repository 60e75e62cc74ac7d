"""Fit of the smiles of one underlying to quoted implied volatilities, and the surface that answers for any strike and expiry.

The optimiser never sees an arbitrage: it works in a cube whose every point maps to an eSSVI slice inside the butterfly bounds and above the slice before it
(the sequential form of Mingone 2022). Slices are fitted in order of expiry by bounded least squares on volatility, weighted, with a soft loss so that one
stale quote does not bend the smile. `arbitrage_check` proves the result independently, on a grid, from Durrleman's function and total variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares

from greeks.essvi import BUTTERFLY_BOUND, Slices, butterfly_margin, calendar_margin, durrleman, skew_ratio, total_variance
from vocabulary.errors import BadInput, MissingData
from vocabulary.parameters import setting

Floats = NDArray[np.float64]

INSIDE = 1e-9
"""Relative distance kept from every bound, so that rounding cannot cross it."""
RHO_LIMIT = 0.995
VARIANCE_SPAN = 1e4
"""Largest at-the-money variance looked at, as a multiple of the smallest allowed."""
QUARTILE = 0.25


@dataclass(frozen=True, slots=True)
class SmileQuotes:
    """Implied volatilities of one expiry: years to expiry (> 0), log-moneyness, volatility and weight (for instance vega over spread) per row."""

    years: float
    k: Floats
    iv: Floats
    weight: Floats

    def usable(self) -> SmileQuotes:
        """Only rows with finite positive volatility and weight."""
        good = np.isfinite(self.k) & (self.iv > 0) & np.isfinite(self.iv) & (self.weight > 0) & np.isfinite(self.weight)
        return SmileQuotes(self.years, self.k[good], self.iv[good], self.weight[good])


@dataclass(frozen=True, slots=True)
class FitParameters:
    """How a smile is fitted."""

    min_quotes: int = setting(5, "quotes", "three parameters and two to check them", "an expiry with fewer is left out", 3)
    soft: float = setting(0.01, "volatility", "desk: one volatility point", "misfit at which the loss turns linear", 1e-6)
    max_steps: int = setting(200, "evaluations", "desk", "limit of the optimiser per start", 1)


@dataclass(frozen=True, slots=True)
class Surface:
    """Fitted slices and their misfit. rmse: weighted root mean square in volatility, per slice; quotes: rows used per slice; left_out: years not fitted."""

    slices: Slices
    rmse: Floats
    quotes: NDArray[np.int64]
    left_out: tuple[float, ...]

    def iv(self, k: ArrayLike, years: ArrayLike) -> Any:
        """Implied volatility at log-moneyness and years to expiry; broadcasts."""
        x, t = np.broadcast_arrays(np.asarray(k, dtype=np.float64), np.asarray(years, dtype=np.float64))
        return np.sqrt(total_variance(self.slices.at(t), x) / t)

    def atm_iv(self) -> Floats:
        """At-the-money-forward volatility of each fitted slice."""
        return np.sqrt(self.slices.theta / self.slices.years)


@dataclass(frozen=True, slots=True)
class ArbitrageCheck:
    """Worst values on the grid: smallest Durrleman g (density), smallest growth of total variance between neighbours, and the closed-form margins."""

    smallest_density: float
    smallest_growth: float
    butterfly: float
    calendar: float

    @property
    def free(self) -> bool:
        """True when neither butterfly nor calendar arbitrage exists (up to 1e-12 of rounding)."""
        return min(self.smallest_density, self.smallest_growth, self.butterfly, self.calendar) >= -1e-12


def fit_surface(expiries: Sequence[SmileQuotes], parameters: FitParameters | None = None) -> Surface:
    """Fit every expiry with enough usable quotes, earliest first.

    Raises BadInput when two expiries share a time or one is not positive, MissingData when no expiry has enough quotes.
    """
    chosen = parameters or FitParameters()
    ordered = sorted((one.usable() for one in expiries), key=lambda one: one.years)
    times = [one.years for one in ordered]
    if any(t <= 0 for t in times) or len(set(times)) < len(times):
        raise BadInput(f"smile fit: years to expiry must be positive and distinct, got {times}")
    fitted = [one for one in ordered if one.k.size >= chosen.min_quotes]
    if not fitted:
        raise MissingData(f"smile fit: none of {len(times)} expiries has {chosen.min_quotes} usable quotes")
    rows = _fit_in_order(fitted, chosen)
    surface_slices = Slices(np.array([one.years for one in fitted]), *rows.T)
    left = tuple(one.years for one in ordered if one.k.size < chosen.min_quotes)
    return Surface(surface_slices, np.array([_rmse(q, surface_slices.one(i)) for i, q in enumerate(fitted)]), np.array([q.k.size for q in fitted]), left)


def arbitrage_check(slices: Slices, k: ArrayLike | None = None) -> ArbitrageCheck:
    """Independent proof on a grid of log-moneyness (default: 1,201 points over +-3) for every slice and every pair of neighbours."""
    grid = np.linspace(-3.0, 3.0, 1201) if k is None else np.asarray(k, dtype=np.float64)
    columns = Slices(*(np.asarray(one)[:, None] for one in (slices.years, slices.theta, slices.rho, slices.psi)))
    variance = total_variance(columns, grid)
    growth = np.diff(variance, axis=0) / variance[:-1]
    several = len(slices) > 1
    return ArbitrageCheck(
        float(np.min(durrleman(columns, grid))),
        float(np.min(growth)) if several else 0.0,
        float(np.min(butterfly_margin(slices))),
        float(np.min(calendar_margin(slices))) if several else 0.0,
    )


def _fit_in_order(fitted: Sequence[SmileQuotes], parameters: FitParameters) -> Floats:
    rows = np.empty((len(fitted), 3))
    before: Floats | None = None
    for index, quotes in enumerate(fitted):
        before = rows[index] = _fit_slice(quotes, before, parameters)
    return rows


def _fit_slice(quotes: SmileQuotes, before: Floats | None, parameters: FitParameters) -> Floats:
    """Best (theta, rho, psi) from three starts of the skew."""
    scale = np.sqrt(quotes.weight / np.mean(quotes.weight))
    floor = _variance_floor(quotes, before)

    def misfit(point: Floats) -> Floats:
        theta, rho, psi = from_cube(point, floor, before)
        model = np.sqrt(total_variance(Slices(np.array(quotes.years), theta, rho, psi), quotes.k) / quotes.years)
        return scale * (model - quotes.iv) / parameters.soft

    starts = [_start(quotes, floor, share) for share in (0.3, 0.5, 0.1)]
    found = [least_squares(misfit, x, bounds=(0.0, 1.0), loss="soft_l1", max_nfev=parameters.max_steps, x_scale=0.1) for x in starts]
    best = min(found, key=lambda one: float(one.cost))
    return np.array([float(value) for value in from_cube(best.x, floor, before)])


def _variance_floor(quotes: SmileQuotes, before: Floats | None) -> float:
    """Smallest at-the-money variance of the search: a hundredth of the smallest quoted, or the slice before."""
    quoted = float(np.min(quotes.iv)) ** 2 * quotes.years / 100
    return quoted if before is None else max(quoted, float(before[0]))


def _start(quotes: SmileQuotes, floor: float, rho_share: float) -> Floats:
    """A point of the cube whose variance is near the quoted one at the money."""
    near = quotes.iv[np.argsort(np.abs(quotes.k))[:3]]
    wanted = float(np.median(near)) ** 2 * quotes.years
    return np.clip(np.array([rho_share, np.log(max(wanted / floor, 1.0 + 1e-6)) / np.log(VARIANCE_SPAN), QUARTILE]), 0.01, 0.99)


def from_cube(point: Floats, floor: float, before: Floats | None) -> tuple[Any, Any, Any]:
    """Map a point of the unit cube to (theta, rho, psi) inside every bound. before: (theta, rho, psi) of the slice before, None for the first.

    First coordinate: skew inside the interval where the bounds leave room; second: logarithm of the variance above its smallest allowed value; third: slope
    between its bounds.
    """
    low, high = _rho_range(before)
    rho = low + point[0] * (high - low)
    ratio = 1.0 if before is None else float(skew_ratio(before[1], rho)) * (1 + INSIDE)
    least_psi = 0.0 if before is None else float(before[2]) * ratio
    least_theta = max(floor, least_psi**2 * (1 + abs(rho)) / BUTTERFLY_BOUND) if before is None else _least_theta(floor, before, ratio, rho)
    theta = least_theta * (1 + INSIDE) * VARIANCE_SPAN ** point[1]
    most_psi = min(BUTTERFLY_BOUND / (1 + abs(rho)), np.sqrt(BUTTERFLY_BOUND * theta / (1 + abs(rho))))
    if before is not None:
        most_psi = min(most_psi, float(before[2]) * theta / float(before[0]))
    most_psi *= 1 - INSIDE
    least_psi = max(least_psi, most_psi * 1e-6)
    return theta, rho, least_psi + point[2] * max(most_psi - least_psi, 0.0)


def _least_theta(floor: float, before: Floats, ratio: float, rho: float) -> float:
    """Smallest variance that leaves room for a slope: grown by the skew ratio, and inside the belly bound at the smallest slope."""
    belly = (float(before[2]) * ratio) ** 2 * (1 + abs(rho)) / BUTTERFLY_BOUND
    return max(floor, float(before[0]) * ratio, belly)


def _rho_range(before: Floats | None) -> tuple[float, float]:
    """Interval of the skew in which the smallest slope still satisfies the wing bound; it always contains the skew of the slice before."""
    if before is None:
        return -RHO_LIMIT, RHO_LIMIT
    room = BUTTERFLY_BOUND * (1 - 1e-6)
    down, up = room / (float(before[2]) * (1 + float(before[1]))), room / (float(before[2]) * (1 - float(before[1])))
    low, high = (1 - down) / (1 + down), (up - 1) / (up + 1)
    held = float(before[1])
    return min(max(low, -RHO_LIMIT), held), max(min(high, RHO_LIMIT), held)


def _rmse(quotes: SmileQuotes, fitted: Slices) -> float:
    model = np.sqrt(total_variance(fitted, quotes.k) / quotes.years)
    return float(np.sqrt(np.average((model - quotes.iv) ** 2, weights=quotes.weight)))
