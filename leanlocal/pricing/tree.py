"""LEAN's 200-step binomial trees, forward and Cox-Ross-Rubinstein, compiled.

Node values follow LEAN's quirk: the price at a node is spot * u^(up - down) in both trees, although the forward tree's down factor is not 1/u. Calls are
tested for early exercise at every node, puts never. Greeks come from re-pricing with LEAN's own bumps.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from leanlocal.pricing.black_scholes import Greeks, Inputs

STEPS = 200


@njit(cache=True)  # pyright: ignore[reportUntypedFunctionDecorator]
def tree_price(spot: float, strike: float, years: float, rate: float, dividend: float, sigma: float, call: bool, forward: bool) -> float:
    """Value of the American option (call) or of LEAN's never-exercised put.

    spot, strike in currency; years in 365-day years; rate, dividend, sigma as fractions per year; forward picks the forward tree, else CRR.
    """
    dt = years / STEPS
    growth = math.exp((rate - dividend) * dt)
    up, down = math.exp(sigma * math.sqrt(dt)), math.exp(-sigma * math.sqrt(dt))
    if forward:
        up, down = up * growth, down * growth
    else:
        down = 1.0 / up
    if up == down:
        up = 1.0001
        down = 0.9999 if forward else 1.0 / up
    p = (growth - down) / (up - down)
    discount = math.exp(-rate * dt)
    powers = np.empty(2 * STEPS + 1)
    for k in range(2 * STEPS + 1):
        powers[k] = up ** float(k - STEPS)
    values = np.empty(STEPS + 1)
    for i in range(STEPS + 1):
        node = spot * powers[2 * i]
        values[i] = max(node - strike if call else strike - node, 0.0)
    for period in range(STEPS - 1, -1, -1):
        shift = STEPS - period
        for i in range(period + 1):
            kept = discount * ((1.0 - p) * values[i] + p * values[i + 1])
            values[i] = max(kept, spot * powers[2 * i + shift] - strike) if call else kept
    return values[0]


def price(x: Inputs, sigma: float, forward: bool) -> float:
    """Value of one contract."""
    return tree_price(x.spot, x.strike, x.years, x.rate, x.dividend, sigma, x.call, forward)


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
