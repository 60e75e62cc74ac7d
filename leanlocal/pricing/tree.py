"""LEAN's 200-step binomial trees, forward and Cox-Ross-Rubinstein.

Node values follow LEAN's quirk: the price at a node is spot * u^(up - down) in both trees, although the forward tree's down factor is not 1/u. Calls are
tested for early exercise at every node, puts never. Greeks come from re-pricing with LEAN's own bumps.

Two machines give the same bits: arrays need no loading, compiled code is forty times faster a price. A run begins with arrays and changes when it has asked
for as many prices as loading the compiler costs.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from leanlocal.pricing import tree_plain
from leanlocal.pricing.black_scholes import Greeks, Inputs
from leanlocal.pricing.tree_plain import STEPS

FEW_PRICES = 300
"""Prices that arrays give in the time that loading compiled code takes, with a margin for runs that stop soon after."""


TreePrice = Callable[[float, float, float, float, float, float, bool, bool], float]


class TreePrices:
    """The machine in use: arrays for the first `few` prices of a process, compiled code from then on. Which one it is never shows in a number."""

    def __init__(self, few: int = FEW_PRICES) -> None:
        self._left = few
        self._price: TreePrice = tree_plain.tree_price

    def price(self, x: Inputs, sigma: float, forward: bool) -> float:
        """Value of one contract."""
        if self._left == 0:
            from leanlocal.pricing import tree_compiled  # loads the compiler

            self._price = tree_compiled.tree_price
        self._left -= 1
        return self._price(x.spot, x.strike, x.years, x.rate, x.dividend, sigma, x.call, forward)


price = TreePrices().price


def _factors(x: Inputs, sigma: float, forward: bool) -> tuple[float, float]:
    dt = x.years / STEPS
    growth = math.exp((x.rate - x.dividend) * dt) if forward else 1.0
    up = math.exp(sigma * math.sqrt(dt)) * growth
    down = math.exp(-sigma * math.sqrt(dt)) * growth if forward else 1.0 / up
    return up, down


def greeks(x: Inputs, sigma: float, forward: bool) -> Greeks:
    """Greeks by finite differences: one tree step for delta and theta, two for gamma, one volatility point for vega, one basis point for rho."""
    up, down = _factors(x, sigma, forward)
    up = 1.00001 if up == 1 else up
    down = 0.99999 if down == 1 else down
    middle = price(x, sigma, forward)
    delta = (price(x._replace(spot=x.spot * up), sigma, forward) - price(x._replace(spot=x.spot * down), sigma, forward)) / (x.spot * up - x.spot * down)
    dt = x.years / STEPS
    theta = (price(x._replace(years=x.years - 2 * dt), sigma, forward) - middle) / (2 * dt) / 365 if dt else 0.0
    return Greeks(
        delta=delta,
        gamma=_gamma(x, sigma, forward, middle),
        vega=(price(x, sigma + 0.01, forward) - middle) / 0.01 / 100,
        theta=theta,
        rho=(price(x._replace(rate=x.rate + 0.0001), sigma, forward) - middle) / 0.0001 / 100,
    )


def _gamma(x: Inputs, sigma: float, forward: bool, middle: float) -> float:
    factor = math.exp(sigma * math.sqrt(x.years / STEPS))
    factor = 1.0001 if factor == 1 else factor
    above, below = x.spot * factor * factor, x.spot / (factor * factor)
    upper = (price(x._replace(spot=above), sigma, forward) - middle) / (above - x.spot)
    lower = (middle - price(x._replace(spot=below), sigma, forward)) / (x.spot - below)
    return 2 * (upper - lower) / (above - below)
