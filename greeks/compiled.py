"""One source for two machines: NumPy arrays, and numba loops when numba is there.

A kernel is written once as arithmetic without branches. Called on arrays it is plain NumPy; called on numbers inside a compiled loop it becomes straight-
line code that the compiler turns into vector instructions. No reassociation or fused multiply-add is allowed, so both paths give the same bits.

`jitable` marks functions that compiled code may call; `compiled` compiles a loop at first call and keeps the machine code on disk. numba alone would notice
a change of the loop's own file but not of the arithmetic it calls, so the cache folder carries a digest of every source file of this room. Without numba,
or with THETADESK_NUMBA=off in the environment, HAS_NUMBA is False and both are the identity.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from greeks.compiled_bits import teach

F = TypeVar("F", bound=Callable[..., Any])

ROOM = Path(__file__).resolve().parent
BLOCK = 2048
"""Rows that the NumPy path treats at once: its temporaries stay in the second-level cache."""


def _numba() -> Any:
    if os.environ.get("THETADESK_NUMBA", "on").lower() == "off":
        return None
    try:
        import numba
    except ImportError:
        return None
    return numba


numba: Any = _numba()
HAS_NUMBA = numba is not None


@cache
def cache_folder() -> str | None:
    """Where machine code of exactly these sources is kept: beside them, else in the user's cache, else nowhere (None)."""
    digest = hashlib.sha256()
    for source in sorted(ROOM.rglob("*.py")):
        digest.update(source.read_bytes())
    name = f"numba-{digest.hexdigest()[:16]}"
    for place in (ROOM / "__pycache__", Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "thetadesk"):
        folder = place / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:  # read-only place: try the next
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return None


def jitable(function: F) -> F:
    """`function`, also callable from compiled code, where it is always inlined: a call inside a loop would keep the loop from becoming vector code."""
    return numba.extending.register_jitable(forceinline=True)(function) if HAS_NUMBA else function


def compiled(function: F) -> F:
    """`function` compiled at its first call, kept on disk where a folder can be written; released from the interpreter lock."""
    if not HAS_NUMBA:
        return function
    folder, before = cache_folder(), numba.config.CACHE_DIR
    numba.config.CACHE_DIR = folder or before
    try:
        return numba.njit(cache=folder is not None, error_model="numpy", nogil=True)(function)
    finally:
        numba.config.CACHE_DIR = before


def select(condition: Any, when_true: Any, when_false: Any) -> Any:
    """Element by element choice; a conditional move in compiled code."""
    return np.where(condition, when_true, when_false)


def scaled(value: Any, exponent: Any) -> Any:
    """value x 2**exponent for a whole float exponent of -2000 to 2000, exact while normal; two steps, so that it dies away gradually at the bottom."""
    whole = np.asarray(exponent).astype(np.int64)
    half = whole >> 1
    return value * ((half + 1023) << 52).view(np.float64) * ((whole - half + 1023) << 52).view(np.float64)


def exponent_of(value: Any) -> Any:
    """Whole float e with value / 2**e in [1, 2) for a positive normal value."""
    return ((np.asarray(value).view(np.int64) >> 52) - 1023).astype(np.float64)


def in_compiled_code(function: F, form: F) -> None:
    """Let compiled code, where the source calls `function`, call `form`: for what arrays do better in another order of calls, with the same bits."""

    def choose(*_arguments: Any) -> F:
        return form

    if HAS_NUMBA:
        numba.extending.overload(function, jit_options={"forceinline": True}, strict=False)(choose)


if HAS_NUMBA:
    teach(numba, select, scaled, exponent_of)
