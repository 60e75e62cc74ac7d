"""How finely an American option is computed, and the constant tables that follow from it.

The exercise boundary is known at Chebyshev nodes of the square root of time; integrals over the remaining time u use the angle substitution time = total x
sin(angle)^2 with Gauss-Legendre points. Andersen, Lake and Offengenden substitute time = total x z^2, which leaves a square-root end point where the
boundary meets expiry; the angle removes that too, and five points do the work of a dozen. Both the nodes and the points are fixed fractions of the option's
life, so interpolation is one constant matrix for all options.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vocabulary.errors import BadInput

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scheme:
    """nodes: boundary points besides expiry. steps: fixed-point rounds. inner: points of the boundary's integral. outer: points of the premium integral.

    Raises BadInput when a count is below 2 (steps: below 1).
    """

    nodes: int
    steps: int
    inner: int
    outer: int

    def __post_init__(self) -> None:
        if min(self.nodes, self.inner, self.outer) < 2 or self.steps < 1:
            raise BadInput(f"scheme needs at least 2 nodes and points and 1 step, got {self}")


FAST = Scheme(nodes=5, steps=5, inner=5, outer=16)
"""Root mean square error 3e-5 per 100 of strike on the 6,000 options of Andersen, Lake and Offengenden; measured by benchmarks/greeks_accuracy.py."""

ACCURATE = Scheme(nodes=24, steps=30, inner=24, outer=96)
"""For reference values; measured by the same benchmark."""


@dataclass(frozen=True, slots=True)
class Tables:
    """roots: sqrt(time / life) of the nodes, first the whole life, last expiry. sines, weights: inner points. outer_sines, outer_weights: premium points.

    inner_map[i, j, k]: weight of node k in the boundary at the j-th inner point of node i; outer_map[j, k]: the same for the premium's points.
    """

    roots: Floats
    sines: Floats
    weights: Floats
    inner_map: Floats
    outer_sines: Floats
    outer_weights: Floats
    outer_map: Floats


@cache
def tables(scheme: Scheme) -> Tables:
    """The constant tables of a scheme."""
    roots = 0.5 * (1.0 + np.cos(np.pi * np.arange(scheme.nodes + 1) / scheme.nodes))
    roots[-1] = 0.0
    sines, cosines, weights = _angle_points(scheme.inner)
    outer_sines, outer_cosines, outer_weights = _angle_points(scheme.outer)
    inner_map = _interpolation(roots, roots[:-1, None] * cosines)
    return Tables(roots, sines, weights, inner_map, outer_sines, outer_weights, _interpolation(roots, outer_cosines))


def _angle_points(count: int) -> tuple[Floats, Floats, Floats]:
    points, weights = np.polynomial.legendre.leggauss(count)
    angles = 0.25 * np.pi * (1.0 + points)
    sines, cosines = np.sin(angles), np.cos(angles)
    return sines, cosines, 0.5 * np.pi * weights * sines * cosines


def _interpolation(nodes: Floats, at: Floats) -> Floats:
    """Barycentric weights (Berrut and Trefethen 2004) of Chebyshev points of the second kind; no point of `at` is a node."""
    signs = (-1.0) ** np.arange(nodes.size)
    signs[0] *= 0.5
    signs[-1] *= 0.5
    terms = signs / (at[..., None] - nodes)
    return np.ascontiguousarray(terms / terms.sum(axis=-1, keepdims=True))
