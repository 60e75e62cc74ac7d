"""What each broker refuses, as pure checks of an order; None means it is taken.

Texts and order of the checks as recorded in rejection events (lean-fidelity 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from leanlocal.enums import OrderType, SecurityType
from leanlocal.orders.properties import DayTimeInForce, GoodTilCanceledTimeInForce

if TYPE_CHECKING:
    from decimal import Decimal

    from leanlocal.orders.order import OrderCore

_SPOKEN = {
    OrderType.MARKET: "Market",
    OrderType.LIMIT: "Limit",
    OrderType.STOP_MARKET: "StopMarket",
    OrderType.STOP_LIMIT: "StopLimit",
    OrderType.MARKET_ON_OPEN: "MarketOnOpen",
    OrderType.MARKET_ON_CLOSE: "MarketOnClose",
    OrderType.OPTION_EXERCISE: "OptionExercise",
    OrderType.LIMIT_IF_TOUCHED: "LimitIfTouched",
    OrderType.COMBO_MARKET: "ComboMarket",
    OrderType.COMBO_LIMIT: "ComboLimit",
    OrderType.COMBO_LEG_LIMIT: "ComboLegLimit",
    OrderType.TRAILING_STOP: "TrailingStop",
}
_SPOKEN_KINDS = {
    SecurityType.EQUITY: "Equity",
    SecurityType.OPTION: "Option",
    SecurityType.INDEX_OPTION: "IndexOption",
    SecurityType.FUTURE: "Future",
    SecurityType.FUTURE_OPTION: "FutureOption",
    SecurityType.INDEX: "Index",
    SecurityType.FOREX: "Forex",
    SecurityType.CFD: "Cfd",
    SecurityType.CRYPTO: "Crypto",
}
NOT_SUPPORTED = "NotSupported"
LOWEST_SHORT_PRICE = 5
LARGEST_ORDER = 10_000_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a broker does not take an order."""

    code: str
    text: str

    def __str__(self) -> str:
        return f"Warning - Code: {self.code} - {self.text}"


class OrderRules(Protocol):
    """A broker's checks."""

    def submit_refusal(self, order: OrderCore) -> Refusal | None:
        """Why the order is not taken."""
        ...

    def update_refusal(self, order: OrderCore, quantity: Decimal | None) -> Refusal | None:
        """Why the order may not be changed; quantity: the new one, None when it stays."""
        ...

    def executes(self, order: OrderCore) -> bool:
        """Whether a working order could be filled at the moment, whatever the prices."""
        ...


class DefaultRules:
    """Takes everything an exchange would."""

    def submit_refusal(self, order: OrderCore) -> Refusal | None:
        """Only what no exchange has: orders for the open of futures."""
        if order.kind == OrderType.MARKET_ON_OPEN and order.security.kind in (SecurityType.FUTURE, SecurityType.FUTURE_OPTION):
            return Refusal(NOT_SUPPORTED, f"{_SPOKEN_KINDS[order.security.kind]} does not support {_SPOKEN[order.kind]} order type.")
        return None

    def update_refusal(self, order: OrderCore, quantity: Decimal | None) -> Refusal | None:
        """Never."""
        return None

    def executes(self, order: OrderCore) -> bool:
        """Always."""
        return True


class InteractiveBrokersRules(DefaultRules):
    """Interactive Brokers."""

    def submit_refusal(self, order: OrderCore) -> Refusal | None:
        """No closing auction for options, no exercise of cash-settled options, few legs with limits of their own."""
        kind = order.security.kind
        if order.kind == OrderType.MARKET_ON_CLOSE and kind not in (SecurityType.EQUITY, SecurityType.FUTURE, SecurityType.CFD):
            return Refusal(
                f"Unsupported order type for {_SPOKEN_KINDS[kind]} security type",
                "InteractiveBrokers does not support Market-on-Close orders for other security types different than Future and Equity.",
            )
        if order.kind == OrderType.OPTION_EXERCISE and kind == SecurityType.INDEX_OPTION:
            return Refusal(NOT_SUPPORTED, "InteractiveBrokersBrokerageModel does not support OptionExercise orders for cash-settled IndexOption securities.")
        if order.kind == OrderType.COMBO_LEG_LIMIT and order.group is not None and order.group.count >= 4:
            return Refusal(NOT_SUPPORTED, "The InteractiveBrokersBrokerageModel does not support ComboLegLimit orders with 4 or more legs.")
        return None


class ListedRules(DefaultRules):
    """A broker that takes some kinds of securities and some types of orders. may_cross: whether one order may turn a long into a short or back."""

    def __init__(self, model: str, kinds: Sequence[SecurityType], types: Sequence[OrderType], *, may_cross: bool = True) -> None:
        self.model = model
        self.kinds = tuple(kinds)
        self.types = tuple(types)
        self.may_cross = may_cross

    def submit_refusal(self, order: OrderCore) -> Refusal | None:
        """Kind of security first, then type of order, then crossing zero."""
        kind = order.security.kind
        if kind not in self.kinds:
            return Refusal(NOT_SUPPORTED, f"The {self.model} does not support {_SPOKEN_KINDS[kind]} security type.")
        refused = self._type_refusal(order)
        if refused is not None:
            return refused
        held, size = order.security.holding.quantity, order.quantity
        if not self.may_cross and held and (held > 0) != (size > 0) and abs(size) > abs(held):
            return Refusal(NOT_SUPPORTED, f"Order type '{_SPOKEN[order.kind]}' is not supported for orders that cross zero holdings with the {self.model}.")
        return None

    def _type_refusal(self, order: OrderCore) -> Refusal | None:
        if order.kind in self.types:
            return None
        taken = ",".join(_SPOKEN[each] for each in self.types)
        return Refusal(NOT_SUPPORTED, f"The {self.model} does not support {_SPOKEN[order.kind]} order type. Only supports [{taken}]")


