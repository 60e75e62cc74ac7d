"""From arguments that broadcast to rows, through a kernel, and back to the broadcast shape.

A kernel exists twice in form, once in substance: `elementwise` is the arithmetic, run on blocks of NumPy rows; `loop` is the compiled loop that calls the same
arithmetic row by row. Threads share the rows; compiled loops hold no interpreter lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks.compiled import BLOCK, HAS_NUMBA
from greeks.single_numbers import OUTSIDE, on_numbers

Floats = NDArray[np.float64]


FEW = 32
"""Rows up to which numbers one by one are quicker than NumPy's calls."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """elementwise: rows in, tuple of `outputs` rows out. loop: (input rows..., out[outputs, n]) filled in place, compiled when numba is there."""

    elementwise: Callable[..., tuple[Any, ...]]
    loop: Callable[..., None]
    outputs: int


def as_rows(arguments: Sequence[ArrayLike]) -> tuple[list[Floats], tuple[int, ...]]:
    """The arguments broadcast together as contiguous float64 rows, and the shape they came from. Raises ValueError when they do not broadcast."""
    if all(isinstance(argument, float | int) for argument in arguments):  # one option: streaming updates come one by one
        return list(np.array(arguments, dtype=np.float64).reshape(-1, 1)), ()
    arrays = [np.asarray(argument, dtype=np.float64) for argument in arguments]
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    same = [array if array.shape == shape else np.broadcast_to(array, shape) for array in arrays]
    return [np.ascontiguousarray(array).reshape(-1) for array in same], shape


def in_blocks(kernel: Kernel, rows: Sequence[Floats], out: Floats) -> None:
    """The NumPy path: blocks small enough that temporaries stay in cache."""
    with np.errstate(all="ignore"):
        for start in range(0, out.shape[1], BLOCK):
            part = slice(start, start + BLOCK)
            for line, values in zip(out, kernel.elementwise(*(row[part] for row in rows)), strict=True):
                line[part] = values


def evaluate(kernel: Kernel, arguments: Sequence[ArrayLike], threads: int = 1) -> list[Floats]:
    """Results of the kernel, each in the broadcast shape of the arguments. threads: how many share the rows of a large batch."""
    rows, shape = as_rows(arguments)
    size = rows[0].size
    if threads <= 1 or size < 2 * BLOCK:
        out = _run(kernel, rows)
    else:
        parts = pairwise(np.linspace(0, size, threads + 1).astype(int).tolist())
        with ThreadPoolExecutor(threads) as pool:
            out = np.concatenate(list(pool.map(lambda part: _run(kernel, [row[slice(*part)] for row in rows]), parts)), axis=1)
    return [line.reshape(shape) for line in out]


def _run(kernel: Kernel, rows: Sequence[Floats]) -> Floats:
    """The kernel's answers as a contiguous array of their own: compiled loops are vector code only for contiguous rows."""
    out = np.empty((kernel.outputs, rows[0].size))
    if HAS_NUMBA:
        kernel.loop(*rows, out)
    elif rows[0].size > FEW or not one_by_one(kernel, rows, out):
        in_blocks(kernel, rows, out)
    return out


def one_by_one(kernel: Kernel, rows: Sequence[Floats], out: Floats) -> bool:
    """Few rows as Python numbers, the same bits; False, with `out` unfinished, where a row needs an infinity or a NaN on the way."""
    answer = on_numbers(kernel.elementwise)
    try:
        answers = [answer(*row) for row in zip(*(row.tolist() for row in rows), strict=True)]
    except OUTSIDE:
        return False
    out[:] = np.array(answers).T.reshape(out.shape)
    return True
