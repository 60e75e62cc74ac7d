"""Chances and expected moves: profit at expiry, touching a level, one-sigma ranges.

All probabilities are risk-neutral: what the option prices imply, not a forecast. Profit at expiry is exact for any piecewise-linear payoff (the roots are
solved segment by segment, then the distribution function is differenced); touch is the closed reflection formula for Brownian motion with drift (Harrison 1985;
Borodin & Salminen, Handbook of Brownian Motion, 1.1.4), not the "twice the delta" rule of thumb, which it replaces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtr

from vocabulary.contracts import Contract, Right
from vocabulary.errors import BadInput

Floats = NDArray[np.float64]
Distribution = Callable[[Floats], Floats]
"""Risk-neutral distribution function of the underlying's price at expiry: prices in, P(price <= x) out."""


def lognormal_distribution(forward: float, volatility: float, years: float) -> Distribution:
    """P(price <= x) when the price at expiry is lognormal around its forward. years and volatility positive."""
    deviation = volatility * np.sqrt(years)
    if not deviation > 0:
        raise BadInput(f"lognormal distribution: volatility {volatility} and years {years} must be positive")

    def below(price: Floats) -> Floats:
        x = np.maximum(np.asarray(price, dtype=np.float64), 1e-300)
        return np.where(np.asarray(price) > 0, ndtr(np.log(x / forward) / deviation + deviation / 2), 0.0)

    return below


@dataclass(frozen=True, slots=True)
class Payoff:
    """Profit at expiry as a function of the underlying, piecewise linear: values at the ascending `nodes` (the first is 0) and the slope beyond the last."""

    nodes: Floats
    profit: Floats
    last_slope: float

    def at(self, price: ArrayLike) -> Any:
        """Profit at each price, any shape."""
        x = np.asarray(price, dtype=np.float64)
        beyond = self.profit[-1] + self.last_slope * (x - self.nodes[-1])
        return np.where(x > self.nodes[-1], beyond, np.interp(x, self.nodes, self.profit))

    def break_evens(self) -> Floats:
        """Prices at which the profit changes sign, ascending."""
        left, right = self.profit[:-1], self.profit[1:]
        crossing = np.sign(left) * np.sign(right) < 0
        share = left[crossing] / (left[crossing] - right[crossing])
        roots = self.nodes[:-1][crossing] + share * np.diff(self.nodes)[crossing]
        touching = self.nodes[(self.profit == 0) & (self.nodes > 0)]
        tail = self.nodes[-1] - self.profit[-1] / self.last_slope if self.profit[-1] * self.last_slope < 0 else None
        return np.unique(np.concatenate([roots, touching, [] if tail is None else [tail]]))


def payoff_at_expiry(legs: Sequence[tuple[Contract, float]], cash: float) -> Payoff:
    """Profit at expiry of legs that expire together (or never: shares) plus the cash received so far.

    legs: contract and signed quantity; cash: premiums received less paid, account currency. Raises BadInput when options expire on different days: then
    there is no payoff at expiry, use the stress grid instead.
    """
    expiries = {contract.expiry for contract, _ in legs if contract.asset.is_option}
    if len(expiries) > 1:
        raise BadInput(f"payoff at expiry: the legs expire on {len(expiries)} different days; use the stress grid")
    strikes = [contract.strike for contract, _ in legs if contract.strike is not None]
    nodes = np.unique(np.array([0.0, *strikes]))
    profit, slope = np.full(nodes.shape, cash), 0.0
    for contract, quantity in legs:
        value, tail = _leg_payoff(contract, nodes)
        profit = profit + quantity * contract.multiplier * value
        slope += quantity * contract.multiplier * tail
    return Payoff(nodes, profit, slope)


def _leg_payoff(contract: Contract, nodes: Floats) -> tuple[Floats, float]:
    """Value of one unit at each node and its slope beyond every strike."""
    if contract.strike is None or contract.right is None:
        return nodes, 1.0
    if contract.right is Right.CALL:
        return np.maximum(nodes - contract.strike, 0.0), 1.0
    return np.maximum(contract.strike - nodes, 0.0), 0.0


def probability_of_profit(payoff: Payoff, below: Distribution) -> float:
    """Risk-neutral chance that the profit at expiry is above zero, exact for the given distribution."""
    edges = np.unique(np.concatenate([[0.0], payoff.nodes, payoff.break_evens()]))
    inner = (edges[:-1] + edges[1:]) / 2
    middles = np.append(inner, edges[-1] + max(1.0, abs(edges[-1])))
    at_edges = np.append(below(edges), 1.0)
    at_edges[0] = 0.0
    mass = np.diff(at_edges)
    return float(np.clip(np.sum(mass[payoff.at(middles) > 0]), 0.0, 1.0))


def probability_of_touch(spot: ArrayLike, barrier: ArrayLike, volatility: ArrayLike, years: ArrayLike, carry: ArrayLike = 0.0) -> Any:
    """Chance that the price trades at `barrier` at least once before `years` are over; exact for geometric Brownian motion watched continuously.

    carry: rate less dividend yield (log-growth of the forward). All broadcast. 1 when the spot is at the barrier, 0 when no time or no volatility is
    left, NaN for prices that are not positive. Evaluated in logarithms, so a strong drift cannot overflow.
    """
    s, b, v, t, c = np.broadcast_arrays(*(np.asarray(one, dtype=np.float64) for one in (spot, barrier, volatility, years, carry)))
    with np.errstate(all="ignore"):
        distance, deviation = np.log(b / s), v * np.sqrt(t)
        side = np.where(distance >= 0, 1.0, -1.0)
        drift = c - v**2 / 2
        direct = log_ndtr((side * drift * t - np.abs(distance)) / deviation)
        mirrored = 2 * drift * distance / v**2 + log_ndtr((-side * drift * t - np.abs(distance)) / deviation)
        chance = np.clip(np.exp(direct) + np.exp(mirrored), 0.0, 1.0)
    still = np.where(distance == 0, 1.0, 0.0)
    chance = np.where(deviation > 0, np.where(distance == 0, 1.0, chance), still)
    return np.where((s > 0) & (b > 0) & (v >= 0) & (t >= 0), chance, np.nan)[()]


@dataclass(frozen=True, slots=True)
class ExpectedMove:
    """One-sigma range around the forward and the mean absolute move, in price units; arrays of one shape (numbers for numbers)."""

    low: Any
    high: Any
    one_sigma: Any
    mean_absolute: Any


def expected_move(forward: ArrayLike, volatility: ArrayLike, years: ArrayLike, sigmas: float = 1.0) -> ExpectedMove:
    """Lognormal range that holds with the probability of `sigmas` normal deviations (one: 68.27 %), and E|price - forward|. Arguments broadcast.

    The mean absolute move equals the undiscounted at-the-money straddle, forward x (4 N(deviation / 2) - 2).
    """
    f = np.asarray(forward, dtype=np.float64)
    deviation = np.asarray(volatility, dtype=np.float64) * np.sqrt(np.maximum(np.asarray(years, dtype=np.float64), 0.0))
    middle, step = f * np.exp(-(deviation**2) / 2), np.exp(sigmas * deviation)
    return ExpectedMove(middle / step, middle * step, f * deviation * sigmas, f * (4 * ndtr(deviation / 2) - 2))