_STOCK_AND_OPTIONS = (SecurityType.EQUITY, SecurityType.OPTION, SecurityType.INDEX_OPTION)

CHARLES_SCHWAB = ListedRules(
    "CharlesSchwabBrokerageModel",
    _STOCK_AND_OPTIONS,
    (
        OrderType.MARKET,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.COMBO_MARKET,
        OrderType.COMBO_LIMIT,
        OrderType.MARKET_ON_CLOSE,
        OrderType.MARKET_ON_OPEN,
        OrderType.STOP_LIMIT,
    ),
)
TASTYTRADE = ListedRules(
    "TastytradeBrokerageModel",
    (*_STOCK_AND_OPTIONS, SecurityType.FUTURE, SecurityType.FUTURE_OPTION),
    (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET, OrderType.STOP_LIMIT, OrderType.COMBO_LIMIT),
    may_cross=False,
)


class TradierRules(ListedRules):
    """Tradier: single orders only, good till cancelled or for the day; nothing is sold short good till cancelled or below five; quantities stay."""

    def submit_refusal(self, order: OrderCore) -> Refusal | None:
        """Type of order first, then kind of security, life of the order, short selling and size."""
        refused = self._type_refusal(order)
        if refused is not None:
            return refused
        life = order.properties.time_in_force
        if order.security.kind not in self.kinds:
            return Refusal(NOT_SUPPORTED, "This model only supports equities and options.")
        if not isinstance(life, (GoodTilCanceledTimeInForce, DayTimeInForce)):
            return Refusal(NOT_SUPPORTED, f"This model only supports orders with the following time in force types: {_TRADIER_LIVES}")
        if order.security.holding.quantity + order.quantity < 0:
            if isinstance(life, GoodTilCanceledTimeInForce):
                return Refusal("ShortOrderIsGtc", "You cannot place short stock orders with GTC, only day orders are allowed")
            if order.security.price < LOWEST_SHORT_PRICE:
                return Refusal("SellShortOrderLastPriceBelow5", "Sell Short order cannot be placed for stock priced below $5")
        return None if 1 <= abs(order.quantity) <= LARGEST_ORDER else Refusal("IncorrectOrderQuantity", "Quantity should be between 1 and 10,000,000")

    def update_refusal(self, order: OrderCore, quantity: Decimal | None) -> Refusal | None:
        """A working order keeps its quantity."""
        if quantity is None or quantity == order.quantity:
            return None
        return Refusal("UpdateRejected", "Tradier does not support updating order quantities.")

    def executes(self, order: OrderCore) -> bool:
        """In regular hours."""
        return order.security.hours.is_open(order.security.clock.now)


_TRADIER_LIVES = "QuantConnect.Orders.TimeInForces.DayTimeInForce and QuantConnect.Orders.TimeInForces.GoodTilCanceledTimeInForce"
TRADIER = TradierRules(
    "TradierBrokerageModel", (SecurityType.EQUITY, SecurityType.OPTION), (OrderType.LIMIT, OrderType.MARKET, OrderType.STOP_MARKET, OrderType.STOP_LIMIT)
)


class TradeStationRules(ListedRules):
    """TradeStation: orders for the auctions only for shares; no change of an order that would turn the position."""

    def submit_refusal(self, order: OrderCore) -> Refusal | None:
        """As listed, then the auctions."""
        refused = super().submit_refusal(order)
        if refused is None and order.kind in _AUCTIONS and order.security.kind != SecurityType.EQUITY:
            kind = _SPOKEN_KINDS[order.security.kind]
            return Refusal(NOT_SUPPORTED, f"The {self.model} does not support {_SPOKEN[order.kind]} orders for {kind} security type.")
        return refused

    def update_refusal(self, order: OrderCore, quantity: Decimal | None) -> Refusal | None:
        """An order that crosses zero may not be changed."""
        held, size = order.security.holding.quantity, order.quantity
        if held and (held > 0) != (size > 0) and abs(size) > abs(held):
            return Refusal("UpdateRejected", f"Updating an order that crosses zero holdings is not supported with the {self.model}.")
        return None


_AUCTIONS = (OrderType.MARKET_ON_OPEN, OrderType.MARKET_ON_CLOSE)
TRADE_STATION = TradeStationRules(
    "TradeStationBrokerageModel",
    (*_STOCK_AND_OPTIONS, SecurityType.FUTURE),
    (
        OrderType.MARKET,
        OrderType.LIMIT,
        OrderType.STOP_MARKET,
        OrderType.STOP_LIMIT,
        OrderType.COMBO_MARKET,
        OrderType.COMBO_LIMIT,
        OrderType.TRAILING_STOP,
        *_AUCTIONS,
    ),
)
TD_AMERITRADE = ListedRules(
    "TDAmeritradeBrokerageModel",
    (SecurityType.EQUITY,),
    (OrderType.MARKET, OrderType.LIMIT, OrderType.STOP_MARKET, OrderType.STOP_LIMIT),
)
