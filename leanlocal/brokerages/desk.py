"""The run's broker: sets up new securities with the brokerage model's models and asks its rules about orders."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.brokerages.models import DefaultBrokerageModel, future_margin_model
from leanlocal.brokerages.rules import Refusal
from leanlocal.enums import BrokerageName, OrderType, SecurityType
from leanlocal.exact import ZERO, from_python, mul
from leanlocal.exercise.models import DefaultExerciseModel, DefaultOptionAssignmentModel
from leanlocal.fees.models import fee_of
from leanlocal.orders.entry import OrderEntry
from leanlocal.orders.order import OrderCore
from leanlocal.orders.properties import OrderProperties
from leanlocal.overrides import user_method
from leanlocal.portfolio.option_terms import is_option
from leanlocal.portfolio.sizing import Sizing
from leanlocal.surface import core_of
from leanlocal.views import view_of

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore

_PROPERTIES = OrderProperties()


class BrokerageDesk:
    """The brokerage model of a run at work."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self.model: Any = DefaultBrokerageModel()
        self.name = BrokerageName.DEFAULT
        self.entry = OrderEntry(run)
        self.sizing = Sizing(run)

    def initialize(self, security: SecurityCore) -> None:
        """Give a new security its models, its leverage and its place in the cash book."""
        self.apply(security, self.model)
        security.fee_estimate = market_order_fee
        self._run.ledger.attach(security)

    def apply(self, security: SecurityCore, model: Any) -> None:
        """Set a brokerage model's models on a security."""
        models, view = security.models, view_of(security)
        models.fee = model.get_fee_model(view)
        models.fill = model.get_fill_model(view)
        models.slippage = model.get_slippage_model(view)
        models.settlement = model.get_settlement_model(view)
        models.margin_interest = model.get_margin_interest_rate_model(view)
        models.buying_power = future_margin_model(security, self._run.data) if security.kind == SecurityType.FUTURE else model.get_buying_power_model(view)
        if is_option(security):
            models.assignment, models.exercise = DefaultOptionAssignmentModel(), DefaultExerciseModel()
        security.leverage = from_python(model.get_leverage(view))

    def refusal(self, order: OrderCore) -> Refusal | None:
        """Why the broker does not take an order."""
        own = user_method(self.model, "can_submit_order")
        if own is None:
            return core_of(self.model).submit_refusal(order)
        return _asked(own(view_of(order.security), _order_view(order), None))

    def update_refusal(self, order: OrderCore, quantity: Decimal | None) -> Refusal | None:
        """Why the broker does not change an order; quantity: the new one."""
        return core_of(self.model).update_refusal(order, quantity)

    def executes(self, order: OrderCore) -> bool:
        """Whether the broker could fill a working order now."""
        return core_of(self.model).executes(order)


def _asked(answer: Any) -> Refusal | None:
    taken, message = answer if isinstance(answer, tuple) else (answer, None)
    if taken:
        return None
    return Refusal(message.code, message.message) if message is not None else Refusal("NotSupported", "The brokerage model refused the order.")


def _order_view(order: OrderCore) -> Any:
    from leanlocal.orders.surface import order_surface

    return order_surface(order)


def market_order_fee(security: SecurityCore, quantity: Decimal) -> Decimal:
    """Account-currency fee of a market order of this size now."""
    order = OrderCore(0, OrderType.MARKET, security.symbol, security, quantity, security.clock.now, _PROPERTIES)
    money = fee_of(security, order)
    return mul(money.amount, security.holding.rate) if money.amount else ZERO
