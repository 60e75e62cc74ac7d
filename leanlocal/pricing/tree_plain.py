"""A tree's value with arrays: half a millisecond a price, and nothing to load. The same operations in the same order as the compiled loop, so the same bits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from marketdata.port import Floats

STEPS = 200
Number = float | Floats


class Step(NamedTuple):
    """What the tree needs of one price: the up factor, the chance of going up, the discount of a step."""

    up: float
    p: float
    discount: float


def step_of(years: float, rate: float, dividend: float, sigma: float, forward: bool) -> Step:
    """A step of the tree; arguments as `tree_compiled.tree_price`."""
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
    return Step(up, (growth - down) / (up - down), math.exp(-rate * dt))


def tree_price(spot: float, strike: float, years: float, rate: float, dividend: float, sigma: float, call: bool, forward: bool) -> float:
    """Value of the American option (call) or of LEAN's never-exercised put; arguments as `tree_compiled.tree_price`."""
    step = step_of(years, rate, dividend, sigma, forward)
    spots = spot * _powers(step.up)
    return float(_rolled_back(spots, strike, step.p, 1.0 - step.p, step.discount, call))


def tree_prices(points: Sequence[tuple[float, float, float, float, float, float]], call: bool, forward: bool) -> list[float]:
    """`tree_price` of several (spot, strike, years, rate, dividend, sigma) in one sweep, the same bits as one by one."""
    steps = [step_of(years, rate, dividend, sigma, forward) for _, _, years, rate, dividend, sigma in points]
    spots = np.array([point[0] for point in points])[:, None] * np.array([_powers(step.up) for step in steps])
    strikes, p, discounts = (
        np.array(column)[:, None] for column in ([point[1] for point in points], [step.p for step in steps], [step.discount for step in steps])
    )
    return _rolled_back(spots, strikes, p, 1.0 - p, discounts, call).tolist()


def _powers(up: float) -> Floats:
    """Powers of the up factor from -STEPS to STEPS."""
    return np.array([up ** float(k - STEPS) for k in range(2 * STEPS + 1)])


def _rolled_back(spots: Floats, strike: Number, p: Number, q: Number, discount: Number, call: bool) -> Any:
    """The root's value. spots: (..., 2 STEPS + 1) ladder of the spot; the other numbers belong to its last axis as a whole."""
    exercised = spots - strike if call else strike - spots
    values = np.maximum(exercised[..., ::2], 0.0)
    ladders = (np.ascontiguousarray(exercised[..., ::2]), np.ascontiguousarray(exercised[..., 1::2]))
    upper = np.empty_like(values)
    for size in range(STEPS, 0, -1):
        kept, above = values[..., :size], upper[..., :size]
        np.multiply(values[..., 1 : size + 1], p, above)
        np.multiply(kept, q, kept)
        np.add(kept, above, kept)
        np.multiply(kept, discount, kept)
        if call:
            shift = STEPS - size + 1
            np.maximum(kept, ladders[shift % 2][..., shift // 2 : shift // 2 + size], kept)
    return values[..., 0]
