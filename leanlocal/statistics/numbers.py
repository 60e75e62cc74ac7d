"""Where binary floats become decimals, and how the printed summary words a number.

LEAN computes moments in double precision and keeps the results as decimals, so each figure passes one conversion (15 significant digits, NaN and
infinities become 0) and the printed text depends on the decimal's scale.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Context, Decimal

from leanlocal.exact import from_float, round_half_even, text

ZERO = Decimal(0)
STATISTICS_CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)
"""Decimal context of all figures in this room: quotients keep 28 digits."""


def decimal_of_double(value: float) -> Decimal:
    """The decimal of a double: 15 significant digits; 0 for NaN, infinities and magnitudes outside the decimal range."""
    if not math.isfinite(value) or abs(value) >= 7.9e28:
        return ZERO
    return from_float(float(value))


def double_text(value: float, places: int) -> str:
    """A double rounded half-even and printed the shortest way, "-0" included."""
    shown = repr(round(value, places)).removesuffix(".0")
    return format(Decimal(shown), "f") if "e" in shown else shown


def percent_of(value: Decimal, places: int) -> str:
    """`value` as a percentage rounded to `places`, scale kept: "0.800%" but "0%" for a literal zero."""
    return text(round_half_even(value * 100, places)) + "%"
