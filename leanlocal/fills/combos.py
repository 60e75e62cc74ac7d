"""Fills of combos: all legs of the group or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.enums import OrderStatus, OrderType, SecurityType
from leanlocal.exact import div
from leanlocal.fills.base import filled, no_fill
from leanlocal.fills.market_state import FillMoment, side_prices
from leanlocal.fills.rules import combo_net

if TYPE_CHECKING:
    from leanlocal.orders.events import OrderEventCore
    from leanlocal.orders.order import OrderCore

LegFill = Callable[["OrderCore", FillMoment], "OrderEventCore"]
_SHARES_PER_UNIT = Decimal(100)


def combo_fill(orders: Sequence[OrderCore], moment: FillMoment, leg_fill: LegFill) -> list[OrderEventCore]:
    """Events of all legs, an empty list when the combo does not fill. leg_fill: the single-leg rule of each leg's own fill model."""
    if orders[0].kind == OrderType.COMBO_LIMIT:
        return _limit_fill(orders, moment)
    events: list[OrderEventCore] = []
    for order in orders:
        event = leg_fill(order, moment)
        if event.status != OrderStatus.FILLED:
            return []
        events.append(event)
    return events


def _limit_fill(orders: Sequence[OrderCore], moment: FillMoment) -> list[OrderEventCore]:
    group = orders[0].group
    if group is None:
        return [no_fill(orders[0], moment)]
    buys = group.quantity > 0
    bars = [side_prices(order.security, buys=order.quantity > 0) for order in orders]
    if any(bar.end < order.time for bar, order in zip(bars, orders, strict=True)):
        return []
    net = combo_net([(bar, _ratio(order, group.quantity)) for bar, order in zip(bars, orders, strict=True)], buys=buys)
    inside = net < group.limit_price if buys else net > group.limit_price
    if not inside:
        return []
    return [filled(order, moment, bar.low if buys else bar.high) for bar, order in zip(bars, orders, strict=True)]


def _ratio(order: OrderCore, units: Decimal) -> Decimal:
    ratio = div(order.quantity, units)
    return div(ratio, _SHARES_PER_UNIT) if order.security.kind == SecurityType.EQUITY else ratio
