"""Exponential, logarithm and Gaussian tail without branches, the same bits from NumPy and from compiled loops.

Library versions of these functions differ from one installation to the next in the last bit and cannot be turned into vector instructions; these can. The
Gaussian enters only through the Mills ratio R(y) = (1 - N(y)) / n(y), n and N the normal density and distribution: it neither under- nor overflows, and
differences R(a) - R(b) of near arguments are formed as divided differences of its polynomial, so that prices of 1e-300 keep all their digits.

The polynomial (degree 25 in 1 - 8.6 / (y + 5), for y >= -0.7, relative error 3e-17) was fitted at Chebyshev nodes in 60-digit arithmetic for this project.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from greeks.compiled import exponent_of, jitable, scaled, select

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
SQRT_HALF = 0.7071067811865476
INV_SQRT_2PI = 0.3989422804014327
SQRT_2PI = 2.5066282746310002
ROUNDER = 6755399441055744.0
"""1.5 x 2**52: adding and subtracting it rounds to a whole number."""

LOWEST_MILLS = -0.7
MILLS_SHIFT = 5.0
MILLS_SPAN = 8.6
"""2 x (MILLS_SHIFT + LOWEST_MILLS)."""


@jitable
def _reduced(x: Any) -> Any:
    """(whole, e**r - 1) with x = whole x ln 2 + r, |r| <= ln 2 / 2; x within -746 and 709.7."""
    clamped = select(x < -746.0, -746.0, select(x > 709.7, 709.7, x))
    whole = (clamped * LOG2_E + ROUNDER) - ROUNDER
    r = (clamped - whole * LN2_HIGH) - whole * LN2_LOW
    p = 1.6059043836821613e-10 * r + 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    return select(whole == whole, whole, 0.0), r + r * r * p


@jitable
def exponential(x: Any) -> Any:
    """e**x, within one unit in the last place; 0 below -745, the largest double's neighbourhood above 709.7; NaN stays NaN."""
    whole, rest = _reduced(x)
    return scaled(1.0 + rest, whole) + (x - x)


@jitable
def growth(x: Any) -> Any:
    """(e**x, e**x - 1), the second to its own relative precision however small x."""
    whole, rest = _reduced(x)
    power = scaled(1.0 + 0.0 * x, whole)
    return scaled(1.0 + rest, whole) + (x - x), (power - 1.0) + power * rest


@jitable
def log_ratio(a: Any, b: Any) -> Any:
    """ln(a / b) for positive normal a and b; relative error a few 1e-16 even where a and b nearly agree, because a - b is exact there."""
    ratio = a / b
    e = exponent_of(ratio * SQRT_HALF) + 1.0
    near = scaled(a, -e)
    s = (near - b) / (near + b)
    z = s * s
    p = 0.06666666666666667 + z * (0.058823529411764705 + z * (0.05263157894736842 + z * (0.047619047619047616 + z * 0.043478260869565216)))
    p = 0.2 + z * (0.14285714285714285 + z * (0.1111111111111111 + z * (0.09090909090909091 + z * (0.07692307692307693 + z * p))))
    tail = 2.0 * s * (z * (0.3333333333333333 + z * p))
    return e * LN2_HIGH + (2.0 * s + (tail + e * LN2_LOW))


@jitable
def logarithm(x: Any) -> Any:
    """ln(x) for positive normal x."""
    return log_ratio(x, 1.0 + (x - x))


