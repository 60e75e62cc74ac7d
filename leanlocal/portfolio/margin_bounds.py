"""Upper bounds of maintenance margin at many moments at once, in floats: cheap enough to look a whole day ahead before a jump.

Every bound is at least the exact margin of `group_margin` for the same prices: exact for lone shorts, spreads and short pairs, generous where shares are part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leanlocal.enums import SecurityType
from leanlocal.portfolio.buying_power import margin_rule
from leanlocal.portfolio.group_margin import Position
from leanlocal.portfolio.groups import PositionGroupCore
from leanlocal.portfolio.option_terms import contract_unit, is_call, is_option, scaled_strike, underlying_of
from leanlocal.portfolio.strategy_shapes import StrategyName

if TYPE_CHECKING:
    from leanlocal.engine.timeline import Times

Floats = NDArray[np.float64]
_N = StrategyName
FIXED = frozenset(
    (
        _N.BEAR_CALL_SPREAD,
        _N.BULL_CALL_SPREAD,
        _N.BEAR_PUT_SPREAD,
        _N.BULL_PUT_SPREAD,
        _N.IRON_CONDOR,
        _N.IRON_BUTTERFLY,
        _N.SHORT_IRON_CONDOR,
        _N.SHORT_IRON_BUTTERFLY,
        _N.SHORT_BUTTERFLY_CALL,
        _N.SHORT_BUTTERFLY_PUT,
        _N.BEAR_CALL_LADDER,
        _N.BULL_PUT_LADDER,
        _N.STRADDLE,
        _N.STRANGLE,
        _N.CALL_CALENDAR_SPREAD,
        _N.PUT_CALENDAR_SPREAD,
        _N.BUTTERFLY_CALL,
        _N.BUTTERFLY_PUT,
        _N.BOX_SPREAD,
        _N.INVERSE_NAKED_CALL,
        _N.INVERSE_NAKED_PUT,
    )
)
"""Strategies whose margin does not depend on prices."""
FUTURE_OPTION_CEILING = 1.25
"""An option on a future never ties up more than this multiple of the future's margin."""
PAIRS = frozenset((_N.SHORT_STRADDLE, _N.SHORT_STRANGLE))


def maintenance_bound(group: PositionGroupCore, times: Times) -> Floats:
    """At least what the group ties up at each moment."""
    if group.name in FIXED and not any(p.security.kind == SecurityType.FUTURE_OPTION for p in group.positions):
        return np.full(times.size, float(group.need().maintenance))
    parts = [_position_bound(position, times) for position in group.positions]
    if group.name in PAIRS:
        premiums = [_premium(position, times) for position in group.positions]
        return np.maximum(parts[0] + premiums[1], parts[1] + premiums[0])
    return np.sum(parts, axis=0) + (float(group.need().maintenance) if group.name == _N.SHORT_BOX_SPREAD else 0.0)


def _premium(position: Position, times: Times) -> Floats:
    return float(abs(position.quantity) * contract_unit(position.security)) * position.security.price_array(times)


def _position_bound(position: Position, times: Times) -> Floats:
    """What one position ties up by itself at each moment, at least."""
    security, quantity = position.security, position.quantity
    if not is_option(security):
        now, price = float(margin_rule(security).maintenance(security, quantity)), float(security.price)
        if security.kind == SecurityType.FUTURE or not price:
            return np.full(times.size, now)
        return now * security.price_array(times) / price
    if security.kind == SecurityType.FUTURE_OPTION:
        future = underlying_of(security)
        return np.full(times.size, FUTURE_OPTION_CEILING * float(margin_rule(future).maintenance(future, quantity)))
    if quantity > 0:
        return np.zeros(times.size)
    size = float(abs(quantity) * contract_unit(security))
    spot, strike = underlying_of(security).price_array(times), float(scaled_strike(security))
    out = np.maximum(0.0, strike - spot) if is_call(security) else np.maximum(0.0, spot - strike)
    floor_share = 0.1 * (spot if is_call(security) else np.full(times.size, strike))
    return size * (security.price_array(times) + np.maximum(floor_share, 0.2 * spot - out))
