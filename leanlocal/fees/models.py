"""Fee models as an algorithm sees them, over the tariffs; and the one way the engine asks for a fee.

A fee is charged per order when it fills, in the security's quote currency. A user's model is any object with `get_order_fee`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from leanlocal.enums import OrderDirection, OrderType, SecurityType
from leanlocal.exact import ZERO, from_python, mul, short_text, to_float
from leanlocal.fees.tariffs import ib_equity_fee, ib_future_fee, ib_option_fee, schwab_fee, tastytrade_fee, tradestation_fee
from leanlocal.orders.events import NO_FEE, Money
from leanlocal.overrides import user_method
from leanlocal.surface import LeanObject, core_of
from leanlocal.views import view_of
from vocabulary.errors import BadInput

if TYPE_CHECKING:
    from leanlocal.orders.order import OrderCore
    from leanlocal.securities.core import SecurityCore

_OPTIONS_ON_STOCKS = frozenset((SecurityType.OPTION, SecurityType.INDEX_OPTION))
_AT_THE_MARKET = (OrderType.MARKET, OrderType.COMBO_MARKET, OrderType.MARKET_ON_OPEN, OrderType.MARKET_ON_CLOSE)


class FeeRule(Protocol):
    """What an order costs."""

    def fee(self, security: SecurityCore, order: OrderCore) -> Money:
        """The fee of filling the order now."""
        ...


class NoFee:
    """Nothing is charged."""

    def fee(self, security: SecurityCore, order: OrderCore) -> Money:
        """No amount in no currency."""
        return NO_FEE


class ConstantFee:
    """The same per order."""

    def __init__(self, amount: Decimal, currency: str) -> None:
        self.money = Money(amount, currency)

    def fee(self, security: SecurityCore, order: OrderCore) -> Money:
        """The constant."""
        return self.money


class InteractiveBrokersFee:
    """Interactive Brokers' tariffs by kind of security."""

    def fee(self, security: SecurityCore, order: OrderCore) -> Money:
        """Nothing for exercising an equity option; BadInput for a kind without a tariff here."""
        exercised = order.kind == OrderType.OPTION_EXERCISE and security.kind == SecurityType.OPTION
        if exercised or security.kind == SecurityType.INDEX:
            return NO_FEE
        quantity = order.quantity
        if security.kind == SecurityType.EQUITY:
            amount = ib_equity_fee(quantity, security.price)
        elif security.kind in _OPTIONS_ON_STOCKS:
            amount = ib_option_fee(quantity, potential_price(security, order))
        elif security.kind in (SecurityType.FUTURE, SecurityType.FUTURE_OPTION):
            amount = ib_future_fee(quantity, _future_ticker(security), is_option=security.kind == SecurityType.FUTURE_OPTION)
        else:
            raise BadInput(f"Interactive Brokers has no fee here for {security.kind} ({security.symbol}); set a fee model of your own")
        return Money(amount, security.quote_currency)


class CharlesSchwabFee:
    """Charles Schwab's tariff."""

    def fee(self, security: SecurityCore, order: OrderCore) -> Money:
        """Per contract; shares are free."""
        if security.kind not in _OPTIONS_ON_STOCKS:
            return NO_FEE
        index = security.kind == SecurityType.INDEX_OPTION
        return Money(schwab_fee(order.quantity, is_option=not index, is_index_option=index), security.quote_currency)


class TradeStationFee:
    """TradeStation's tariff."""

    def fee(self, security: SecurityCore, order: OrderCore) -> Money:
        """Per contract; shares are free."""
        kind = security.kind
        amount = tradestation_fee(
            order.quantity,
            is_option=kind == SecurityType.OPTION,
            is_index_option=kind == SecurityType.INDEX_OPTION,
            is_future=kind == SecurityType.FUTURE,
        )
        return Money(amount, security.quote_currency)


class TastytradeFee:
    """tastytrade's tariff: opening costs, closing does not."""

    def fee(self, security: SecurityCore, order: OrderCore) -> Money:
        """Per contract that opens."""
        held = security.holding.quantity
        opens = not held or (held > 0) == (order.quantity > 0)
        amount = tastytrade_fee(
            order.quantity,
            is_option=security.kind in _OPTIONS_ON_STOCKS,
            is_future=security.kind == SecurityType.FUTURE,
            is_future_option=security.kind == SecurityType.FUTURE_OPTION,
            opens=opens,
        )
        return Money(amount, security.quote_currency)


def _future_ticker(security: SecurityCore) -> str:
    future = security.underlying if security.kind == SecurityType.FUTURE_OPTION else security
    return (future or security).symbol.id.symbol


