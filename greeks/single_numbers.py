"""The third machine for a kernel's one source: plain Python numbers, for the one or few rows of a streaming update where numba is absent.

A NumPy call costs about a microsecond however few its rows, and a kernel is hundreds of calls; on Python floats the same operations cost a twentieth.
`on_numbers` gives a kernel's function again with `select`, `scaled`, `exponent_of` and NumPy's few functions exchanged for their forms on numbers, in
every function it calls as well. Each float operation is the same IEEE operation in the same order, so the bits are the same. Where Python raises and NumPy
answers with an infinity or NaN (division by zero, root of a negative number) the caller takes the array path: `OUTSIDE` names those errors.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from greeks.compiled import exponent_of, scaled, select

OUTSIDE = (ZeroDivisionError, ValueError, OverflowError)
"""What arithmetic on numbers raises where arrays go on."""
_DOUBLE, _BITS = struct.Struct("<d"), struct.Struct("<q")
_HALF_RANGE = 1000


class _NumpyOnNumbers:
    """The functions of NumPy that kernels use."""

    nan = math.nan
    sqrt = staticmethod(math.sqrt)
    abs = staticmethod(abs)

    @staticmethod
    def logical_not(value: bool) -> bool:
        return not value


def _select(condition: bool, when_true: Any, when_false: Any) -> Any:
    return when_true if condition else when_false


def _scaled(value: float, exponent: float) -> float:
    half = int(exponent) >> 1
    if abs(half) > _HALF_RANGE:
        raise OverflowError("exponent outside the range that arrays scale by")
    return value * math.ldexp(1.0, half) * math.ldexp(1.0, int(exponent) - half)


def _exponent_of(value: float) -> float:
    return float((_BITS.unpack(_DOUBLE.pack(value))[0] >> 52) - 1023)


_FORMS: dict[Any, Any] = {select: _select, scaled: _scaled, exponent_of: _exponent_of}


@cache
def on_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` for Python numbers: its code with everything of this room that it calls exchanged in the same way. Raises `OUTSIDE` where NumPy would not."""
    if not isinstance(function, FunctionType):
        return function
    found = {name: function.__globals__[name] for name in _names(function) if name in function.__globals__}
    exchanged = {name: _exchanged(name, value) for name, value in found.items()}
    namespace = {"__builtins__": function.__globals__["__builtins__"], **exchanged}
    return FunctionType(function.__code__, namespace, function.__name__, function.__defaults__, function.__closure__)


def _names(function: FunctionType) -> tuple[str, ...]:
    return function.__code__.co_names


def _exchanged(name: str, value: Any) -> Any:
    if name == "np":
        return _NumpyOnNumbers
    if not isinstance(value, FunctionType):
        return value
    return _FORMS[value] if value in _FORMS else on_numbers(value)
