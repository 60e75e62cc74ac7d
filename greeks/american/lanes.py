"""Many American puts at once: the boundary by fixed-point rounds, then value, delta and gamma, for a block of lanes.

Here in arrays of nodes x points x lanes, so that a handful of options costs a thousand NumPy calls and not twenty thousand; `greeks.american.lane_loops` is the
compiled form. Terms are the same arithmetic and sums run in the same order, so both give the same bits.

Rows of `put`: rate, yield, volatility, sqrt(life), ln X, 1.0 where system A is used, spot / strike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greeks.american.arithmetic import first_gap, inner_terms, leading_terms, next_gap, premium_terms
from greeks.black import value_and_greeks
from greeks.elementary import logarithm

Floats = NDArray[np.float64]
PUT_ROWS = 7


def solve_boundary(put: Floats, roots: Floats, sines: Floats, weights: Floats, inner_map: Floats, steps: int, gap: Floats) -> Floats:
    """Fill gap[nodes, lanes] in `steps` rounds; returns the squared gaps. roots, sines, weights, inner_map: see `greeks.american.schemes.Tables`."""
    rate, dividend_yield, volatility, root, log_x, use_a = put[:6]
    fraction = roots[: gap.shape[0], None]
    node_root, life = fraction * root, root * root
    point_root = (fraction * sines)[:, :, None] * root
    point_weight = (weights * fraction * fraction)[:, :, None] * life
    gap[:] = first_gap(rate, dividend_yield, volatility, node_root, log_x)
    squared = gap * gap
    for _ in range(steps):
        s1, s2, lead3, lead4, tilt = leading_terms(rate, dividend_yield, volatility, node_root, log_x, gap)
        at_points = _combined(inner_map, squared)
        terms = inner_terms(rate, dividend_yield, volatility, point_root, point_weight, at_points, gap[:, None, :])
        s1, s2, s3, s4 = (_added(total, term) for total, term in zip((s1, s2, lead3, lead4), terms, strict=True))
        gap[:] = next_gap(s1, s2, s3, s4, lead3, lead4, tilt, log_x, gap, fraction * volatility * root, use_a != 0.0)
        squared = gap * gap
    return squared


def integrate_premium(put: Floats, squared: Floats, sines: Floats, weights: Floats, outer_map: Floats, out: Floats) -> None:
    """Fill out[3, lanes] with value, delta, gamma in the continuation region."""
    rate, dividend_yield, volatility, root, log_x, _, spot = put
    found = value_and_greeks(0.0 * spot, spot, 1.0 + 0.0 * spot, root * root, rate, dividend_yield, volatility)
    log_spot = logarithm(spot) - log_x
    weight = weights[:, None] * (root * root)
    terms = premium_terms(rate, dividend_yield, volatility, sines[:, None] * root, weight, _combined(outer_map, squared), log_spot, spot)
    for k in range(3):
        out[k] = _added(found[k], terms[k])


def _combined(weights: Floats, squared: Floats) -> Floats:
    """Sum over nodes of weight x squared gap, first node first; the node at expiry has no gap."""
    total = weights[..., 0, None] * squared[0]
    for k in range(1, squared.shape[0]):
        total = total + weights[..., k, None] * squared[k]
    return total


def _added(total: Floats, terms: Floats) -> Floats:
    """total plus the terms of all points (last axis but one), first point first."""
    for j in range(terms.shape[-2]):
        total = total + terms[..., j, :]
    return total
