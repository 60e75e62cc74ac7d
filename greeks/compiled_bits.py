"""What numba must be told: `select`, `scaled` and `exponent_of` on single numbers, with float bits reinterpreted in place.

Imports without numba; `teach` is called by `greeks.compiled` where numba is present.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

INLINED = {"forceinline": True}


def _reinterpreting(numba: Any, source: Any, target: Any) -> Any:
    """A compiled function that gives the bits of a `source` number as a `target` number."""

    def signature_and_code(_context: Any, _value: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], context.get_value_type(target))

        return target(source), generate

    return numba.extending.intrinsic(signature_and_code)


def teach(numba: Any, select: Callable[..., Any], scaled: Callable[..., Any], exponent_of: Callable[..., Any]) -> None:
    """Give the three functions their compiled form."""
    bits: Any = _reinterpreting(numba, numba.types.float64, numba.types.int64)
    number: Any = _reinterpreting(numba, numba.types.int64, numba.types.float64)

    def choose(condition: Any, when_true: Any, when_false: Any) -> Any:
        return when_true if condition else when_false

    def scale(value: Any, exponent: Any) -> Any:
        whole = np.int64(exponent)
        half = whole >> np.int64(1)
        first = number((half + np.int64(1023)) << np.int64(52))
        second = number((whole - half + np.int64(1023)) << np.int64(52))
        return value * first * second

    def exponent(value: Any) -> Any:
        return np.float64((bits(value) >> np.int64(52)) - np.int64(1023))

    def for_select(condition: Any, when_true: Any, when_false: Any) -> Any:
        return choose

    def for_scaled(value: Any, exponent: Any) -> Any:
        return scale

    def for_exponent_of(value: Any) -> Any:
        return exponent

    for function, form in ((select, for_select), (scaled, for_scaled), (exponent_of, for_exponent_of)):
        numba.extending.overload(function, jit_options=INLINED)(form)
