"""The compiled form of `greeks.american.lanes`: the same rounds and sums, each stage a loop over the lanes that becomes vector instructions."""

from __future__ import annotations

from typing import Any

import numpy as np

from greeks.american.arithmetic import first_gap, inner_terms, leading_terms, next_gap, premium_terms
from greeks.black import value_and_greeks
from greeks.compiled import compiled, jitable
from greeks.elementary import logarithm


@jitable
def _seed(put: Any, fraction: Any, gap: Any, squared: Any) -> None:
    for a in range(gap.size):
        found = first_gap(put[0, a], put[1, a], put[2, a], fraction * put[3, a], put[4, a])
        gap[a] = found
        squared[a] = found * found


@jitable
def _lead(put: Any, fraction: Any, gap: Any, sums: Any) -> None:
    for a in range(gap.size):
        s1, s2, s3, s4, tilt = leading_terms(put[0, a], put[1, a], put[2, a], fraction * put[3, a], put[4, a], gap[a])
        sums[0, a], sums[1, a], sums[2, a], sums[3, a], sums[4, a], sums[5, a], sums[6, a] = s1, s2, s3, s4, s3, s4, tilt


@jitable
def _combine(weights: Any, squared: Any, out: Any) -> None:
    for a in range(out.size):
        out[a] = weights[0] * squared[0, a]
    for k in range(1, squared.shape[0]):
        weight = weights[k]
        for a in range(out.size):
            out[a] = out[a] + weight * squared[k, a]


@jitable
def _inner(put: Any, root: Any, weight: Any, squared: Any, gap: Any, sums: Any) -> None:
    for a in range(gap.size):
        life = put[3, a] * put[3, a]
        s1, s2, s3, s4 = inner_terms(put[0, a], put[1, a], put[2, a], root * put[3, a], weight * life, squared[a], gap[a])
        sums[0, a] += s1
        sums[1, a] += s2
        sums[2, a] += s3
        sums[3, a] += s4


@jitable
def _step(put: Any, fraction: Any, gap: Any, sums: Any, out: Any) -> None:
    for a in range(gap.size):
        use_a, width = put[5, a] != 0.0, fraction * put[2, a] * put[3, a]
        out[a] = next_gap(sums[0, a], sums[1, a], sums[2, a], sums[3, a], sums[4, a], sums[5, a], sums[6, a], put[4, a], gap[a], width, use_a)


@jitable
def _adopt(fresh: Any, gap: Any, squared: Any) -> None:
    for i in range(gap.shape[0]):
        for a in range(gap.shape[1]):
            gap[i, a] = fresh[i, a]
            squared[i, a] = fresh[i, a] * fresh[i, a]


@jitable
def _european(put: Any, log_spot: Any, out: Any) -> None:
    for a in range(log_spot.size):
        found = value_and_greeks(0.0, put[6, a], 1.0, put[3, a] * put[3, a], put[0, a], put[1, a], put[2, a])
        out[0, a], out[1, a], out[2, a] = found[0], found[1], found[2]
        log_spot[a] = logarithm(put[6, a]) - put[4, a]


@jitable
def _premium(put: Any, root: Any, weight: Any, squared: Any, log_spot: Any, out: Any) -> None:
    for a in range(log_spot.size):
        life = put[3, a] * put[3, a]
        value, slope, bend = premium_terms(put[0, a], put[1, a], put[2, a], root * put[3, a], weight * life, squared[a], log_spot[a], put[6, a])
        out[0, a] += value
        out[1, a] += slope
        out[2, a] += bend


@compiled
def solve_boundary(put: Any, roots: Any, sines: Any, weights: Any, inner_map: Any, steps: int, gap: Any) -> Any:
    """As `greeks.american.lanes.solve_boundary`."""
    nodes, lanes = gap.shape
    squared, fresh = np.empty((nodes, lanes)), np.empty((nodes, lanes))
    sums, at_point = np.empty((7, lanes)), np.empty(lanes)
    for i in range(nodes):
        _seed(put, roots[i], gap[i], squared[i])
    for _ in range(steps):
        for i in range(nodes):
            _lead(put, roots[i], gap[i], sums)
            for j in range(sines.size):
                _combine(inner_map[i, j], squared, at_point)
                _inner(put, roots[i] * sines[j], weights[j] * roots[i] * roots[i], at_point, gap[i], sums)
            _step(put, roots[i], gap[i], sums, fresh[i])
        _adopt(fresh, gap, squared)
    return squared


@compiled
def integrate_premium(put: Any, squared: Any, sines: Any, weights: Any, outer_map: Any, out: Any) -> None:
    """As `greeks.american.lanes.integrate_premium`."""
    lanes = put.shape[1]
    log_spot, at_point = np.empty(lanes), np.empty(lanes)
    _european(put, log_spot, out)
    for j in range(sines.size):
        _combine(outer_map[j], squared, at_point)
        _premium(put, sines[j], weights[j], at_point, log_spot, out)
