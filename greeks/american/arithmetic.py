"""The formulas of the American put, strike 1, as arithmetic without branches: for NumPy rows and compiled lanes alike.

Boundary B(t), t the time left, is kept as its gap G = ln(X / B) >= 0 below its value X at expiry. With d the usual distances for the ratio of boundary
points,

    S1 = e^(-r t) N(d2) + int r e^(-r u) N(d2) du         S3 = its part with n(d2) / (v sqrt(u)) in place of N(d2)
    S2 = e^(-q t) N(d1) + int q e^(-q u) N(d1) du         S4 = its part with n(d1) / (v sqrt(u)) in place of N(d1)

value matching says B = S1 / S2 (system B of the source), smooth pasting B = S3 / (S2 + S4) (system A). Each round takes a Newton step in ln B that moves
the whole boundary in proportion, so only the terms outside the integrals have a derivative (the source's partial Jacobi-Newton step). System A contracts by
0.3 or better while (r - q) sqrt(life) / v stays below one half and diverges beyond; system B contracts by 0.6 to 0.8 everywhere: each option uses the one
that serves it.

Source: Andersen, Lake and Offengenden, "High-performance American option pricing", Journal of Computational Finance 20 (2016); the first guess is the seed
of Barone-Adesi and Whaley (1987), for r < q bent to the known behaviour at expiry.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from greeks.compiled import in_compiled_code, jitable, select
from greeks.elementary import exponential, log_ratio, logarithm, mills

INV_SQRT_2PI = 0.3989422804014327
SYSTEM_A_LIMIT = 0.5
STACKED = 4096
"""Elements up to which arrays are put together for one call; larger ones would leave the cache."""
SMALLEST_SLOPE = 0.5
EXPIRY_SLOPE = 0.6388
"""With r < q the boundary leaves X like 1 - 0.6388 v sqrt(time) (Evans, Kuske and Keller 2002)."""


@jitable
def _density_and_cdf(y: Any) -> Any:
    size = np.abs(y)
    weight = INV_SQRT_2PI * exponential(-0.5 * (y * y))
    tail = weight * mills(size)
    return weight, select(y < 0.0, tail, 1.0 - tail)


def _separately(d1: Any, d2: Any, cash: Any, asset: Any) -> Any:
    n1, c1 = _density_and_cdf(d1)
    n2, c2 = _density_and_cdf(d2)
    return n1, c1, n2, c2, exponential(cash), exponential(asset)


def gaussians_and_growths(d1: Any, d2: Any, cash: Any, asset: Any) -> Any:
    """(n(d1), N(d1), n(d2), N(d2), e**cash, e**asset). Small arrays of one shape go through one exponential and one tail together: their cost is the number
    of NumPy calls, not of rows. Element by element it is the same arithmetic."""
    if not (isinstance(d1, np.ndarray) and 4 * d1.size <= STACKED and d1.shape == d2.shape == cash.shape == asset.shape):
        return _separately(d1, d2, cash, asset)
    y = np.stack((d1, d2))
    powers = exponential(np.concatenate((-0.5 * (y * y), cash[None], asset[None])))
    weight = INV_SQRT_2PI * powers[:2]
    tail = weight * mills(np.abs(y))
    below = select(y < 0.0, tail, 1.0 - tail)
    return weight[0], below[0], weight[1], below[1], powers[2], powers[3]


in_compiled_code(gaussians_and_growths, _separately)


@jitable
def boundary_at_expiry(r: Any, q: Any) -> Any:
    """ln X: the boundary just before expiry, min(1, r / q); 1 when the yield is not positive."""
    positive = q > 0.0
    ratio = select(positive & (r < q), r, 1.0) / select(positive & (r < q), q, 1.0)
    return logarithm(select(ratio > 1e-300, ratio, 1e-300))


@jitable
def first_gap(r: Any, q: Any, v: Any, root: Any, log_x: Any) -> Any:
    """G of the closed-form seed at sqrt(time left) = root."""
    variance = v * v
    tilt = 2.0 * (r - q) / variance - 1.0
    power = -0.5 * (tilt + np.sqrt(tilt * tilt + 8.0 * r / variance))
    perpetual = power / (power - 1.0)
    top = exponential(log_x)
    room = top - perpetual
    fall = select(r < q, -EXPIRY_SLOPE * top * v * root, (r - q) * root * root - 2.0 * v * root) / select(room > 1e-12, room, 1e-12)
    b = perpetual + room * exponential(select(fall < 0.0, fall, 0.0))
    gap = log_x - logarithm(select(b > 1e-300, b, 1e-300))
    return select(gap > 1e-6 * v * root, gap, 1e-6 * v * root)


@jitable
def leading_terms(r: Any, q: Any, v: Any, root: Any, log_x: Any, gap: Any) -> Any:
    """(S1, S2, S3, S4) outside the integrals, and d2 / (v root)."""
    time = root * root
    width = v * root
    d1 = (log_x - gap + (r - q) * time) / width + 0.5 * width
    d2 = d1 - width
    n1, c1, n2, c2, cash, asset = gaussians_and_growths(d1, d2, -r * time, -q * time)
    return cash * c2, asset * c1, cash * n2 / width, asset * n1 / width, d2 / width


@jitable
def inner_terms(r: Any, q: Any, v: Any, root: Any, weight: Any, squared_gap: Any, gap: Any) -> Any:
    """What one point of the integrals adds to (S1, S2, S3, S4). root: sqrt of the time u; weight: of du; squared_gap: G^2 at the point."""
    width = v * root
    per_width = 1.0 / width
    d1 = (np.sqrt(select(squared_gap > 0.0, squared_gap, 0.0)) - gap + (r - q) * (root * root)) * per_width + 0.5 * width
    d2 = d1 - width
    time = root * root
    n1, c1, n2, c2, cash_growth, asset_growth = gaussians_and_growths(d1, d2, -r * time, -q * time)
    cash, asset = weight * r * cash_growth, weight * q * asset_growth
    return cash * c2, asset * c1, cash * n2 * per_width, asset * n1 * per_width


@jitable
def next_gap(s1: Any, s2: Any, s3: Any, s4: Any, lead3: Any, lead4: Any, tilt: Any, log_x: Any, gap: Any, width: Any, use_a: Any) -> Any:
    """G after one Newton step of the chosen system, no longer than half the gap plus half a standard deviation. lead3, lead4, tilt: from `leading_terms`."""
    top = select(use_a, s3, s1)
    bottom = select(use_a, s2 + s4, s2)
    top_slope = select(use_a, -tilt * lead3, lead3)
    bottom_slope = select(use_a, -tilt * lead4, lead4)
    slope = 1.0 - top_slope / top + bottom_slope / bottom
    move = (log_x - gap - log_ratio(top, bottom)) / select(slope > SMALLEST_SLOPE, slope, SMALLEST_SLOPE)
    limit = 0.5 * (gap + width)
    move = select(move > limit, limit, select(move < -limit, -limit, move))
    moved = gap + select(move == move, move, 0.0)
    return select(moved > 0.0, moved, 0.0)


@jitable
def premium_terms(r: Any, q: Any, v: Any, root: Any, weight: Any, squared_gap: Any, log_spot: Any, spot: Any) -> Any:
    """What one point adds to the early-exercise premium, its first and its second derivative in the spot. log_spot: ln(spot / X)."""
    width = v * root
    per_width = 1.0 / width
    time = root * root
    d1 = (log_spot + np.sqrt(select(squared_gap > 0.0, squared_gap, 0.0)) + (r - q) * time) * per_width + 0.5 * width
    d2 = d1 - width
    n1, c1, n2, c2, cash_growth, asset_growth = gaussians_and_growths(-d1, -d2, -r * time, -q * time)
    cash, asset = weight * r * cash_growth, weight * q * asset_growth
    value = cash * c2 - asset * spot * c1
    slope = asset * (n1 * per_width - c1) - cash * n2 * per_width / spot
    bend = (cash * n2 * (1.0 + d2 * per_width) / spot + asset * n1 * (1.0 - d1 * per_width)) * per_width / spot
    return value, slope, bend
