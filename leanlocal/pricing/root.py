"""Brent's root finder with the stopping rule of LEAN's implied-volatility solver.

The tolerance there is loose (1e-4), so the digits of an implied volatility depend on the exact sequence of trial points: bracket order, interpolation and
acceptance are those of the classic method (R. P. Brent, Algorithms for Minimization without Derivatives, 1973, ch. 4; zbrent of Numerical Recipes).
"""

from __future__ import annotations

import math
from collections.abc import Callable

EPSILON = 2.0**-52


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _step(mid: float, tolerance: float, points: tuple[float, float, float], values: tuple[float, float, float], before: float) -> float | None:
    """Interpolated step from the root estimate, None when the method asks for bisection."""
    low, root, high = points
    low_value, value, high_value = values
    ratio = value / low_value
    if abs(low - high) <= 10 * EPSILON * max(abs(low), abs(high)):
        p, q = 2.0 * mid * ratio, 1.0 - ratio
    else:
        q, r = low_value / high_value, value / high_value
        p = ratio * (2.0 * mid * q * (q - r) - (root - low) * (r - 1.0))
        q = (q - 1.0) * (r - 1.0) * (ratio - 1.0)
    q = -q if p > 0.0 else q
    p = abs(p)
    return p / q if 2.0 * p < min(3.0 * mid * q - abs(tolerance * q), abs(before * q)) else None


def find_root(function: Callable[[float], float], low: float, high: float, accuracy: float, iterations: int = 100) -> float | None:
    """Root of `function` in [low, high]; None when the ends do not bracket one or it is not reached.

    Stops when |function| < accuracy or the bracket is shorter than accuracy.
    """
    low_value, high_value = function(low), function(high)
    root, value = high, high_value
    step = before = 0.0
    mid = math.nan
    if _sign(low_value) == _sign(high_value):
        return None
    for _ in range(iterations + 1):
        if _sign(value) == _sign(high_value):
            high, high_value = low, low_value
            step = before = root - low
        if abs(high_value) < abs(value):
            low, root, high = root, high, root
            low_value, value, high_value = value, high_value, value
        tolerance = EPSILON * abs(root) + 0.5 * accuracy
        last_mid, mid = mid, (high - root) / 2.0
        if abs(mid) <= tolerance or abs(value) < accuracy:
            return root
        if mid == last_mid:
            return None
        proposed = None
        if abs(before) >= tolerance and abs(low_value) > abs(value):
            proposed = _step(mid, tolerance, (low, root, high), (low_value, value, high_value), before)
        before, step = (mid, mid) if proposed is None else (step, proposed)
        low, low_value = root, value
        root += step if abs(step) > tolerance else math.copysign(tolerance, mid)
        value = function(root)
    return None
