"""The compiled form of the stages in `greeks.american.lanes`: one loop over the lanes each. Imported only when numba is there."""

from __future__ import annotations

from typing import Any

from numba.extending import overload

from greeks.american import lanes
from greeks.american.arithmetic import first_gap, inner_terms, leading_terms, next_gap, premium_terms
from greeks.black import value_and_greeks
from greeks.elementary import logarithm


@overload(lanes.seed_lanes)
def _seed(put: Any, fraction: Any, gap: Any, squared: Any) -> Any:
    def loop(put: Any, fraction: Any, gap: Any, squared: Any) -> None:
        for a in range(gap.size):
            found = first_gap(put[0, a], put[1, a], put[2, a], fraction * put[3, a], put[4, a])
            gap[a] = found
            squared[a] = found * found

    return loop


@overload(lanes.lead_lanes)
def _lead(put: Any, fraction: Any, gap: Any, sums: Any) -> Any:
    def loop(put: Any, fraction: Any, gap: Any, sums: Any) -> None:
        for a in range(gap.size):
            s1, s2, s3, s4, tilt = leading_terms(put[0, a], put[1, a], put[2, a], fraction * put[3, a], put[4, a], gap[a])
            sums[0, a], sums[1, a], sums[2, a], sums[3, a], sums[4, a], sums[5, a], sums[6, a] = s1, s2, s3, s4, s3, s4, tilt

    return loop


@overload(lanes.combine_lanes)
def _combine(weights: Any, squared: Any, out: Any) -> Any:
    def loop(weights: Any, squared: Any, out: Any) -> None:
        for a in range(out.size):
            out[a] = weights[0] * squared[0, a]
        for k in range(1, squared.shape[0]):
            weight = weights[k]
            for a in range(out.size):
                out[a] = out[a] + weight * squared[k, a]

    return loop


@overload(lanes.inner_lanes)
def _inner(put: Any, root: Any, weight: Any, squared: Any, gap: Any, sums: Any) -> Any:
    def loop(put: Any, root: Any, weight: Any, squared: Any, gap: Any, sums: Any) -> None:
        for a in range(gap.size):
            life = put[3, a] * put[3, a]
            s1, s2, s3, s4 = inner_terms(put[0, a], put[1, a], put[2, a], root * put[3, a], weight * life, squared[a], gap[a])
            sums[0, a] += s1
            sums[1, a] += s2
            sums[2, a] += s3
            sums[3, a] += s4

    return loop


@overload(lanes.step_lanes)
def _step(put: Any, fraction: Any, gap: Any, sums: Any, out: Any) -> Any:
    def loop(put: Any, fraction: Any, gap: Any, sums: Any, out: Any) -> None:
        for a in range(gap.size):
            use_a, width = put[5, a] != 0.0, fraction * put[2, a] * put[3, a]
            out[a] = next_gap(sums[0, a], sums[1, a], sums[2, a], sums[3, a], sums[4, a], sums[5, a], sums[6, a], put[4, a], gap[a], width, use_a)

    return loop


@overload(lanes.adopt_lanes)
def _adopt(fresh: Any, gap: Any, squared: Any) -> Any:
    def loop(fresh: Any, gap: Any, squared: Any) -> None:
        for i in range(gap.shape[0]):
            for a in range(gap.shape[1]):
                gap[i, a] = fresh[i, a]
                squared[i, a] = fresh[i, a] * fresh[i, a]

    return loop


@overload(lanes.european_lanes)
def _european(put: Any, log_spot: Any, out: Any) -> Any:
    def loop(put: Any, log_spot: Any, out: Any) -> None:
        for a in range(log_spot.size):
            found = value_and_greeks(0.0, put[6, a], 1.0, put[3, a] * put[3, a], put[0, a], put[1, a], put[2, a])
            out[0, a], out[1, a], out[2, a] = found[0], found[1], found[2]
            log_spot[a] = logarithm(put[6, a]) - put[4, a]

    return loop


@overload(lanes.premium_lanes)
def _premium(put: Any, root: Any, weight: Any, squared: Any, log_spot: Any, out: Any) -> Any:
    def loop(put: Any, root: Any, weight: Any, squared: Any, log_spot: Any, out: Any) -> None:
        for a in range(log_spot.size):
            life = put[3, a] * put[3, a]
            value, slope, bend = premium_terms(put[0, a], put[1, a], put[2, a], root * put[3, a], weight * life, squared[a], log_spot[a], put[6, a])
            out[0, a] += value
            out[1, a] += slope
            out[2, a] += bend

    return loop
