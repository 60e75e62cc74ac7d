"""Brokerage models: the models a new security gets, and the broker's rules.

A model is what `set_brokerage_model` takes, by name or as the user's own object deriving from `DefaultBrokerageModel`.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.brokerages.rules import (
    CHARLES_SCHWAB,
    TASTYTRADE,
    TD_AMERITRADE,
    TRADE_STATION,
    TRADIER,
    DefaultRules,
    InteractiveBrokersRules,
    OrderRules,
)
from leanlocal.enums import AccountType, BrokerageName, SecurityType
from leanlocal.exact import ONE, to_float
from leanlocal.fees.models import CharlesSchwabFeeModel, ConstantFeeModel, FeeModel, InteractiveBrokersFeeModel, TastytradeFeeModel, TradeStationFeeModel
from leanlocal.fills.models import EquityFillModel, FillModel, FutureFillModel, FutureOptionFillModel, ImmediateFillModel
from leanlocal.portfolio.buying_power import (
    BuyingPowerModel,
    DelayedSettlementModel,
    FutureMarginModel,
    FutureSettlementModel,
    FuturesOptionsMarginModel,
    ImmediateSettlementModel,
    OptionMarginModel,
    SecurityMarginModel,
)
from leanlocal.slippage.models import NullSlippageModel
from leanlocal.surface import LeanObject, core_of

if TYPE_CHECKING:
    from leanlocal.securities.core import SecurityCore

SETTLEMENT_DAYS = 1
SETTLEMENT_TIME = timedelta(hours=6)
_OPTIONS = (SecurityType.OPTION, SecurityType.INDEX_OPTION)


class NullMarginInterestRateModel(LeanObject[None]):
    """No interest on margin."""


class BrokerageMessageEvent(LeanObject[None]):
    """What a broker says about an order."""

    def __init__(self, type: Any, code: Any, message: str) -> None:
        self._type, self._code, self._message = type, str(code), message

    @property
    def type(self) -> Any:
        """Severity."""
        return self._type

    @property
    def code(self) -> str:
        """Short reason."""
        return self._code

    @property
    def message(self) -> str:
        """Reason in words."""
        return self._message


class DefaultBrokerageModel(LeanObject[OrderRules]):
    """Takes everything; Interactive Brokers' fees, but none for index options."""

    _core: OrderRules = DefaultRules()

    def __init__(self, account_type: AccountType = AccountType.MARGIN) -> None:
        self._account_type = account_type

    @property
    def account_type(self) -> AccountType:
        """Margin or cash."""
        return getattr(self, "_account_type", AccountType.MARGIN)

    @property
    def required_free_buying_power_percent(self) -> float:
        """Share of the value that orders must leave free."""
        return 0.0

    def get_leverage(self, security: Any) -> float:
        """2 for shares in a margin account, else 1."""
        return to_float(self._leverage(core_of(security)))

    def _leverage(self, security: SecurityCore) -> Decimal:
        return Decimal(2) if security.kind == SecurityType.EQUITY and self.account_type == AccountType.MARGIN else ONE

    def get_fee_model(self, security: Any) -> FeeModel:
        """Fee model of a security."""
        return self._fee_model(core_of(security).kind)

    def _fee_model(self, kind: SecurityType) -> FeeModel:
        charged = (SecurityType.EQUITY, SecurityType.OPTION, SecurityType.FUTURE, SecurityType.FUTURE_OPTION)
        return InteractiveBrokersFeeModel() if kind in charged else ConstantFeeModel(0)

    def get_fill_model(self, security: Any) -> FillModel:
        """Fill model of a security."""
        kind = core_of(security).kind
        if kind == SecurityType.EQUITY:
            return EquityFillModel()
        if kind == SecurityType.FUTURE:
            return FutureFillModel()
        return FutureOptionFillModel() if kind == SecurityType.FUTURE_OPTION else ImmediateFillModel()

    def get_slippage_model(self, security: Any) -> Any:
        """Slippage model of a security."""
        return NullSlippageModel.INSTANCE

    def get_settlement_model(self, security: Any) -> Any:
        """Settlement model of a security."""
        kind = core_of(security).kind
        if kind == SecurityType.FUTURE:
            return FutureSettlementModel()
        if self.account_type == AccountType.CASH and kind in (SecurityType.EQUITY, *_OPTIONS):
            return DelayedSettlementModel(SETTLEMENT_DAYS, SETTLEMENT_TIME)
        return ImmediateSettlementModel()

    def get_margin_interest_rate_model(self, security: Any) -> NullMarginInterestRateModel:
        """Interest model of a security."""
        return NullMarginInterestRateModel()

    def get_buying_power_model(self, security: Any) -> BuyingPowerModel:
        """Margin model of a security that needs no table."""
        kind = core_of(security).kind
        if kind in _OPTIONS:
            return OptionMarginModel()
        return FuturesOptionsMarginModel() if kind == SecurityType.FUTURE_OPTION else SecurityMarginModel()


