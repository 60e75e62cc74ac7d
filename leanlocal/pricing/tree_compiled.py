"""A tree's value as a compiled loop: fifteen microseconds a price, after half a second for loading the compiler."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from leanlocal.pricing.tree_plain import STEPS


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
