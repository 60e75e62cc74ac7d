"""LEAN's 200-step binomial trees, forward and Cox-Ross-Rubinstein.

Node values follow LEAN's quirk: the price at a node is spot * u^(up - down) in both trees, although the forward tree's down factor is not 1/u. Calls are
tested for early exercise at every node, puts never. Greeks come from re-pricing with LEAN's own bumps.

Two machines give the same bits: arrays need no loading, compiled code is forty times faster a price. A run begins with arrays and changes when it has asked
for as many prices as loading the compiler costs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from leanlocal.pricing import tree_plain
from leanlocal.pricing.black_scholes import Greeks, Inputs
from leanlocal.pricing.tree_plain import STEPS

FEW_PRICES = 500
"""Single prices that arrays give in the time that loading compiled code takes."""
SWEEP_COST = 2
"""A sweep over the prices of one set of Greeks, in single prices."""

TreePrice = Callable[[float, float, float, float, float, float, bool, bool], float]


class TreePrices:
    """The machine in use: arrays for the first `few` prices of a process, compiled code from then on. Which one it is never shows in a number."""

    def __init__(self, few: int = FEW_PRICES) -> None:
        self._left = few
        self._compiled: TreePrice | None = None

    def price(self, x: Inputs, sigma: float, forward: bool) -> float:
        """Value of one contract."""
        price = self._machine(1) or tree_plain.tree_price
        return price(x.spot, x.strike, x.years, x.rate, x.dividend, sigma, x.call, forward)

    def sweep(self, points: Sequence[tuple[Inputs, float]], forward: bool) -> list[float]:
        """Values of one contract at several inputs and volatilities."""
        price = self._machine(SWEEP_COST)
        rows = [(x.spot, x.strike, x.years, x.rate, x.dividend, sigma) for x, sigma in points]
        call = points[0][0].call
        return tree_plain.tree_prices(rows, call, forward) if price is None else [price(*row, call, forward) for row in rows]

    def _machine(self, cost: int) -> TreePrice | None:
        """Compiled code once it pays, None before."""
        if self._compiled is None and self._left <= 0:
            from leanlocal.pricing import tree_compiled  # loads the compiler

            self._compiled = tree_compiled.tree_price
        self._left -= cost
        return self._compiled


PRICES = TreePrices()
price = PRICES.price


def greeks(x: Inputs, sigma: float, forward: bool) -> Greeks:
    """Greeks by finite differences: one tree step for delta and theta, two for gamma, one volatility point for vega, one basis point for rho.

    Without volatility the forward tree's factors are one: delta is then no number.
    """
    up, down = _factors(x, sigma, forward)
    above, below = _two_steps(x, sigma)
    dt = x.years / STEPS
    spots = (x.spot, x.spot * up, x.spot * down, above, below)
    moved = [*((x._replace(spot=spot), sigma) for spot in spots), (x._replace(years=x.years - 2 * dt), sigma), (x, sigma + 0.01)]
    middle, higher, lower, top, bottom, later, livelier, dearer = PRICES.sweep([*moved, (x._replace(rate=x.rate + 0.0001), sigma)], forward)
    return Greeks(
        delta=(higher - lower) / (x.spot * up - x.spot * down) if up != down else math.nan,
        gamma=2 * ((top - middle) / (above - x.spot) - (middle - bottom) / (x.spot - below)) / (above - below),
        vega=(livelier - middle) / 0.01 / 100,
        theta=(later - middle) / (2 * dt) / 365 if dt else 0.0,
        rho=(dearer - middle) / 0.0001 / 100,
    )


def _factors(x: Inputs, sigma: float, forward: bool) -> tuple[float, float]:
    """Up and down factor of one step, never 1."""
    dt = x.years / STEPS
    growth = math.exp((x.rate - x.dividend) * dt) if forward else 1.0
    up = math.exp(sigma * math.sqrt(dt)) * growth
    down = math.exp(-sigma * math.sqrt(dt)) * growth if forward else 1.0 / up
    return 1.00001 if up == 1 else up, 0.99999 if down == 1 else down


def _two_steps(x: Inputs, sigma: float) -> tuple[float, float]:
    """Spot two steps up and two steps down."""
    factor = math.exp(sigma * math.sqrt(x.years / STEPS))
    factor = 1.0001 if factor == 1 else factor
    return x.spot * factor * factor, x.spot / (factor * factor)
