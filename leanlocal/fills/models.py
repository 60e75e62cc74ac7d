"""Fill models as an algorithm sees them, and the one way the engine asks for a fill.

A user's model may replace any single method (`market_fill`, `limit_fill`, `combo_market_fill`, …) and call ours through `super()`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from leanlocal.enums import OrderStatus, OrderType
from leanlocal.fills.base import FILL_METHODS, BaseFills, FutureFills
from leanlocal.fills.combos import combo_fill
from leanlocal.fills.equity import EquityFills
from leanlocal.fills.market_state import DEFAULT_STALE_SPAN, FillMoment
from leanlocal.overrides import OWN_PACKAGE, user_method
from leanlocal.surface import LeanObject, core_of
from leanlocal.views import view_of

if TYPE_CHECKING:
    from leanlocal.orders.events import OrderEventCore
    from leanlocal.orders.order import OrderCore

_COMBO_METHODS = {
    OrderType.COMBO_MARKET: "combo_market_fill",
    OrderType.COMBO_LIMIT: "combo_limit_fill",
    OrderType.COMBO_LEG_LIMIT: "combo_leg_limit_fill",
}


class FillModelParameters(LeanObject[None]):
    """What a fill model is asked with."""

    def __init__(self, security: Any, order: Any, config_provider: Any, stale_price_time_span: timedelta, securities_for_orders: Any) -> None:
        self._security = security
        self._order = order
        self._stale = stale_price_time_span
        self._pairs = securities_for_orders

    @property
    def security(self) -> Any:
        """Security of the order."""
        return self._security

    @property
    def order(self) -> Any:
        """The (first) order."""
        return self._order

    @property
    def stale_price_time_span(self) -> timedelta:
        """Age from which a price is stale."""
        return self._stale

    @property
    def securities_for_orders(self) -> Any:
        """Every leg's order with its security."""
        return self._pairs


class FillModel(LeanObject[BaseFills]):
    """Base rules."""

    _core: BaseFills = BaseFills()

    def _event(self, order: Any) -> Any:
        from leanlocal.orders.surface import event_surface

        core: OrderCore = core_of(order)
        return event_surface(self._core.fill(core, FillMoment(core.security.clock.now, _stale_span(core))))

    def _combo(self, parameters: FillModelParameters) -> list[Any]:
        from leanlocal.orders.surface import event_surface

        cores = [core_of(order) for order in parameters.securities_for_orders]
        moment = FillMoment(cores[0].security.clock.now, _stale_span(cores[0]))
        return [event_surface(event) for event in combo_fill(cores, moment, self._core.fill)]

    def market_fill(self, asset: Any, order: Any) -> Any:
        """Event of a market order."""
        return self._event(order)

    def limit_fill(self, asset: Any, order: Any) -> Any:
        """Event of a limit order."""
        return self._event(order)

    def stop_market_fill(self, asset: Any, order: Any) -> Any:
        """Event of a stop market order."""
        return self._event(order)

    def stop_limit_fill(self, asset: Any, order: Any) -> Any:
        """Event of a stop limit order."""
        return self._event(order)

    def limit_if_touched_fill(self, asset: Any, order: Any) -> Any:
        """Event of a limit-if-touched order."""
        return self._event(order)

    def trailing_stop_fill(self, asset: Any, order: Any) -> Any:
        """Event of a trailing stop order."""
        return self._event(order)

    def market_on_open_fill(self, asset: Any, order: Any) -> Any:
        """Event of a market-on-open order."""
        return self._event(order)

    def market_on_close_fill(self, asset: Any, order: Any) -> Any:
        """Event of a market-on-close order."""
        return self._event(order)

    def combo_market_fill(self, order: Any, parameters: FillModelParameters) -> list[Any]:
        """Events of a market combo."""
        return self._combo(parameters)

    def combo_limit_fill(self, order: Any, parameters: FillModelParameters) -> list[Any]:
        """Events of a combo with a net limit."""
        return self._combo(parameters)

    def combo_leg_limit_fill(self, order: Any, parameters: FillModelParameters) -> list[Any]:
        """Events of a combo with a limit per leg."""
        return self._combo(parameters)


class ImmediateFillModel(FillModel):
    """Base rules; the default of options."""


class EquityFillModel(FillModel):
    """Rules of shares."""

    _core = EquityFills()


class FutureFillModel(ImmediateFillModel):
    """Rules of futures."""

    _core = FutureFills()


class FutureOptionFillModel(FutureFillModel):
    """Rules of options on futures."""


def _stale_span(order: OrderCore) -> int:
    return getattr(order.security, "stale_span", DEFAULT_STALE_SPAN)


def has_user_rules(order: OrderCore) -> bool:
    """Whether a user's own fill model decides about the order, by rules nobody knows."""
    return not type(order.security.models.fill).__module__.startswith(OWN_PACKAGE)


def try_fill(orders: Sequence[OrderCore], moment: FillMoment) -> list[OrderEventCore]:
    """Fill events of one order or of all legs of a combo; empty when nothing fills."""
    first = orders[0]
    model = first.security.models.fill
    if first.group is None:
        own = user_method(model, FILL_METHODS[first.kind] + "_fill")
        event = core_of(model).fill(first, moment) if own is None else _ask_single(own, first)
        return [event] if event.status not in (OrderStatus.NONE, OrderStatus.NEW) else []
    own = user_method(model, _COMBO_METHODS[first.kind])
    if own is None:
        return combo_fill(orders, moment, lambda order, at: _leg(model, order, at))
    return _ask_combo(own, orders, moment)


def _leg(model: Any, order: OrderCore, moment: FillMoment) -> OrderEventCore:
    own = user_method(model, FILL_METHODS[order.kind] + "_fill")
    return core_of(model).fill(order, moment) if own is None else _ask_single(own, order)


def _ask_single(own: Any, order: OrderCore) -> OrderEventCore:
    from leanlocal.orders.surface import order_surface

    return core_of(own(view_of(order.security), order_surface(order)))


def _ask_combo(own: Any, orders: Sequence[OrderCore], moment: FillMoment) -> list[OrderEventCore]:
    from leanlocal.orders.surface import order_surface

    pairs = {order_surface(order): view_of(order.security) for order in orders}
    first = next(iter(pairs))
    parameters = FillModelParameters(pairs[first], first, None, timedelta(microseconds=moment.stale_span), pairs)
    events = [core_of(event) for event in own(first, parameters)]
    return events if events and all(event.status == OrderStatus.FILLED for event in events) else []
