"""Brent's method with QuantLib's bracket and stopping rule: it ends when the bracket is short, never because the function is small.

The tolerance of an implied volatility is 1e-4, so its digits depend on the sequence of trial points; here the search starts from the upper end of the
bracket (R. P. Brent, Algorithms for Minimization without Derivatives, 1973, ch. 4).
"""

from __future__ import annotations

from collections.abc import Callable

from leanlocal.pricing.quantlib.normal import EPSILON
from leanlocal.pricing.quantlib.terms import NotPriceable

EVALUATIONS = 100
CLOSE = 42 * EPSILON


def is_close(x: float, y: float) -> bool:
    """Equal within 42 units in the last place, relative to both."""
    if x == y:
        return True
    gap = abs(x - y)
    return gap < CLOSE * CLOSE if x * y == 0 else gap <= CLOSE * abs(x) and gap <= CLOSE * abs(y)


def _proposed(mid: float, tolerance: float, before: float, points: tuple[float, float, float], values: tuple[float, float, float]) -> float | None:
    """Interpolated step from the root estimate, None when bisection is due. points, values: last estimate, root, other end of the bracket."""
    last, root, end = points
    last_value, value, end_value = values
    ratio = value / last_value
    if is_close(last, end):
        p, q = 2.0 * mid * ratio, 1.0 - ratio
    else:
        q, r = last_value / end_value, value / end_value
        p = ratio * (2.0 * mid * q * (q - r) - (root - last) * (r - 1.0))
        q = (q - 1.0) * (r - 1.0) * (ratio - 1.0)
    q = -q if p > 0.0 else q
    p = abs(p)
    return p / q if 2.0 * p < min(3.0 * mid * q - abs(tolerance * q), abs(before * q)) else None


def bracketed_root(function: Callable[[float], float], low: float, high: float, accuracy: float) -> float:
    """Root in [low, high]. Raises NotPriceable when the ends do not bracket one or it takes more than 100 evaluations."""
    low_value = function(low)
    if is_close(low_value, 0.0):
        return low
    high_value = function(high)
    if is_close(high_value, 0.0):
        return high
    if not low_value * high_value < 0.0:
        raise NotPriceable(f"no root between {low} and {high}")
    return _brent(function, (low, low_value), (high, high_value), accuracy)


def _brent(function: Callable[[float], float], low: tuple[float, float], high: tuple[float, float], accuracy: float) -> float:
    (last, last_value), (end, end_value) = low, high
    root, value = end, end_value
    step = before = 0.0
    for _ in range(2, EVALUATIONS + 1):
        if (value > 0.0 and end_value > 0.0) or (value < 0.0 and end_value < 0.0):
            end, end_value = last, last_value
            before = step = root - last
        if abs(end_value) < abs(value):
            last, root, end = root, end, root
            last_value, value, end_value = value, end_value, value
        tolerance = 2.0 * EPSILON * abs(root) + 0.5 * accuracy
        mid = (end - root) / 2.0
        if abs(mid) <= tolerance or is_close(value, 0.0):
            return root
        proposed = None
        if abs(before) >= tolerance and abs(last_value) > abs(value):
            proposed = _proposed(mid, tolerance, before, (last, root, end), (last_value, value, end_value))
        before, step = (mid, mid) if proposed is None else (step, proposed)
        last, last_value = root, value
        root += step if abs(step) > tolerance else tolerance * ((mid > 0) - (mid < 0))
        value = function(root)
    raise NotPriceable("no root within 100 evaluations")
