"""The inner loop of the finite-difference engines: a tridiagonal solve per time step, for the exercised and the held solution side by side.

A solve runs along the grid twice, each value from its neighbour, so arrays cannot do it. Few solves run as plain Python on complex numbers whose real part is
the exercised and whose imaginary part is the held solution; after `PLAIN_SOLVES` of them in a run numba compiles the same operations, if it is there.
Both give the same bits: a complex number times or over a real one is the two real operations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

PLAIN_SOLVES = 100
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class March:
    """A grid's operator and starting values: bands of the operator inside the grid (points - 2 each), half a time step, and the payoff per point."""

    lower: Floats
    middle: Floats
    upper: Floats
    half: float
    payoff: Floats


@dataclass(frozen=True, slots=True)
class _Elimination:
    """Implicit system by Gauss without pivots: band below the diagonal, pivots, and normalised band above (points, points, points)."""

    below: list[float]
    pivots: list[float]
    above: list[float]


def _elimination(step: March) -> _Elimination:
    below = [0.0, *(0.0 + step.lower * step.half).tolist(), -1.0]
    diagonal = [-1.0, *(1.0 + step.middle * step.half).tolist(), 1.0]
    upper = [1.0, *(0.0 + step.upper * step.half).tolist()]
    pivots, above = [diagonal[0]], [0.0]
    for j in range(1, len(diagonal)):
        above.append(upper[j - 1] / pivots[-1])
        pivots.append(diagonal[j] - below[j] * above[j])
    return _Elimination(below, pivots, above)


def _plain(step: March, system: _Elimination, steps: int) -> tuple[Floats, Floats]:
    explicit_lower, explicit_middle, explicit_upper = -(step.lower * step.half), 1.0 - step.middle * step.half, -(step.upper * step.half)
    values: npt.NDArray[np.complex128] = step.payoff * (1 + 1j)
    ends = complex(1, 1) * float(step.payoff[1] - step.payoff[0]), complex(1, 1) * float(step.payoff[-1] - step.payoff[-2])
    forward = list(zip(system.below, system.pivots, strict=True))[1:]
    backward = system.above[:0:-1]
    for _ in range(steps):
        inside = explicit_middle * values[1:-1] + (explicit_lower * values[:-2] + explicit_upper * values[2:])
        last = ends[0] / system.pivots[0]
        solved = [last]
        for right, (below, pivot) in zip([*inside.tolist(), ends[1]], forward, strict=True):
            last = (right - below * last) / pivot
            solved.append(last)
        back = [last]
        for value, above in zip(solved[-2::-1], backward, strict=True):
            last = value - above * last
            back.append(last)
        values = np.array(back[::-1])
        values.real = np.maximum(values.real, step.payoff)
    return values.real.copy(), values.imag.copy()


Kernel = Callable[[Floats, Floats, Floats, Floats, Floats, Floats, Floats, int], tuple[Floats, Floats]]


def _loops(lower: Floats, middle: Floats, upper: Floats, below: Floats, pivots: Floats, above: Floats, payoff: Floats, steps: int) -> tuple[Floats, Floats]:
    points = len(payoff)
    both = np.empty((2, points))
    both[0], both[1] = payoff, payoff
    right = np.empty(points)
    for _ in range(steps):
        for k in range(2):
            values = both[k]
            for j in range(1, points - 1):
                right[j] = middle[j - 1] * values[j] + (lower[j - 1] * values[j - 1] + upper[j - 1] * values[j + 1])
            right[0], right[points - 1] = payoff[1] - payoff[0], payoff[points - 1] - payoff[points - 2]
            values[0] = right[0] / pivots[0]
            for j in range(1, points):
                values[j] = (right[j] - below[j] * values[j - 1]) / pivots[j]
            for j in range(points - 2, -1, -1):
                values[j] -= above[j + 1] * values[j + 1]
        for j in range(points):
            both[0, j] = max(both[0, j], payoff[j])
    return both[0], both[1]


@cache
def compiled() -> Kernel | None:
    """The loops compiled, None without numba."""
    try:
        from numba import njit
    except ImportError:
        return None
    made: Any = njit(cache=True)(_loops)
    return made


class Marcher:
    """Solves grids, plainly as long as that is cheaper than loading a compiler."""

    def __init__(self, plain_solves: int = PLAIN_SOLVES) -> None:
        self._plain_left = plain_solves

    def march(self, step: March, steps: int) -> tuple[Floats, Floats]:
        """(exercised, held) values on the grid after `steps` whole time steps back from the payoff."""
        system = _elimination(step)
        self._plain_left -= 1
        kernel = compiled() if self._plain_left < 0 else None
        if kernel is None:
            return _plain(step, system, steps)
        explicit = -(step.lower * step.half), 1.0 - step.middle * step.half, -(step.upper * step.half)
        implicit = np.array(system.below), np.array(system.pivots), np.array(system.above)
        return kernel(*explicit, *implicit, step.payoff, steps)
