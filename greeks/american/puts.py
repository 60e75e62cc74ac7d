"""Every American option as a put of strike 1: symmetry, the regimes of rate and yield, and the solved block.

A call on S struck at K with rate r and yield q is worth what a put on K struck at S with rate q and yield r is worth (McDonald and Schroder 1998). What
early exercise means depends on the signs, in the put's terms (Battauz, De Donno and Sbuelz 2015; Andersen and Lake 2021):

- r > 0, or r = 0 with q < 0: exercise below one boundary.
- r <= 0 otherwise, with q >= r: never exercised early; the option is European.
- q < r < 0: exercise between two boundaries, which the boundary equations here do not describe.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks.american import lane_loops, lanes
from greeks.american.arithmetic import SYSTEM_A_LIMIT, boundary_at_expiry
from greeks.american.schemes import Scheme, tables
from greeks.compiled import HAS_NUMBA
from greeks.rows import as_rows

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LANES = 256
"""Options solved together: enough for vector instructions, few enough for the first-level cache."""


class Regime(IntEnum):
    """How an option may be exercised early; see the module."""

    ONE_BOUNDARY = 0
    EUROPEAN = 1
    TWO_BOUNDARIES = 2
    EXPIRED = 3
    BAD_INPUT = 4


@dataclass(frozen=True, slots=True)
class Puts:
    """Rows of put-equivalents. spot, strike: as given. scale: the put's strike. moneyness: the put's spot over its strike. rate, dividend_yield: the put's."""

    call: Flags
    spot: Floats
    strike: Floats
    scale: Floats
    moneyness: Floats
    years: Floats
    rate: Floats
    dividend_yield: Floats
    volatility: Floats
    regime: NDArray[np.int8]
    shape: tuple[int, ...]

    def payoff(self) -> Floats:
        """Value of immediate exercise, not below zero."""
        return np.maximum(np.where(self.call, self.spot - self.strike, self.strike - self.spot), 0.0)

    def own_rates(self) -> tuple[Floats, Floats]:
        """(rate, yield) as given."""
        return np.where(self.call, self.dividend_yield, self.rate), np.where(self.call, self.rate, self.dividend_yield)

    def solvable(self) -> NDArray[np.intp]:
        """Rows with one boundary."""
        return np.flatnonzero(self.regime == Regime.ONE_BOUNDARY)


@dataclass(frozen=True, slots=True)
class Solved:
    """Per row of a put of strike 1: value, first and second derivative in its spot, boundary now."""

    value: Floats
    slope: Floats
    bend: Floats
    boundary: Floats

    def exercised(self, moneyness: Floats) -> Flags:
        """True where immediate exercise is optimal."""
        return moneyness <= self.boundary


def as_puts(call: ArrayLike, spot: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike, dividend_yield: ArrayLike, volatility: ArrayLike) -> Puts:
    """Broadcast the arguments and turn calls into puts by symmetry."""
    (call_row, s, k, t, r, q, v), shape = as_rows((call, spot, strike, years, rate, dividend_yield, volatility))
    is_call = call_row != 0.0
    put_rate, put_yield = np.where(is_call, q, r), np.where(is_call, r, q)
    with np.errstate(all="ignore"):
        bad = ~(np.isfinite(call_row + s + k + t + r + q + v) & (s > 0.0) & (k > 0.0) & (t >= 0.0) & (v > 0.0))
        never = (put_rate <= 0.0) & (put_yield >= put_rate)
        two = (put_rate < 0.0) & (put_yield < put_rate)
        moneyness = np.where(is_call, k / s, s / k)
    regime = np.select([bad, t <= 0.0, never, two], [Regime.BAD_INPUT, Regime.EXPIRED, Regime.EUROPEAN, Regime.TWO_BOUNDARIES], Regime.ONE_BOUNDARY)
    return Puts(is_call, s, k, np.where(is_call, s, k), moneyness, t, put_rate, put_yield, v, regime.astype(np.int8), shape)


def system_choice(rate: Floats, dividend_yield: Floats, volatility: Floats, years: Floats) -> Floats:
    """1.0 where boundary system A converges, else 0.0."""
    return ((rate - dividend_yield) * np.sqrt(years) < SYSTEM_A_LIMIT * volatility).astype(np.float64)


def solve(moneyness: Floats, years: Floats, rate: Floats, dividend_yield: Floats, volatility: Floats, use_a: Floats, scheme: Scheme) -> Solved:
    """Puts of strike 1 with one boundary each; value, slope and bend hold where the put is not exercised at once."""
    fixed, form = tables(scheme), (lane_loops if HAS_NUMBA else lanes)
    out = np.empty((4, moneyness.size))
    with np.errstate(all="ignore"):
        for start in range(0, moneyness.size, LANES):
            part = slice(start, start + LANES)
            put = np.empty((lanes.PUT_ROWS, moneyness[part].size))
            put[0], put[1], put[2], put[3] = rate[part], dividend_yield[part], volatility[part], np.sqrt(years[part])
            put[4], put[5], put[6] = boundary_at_expiry(put[0], put[1]), use_a[part], moneyness[part]
            gap, found = np.empty((scheme.nodes, put.shape[1])), np.empty((3, put.shape[1]))
            squared = form.solve_boundary(put, fixed.roots, fixed.sines, fixed.weights, fixed.inner_map, scheme.steps, gap)
            form.integrate_premium(put, squared, fixed.outer_sines, fixed.outer_weights, fixed.outer_map, found)
            out[:3, part] = found
            out[3, part] = np.exp(put[4] - gap[0])
    return settle(out, moneyness)


def settle(found: Floats, moneyness: Floats) -> Solved:
    """Where the put is exercised its value is the payoff; nowhere is it less."""
    payoff = 1.0 - moneyness
    stopped = moneyness <= found[3]
    value = np.where(stopped, payoff, np.maximum(found[0], np.maximum(payoff, 0.0)))
    return Solved(value, np.where(stopped, -1.0, found[1]), np.where(stopped, 0.0, found[2]), found[3])
