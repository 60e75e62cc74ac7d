"""What numba must be told: `select`, `scaled` and `exponent_of` on single numbers, with float bits reinterpreted in place.

Kept apart from `greeks.compiled`, which imports it only where numba is present.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from greeks import compiled

types: Any = compiled.numba.types
intrinsic: Any = compiled.numba.extending.intrinsic
overload: Any = compiled.numba.extending.overload
INLINED = {"forceinline": True}


def _bits_signature(_context: Any, _value: Any) -> Any:
    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.int64))

    return types.int64(types.float64), generate


def _number_signature(_context: Any, _word: Any) -> Any:
    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.float64))

    return types.float64(types.int64), generate


_bits: Any = intrinsic(_bits_signature)
_number: Any = intrinsic(_number_signature)


@overload(compiled.select, jit_options=INLINED)
def _select(condition: Any, when_true: Any, when_false: Any) -> Any:
    def choose(condition: Any, when_true: Any, when_false: Any) -> Any:
        return when_true if condition else when_false

    return choose


@overload(compiled.scaled, jit_options=INLINED)
def _scaled(value: Any, exponent: Any) -> Any:
    def scale(value: Any, exponent: Any) -> Any:
        whole = np.int64(exponent)
        half = whole >> np.int64(1)
        first = _number((half + np.int64(1023)) << np.int64(52))
        second = _number((whole - half + np.int64(1023)) << np.int64(52))
        return value * first * second

    return scale


@overload(compiled.exponent_of, jit_options=INLINED)
def _exponent_of(value: Any) -> Any:
    def exponent(value: Any) -> Any:
        return np.float64((_bits(value) >> np.int64(52)) - np.int64(1023))

    return exponent
