"""Binomial trees of 100 steps: node prices and branch probabilities of seven published trees, rolled back with exercise, and Greeks from the first nodes.

Sources: Cox, Ross, Rubinstein (1979); Jarrow, Rudd (1983); Trigeorgis (1991); Tian (1993); Leisen, Reimer (1996); Joshi (2007); the additive equal-probability
tree; Greeks after Odegaard from the upper nodes. A quirk of the engine is kept: when the last grid time falls short of the maturity by a rounding, the payoff
at maturity is not applied and the option in effect ends one step earlier (84 days, for instance).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import numpy.typing as npt

from leanlocal.pricing.quantlib.black import quotient
from leanlocal.pricing.quantlib.terms import NotPriceable, Terms, drift, zero_rate

STEPS = 100
Floats = npt.NDArray[np.float64]


class Tree(Enum):
    """Which tree."""

    COX_ROSS_RUBINSTEIN = "CoxRossRubinstein"
    JARROW_RUDD = "JarrowRudd"
    ADDITIVE_EQUAL_PROBABILITIES = "AdditiveEQPBinomialTree"
    TRIGEORGIS = "Trigeorgis"
    TIAN = "Tian"
    LEISEN_REIMER = "LeisenReimer"
    JOSHI = "Joshi4"


@dataclass(frozen=True, slots=True)
class Branches:
    """A tree's shape: price(level, ups) of a node and the probability of going up."""

    price: Callable[[int, int], float]
    up: float
    down: float


@dataclass(frozen=True, slots=True)
class LatticeValue:
    """Value and Greeks from the tree; theta per year."""

    value: float
    delta: float
    gamma: float
    theta: float


def _require_probability(up: float) -> float:
    if not 0.0 <= up <= 1.0:
        raise NotPriceable(f"a binomial tree with probability {up}")
    return up


def _variance(terms: Terms, years: float) -> float:
    return terms.sigma * terms.sigma * (0.0 + years) - terms.sigma * terms.sigma * 0.0


def _equal_jumps(terms: Terms, jump: float, step_drift: float) -> Branches:
    if not jump:
        raise NotPriceable("a binomial tree without volatility")
    up = _require_probability(0.5 + 0.5 * step_drift / jump)
    return Branches(lambda level, ups: terms.spot * math.exp((2 * ups - level) * jump), up, 1.0 - up)


def _equal_probabilities(terms: Terms, jump: float, step_drift: float) -> Branches:
    return Branches(lambda level, ups: terms.spot * math.exp(level * step_drift + (2 * ups - level) * jump), 0.5, 0.5)


def _multiplicative(terms: Terms, up_factor: float, down_factor: float, up: float) -> Branches:
    return Branches(lambda level, ups: terms.spot * math.pow(down_factor, level - ups) * math.pow(up_factor, ups), up, 1.0 - up)


def _tian(terms: Terms, step_drift: float) -> Branches:
    q = math.exp(_variance(terms, terms.years / STEPS))
    r = math.exp(step_drift) * math.sqrt(q)
    spread = math.sqrt(max(q * q + 2 * q - 3, 0.0))
    up_factor, down_factor = 0.5 * r * q * (q + 1 + spread), 0.5 * r * q * (q + 1 - spread)
    if up_factor == down_factor:
        raise NotPriceable("a binomial tree without volatility")
    return _multiplicative(terms, up_factor, down_factor, _require_probability((r - down_factor) / (up_factor - down_factor)))


def peizer_pratt(z: float, steps: int) -> float:
    """Binomial probability whose distribution of odd `steps` approximates the normal one at z (Peizer and Pratt's second inversion)."""
    scaled = z / (steps + 1.0 / 3.0 + 0.1 / (steps + 1.0))
    bent = math.exp(-(scaled * scaled) * (steps + 1.0 / 6.0))
    return 0.5 + (1 if z > 0 else -1) * math.sqrt(0.25 * (1.0 - bent))


def joshi_probability(z: float, steps: int) -> float:
    """The same by Joshi's fourth-order series in the number of steps."""
    k = (steps - 1.0) / 2.0
    a = z / math.sqrt(8.0)
    a2 = a * a
    a3 = a * a2
    a5 = a3 * a2
    b = -0.375 * a - a3
    c = (5.0 / 6.0) * a5 + (13.0 / 12.0) * a3 + (25.0 / 128.0) * a
    d = -0.1025 * a - 0.9285 * a3 - 1.43 * a5 - 0.5 * (a5 * a2)
    root = math.sqrt(k)
    return 0.5 + a / root + b / (k * root) + c / (k * k * root) + d / (k * k * k * root)


