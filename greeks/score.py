"""The portfolio's Greek risk score: 100 is calm, 0 is not; bounded on both sides.

S000's formula (methodology section D): start at 100; an absolute delta above 100 costs a tenth of it up to 25; gamma costs 20 when high and 40 when extreme;
vega 15 and 30; positive theta earns a hundredth of it up to 10. The source floors at 0 and forgets the cap at 100 (methodology H36): here the sum is
clipped to [0, 100]. Unknown Greeks have no score.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from vocabulary.parameters import setting
from vocabulary.positions import Greeks


class Level(Enum):
    """Coarse size of one exposure."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    EXTREME = "extreme"


@dataclass(frozen=True, slots=True)
class ScoreParameters:
    """Bands and costs of the score."""

    delta_free: float = setting(100.0, "SPY shares", "S000 / methodology D", "absolute delta that costs nothing", 0.0)
    delta_cost_per: float = setting(10.0, "SPY shares per point", "S000 / methodology D", "delta that costs one point once above the free part", 0.001)
    delta_most: float = setting(25.0, "points", "S000 / methodology D", "largest cost of delta", 0.0, 100.0)
    gamma_bands: tuple[float, ...] = setting((100.0, 300.0, 500.0), "delta per 1.00", "S000 / methodology D", "gamma where medium, high, extreme begin", 0.0)
    gamma_costs: tuple[float, ...] = setting((0.0, 0.0, 20.0, 40.0), "points", "S000 / methodology D", "cost of low, medium, high, extreme gamma", 0.0, 100.0)
    vega_bands: tuple[float, ...] = setting(
        (500.0, 1500.0, 3000.0), "currency per vol point", "S000 / methodology D", "vega where medium, high, extreme begin", 0.0
    )
    vega_costs: tuple[float, ...] = setting((0.0, 0.0, 15.0, 30.0), "points", "S000 / methodology D", "cost of low, medium, high, extreme vega", 0.0, 100.0)
    theta_earns_per: float = setting(100.0, "currency per day per point", "S000 / methodology D", "positive theta that earns one point", 0.001)
    theta_most: float = setting(10.0, "points", "S000 / methodology D", "largest gain from theta", 0.0, 100.0)
    warning: float = setting(70.0, "points", "S000 / methodology D", "below: warn", 0.0, 100.0)
    critical: float = setting(50.0, "points", "S000-24", "below: critical portfolio risk", 0.0, 100.0)


@dataclass(frozen=True, slots=True)
class Score:
    """The score and what it is made of (costs negative). value is None when a Greek is unknown."""

    value: float | None
    delta: float
    gamma: float
    vega: float
    theta: float
    gamma_level: Level | None
    vega_level: Level | None


def level(size: float, bands: tuple[float, ...]) -> Level:
    """The band a non-negative exposure falls into: below bands[0] low, below bands[1] medium, below bands[2] high, else extreme."""
    return list(Level)[sum(size >= edge for edge in bands)]


def risk_score(greeks: Greeks, parameters: ScoreParameters | None = None) -> Score:
    """Score of portfolio Greeks in the desk's units, delta beta-weighted to SPY shares."""
    p = parameters or ScoreParameters()
    figures = (greeks.delta, greeks.gamma, greeks.theta, greeks.vega)
    if any(one != one for one in figures):
        nan = float("nan")
        return Score(None, nan, nan, nan, nan, None, None)
    size = abs(greeks.delta)
    delta = -min(p.delta_most, size / p.delta_cost_per) if size > p.delta_free else 0.0
    gamma_level, vega_level = level(abs(greeks.gamma), p.gamma_bands), level(abs(greeks.vega), p.vega_bands)
    gamma, vega = -p.gamma_costs[list(Level).index(gamma_level)], -p.vega_costs[list(Level).index(vega_level)]
    theta = min(p.theta_most, greeks.theta / p.theta_earns_per) if greeks.theta > 0 else 0.0
    return Score(min(100.0, max(0.0, 100.0 + delta + gamma + vega + theta)), delta, gamma, vega, theta, gamma_level, vega_level)


def contracts_for_score(contracts: int, score: Score, parameters: ScoreParameters | None = None) -> int:
    """Contracts a new position may have: scaled by score / 100 below the warning line, rounded down; none without a score (methodology D, score use)."""
    p = parameters or ScoreParameters()
    if score.value is None:
        return 0
    return contracts if score.value >= p.warning else int(contracts * score.value / 100.0)
