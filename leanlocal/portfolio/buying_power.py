"""Buying-power models as an algorithm sees them, over the margin rules; settlement models likewise.

A user's buying-power model may replace `get_maintenance_margin`, `get_initial_margin_requirement` or `get_initial_margin_required_for_order`; the engine
then asks it instead of its own rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from leanlocal.exact import ZERO, from_python, neg, to_float
from leanlocal.overrides import user_method
from leanlocal.portfolio.margin import FutureMargin, FutureOptionMargin, LeverageMargin, MarginRule, NoMargin, OptionMargin, naked_option_margin
from leanlocal.portfolio.settlement import DelayedSettlement, FutureSettlement, ImmediateSettlement, SettlementRule
from leanlocal.surface import LeanObject, core_of
from leanlocal.views import view_of

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore
    from marketdata.port import MarginRow


class MaintenanceMargin(LeanObject[Decimal]):
    """An amount of margin to hold."""

    def __init__(self, value: float) -> None:
        self._core = from_python(value)

    @property
    def value(self) -> float:
        """The amount."""
        return to_float(self._core)


class InitialMargin(MaintenanceMargin):
    """An amount of margin to open."""


def margin_amount(kind: type[MaintenanceMargin], amount: Decimal) -> MaintenanceMargin:
    """The surface of an exact amount."""
    made = kind(0)
    made._core = amount  # pyright: ignore[reportPrivateUsage]
    return made


class MaintenanceMarginParameters(LeanObject[None]):
    """What a model is asked with about a position."""

    def __init__(self, security: Any, quantity: float, holdings_cost: float, holdings_value: float) -> None:
        self._security = security
        self._quantity = quantity
        self._cost = holdings_cost
        self._value = holdings_value

    @property
    def security(self) -> Any:
        """The security held."""
        return self._security

    @property
    def holdings_cost(self) -> float:
        """Signed cost of the position."""
        return self._cost

    @property
    def absolute_holdings_cost(self) -> float:
        """Cost of the position without sign."""
        return abs(self._cost)

    @property
    def holdings_value(self) -> float:
        """Signed value of the position."""
        return self._value

    @property
    def absolute_holdings_value(self) -> float:
        """Value of the position without sign."""
        return abs(self._value)

    @property
    def quantity(self) -> float:
        """Signed quantity."""
        return self._quantity

    @property
    def absolute_quantity(self) -> float:
        """Quantity without sign."""
        return abs(self._quantity)

    @staticmethod
    def for_current_holdings(security: Any) -> MaintenanceMarginParameters:
        """About what is held now."""
        holding = core_of(security).holding
        cost, value = to_float(holding.holdings_cost), to_float(holding.holdings_value)
        return MaintenanceMarginParameters(security, to_float(holding.quantity), cost, value)

    @staticmethod
    def for_quantity_at_current_price(security: Any, quantity: float) -> MaintenanceMarginParameters:
        """About another quantity."""
        core: SecurityCore = core_of(security)
        value = to_float(core.holding.value_of(from_python(quantity), core.price))
        return MaintenanceMarginParameters(security, quantity, value, value)


class InitialMarginParameters(LeanObject[None]):
    """What a model is asked with about a position to open."""

    def __init__(self, security: Any, quantity: float) -> None:
        self._security = security
        self._quantity = quantity

    @property
    def security(self) -> Any:
        """The security."""
        return self._security

    @property
    def quantity(self) -> float:
        """Signed quantity."""
        return self._quantity


class BuyingPowerModel(LeanObject[MarginRule]):
    """Value over leverage."""

    NULL: ClassVar[BuyingPowerModel]
    _core: MarginRule = LeverageMargin()

    def __init__(self, leverage: float | None = None, required_free_buying_power_percent: float = 0) -> None:
        self._leverage = None if leverage is None else from_python(leverage)
        self._free = required_free_buying_power_percent

    @property
    def required_free_buying_power_percent(self) -> float:
        """Share of the value that orders must leave free."""
        return self._free

    def get_leverage(self, security: Any) -> float:
        """Leverage of the security."""
        return to_float(core_of(security).leverage)

    def set_leverage(self, security: Any, leverage: float) -> None:
        """Change the leverage of the security."""
        core_of(security).leverage = from_python(leverage)

    def get_maintenance_margin(self, parameters: MaintenanceMarginParameters) -> MaintenanceMargin:
        """What a position ties up."""
        amount = self._core.maintenance(core_of(parameters.security), from_python(parameters.quantity))
        return margin_amount(MaintenanceMargin, amount)

    def get_initial_margin_requirement(self, parameters: InitialMarginParameters) -> InitialMargin:
        """What opening a position needs."""
        amount = self._core.initial(core_of(parameters.security), from_python(parameters.quantity))
        made = margin_amount(InitialMargin, amount)
        return made if isinstance(made, InitialMargin) else InitialMargin(0)


class NullBuyingPowerModel(BuyingPowerModel):
    """Everything may be bought, nothing is tied up."""

    _core = NoMargin()


BuyingPowerModel.NULL = NullBuyingPowerModel()


class SecurityMarginModel(BuyingPowerModel):
    """Value over leverage; the default of shares."""


class OptionMarginModel(BuyingPowerModel):
    """Options on shares and indices. Asked about current holdings it values them at cost, as groups of strategies do not."""

    _core = OptionMargin()

    def __init__(self, leverage: float | None = None, required_free_buying_power_percent: float = 0) -> None:
        super().__init__(leverage, required_free_buying_power_percent)
        self._core = OptionMargin()

    def get_maintenance_margin(self, parameters: MaintenanceMarginParameters) -> MaintenanceMargin:
        """What a position ties up."""
        quantity = from_python(parameters.quantity)
        if quantity >= 0:
            return MaintenanceMargin(0)
        cost = neg(from_python(parameters.absolute_holdings_cost))
        return margin_amount(MaintenanceMargin, abs(naked_option_margin(core_of(parameters.security), cost, quantity)))


class FutureMarginModel(BuyingPowerModel):
    """Futures."""

    def __init__(self, rows: Sequence[MarginRow], security: SecurityCore) -> None:
        super().__init__()
        self._core = self._table = FutureMargin(rows)
        self._security = security

    @property
    def initial_overnight_margin_requirement(self) -> float:
        """Initial requirement per contract today."""
        row = self._table.row(self._security)
        return to_float(row.initial) if row else 0.0

    @property
    def maintenance_overnight_margin_requirement(self) -> float:
        """Maintenance requirement per contract today."""
        row = self._table.row(self._security)
        return to_float(row.maintenance) if row else 0.0


class FuturesOptionsMarginModel(BuyingPowerModel):
    """Options on futures."""

    def __init__(self) -> None:
        super().__init__()
        self._core = FutureOptionMargin(margin_rule)


class UserMargin:
    """A user's buying-power model behind the engine's way of asking; what it does not define comes from the model it derives from."""

    def __init__(self, model: Any, fallback: MarginRule, maintenance: Callable[..., Any] | None, initial: Callable[..., Any] | None) -> None:
        self.model = model
        self.fallback = fallback
        self._maintenance = maintenance
        self._initial = initial

    def maintenance(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """The user's answer."""
        if self._maintenance is None:
            return self.fallback.maintenance(security, quantity)
        return core_of(self._maintenance(MaintenanceMarginParameters.for_quantity_at_current_price(view_of(security), to_float(quantity))))

    def initial(self, security: SecurityCore, quantity: Decimal) -> Decimal:
        """The user's answer."""
        if self._initial is None:
            return self.fallback.initial(security, quantity)
        return core_of(self._initial(InitialMarginParameters(view_of(security), to_float(quantity))))

    def order_requirement(self, security: SecurityCore, value: Decimal, quantity: Decimal, fee: Decimal) -> Decimal:
        """From the initial requirement when the user defines it."""
        if self._initial is None:
            return self.fallback.order_requirement(security, value, quantity, fee)
        return self.initial(security, quantity) + (fee if quantity > 0 else -fee)


