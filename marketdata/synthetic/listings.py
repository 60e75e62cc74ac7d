"""Strikes on the list of an expiry, and a whole root's list on a day, in the order of the chain file.

Fine steps near the money, coarse ones beyond, twice as coarse far out; the range is counted in standard deviations to expiry from the last close, so that a
list is a function of the day. A contract once listed keeps being quoted wherever the price goes: `is_strike` only asks for the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from math import ceil, exp, floor, sqrt

import numpy as np
from numpy.typing import NDArray

from marketdata.synthetic.drivers import DRIVERS
from marketdata.synthetic.roots import OptionRoot, StrikeSteps

Floats = NDArray[np.float64]
LOW_DEVIATIONS, HIGH_DEVIATIONS = 4.0, 2.5
NEAR_DEVIATIONS, COARSE_DEVIATIONS, COARSE_DAYS = 1.0, 1.0, 200
WIDEST = (0.35, 1.80)
VOLATILITY_STEP = 0.05


@dataclass(frozen=True, slots=True)
class LastClose:
    """What a strike list hangs on: price and 30-day volatility of the underlying at the last close."""

    spot: float
    volatility: float


@dataclass(frozen=True, slots=True)
class Listing:
    """All contracts of a root on a day, calls and puts in turn, by expiry and strike. sign: 1 call, -1
    put; `of_expiry`: row of `expiries` for each contract.
    """

    expiries: Sequence[date]
    of_expiry: NDArray[np.int64]
    strike: Floats
    sign: Floats
    expiry_dates: Sequence[date]
    strikes: Sequence[Decimal]
    rights: Sequence[str]


@dataclass(frozen=True, slots=True)
class StrikeGrid:
    """Strikes of one expiry, ascending, as numbers and exactly."""

    values: Floats
    exact: tuple[Decimal, ...]


@lru_cache(maxsize=8192)
def strike_grid(steps: StrikeSteps, usual: float, spot: float, days: int) -> StrikeGrid:
    """The grid of one expiry; usual: volatility per year that the range is counted in. Everything is counted in fine steps."""
    deviation = usual * sqrt((days + 1.5) / 365.0)
    far = round(steps.coarse * (1 if days <= COARSE_DAYS else 2) / steps.fine)
    inner, outer = (COARSE_DEVIATIONS, COARSE_DEVIATIONS), (LOW_DEVIATIONS, HIGH_DEVIATIONS)
    numbers = [every(far, steps.fine, spot, deviation, inner), every(2 * far, steps.fine, spot, deviation, outer)]
    if days <= steps.near_days:
        near = min(NEAR_DEVIATIONS * deviation + 0.008, steps.near_limit)
        numbers.append(every(1, steps.fine, spot, near, (1.0, 1.0)))
    grid = np.unique(np.concatenate(numbers))
    return StrikeGrid(grid * steps.fine, tuple(exact_strike(number, steps.fine) for number in grid.tolist()))


def every(stride: int, fine: float, spot: float, deviation: float, reach: tuple[float, float]) -> NDArray[np.int64]:
    """Multiples of `stride` fine steps from so many deviations below the price to so many above it."""
    low = max(spot * exp(-reach[0] * deviation - 0.005), spot * WIDEST[0])
    high = min(spot * exp(reach[1] * deviation + 0.005), spot * WIDEST[1])
    return np.arange(ceil(low / fine / stride), floor(high / fine / stride) + 1) * stride


@cache
def exact_strike(steps: int, fine: float) -> Decimal:
    """A number of fine steps."""
    return steps * Decimal(str(fine))


def rounded_spot(root: OptionRoot, spot: float) -> float:
    """The price the grid is centred on: to the coarse step, so that the list changes only when the price has moved."""
    return max(round(spot / root.steps.coarse) * root.steps.coarse, root.steps.coarse)


def strikes_of(root: OptionRoot, close: LastClose, days: int) -> StrikeGrid:
    """Strikes listed for an expiry `days` away."""
    wide = max(DRIVERS[root.underlying.driver].usual, ceil(close.volatility / VOLATILITY_STEP) * VOLATILITY_STEP)
    return strike_grid(root.steps, wide, rounded_spot(root, close.spot), days)


def is_strike(root: OptionRoot, strike: Decimal) -> bool:
    """Whether a strike lies on the root's finest step."""
    return strike > 0 and strike % Decimal(str(root.steps.fine)) == 0


def listing(root: OptionRoot, day: date, close: LastClose, contract_month: str | None) -> Listing:
    """Everything listed on a day."""
    expiries = list(root.listed(day, contract_month))
    grids = [strikes_of(root, close, (expiry - day).days) for expiry in expiries]
    counts = [2 * len(grid.exact) for grid in grids]
    values = np.repeat(np.concatenate([grid.values for grid in grids]), 2) if grids else np.empty(0)
    strikes = [strike for grid in grids for strike in grid.exact for _ in (0, 1)]
    dates = [one for expiry, count in zip(expiries, counts, strict=True) for one in (expiry,) * count]
    of_expiry = np.repeat(np.arange(len(expiries)), counts)
    return Listing(expiries, of_expiry, values, np.tile([1.0, -1.0], len(strikes) // 2), dates, strikes, ["C", "P"] * (len(strikes) // 2))