class InteractiveBrokersBrokerageModel(DefaultBrokerageModel):
    """Interactive Brokers."""

    _core = InteractiveBrokersRules()

    def _fee_model(self, kind: SecurityType) -> FeeModel:
        return InteractiveBrokersFeeModel()


class CharlesSchwabBrokerageModel(DefaultBrokerageModel):
    """Charles Schwab."""

    _core = CHARLES_SCHWAB

    def _fee_model(self, kind: SecurityType) -> FeeModel:
        return CharlesSchwabFeeModel()


class TastytradeBrokerageModel(DefaultBrokerageModel):
    """tastytrade."""

    _core = TASTYTRADE

    def _fee_model(self, kind: SecurityType) -> FeeModel:
        return TastytradeFeeModel()


class TradeStationBrokerageModel(DefaultBrokerageModel):
    """TradeStation: shares, options and futures, combos included."""

    _core = TRADE_STATION

    def _fee_model(self, kind: SecurityType) -> FeeModel:
        return TradeStationFeeModel()


class TDAmeritradeBrokerageModel(DefaultBrokerageModel):
    """TD Ameritrade: shares only, free of charge."""

    _core = TD_AMERITRADE

    def _fee_model(self, kind: SecurityType) -> FeeModel:
        return ConstantFeeModel(0)


class TradierBrokerageModel(DefaultBrokerageModel):
    """Tradier: shares and single options, free of charge."""

    _core = TRADIER

    def _fee_model(self, kind: SecurityType) -> FeeModel:
        return ConstantFeeModel(0)


_BY_NAME: dict[BrokerageName, type[DefaultBrokerageModel]] = {
    BrokerageName.DEFAULT: DefaultBrokerageModel,
    BrokerageName.QUANT_CONNECT_BROKERAGE: DefaultBrokerageModel,
    BrokerageName.INTERACTIVE_BROKERS_BROKERAGE: InteractiveBrokersBrokerageModel,
    BrokerageName.CHARLES_SCHWAB: CharlesSchwabBrokerageModel,
    BrokerageName.TASTYTRADE: TastytradeBrokerageModel,
    BrokerageName.TD_AMERITRADE: TDAmeritradeBrokerageModel,
    BrokerageName.TRADIER_BROKERAGE: TradierBrokerageModel,
    BrokerageName.TRADE_STATION: TradeStationBrokerageModel,
}


def brokerage_model(name: BrokerageName, account: AccountType) -> DefaultBrokerageModel:
    """The model of a name. NotImplementedError for brokers that are not modelled here."""
    kind = _BY_NAME.get(BrokerageName(name))
    if kind is None:
        raise NotImplementedError(f"BrokerageName.{BrokerageName(name).name} is not in leanlocal; see docs/lean-coverage.md")
    return kind(AccountType(account))


def future_margin_model(security: SecurityCore, data: Any) -> FutureMarginModel:
    """The margin model of a future with its market's table."""
    return FutureMarginModel(data.margins(security.symbol.id.symbol.lower(), security.market), security)