@jitable
def mills_polynomial(t: Any) -> Any:
    """P with R(y) = P(t) / (y + 5), t = 1 - 8.6 / (y + 5)."""
    p = 2.944421155954609e-09 * t + -2.9637174107233885e-09
    p = p * t + -3.4325044247923214e-08
    p = p * t + 2.118088165669399e-08
    p = p * t + 2.2201897414275772e-07
    p = p * t + -4.0837736070116216e-08
    p = p * t + -1.1293951857958115e-06
    p = p * t + -2.7107730965117224e-07
    p = p * t + 5.386374685700676e-06
    p = p * t + 3.010930474850366e-06
    p = p * t + -2.69311504785896e-05
    p = p * t + -1.692414785115928e-05
    p = p * t + 0.00015027142029594597
    p = p * t + 4.198448928277278e-05
    p = p * t + -0.0009258352387642516
    p = p * t + 0.0005915802046343769
    p = p * t + 0.00541386472106165
    p = p * t + -0.013625854891400127
    p = p * t + -0.0102057649045747
    p = p * t + 0.14504899032467616
    p = p * t + -0.4841060514134167
    p = p * t + 1.0537338849738143
    p = p * t + -1.7385921369587602
    p = p * t + 2.2974255140670294
    p = p * t + -2.491111761311224
    return p * t + 2.236198004965231


@jitable
def mills_divided_difference(t: Any, u: Any) -> tuple[Any, Any]:
    """(P(t), (P(t) - P(u)) / (t - u)) by synthetic division: no difference of near numbers is taken."""
    p = 2.944421155954609e-09 + 0.0 * t
    q = p
    p = p * t + -2.9637174107233885e-09
    q = q * u + p
    p = p * t + -3.4325044247923214e-08
    q = q * u + p
    p = p * t + 2.118088165669399e-08
    q = q * u + p
    p = p * t + 2.2201897414275772e-07
    q = q * u + p
    p = p * t + -4.0837736070116216e-08
    q = q * u + p
    p = p * t + -1.1293951857958115e-06
    q = q * u + p
    p = p * t + -2.7107730965117224e-07
    q = q * u + p
    p = p * t + 5.386374685700676e-06
    q = q * u + p
    p = p * t + 3.010930474850366e-06
    q = q * u + p
    p = p * t + -2.69311504785896e-05
    q = q * u + p
    p = p * t + -1.692414785115928e-05
    q = q * u + p
    p = p * t + 0.00015027142029594597
    q = q * u + p
    p = p * t + 4.198448928277278e-05
    q = q * u + p
    p = p * t + -0.0009258352387642516
    q = q * u + p
    p = p * t + 0.0005915802046343769
    q = q * u + p
    p = p * t + 0.00541386472106165
    q = q * u + p
    p = p * t + -0.013625854891400127
    q = q * u + p
    p = p * t + -0.0102057649045747
    q = q * u + p
    p = p * t + 0.14504899032467616
    q = q * u + p
    p = p * t + -0.4841060514134167
    q = q * u + p
    p = p * t + 1.0537338849738143
    q = q * u + p
    p = p * t + -1.7385921369587602
    q = q * u + p
    p = p * t + 2.2974255140670294
    q = q * u + p
    p = p * t + -2.491111761311224
    q = q * u + p
    return p * t + 2.236198004965231, q


@jitable
def mills(y: Any) -> Any:
    """R(y) = (1 - N(y)) / n(y) for y >= -0.7; relative error about 1e-15."""
    w = 1.0 / (y + MILLS_SHIFT)
    return w * mills_polynomial(1.0 - MILLS_SPAN * w)


@jitable
def mills_step(y: Any, step: Any) -> tuple[Any, Any]:
    """(R(y), R(y) - R(y + step)) for y >= -0.7, step >= 0: the difference keeps its relative precision however small the step."""
    w = 1.0 / (y + MILLS_SHIFT)
    v = 1.0 / (y + step + MILLS_SHIFT)
    p, q = mills_divided_difference(1.0 - MILLS_SPAN * w, 1.0 - MILLS_SPAN * v)
    return w * p, step * w * v * (p - MILLS_SPAN * v * q)


@jitable
def density(y: Any) -> Any:
    """n(y), the standard normal density."""
    return INV_SQRT_2PI * exponential(-0.5 * (y * y))


@jitable
def normal_cdf(y: Any) -> Any:
    """N(y), the standard normal distribution; relative precision in the lower tail."""
    size = np.abs(y)
    tail = density(size) * mills(size)
    return select(y < 0.0, tail, 1.0 - tail)
