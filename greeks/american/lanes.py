"""Many American puts at once: the boundary by fixed-point rounds, then value, delta and gamma, for a block of lanes.

`solve_boundary` and `integrate_premium` are written once. On NumPy arrays the stages they call are array expressions; compiled, each stage is a loop over
the lanes that the compiler turns into vector instructions (`greeks.american.lane_loops` teaches numba that second form). Sums run in the same order, so
both give the same bits.

Rows of `put`: rate, yield, volatility, sqrt(life), ln X, 1.0 where system A is used, spot / strike.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from greeks.american.arithmetic import first_gap, inner_terms, leading_terms, next_gap, premium_terms
from greeks.black import value_and_greeks
from greeks.compiled import HAS_NUMBA, compiled
from greeks.elementary import logarithm

RATE, YIELD, VOLATILITY, ROOT, LOG_X, USE_A, SPOT = range(7)
PUT_ROWS = 7


def seed_lanes(put: Any, fraction: float, gap: Any, squared: Any) -> None:
    """First guess of the gap at sqrt(time) = fraction x sqrt(life), and its square."""
    gap[:] = first_gap(put[0], put[1], put[2], fraction * put[3], put[4])
    squared[:] = gap * gap


def lead_lanes(put: Any, fraction: float, gap: Any, sums: Any) -> None:
    """Rows 0..3 of sums: S1..S4 outside the integrals; 4, 5: copies of S3, S4; 6: d2 / width."""
    sums[0], sums[1], sums[2], sums[3], sums[6] = leading_terms(put[0], put[1], put[2], fraction * put[3], put[4], gap)
    sums[4:6] = sums[2:4]


def combine_lanes(weights: Any, squared: Any, out: Any) -> None:
    """out = sum over nodes of weight x squared gap, first node first; the node at expiry has no gap."""
    out[:] = weights[0] * squared[0]
    for k in range(1, len(squared)):
        out[:] = out + weights[k] * squared[k]


def inner_lanes(put: Any, root: float, weight: float, squared: Any, gap: Any, sums: Any) -> None:
    """Add one integration point to S1..S4. root and weight are in units of sqrt(life) and life."""
    life = put[3] * put[3]
    s1, s2, s3, s4 = inner_terms(put[0], put[1], put[2], root * put[3], weight * life, squared, gap)
    sums[0] += s1
    sums[1] += s2
    sums[2] += s3
    sums[3] += s4


def step_lanes(put: Any, fraction: float, gap: Any, sums: Any, out: Any) -> None:
    """The gap after this round."""
    out[:] = next_gap(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], put[4], gap, fraction * put[2] * put[3], put[5] != 0.0)


def adopt_lanes(fresh: Any, gap: Any, squared: Any) -> None:
    """All nodes take their new gap together."""
    gap[:] = fresh
    squared[:] = fresh * fresh


def european_lanes(put: Any, log_spot: Any, out: Any) -> None:
    """out: value, delta, gamma of the European put; log_spot: ln(spot / X)."""
    found = value_and_greeks(0.0 * put[6], put[6], 1.0 + 0.0 * put[6], put[3] * put[3], put[0], put[1], put[2])
    out[0], out[1], out[2] = found[0], found[1], found[2]
    log_spot[:] = logarithm(put[6]) - put[4]


def premium_lanes(put: Any, root: float, weight: float, squared: Any, log_spot: Any, out: Any) -> None:
    """Add one point of the early-exercise premium to value, delta and gamma."""
    life = put[3] * put[3]
    value, slope, bend = premium_terms(put[0], put[1], put[2], root * put[3], weight * life, squared, log_spot, put[6])
    out[0] += value
    out[1] += slope
    out[2] += bend


if HAS_NUMBA:
    import greeks.american.lane_loops  # pyright: ignore[reportUnusedImport] # noqa: F401


@compiled
def solve_boundary(put: Any, roots: Any, sines: Any, weights: Any, inner_map: Any, steps: int, gap: Any) -> Any:
    """Fill gap[nodes, lanes]; returns the squared gaps."""
    nodes, lanes = gap.shape
    squared, fresh = np.empty((nodes, lanes)), np.empty((nodes, lanes))
    sums, at_point = np.empty((7, lanes)), np.empty(lanes)
    for i in range(nodes):
        seed_lanes(put, roots[i], gap[i], squared[i])
    for _ in range(steps):
        for i in range(nodes):
            lead_lanes(put, roots[i], gap[i], sums)
            for j in range(sines.size):
                combine_lanes(inner_map[i, j], squared, at_point)
                inner_lanes(put, roots[i] * sines[j], weights[j] * roots[i] * roots[i], at_point, gap[i], sums)
            step_lanes(put, roots[i], gap[i], sums, fresh[i])
        adopt_lanes(fresh, gap, squared)
    return squared


@compiled
def integrate_premium(put: Any, squared: Any, sines: Any, weights: Any, outer_map: Any, out: Any) -> None:
    """Fill out[3, lanes] with value, delta, gamma in the continuation region."""
    lanes = put.shape[1]
    log_spot, at_point = np.empty(lanes), np.empty(lanes)
    european_lanes(put, log_spot, out)
    for j in range(sines.size):
        combine_lanes(outer_map[j], squared, at_point)
        premium_lanes(put, sines[j], weights[j], at_point, log_spot, out)
