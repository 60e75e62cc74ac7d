"""VIX regimes: how much buying power may be used, and separately how large a sold structure may be (C; S002-33, S002-43).

The sources hold two philosophies, use more when the VIX rises or use less; both are kept apart here: the ceiling follows the method's bands, the size of
what is sold falls above 25. A VIX that is missing or stale has no regime, and without a regime there is no new risk; no level is ever assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from risk.parameters import BuyingPowerParameters, LimitParameters


@dataclass(frozen=True, slots=True)
class VixRegime:
    """What one VIX level means. ceilings are fractions of equity before the reserve; scales multiply units and counts; margin_breaker is a fraction."""

    name: str
    vix: float
    ceiling_bought: float
    ceiling_sold: float
    size_scale: float
    count_scale: float
    margin_breaker: float


def band(value: float, bounds: Sequence[float]) -> int:
    """Index of the band `value` falls in: 0 below the first bound, a value on a bound belongs to the band above it."""
    return sum(1 for bound in bounds if value >= bound)


def regime_of(vix: float, power: BuyingPowerParameters, limits: LimitParameters) -> VixRegime:
    """The regime of a VIX level (S002-33)."""
    position = band(vix, power.vix_bounds)
    return VixRegime(
        name=_name(position, power.vix_bounds),
        vix=vix,
        ceiling_bought=power.ceiling[position],
        ceiling_sold=power.ceiling_short[position],
        size_scale=power.size_scale[band(vix, power.size_vix)],
        # the method writes these bands with "<=", so the bound itself still belongs to the calmer side
        count_scale=limits.count_scale[sum(1 for bound in limits.count_vix if vix > bound)],
        margin_breaker=power.margin_breaker[band(vix, (20.0, 30.0, 40.0))],
    )


def _name(position: int, bounds: Sequence[float]) -> str:
    if position == 0:
        return f"VIX below {bounds[0]:g}"
    if position == len(bounds):
        return f"VIX from {bounds[-1]:g}"
    return f"VIX {bounds[position - 1]:g} to {bounds[position]:g}"
