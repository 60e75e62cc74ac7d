"""Exact money numbers: decimals that add, multiply, divide, round and print as the ones of LEAN's runtime do.

A .NET decimal is a 96-bit integer with a scale of 0 to 28. Python's decimal has the same ideal exponents, so only four things need care: results that no
longer fit into 96 bits lose digits half to even, a zero keeps the sign of the first operand, conversion to a float is a division of two floats, and
conversion from a float keeps 15 significant digits. Arithmetic goes through the functions here wherever one of the four can show; a plain operator is
right for short numbers (prices, quantities, cash) as long as `EXACT` is the active context, which `exact_arithmetic()` sees to.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, Inexact, Rounded, localcontext
from functools import lru_cache

EXACT = Context(prec=80, rounding=ROUND_HALF_EVEN)
"""Context wide enough that no intermediate result of two 96-bit numbers is rounded (except a quotient, which `div` cuts to fit)."""

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)

_MANTISSA_LIMIT = 1 << 96
_MAX_SCALE = 28
_LOW_64 = (1 << 64) - 1
_TWO_TO_64 = 1.8446744073709552e19
_ALWAYS_FITS_DIGITS = 28
_SHORT_TEXT = 16
_NEVER_TOO_SMALL = 1e-13
_SHORT = Context(prec=28, Emin=-1, Emax=99, rounding=ROUND_HALF_EVEN, traps=[Inexact, Rounded])
_LONG = Context(prec=29, Emin=0, Emax=99, rounding=ROUND_HALF_EVEN, traps=[])
_LONG_28 = Context(prec=28, Emin=-1, Emax=99, rounding=ROUND_HALF_EVEN, traps=[])
_FIRST_TOO_LARGE = tuple(Decimal(_MANTISSA_LIMIT).scaleb(n - _MAX_SCALE, context=EXACT) for n in range(_MAX_SCALE + 2))
_POWERS = tuple(Decimal(1).scaleb(-n) for n in range(_MAX_SCALE + 1))


def exact_arithmetic() -> AbstractContextManager[Context]:
    """The active decimal context for a run: plain operators inside never round silently."""
    return localcontext(EXACT)


def scale_of(value: Decimal) -> int:
    """Number of decimal places the value carries, trailing zeros included."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def fit(value: Decimal) -> Decimal:
    """The value in at most 96 bits and 28 places, half to even: what the other runtime could still hold."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise OverflowError(f"{value} is not a number")
    if exponent > 0:
        return value.quantize(ONE, context=EXACT)
    places = -exponent
    if places <= _MAX_SCALE and len(digits) <= _ALWAYS_FITS_DIGITS:
        return value
    places = min(places, _MAX_SCALE, max(0, _ALWAYS_FITS_DIGITS + 1 - (len(digits) + exponent)))
    return _cut_to_mantissa(value, places)


def _cut_to_mantissa(value: Decimal, places: int) -> Decimal:
    while True:
        cut = value.quantize(_POWERS[places], rounding=ROUND_HALF_EVEN, context=EXACT)
        if abs(cut.scaleb(places, context=EXACT)) < _MANTISSA_LIMIT:
            return cut
        if places == 0:
            raise OverflowError(f"{value} is too large for a 96-bit decimal")
        places -= 1


def _in_96_bits(operation: Callable[[Context, Decimal, Decimal], Decimal], first: Decimal, second: Decimal) -> Decimal:
    """A result too long for the short context: 29 digits where they are below 2**96, else 28; at most 28 places."""
    result = operation(_LONG, first, second)
    above = result.adjusted()
    if above > _MAX_SCALE:
        raise OverflowError(f"{result} is too large for a 96-bit decimal")
    if above >= 0 and abs(result) >= _FIRST_TOO_LARGE[above]:
        return operation(_LONG_28, first, second)
    return result


def add(first: Decimal, second: Decimal) -> Decimal:
    """first + second; a zero keeps the sign of the first operand (closing a short leaves -0), flipped when that has more places: operands swap then."""
    try:
        total = _SHORT.add(first, second)
    except (Inexact, Rounded):
        return _in_96_bits(Context.add, first, second)
    return total if total else _signed_zero(total, first, second)


def sub(first: Decimal, second: Decimal) -> Decimal:
    """first - second, signs of zero as in `add`."""
    try:
        rest = _SHORT.subtract(first, second)
    except (Inexact, Rounded):
        return _in_96_bits(Context.subtract, first, second)
    return rest if rest else _signed_zero(rest, first, second)


def _signed_zero(zero: Decimal, first: Decimal, second: Decimal) -> Decimal:
    signed = zero.copy_sign(first)
    return signed.copy_negate() if first and scale_of(first) > scale_of(second) else signed


def mul(first: Decimal, *factors: Decimal) -> Decimal:
    """Product from left to right, cut to fit after each factor."""
    product = first
    for factor in factors:
        try:
            product = _SHORT.multiply(product, factor)
        except (Inexact, Rounded):
            product = _in_96_bits(Context.multiply, product, factor)
    return product


def div(dividend: Decimal, divisor: Decimal) -> Decimal:
    """Quotient with as many digits as fit; ZeroDivisionError for a zero divisor.

    An exact quotient keeps the difference of the scales at least; one that had to be cut loses its trailing zeros.
    """
    if not divisor:
        raise ZeroDivisionError(f"{dividend} / {divisor}")
    try:
        quotient = _SHORT.divide(dividend, divisor)
        return _SHORT.add(quotient.copy_abs(), ZERO).copy_sign(quotient)
    except (Inexact, Rounded):
        return normalize(_in_96_bits(Context.divide, dividend, divisor))


def neg(value: Decimal) -> Decimal:
    """The value with its sign flipped, zero included."""
    return value.copy_negate()


def round_half_even(value: Decimal, places: int) -> Decimal:
    """Rounded to `places` if it has more, else unchanged (a shorter scale stays)."""
    return value.quantize(_POWERS[places], rounding=ROUND_HALF_EVEN, context=EXACT) if scale_of(value) > places else value


def truncate(value: Decimal) -> Decimal:
    """Integer part, towards zero."""
    return value.quantize(ONE, rounding=ROUND_DOWN, context=EXACT)


def floor(value: Decimal) -> Decimal:
    """Largest integer not above the value."""
    return value.quantize(ONE, rounding=ROUND_FLOOR, context=EXACT)


def normalize(value: Decimal) -> Decimal:
    """Without trailing zeros of the fraction; never in exponent form."""
    short = value.normalize(EXACT)
    exponent = short.as_tuple().exponent
    return short.quantize(ONE, context=EXACT) if isinstance(exponent, int) and exponent > 0 else short


def round_significant(value: Decimal, digits: int) -> Decimal:
    """Rounded to a number of significant digits by scaling into [0.1, 1) first, as LEAN does."""
    if not value:
        return ZERO
    scale = Decimal(1).scaleb(value.adjusted() + 1)
    if scale >= 1:
        scale = scale.quantize(ONE, context=EXACT)
    return mul(scale, round_half_even(div(value, scale), digits))


def smart_round(value: Decimal) -> Decimal:
    """LEAN's rounding for display and hashes: 4 places above 1000, else 7 significant digits; without trailing zeros."""
    short = normalize(value)
    if short > 1000:
        return round_half_even(short, 4)
    return normalize(round_significant(short, 7))