def _strike_centred(terms: Terms, probability: Callable[[float, int], float]) -> Branches:
    """Leisen-Reimer's construction, with one step more than asked when that is even; the lattice itself keeps the even number, as QuantLib's does."""
    odd = STEPS + 1 - STEPS % 2
    step_drift = drift(terms, 0.0) * (terms.years / odd)
    variance = _variance(terms, terms.years)
    if not variance:
        raise NotPriceable("a binomial tree without volatility")
    growth = math.exp(step_drift + 0.5 * variance / odd)
    d2 = (math.log(terms.spot / terms.strike) + step_drift * odd) / math.sqrt(variance)
    up = probability(d2, odd)
    up_factor = growth * probability(d2 + math.sqrt(variance), odd) / up
    return _multiplicative(terms, up_factor, (growth - up * up_factor) / (1.0 - up), up)


def branches(tree: Tree, terms: Terms) -> Branches:
    """The tree's shape for a contract. Raises NotPriceable when its probabilities are none."""
    dt = terms.years / STEPS
    step_drift = drift(terms, 0.0) * dt
    variance = _variance(terms, dt)
    if tree is Tree.COX_ROSS_RUBINSTEIN:
        return _equal_jumps(terms, math.sqrt(variance), step_drift)
    if tree is Tree.TRIGEORGIS:
        return _equal_jumps(terms, math.sqrt(variance + step_drift * step_drift), step_drift)
    if tree is Tree.JARROW_RUDD:
        return _equal_probabilities(terms, math.sqrt(variance), step_drift)
    if tree is Tree.ADDITIVE_EQUAL_PROBABILITIES:
        inside = 4.0 * variance - 3.0 * step_drift * step_drift
        return _equal_probabilities(terms, -0.5 * step_drift + 0.5 * (math.sqrt(inside) if inside >= 0 else math.nan), step_drift)
    if tree is Tree.TIAN:
        return _tian(terms, step_drift)
    return _strike_centred(terms, peizer_pratt if tree is Tree.LEISEN_REIMER else joshi_probability)


def _closest(times: list[float], time: float) -> float:
    place = bisect_left(times, time)
    if place == 0:
        return times[0]
    if place == len(times):
        return times[-1]
    return times[place] if times[place] - time < time - times[place - 1] else times[place - 1]


@dataclass(frozen=True, slots=True)
class _Rollback:
    """Values of one option on the nodes of a tree, level by level."""

    terms: Terms
    shape: Branches
    times: list[float]

    def _exercises_at(self, time: float, level: int) -> bool:
        if not self.terms.american:
            return level == STEPS
        return _closest(self.times, self.terms.first_exercise) <= time <= _closest(self.times, self.terms.years)

    def _exercised(self, values: Floats, time: float, level: int) -> Floats:
        if not self._exercises_at(time, level):
            return values
        prices = np.array([self.shape.price(level, ups) for ups in range(level + 1)])
        gain = prices - self.terms.strike if self.terms.call else self.terms.strike - prices
        return np.maximum(values, np.maximum(gain, 0.0))

    def first_levels(self) -> tuple[Floats, Floats, Floats]:
        """Values at levels 0, 1 and 2."""
        discount_factor = math.exp(-self.terms.rate * (self.terms.years / STEPS))
        values = self._exercised(np.zeros(STEPS + 1), self.terms.years, STEPS)
        kept: list[Floats] = []
        for level in range(STEPS - 1, -1, -1):
            values = (self.shape.down * values[:-1] + self.shape.up * values[1:]) * discount_factor
            values = self._exercised(values, self.times[level], level)
            if level <= 2:
                kept.append(values)
        return kept[2], kept[1], kept[0]


def flat_terms(terms: Terms) -> Terms:
    """The contract with the rates of its curves at maturity."""
    return replace(terms, rate=zero_rate(terms.rate, terms.years), dividend=zero_rate(terms.dividend, terms.years))


def black_scholes_theta(terms: Terms, value: float, delta: float, gamma: float) -> float:
    """Theta per year that the Black-Scholes equation leaves for the other figures."""
    rate, dividend = zero_rate(terms.rate, 0.0), zero_rate(terms.dividend, 0.0)
    bend = 0.5 * terms.sigma * terms.sigma * terms.spot * terms.spot * gamma
    return rate * value - (rate - dividend) * terms.spot * delta - bend


def lattice_value(tree: Tree, terms: Terms) -> LatticeValue:
    """Value, delta, gamma and theta of a contract. Raises NotPriceable without time left or with probabilities that are none."""
    if terms.years <= 0.0:
        raise NotPriceable("a binomial tree without time")
    flat = flat_terms(terms)
    shape = branches(tree, flat)
    step = terms.years / STEPS
    root, first, second = _Rollback(flat, shape, [step * level for level in range(STEPS + 1)]).first_levels()
    spot, up, up_up = terms.spot, shape.price(1, 1), shape.price(2, 2)
    value = float(root[0])
    delta = quotient(float(first[1]) - value, up - spot)
    further = quotient(float(second[2]) - float(first[1]), up_up - up)
    gamma = quotient(2.0 * (further - delta), up_up - spot)
    return LatticeValue(value, delta, gamma, black_scholes_theta(terms, value, delta, gamma))
