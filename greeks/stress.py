"""What the book would be worth elsewhere: a grid of spot, volatility and days, and the crashes that happened, every leg revalued in full.

Nothing is extrapolated from Greeks. The profit of a leg is its model value there less its model value here, so that without a shock it is exactly nothing and
the position is worth its mark, also for a leg whose mark the model cannot reproduce. Shocks of the benchmark reach an underlying through its beta.
Volatility is sticky by strike: each leg keeps its own and gets the shift; in a crash the shift fades with the root of time beyond 30 days, because VIX is a
30-day volatility.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks.units import DAYS_PER_YEAR
from greeks.valuation import PricedLegs, unit_values
from vocabulary.errors import BadInput
from vocabulary.parameters import setting

Floats = NDArray[np.float64]

LOWEST_VOLATILITY = 0.01
LOWEST_SPOT_SHARE = 1e-3
"""A spot never falls below this share of itself, whatever beta asks for."""


@dataclass(frozen=True, slots=True)
class StressParameters:
    """Axes of the grid and how a VIX move reaches a leg."""

    spot: tuple[float, ...] = setting((-0.2, -0.1, -0.05, -0.03, 0.0, 0.03, 0.05, 0.1), "fraction", "desk", "moves of the benchmark", -0.99, 5.0)
    volatility: tuple[float, ...] = setting((-0.05, 0.0, 0.1, 0.2), "volatility", "desk", "parallel shifts of volatility", -1.0, 5.0)
    days: tuple[float, ...] = setting((0.0, 1.0, 7.0), "calendar days", "desk", "time that passes", 0.0)
    term_days: float = setting(30.0, "calendar days", "VIX is a 30-day volatility", "term at which a crash's VIX move applies in full", 0.1)
    term_cap: float = setting(1.0, "multiple", "desk", "largest share of the VIX move a shorter leg gets", 0.0)


@dataclass(frozen=True, slots=True)
class Crash:
    """A day or stretch that happened: move of the S&P 500 as a fraction, VIX in points before and after, calendar days it took, source of the figures."""

    name: str
    spot_move: float
    vix_before: float
    vix_after: float
    days: float
    source: str

    @property
    def vix_move(self) -> float:
        """Rise of VIX as a volatility (20 points = 0.20)."""
        return (self.vix_after - self.vix_before) / 100.0


CRASHES = (
    Crash("2018-02-05", -0.0410, 17.31, 37.32, 1.0, "methodology C, closes"),
    Crash("2020-03-16", -0.1198, 57.83, 82.69, 1.0, "methodology C, closes; VIX before: Cboe close of 2020-03-13"),
    Crash("2020-02-19 to 03-23", -0.3392, 14.38, 61.59, 33.0, "S&P 500 3,386.15 to 2,237.40 and Cboe VIX closes"),
    Crash("2024-08-05 close", -0.0300, 23.39, 38.57, 1.0, "methodology C, closes"),
    Crash("2024-08-05 worst", -0.0300, 23.39, 65.73, 0.0, "methodology C: the close's move with VIX at its high before the open"),
)


@dataclass(frozen=True, slots=True)
class StressGrid:
    """Profit against now by leg: axes leg, spot, volatility, days, in account currency. Legs without a volatility are NaN and listed in `unknown`."""

    spot: Floats
    volatility: Floats
    days: Floats
    by_leg: Floats
    unknown: tuple[int, ...]

    def total(self) -> Floats:
        """Profit of the book (spot, volatility, days); NaN when a leg is unknown."""
        return np.sum(self.by_leg, axis=0)

    def by(self, labels: Sequence[str]) -> dict[str, Floats]:
        """Profit of each label's legs; labels: one per leg."""
        if len(labels) != self.by_leg.shape[0]:
            raise BadInput(f"stress: {len(labels)} labels for {self.by_leg.shape[0]} legs")
        return {name: np.sum(self.by_leg[[one == name for one in labels]], axis=0) for name in dict.fromkeys(labels)}


@dataclass(frozen=True, slots=True)
class CrashLoss:
    """Profit of the book in one crash, in total and by label."""

    crash: Crash
    profit: float
    by_label: Mapping[str, float]


def stress_grid(legs: PricedLegs, volatility: ArrayLike, size: ArrayLike, beta: ArrayLike, parameters: StressParameters | None = None) -> StressGrid:
    """Revalue every leg at every point of the grid.

    volatility: of each leg now (NaN: unknown); size: signed quantity x multiplier; beta: of each leg's underlying to the benchmark (1 to shock each
    underlying by the same percentage).
    """
    p = parameters or StressParameters()
    moves, shifts, days = (np.asarray(axis, dtype=np.float64) for axis in (p.spot, p.volatility, p.days))
    profit = _profits(legs, volatility, size, beta, moves[None, :, None, None], shifts[None, None, :, None], days[None, None, None, :])
    return StressGrid(moves, shifts, days, profit, _unknown(profit))


def crash_losses(
    legs: PricedLegs,
    volatility: ArrayLike,
    size: ArrayLike,
    beta: ArrayLike,
    labels: Sequence[str],
    crashes: Sequence[Crash] = CRASHES,
    parameters: StressParameters | None = None,
) -> list[CrashLoss]:
    """The book in each named crash. labels: what to split the profit by, one per leg."""
    p = parameters or StressParameters()
    term = crash_share(legs, p)
    losses: list[CrashLoss] = []
    for crash in crashes:
        shift = (crash.vix_move * term)[:, None]
        profit = _profits(legs, volatility, size, beta, np.array([[crash.spot_move]]), shift, np.array([[crash.days]]))[:, 0]
        split = {name: float(np.sum(profit[[one == name for one in labels]])) for name in dict.fromkeys(labels)}
        losses.append(CrashLoss(crash, float(np.sum(profit)), split))
    return losses


def crash_share(legs: PricedLegs, parameters: StressParameters) -> Floats:
    """Share of a VIX move that reaches each leg: the root of 30 days over its time to expiry, at most the cap."""
    days = np.maximum(legs.years * DAYS_PER_YEAR, 1e-6)
    return np.minimum(np.sqrt(parameters.term_days / days), parameters.term_cap)


def _profits(legs: PricedLegs, volatility: ArrayLike, size: ArrayLike, beta: ArrayLike, moves: Floats, shifts: Floats, days: Floats) -> Floats:
    """Profit per leg; moves, shifts and days broadcast against each other and have a leading axis of legs (of length 1 where all legs share the shock)."""
    now, scale, weight = (np.asarray(one, dtype=np.float64) for one in (volatility, size, beta))
    if not now.size == scale.size == weight.size == len(legs):
        raise BadInput(f"stress: {len(legs)} legs need as many volatilities ({now.size}), sizes ({scale.size}) and betas ({weight.size})")
    column = (len(legs),) + (1,) * (moves.ndim - 1)
    here = now.reshape(column)
    spot = legs.spot.reshape(column) * np.maximum(1.0 + weight.reshape(column) * moves, LOWEST_SPOT_SHARE)
    there = np.maximum(here + shifts, np.minimum(here, LOWEST_VOLATILITY))
    years = np.maximum(legs.years.reshape(column) - days / DAYS_PER_YEAR, 0.0)
    shocked = unit_values(legs, *np.broadcast_arrays(there, spot, years))
    return scale.reshape(column) * (shocked - unit_values(legs, now).reshape(column))


def _unknown(profit: Floats) -> tuple[int, ...]:
    rows: list[int] = np.flatnonzero(np.any(np.isnan(profit), axis=tuple(range(1, profit.ndim)))).tolist()
    return tuple(rows)
