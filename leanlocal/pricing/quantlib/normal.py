"""The normal distribution as QuantLib computes it: the error function's classic rational approximations and an asymptotic series in the far left tail.

Coefficients are those of the error function of the freely distributable maths library (Sun Microsystems, 1993), the ones most C libraries share; QuantLib
evaluates them in Horner's order without the split exponent, which differs from `math.erf` in the last digit.
"""

from __future__ import annotations

import math

EPSILON = 2.0**-52
HALF_ROOT = 0.7071067811865475244008443621048490392848359376887
ROOT_PI_INVERSE = 0.564189583547756286948
SMALLEST_EXPONENT = -690.0
TAIL = 1e-8

SMALL, NEAR_ONE, MIDDLE, LARGE = 0.84375, 1.25, 2.85714285714285, 6.0
TINY_ARGUMENT, TINY_SLOPE, AT_ONE = 3.7252902984e-09, 1.28379167095512586316e-01, 8.45062911510467529297e-01
SMALL_OVER = (1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02, -5.77027029648944159157e-03, -2.37630166566501626084e-05)
SMALL_UNDER = (
    1.0,
    3.97917223959155352819e-01,
    6.50222499887672944485e-02,
    5.08130628187576562776e-03,
    1.32494738004321644526e-04,
    -3.96022827877536812320e-06,
)
ONE_OVER = (
    -2.36211856075265944077e-03,
    4.14856118683748331666e-01,
    -3.72207876035701323847e-01,
    3.18346619901161753674e-01,
    -1.10894694282396677476e-01,
    3.54783043256182359371e-02,
    -2.16637559486879084300e-03,
)
ONE_UNDER = (
    1.0,
    1.06420880400844228286e-01,
    5.40397917702171048937e-01,
    7.18286544141962662868e-02,
    1.26171219808761642112e-01,
    1.36370839120290507362e-02,
    1.19844998467991074170e-02,
)
MIDDLE_OVER = (
    -9.86494403484714822705e-03,
    -6.93858572707181764372e-01,
    -1.05586262253232909814e01,
    -6.23753324503260060396e01,
    -1.62396669462573470355e02,
    -1.84605092906711035994e02,
    -8.12874355063065934246e01,
    -9.81432934416914548592e00,
)
MIDDLE_UNDER = (
    1.0,
    1.96512716674392571292e01,
    1.37657754143519042600e02,
    4.34565877475229228821e02,
    6.45387271733267880336e02,
    4.29008140027567833386e02,
    1.08635005541779435134e02,
    6.57024977031928170135e00,
    -6.04244152148580987438e-02,
)
LARGE_OVER = (
    -9.86494292470009928597e-03,
    -7.99283237680523006574e-01,
    -1.77579549177547519889e01,
    -1.60636384855821916062e02,
    -6.37566443368389627722e02,
    -1.02509513161107724954e03,
    -4.83519191608651397019e02,
)
LARGE_UNDER = (
    1.0,
    3.03380607434824582924e01,
    3.25792512996573918826e02,
    1.53672958608443695994e03,
    3.19985821950859553908e03,
    2.55305040643316442583e03,
    4.74528541206955367215e02,
    -2.24409524465858183362e01,
)


def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    value = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        value = coefficient + x * value
    return value


def error_function(x: float) -> float:
    """erf(x), within one unit in the last place."""
    size = abs(x)
    if size < TINY_ARGUMENT:
        return x + TINY_SLOPE * x
    if size < SMALL:
        return x + x * (_polynomial(SMALL_OVER, x * x) / _polynomial(SMALL_UNDER, x * x))
    if size < NEAR_ONE:
        positive = AT_ONE + _polynomial(ONE_OVER, size - 1.0) / _polynomial(ONE_UNDER, size - 1.0)
    elif size >= LARGE:
        positive = 1.0 - EPSILON
    else:
        s = 1.0 / (size * size)
        over, under = (MIDDLE_OVER, MIDDLE_UNDER) if size < MIDDLE else (LARGE_OVER, LARGE_UNDER)
        positive = 1.0 - math.exp(-size * size - 0.5625 + _polynomial(over, s) / _polynomial(under, s)) / size
    return positive if x >= 0 else -positive


def density(x: float) -> float:
    """Standard normal density; 0 where the exponential would vanish."""
    exponent = -(x * x) / 2.0
    return 0.0 if exponent <= SMALLEST_EXPONENT else HALF_ROOT * ROOT_PI_INVERSE * math.exp(exponent)


def cumulative(x: float) -> float:
    """Standard normal distribution function; below 1e-8 by its asymptotic expansion (Abramowitz and Stegun, 26.2.12)."""
    value = 0.5 * (1.0 + error_function(x * HALF_ROOT))
    return value if value > TAIL else -density(x) / x * _tail_series(x * x)


def _tail_series(square: float) -> float:
    total, scale, term, count = 1.0, 1.0, math.inf, 1.0
    while True:
        before = term
        first = (4.0 * count - 3.0) / square
        second = first * ((4.0 * count - 1) / square)
        term = scale * (first - second)
        total -= term
        scale *= second
        count += 1
        term = abs(term)
        if not (before > term and term >= abs(total * EPSILON)):
            return total