def potential_price(security: SecurityCore, order: OrderCore) -> Decimal:
    """The premium a tariff tier is chosen by: the near side of the market, or the order's own price (a combo's net limit for each of its legs)."""
    if order.kind in _AT_THE_MARKET:
        return security.bid if order.direction == OrderDirection.BUY else security.ask
    if order.kind == OrderType.COMBO_LIMIT and order.group is not None:
        return order.group.limit_price
    if order.kind in (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.COMBO_LEG_LIMIT) and order.limit_price is not None:
        return order.limit_price
    if order.kind == OrderType.STOP_MARKET and order.stop_price is not None:
        return order.stop_price
    return security.price


class CashAmount:
    """An amount of one currency."""

    __slots__ = ("_money",)

    def __init__(self, amount: float, currency: str) -> None:
        self._money = Money(from_python(amount), currency)

    @property
    def amount(self) -> float:
        """How much."""
        return to_float(self._money.amount)

    @property
    def currency(self) -> str:
        """Of what."""
        return self._money.currency

    def __str__(self) -> str:
        return f"{short_text(self._money.amount)} {self._money.currency}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CashAmount) and core_money(self) == core_money(other)

    def __hash__(self) -> int:
        return hash(self._money)


def core_money(amount: CashAmount) -> Money:
    """The exact amount."""
    return amount._money  # pyright: ignore[reportPrivateUsage]


def cash_amount(money: Money) -> CashAmount:
    """The surface of an exact amount."""
    made = CashAmount(0, money.currency)
    made._money = money  # pyright: ignore[reportPrivateUsage]
    return made


class OrderFee(LeanObject[Money]):
    """What an order costs."""

    ZERO: ClassVar[OrderFee]

    def __init__(self, order_fee: CashAmount) -> None:
        self._core = core_money(order_fee)

    @property
    def value(self) -> CashAmount:
        """The amount."""
        return cash_amount(self._core)

    @value.setter
    def value(self, value: CashAmount) -> None:
        self._core = core_money(value)

    def __str__(self) -> str:
        return str(self.value)


OrderFee.ZERO = OrderFee(CashAmount(0, NO_FEE.currency))


class OrderFeeParameters(LeanObject[None]):
    """What a fee model is asked with."""

    def __init__(self, security: Any, order: Any) -> None:
        self._security = security
        self._order = order

    @property
    def security(self) -> Any:
        """The security traded."""
        return self._security

    @property
    def order(self) -> Any:
        """The order filled."""
        return self._order


class FeeModel(LeanObject[FeeRule]):
    """Base of fee models: charges nothing."""

    _core: FeeRule = NoFee()

    def get_order_fee(self, parameters: OrderFeeParameters) -> OrderFee:
        """The fee of filling the order now."""
        return OrderFee(cash_amount(self._core.fee(core_of(parameters.security), core_of(parameters.order))))


class ConstantFeeModel(FeeModel):
    """The same fee for every order."""

    def __init__(self, fee: float, currency: str = "USD") -> None:
        self._core = ConstantFee(abs(from_python(fee)), currency)


class InteractiveBrokersFeeModel(FeeModel):
    """Interactive Brokers."""

    _core = InteractiveBrokersFee()

    def __init__(self, monthly_forex_trade_amount_in_us_dollars: float = 0, monthly_options_trade_amount_in_contracts: float = 0) -> None:
        if monthly_options_trade_amount_in_contracts > 10_000:
            raise NotImplementedError("InteractiveBrokersFeeModel: only the first monthly tier is in leanlocal; see docs/lean-coverage.md")


class CharlesSchwabFeeModel(FeeModel):
    """Charles Schwab."""

    _core = CharlesSchwabFee()


class TradeStationFeeModel(FeeModel):
    """TradeStation."""

    _core = TradeStationFee()


class TastytradeFeeModel(FeeModel):
    """tastytrade."""

    _core = TastytradeFee()


def fee_of(security: SecurityCore, order: OrderCore) -> Money:
    """The fee by the security's model, the user's own method first."""
    from leanlocal.orders.surface import order_surface

    model = security.models.fee
    own = user_method(model, "get_order_fee")
    if own is None:
        return core_of(model).fee(security, order)
    return core_of(own(OrderFeeParameters(view_of(security), order_surface(order))))


def order_value_fee(security: SecurityCore, order: OrderCore, rate: Decimal) -> Decimal:
    """The fee in account currency at a conversion rate."""
    money = fee_of(security, order)
    return mul(money.amount, rate) if money.amount else ZERO