def from_float(value: float) -> Decimal:
    """A float as a decimal of 15 significant digits and at most 28 places, without trailing zeros; too small is a plain 0; integers exactly."""
    if isinstance(value, int):
        return Decimal(value)
    if -_NEVER_TOO_SMALL < value < _NEVER_TOO_SMALL:
        rounded = normalize(Decimal(format(value, ".15g")).quantize(_POWERS[_MAX_SCALE], context=EXACT))
        return rounded if rounded else ZERO
    return normalize(Decimal(format(value, ".15g")))


def from_python(value: float) -> Decimal:
    """A number an algorithm passes in, with the digits Python prints; integers exactly."""
    if isinstance(value, int):
        return Decimal(value)
    return normalize(Decimal(repr(float(value))))


def to_float(value: Decimal) -> float:
    """The float a decimal becomes: mantissa as a float divided by a power of ten as a float (not always the nearest float)."""
    text = str(value)
    if len(text) <= _SHORT_TEXT:
        return float(text)
    sign, _, exponent = value.as_tuple()
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    mantissa = int(abs(value).scaleb(places, context=EXACT))
    number = (float(mantissa & _LOW_64) + float(mantissa >> 64) * _TWO_TO_64) / float(10**places)
    return -number if sign else number


@lru_cache(maxsize=1 << 15)
def from_raw(raw: float, divisor: int) -> Decimal:
    """A column value as the price it stands for: divisor 10000 gives four places (15.9000), divisor 1 the digits of the text."""
    if raw == int(raw):
        units = Decimal(int(raw))
    else:
        units = Decimal(repr(raw))
    return units if divisor == 1 else EXACT.multiply(units, _POWERS[len(str(divisor)) - 1])


def text(value: Decimal) -> str:
    """Plain digits with the scale kept: 748.4000; a zero has no sign."""
    return format(value if value else abs(value), "f")


def short_text(value: Decimal) -> str:
    """Plain digits without trailing zeros."""
    return text(normalize(value))


def json_text(value: Decimal) -> str:
    """As LEAN's JSON writes a decimal: the scale kept, `.0` added to a whole number."""
    digits = text(value)
    return digits if "." in digits else digits + ".0"


def fixed_text(value: Decimal, places: int) -> str:
    """Exactly `places` decimals, half away from zero ("0.00")."""
    return text(value.quantize(_POWERS[places], rounding=ROUND_HALF_UP, context=EXACT))


def grouped_text(value: Decimal, places: int = 2) -> str:
    """As `fixed_text` with thousands separators ("N2")."""
    rounded = value.quantize(_POWERS[places], rounding=ROUND_HALF_UP, context=EXACT)
    return format(rounded if rounded else abs(rounded), ",f")


def percent_text(value: Decimal, places: int = 2) -> str:
    """A ratio as a percentage with a blank before the sign ("P")."""
    return f"{grouped_text(EXACT.multiply(value, HUNDRED), places)} %"
