"""Strikes on the list of an expiry, and a whole root's list on a day, in the order of the chain file.

Fine steps near the money up to a hundred days, coarse ones beyond; the range is counted in standard deviations to expiry from the last close, so that a list
is a function of the day. A contract once listed keeps being quoted wherever the price goes: `is_strike` only asks for the step.
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
from marketdata.synthetic.roots import OptionRoot

Floats = NDArray[np.float64]
LOW_DEVIATIONS, HIGH_DEVIATIONS = 5.0, 3.0
NEAR_DEVIATIONS, NEAR_LIMIT, NEAR_DAYS = 1.2, 0.05, 100
WIDEST = (0.35, 1.80)
VOLATILITY_STEP = 0.1


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
def strike_grid(fine: float, coarse: float, usual: float, spot: float, days: int) -> StrikeGrid:
    """The grid of one expiry; usual: volatility per year that the range is counted in. Everything is counted in fine steps."""
    deviation = usual * sqrt((days + 1.5) / 365.0)
    low = max(spot * exp(-LOW_DEVIATIONS * deviation - 0.01), spot * WIDEST[0])
    high = min(spot * exp(HIGH_DEVIATIONS * deviation + 0.01), spot * WIDEST[1])
    near = min(NEAR_DEVIATIONS * deviation + 0.008, NEAR_LIMIT)
    far = round(coarse * (1 if days <= 2 * NEAR_DAYS else 2) / fine)
    steps = np.arange(ceil(low / fine / far), floor(high / fine / far) + 1) * far
    if days <= NEAR_DAYS:
        steps = np.union1d(steps, np.arange(ceil(spot * exp(-near) / fine), floor(spot * exp(near) / fine) + 1))
    return StrikeGrid(steps * fine, tuple(exact_strike(number, fine) for number in steps.tolist()))


@cache
def exact_strike(steps: int, fine: float) -> Decimal:
    """A number of fine steps."""
    return steps * Decimal(str(fine))


def rounded_spot(root: OptionRoot, spot: float) -> float:
    """The price the grid is centred on: to the coarse step, so that the list changes only when the price has moved."""
    return max(round(spot / root.steps[1]) * root.steps[1], root.steps[1])


def strikes_of(root: OptionRoot, close: LastClose, days: int) -> StrikeGrid:
    """Strikes listed for an expiry `days` away."""
    wide = max(DRIVERS[root.underlying.driver].usual, ceil(close.volatility / VOLATILITY_STEP) * VOLATILITY_STEP)
    return strike_grid(root.steps[0], root.steps[1], wide, rounded_spot(root, close.spot), days)


def is_strike(root: OptionRoot, strike: Decimal) -> bool:
    """Whether a strike lies on the root's finest step."""
    return strike > 0 and strike % Decimal(str(root.steps[0])) == 0


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