def margin_rule(security: SecurityCore) -> MarginRule:
    """The rule of the security's buying-power model, the user's own methods first."""
    model = security.models.buying_power
    maintenance, initial = user_method(model, "get_maintenance_margin"), user_method(model, "get_initial_margin_requirement")
    rule: MarginRule = core_of(model) if isinstance(model, BuyingPowerModel) else LeverageMargin()
    return rule if maintenance is None and initial is None else UserMargin(model, rule, maintenance, initial)


def reserved_alone(security: SecurityCore) -> Decimal:
    """What a holding reserves when asked about by itself, outside any group: options on shares and indices at cost, the rest at market."""
    rule, quantity = margin_rule(security), security.holding.quantity
    if isinstance(rule, OptionMargin):
        return ZERO if quantity >= 0 else abs(naked_option_margin(security, neg(abs(security.holding.holdings_cost)), quantity))
    return abs(rule.maintenance(security, quantity)) if quantity else ZERO


class ImmediateSettlementModel(LeanObject[SettlementRule]):
    """Cash moves with the fill."""

    _core: SettlementRule = ImmediateSettlement()


class DelayedSettlementModel(ImmediateSettlementModel):
    """Receipts come after days, at a time of day."""

    def __init__(self, number_of_days: int, time_of_day: timedelta) -> None:
        self._core = DelayedSettlement(number_of_days, time_of_day // timedelta(microseconds=1))


class FutureSettlementModel(ImmediateSettlementModel):
    """Daily mark to market."""

    def __init__(self) -> None:
        self._core = FutureSettlement()


def settlement_of(security: SecurityCore) -> SettlementRule:
    """The rule of the security's settlement model."""
    return core_of(security.models.settlement)
