"""Slippage models: none (the default of every brokerage), a constant share of the price, a share of the bar's volume, or the user's own.

Slippage is an amount per unit that makes a buy dearer and a sell cheaper; it is used for market and stop-market orders only.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from leanlocal.exact import ZERO, div, from_python, mul, to_float
from leanlocal.overrides import user_method
from leanlocal.surface import LeanObject, core_of
from leanlocal.views import view_of

if TYPE_CHECKING:
    from leanlocal.orders.order import OrderCore
    from leanlocal.securities.core import SecurityCore


class SlippageRule(Protocol):
    """Amount per unit."""

    def amount(self, security: SecurityCore, order: OrderCore) -> Decimal:
        """What a fill of the order is worse by."""
        ...


class NoSlippage:
    """None."""

    def amount(self, security: SecurityCore, order: OrderCore) -> Decimal:
        """Zero."""
        return ZERO


class ConstantShare:
    """A share of the last price."""

    def __init__(self, share: Decimal) -> None:
        self.share = share

    def amount(self, security: SecurityCore, order: OrderCore) -> Decimal:
        """share x price of the last bar."""
        bar = security.last_bar()
        return mul(self.share, bar.value) if bar is not None else ZERO


class VolumeShare:
    """price x impact x (order's share of the bar's volume, at most `limit`) squared."""

    def __init__(self, limit: Decimal, impact: Decimal) -> None:
        self.limit = limit
        self.impact = impact

    def amount(self, security: SecurityCore, order: OrderCore) -> Decimal:
        """Zero without a bar; the limit's worth when the bar has no volume."""
        bar = security.last_bar()
        if bar is None:
            return ZERO
        trade = security.last_trade()
        volume = trade.volume if trade is not None else ZERO
        share = self.limit if not volume else min(div(abs(order.quantity), volume), self.limit)
        return mul(mul(mul(share, share), self.impact), bar.value)


class _SlippageModel(LeanObject[SlippageRule]):
    def get_slippage_approximation(self, asset: Any, order: Any) -> float:
        """Amount per unit for surface objects."""
        return to_float(self._core.amount(core_of(asset), core_of(order)))


class NullSlippageModel(_SlippageModel):
    """No slippage."""

    INSTANCE: ClassVar[NullSlippageModel]
    _core = NoSlippage()


NullSlippageModel.INSTANCE = NullSlippageModel()


class ConstantSlippageModel(_SlippageModel):
    """A constant share of the price."""

    def __init__(self, slippage_percent: float) -> None:
        self._core = ConstantShare(from_python(slippage_percent))


class VolumeShareSlippageModel(_SlippageModel):
    """Grows with the order's share of the bar's volume."""

    def __init__(self, volume_limit: float = 0.025, price_impact: float = 0.1) -> None:
        self._core = VolumeShare(from_python(volume_limit), from_python(price_impact))


def slippage_of(security: SecurityCore, order: OrderCore) -> Decimal:
    """Slippage per unit by the security's model, the user's own method first."""
    from leanlocal.orders.surface import order_surface

    model = security.models.slippage
    own = user_method(model, "get_slippage_approximation")
    if own is None:
        return core_of(model).amount(security, order)
    return from_python(own(view_of(security), order_surface(order)))
