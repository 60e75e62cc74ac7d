"""Orders, order events and their parts as an algorithm sees them: floats, UTC datetimes with a zone, LEAN's names over the engine's objects."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from leanlocal.clock import Micros, datetime_of, micros_of
from leanlocal.enums import DataNormalizationMode, OrderDirection, OrderStatus, OrderType, SecurityType
from leanlocal.exact import from_python, to_float
from leanlocal.fees.models import OrderFee, cash_amount, core_money
from leanlocal.orders.events import OrderEventCore
from leanlocal.orders.order import CLOSED, GroupCore, OrderCore, SubmissionCore
from leanlocal.orders.properties import OrderProperties, TimeInForce
from leanlocal.orders.words import event_text, order_text
from leanlocal.surface import LeanClass, LeanObject
from leanlocal.symbols import Symbol


def utc_datetime(moment: Micros) -> datetime:
    """A UTC moment as LEAN's Python shows it: with its zone."""
    return datetime_of(moment).replace(tzinfo=UTC)


def optional_time(moment: Micros | None) -> datetime | None:
    """As `utc_datetime`, None for none."""
    return None if moment is None else utc_datetime(moment)


def optional_float(value: Decimal | None) -> float | None:
    """As a float, None for none."""
    return None if value is None else to_float(value)


class OrderSubmissionData(LeanObject[SubmissionCore]):
    """Market when the order was made."""

    def __init__(self, bid_price: float, ask_price: float, last_price: float) -> None:
        self._core = SubmissionCore(from_python(bid_price), from_python(ask_price), from_python(last_price))

    @property
    def bid_price(self) -> float:
        """Bid."""
        return to_float(self._core.bid)

    @property
    def ask_price(self) -> float:
        """Ask."""
        return to_float(self._core.ask)

    @property
    def last_price(self) -> float:
        """Last price."""
        return to_float(self._core.last)


class GroupOrderManager(LeanObject[GroupCore]):
    """What the legs of a combo share."""

    def __init__(self, leg_count: int, quantity: float, limit_price: float = 0) -> None:
        self._core = GroupCore(0, leg_count, from_python(quantity), from_python(limit_price))

    @property
    def id(self) -> int:
        """Number of the combo."""
        return self._core.id

    @property
    def quantity(self) -> float:
        """Signed units."""
        return to_float(self._core.quantity)

    @property
    def absolute_quantity(self) -> float:
        """Units."""
        return to_float(abs(self._core.quantity))

    @property
    def count(self) -> int:
        """Number of legs."""
        return self._core.count

    @property
    def limit_price(self) -> float:
        """Net limit per unit."""
        return to_float(self._core.limit_price)

    @property
    def order_ids(self) -> set[int]:
        """Orders of the legs."""
        return set(self._core.order_ids)

    @property
    def direction(self) -> OrderDirection:
        """Direction of the whole."""
        return self._core.direction


def group_surface(group: GroupCore | None) -> GroupOrderManager | None:
    """The surface of a group."""
    if group is None:
        return None
    made = GroupOrderManager(group.count, 0)
    made._core = group  # pyright: ignore[reportPrivateUsage]
    return made


class Order(LeanObject[OrderCore]):
    """An order."""

    def __init__(self, core: OrderCore) -> None:
        self._core = core

    @property
    def id(self) -> int:
        """Number of the order."""
        return self._core.id

    @property
    def contingent_id(self) -> int:
        """Unused by LEAN."""
        return 0

    @property
    def broker_id(self) -> list[str]:
        """The broker's numbers."""
        return list(self._core.broker_ids)

    @property
    def symbol(self) -> Symbol:
        """What is traded."""
        return self._core.symbol

    @property
    def price(self) -> float:
        """Average fill price."""
        return to_float(self._core.price)

    @property
    def price_currency(self) -> str:
        """Currency of the price."""
        return self._core.price_currency

    @property
    def time(self) -> datetime:
        """When it was sent, UTC."""
        return utc_datetime(self._core.time)

    @property
    def created_time(self) -> datetime:
        """When it was made, UTC."""
        return utc_datetime(self._core.created)

    @property
    def last_fill_time(self) -> datetime | None:
        """Last fill, UTC."""
        return optional_time(self._core.last_fill)

    @property
    def last_update_time(self) -> datetime | None:
        """Last update, UTC."""
        return optional_time(self._core.last_update)

    @property
    def canceled_time(self) -> datetime | None:
        """When it was cancelled, UTC."""
        return optional_time(self._core.canceled)

    @property
    def quantity(self) -> float:
        """Signed quantity."""
        return to_float(self._core.quantity)

    @property
    def absolute_quantity(self) -> float:
        """Quantity without sign."""
        return to_float(abs(self._core.quantity))

    @property
    def type(self) -> OrderType:
        """Type of order."""
        return self._core.kind

    @property
    def status(self) -> OrderStatus:
        """Where it stands."""
        return self._core.status

    @property
    def time_in_force(self) -> TimeInForce:
        """How long it works."""
        return self._core.properties.time_in_force

    @property
    def tag(self) -> str | None:
        """The algorithm's text."""
        return self._core.tag

    @property
    def properties(self) -> OrderProperties:
        """How it is handled."""
        return self._core.properties

    @property
    def security_type(self) -> SecurityType:
        """Kind of instrument."""
        return self._core.symbol.security_type

    @property
    def direction(self) -> OrderDirection:
        """Buy or sell."""
        return self._core.direction

    @property
    def value(self) -> float:
        """quantity x price."""
        return to_float(self._core.value)

    @property
    def order_submission_data(self) -> OrderSubmissionData | None:
        """Market when it was made."""
        data = self._core.submission
        return None if data is None else OrderSubmissionData(to_float(data.bid), to_float(data.ask), to_float(data.last))

    @property
    def is_marketable(self) -> bool:
        """Whether it could fill at once."""
        return self._core.is_marketable

    @property
    def group_order_manager(self) -> GroupOrderManager | None:
        """The combo it belongs to."""
        return group_surface(self._core.group)

    @property
    def price_adjustment_mode(self) -> DataNormalizationMode:
        """Normalisation of its prices."""
        return DataNormalizationMode(self._core.price_adjustment_mode)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Order) and other._core is self._core

    def __hash__(self) -> int:
        return hash(self._core)

    def __str__(self) -> str:
        return order_text(self._core)


class _WithLimit(Order):
    @property
    def limit_price(self) -> float:
        """Limit."""
        price = self._core.limit_price
        return 0.0 if price is None else to_float(price)


class _WithStop(Order):
    @property
    def stop_price(self) -> float:
        """Stop."""
        price = self._core.stop_price
        return 0.0 if price is None else to_float(price)


class MarketOrder(Order):
    """Market order."""


class LimitOrder(_WithLimit):
    """Limit order."""


class StopMarketOrder(_WithStop):
    """Stop market order."""


class StopLimitOrder(_WithStop, _WithLimit):
    """Stop limit order."""

    @property
    def stop_triggered(self) -> bool:
        """Whether the stop has been passed."""
        return self._core.stop_triggered


class LimitIfTouchedOrder(_WithLimit):
    """Limit-if-touched order."""

    @property
    def trigger_price(self) -> float:
        """Trigger."""
        price = self._core.trigger_price
        return 0.0 if price is None else to_float(price)

    @property
    def trigger_touched(self) -> bool:
        """Whether the trigger has been touched."""
        return self._core.trigger_touched


class TrailingStopOrder(StopMarketOrder):
    """Trailing stop order."""

    @property
    def trailing_amount(self) -> float:
        """Distance."""
        amount = self._core.trailing_amount
        return 0.0 if amount is None else to_float(amount)

    @property
    def trailing_as_percentage(self) -> bool:
        """Whether the distance is a share of the price."""
        return bool(self._core.trailing_as_percentage)


class MarketOnOpenOrder(Order):
    """Market-on-open order."""


class MarketOnCloseOrder(Order):
    """Market-on-close order."""


class OptionExerciseOrder(Order):
    """Exercise of an option."""


class ComboOrder(Order):
    """Leg of a combo."""


class ComboMarketOrder(ComboOrder):
    """Leg of a market combo."""


class ComboLimitOrder(ComboOrder):
    """Leg of a combo with a net limit."""


class ComboLegLimitOrder(ComboOrder, _WithLimit):
    """Leg of a combo with limits per leg."""


_CLASSES: dict[OrderType, type[Order]] = {
    OrderType.MARKET: MarketOrder,
    OrderType.LIMIT: LimitOrder,
    OrderType.STOP_MARKET: StopMarketOrder,
    OrderType.STOP_LIMIT: StopLimitOrder,
    OrderType.LIMIT_IF_TOUCHED: LimitIfTouchedOrder,
    OrderType.TRAILING_STOP: TrailingStopOrder,
    OrderType.MARKET_ON_OPEN: MarketOnOpenOrder,
    OrderType.MARKET_ON_CLOSE: MarketOnCloseOrder,
    OrderType.OPTION_EXERCISE: OptionExerciseOrder,
    OrderType.COMBO_MARKET: ComboMarketOrder,
    OrderType.COMBO_LIMIT: ComboLimitOrder,
    OrderType.COMBO_LEG_LIMIT: ComboLegLimitOrder,
}


def order_surface(core: OrderCore) -> Order:
    """The surface of an order, of the class of its type."""
    return _CLASSES[core.kind](core)


class OrderEvent(LeanObject[OrderEventCore]):
    """Something that happened to an order."""

    def __init__(self, core: OrderEventCore) -> None:
        self._core = core
        self._ticket: Any = None

    @property
    def order_id(self) -> int:
        """Number of the order."""
        return self._core.order.id

    @property
    def id(self) -> int:
        """Number of the event within the order."""
        return self._core.id

    @property
    def symbol(self) -> Symbol:
        """What was traded."""
        return self._core.symbol

    @property
    def utc_time(self) -> datetime:
        """When, UTC."""
        return utc_datetime(self._core.time)

    @utc_time.setter
    def utc_time(self, value: datetime) -> None:
        self._core.time = micros_of(value.replace(tzinfo=None))

    @property
    def status(self) -> OrderStatus:
        """Status it brought."""
        return self._core.status

    @status.setter
    def status(self, value: OrderStatus) -> None:
        self._core.status = OrderStatus(value)

    @property
    def order_fee(self) -> OrderFee:
        """Fee charged."""
        return OrderFee(cash_amount(self._core.fee))

    @order_fee.setter
    def order_fee(self, value: OrderFee) -> None:
        self._core.fee = core_money(value.value)

    @property
    def fill_price(self) -> float:
        """Price of the fill."""
        return to_float(self._core.fill_price)

    @fill_price.setter
    def fill_price(self, value: float) -> None:
        self._core.fill_price = from_python(value)

    @property
    def fill_price_currency(self) -> str:
        """Currency of the price."""
        return self._core.fill_currency

    @property
    def fill_quantity(self) -> float:
        """Signed quantity filled."""
        return to_float(self._core.fill_quantity)

    @fill_quantity.setter
    def fill_quantity(self, value: float) -> None:
        self._core.fill_quantity = from_python(value)

    @property
    def absolute_fill_quantity(self) -> float:
        """Quantity filled."""
        return to_float(abs(self._core.fill_quantity))

    @property
    def direction(self) -> OrderDirection:
        """Buy or sell."""
        return self._core.direction

    @property
    def message(self) -> str:
        """Text of the event."""
        return self._core.message

    @message.setter
    def message(self, value: str) -> None:
        self._core.message = value

    @property
    def is_assignment(self) -> bool:
        """Whether a short option was assigned."""
        return self._core.is_assignment

    @property
    def is_in_the_money(self) -> bool:
        """Whether an exercised option had value."""
        return self._core.is_in_the_money

    @property
    def limit_price(self) -> float | None:
        """Limit of the order."""
        return optional_float(self._core.limit_price)

    @property
    def stop_price(self) -> float | None:
        """Stop of the order."""
        return optional_float(self._core.stop_price)

    @property
    def trigger_price(self) -> float | None:
        """Trigger of the order."""
        return optional_float(self._core.trigger_price)

    @property
    def trailing_amount(self) -> float | None:
        """Trailing distance of the order."""
        return optional_float(self._core.trailing_amount)

    @property
    def trailing_as_percentage(self) -> bool | None:
        """Whether the distance is a share of the price."""
        return self._core.trailing_as_percentage

    @property
    def quantity(self) -> float:
        """Quantity of the order."""
        return to_float(self._core.quantity)

    @property
    def ticket(self) -> Any:
        """Ticket of the order."""
        return self._ticket

    @ticket.setter
    def ticket(self, value: Any) -> None:
        self._ticket = value

    def __str__(self) -> str:
        return event_text(self._core)


def event_surface(core: OrderEventCore) -> OrderEvent:
    """The surface of an event."""
    return OrderEvent(core)


class OrderExtensions(metaclass=LeanClass):
    """Questions about a status or type."""

    @staticmethod
    def is_closed(status: OrderStatus) -> bool:
        """Filled, cancelled or invalid."""
        return status in CLOSED

    @staticmethod
    def is_open(status: OrderStatus) -> bool:
        """Not closed."""
        return status not in CLOSED

    @staticmethod
    def is_fill(status: OrderStatus) -> bool:
        """Filled or partially filled."""
        return status in (OrderStatus.FILLED, OrderStatus.PARTIALLY_FILLED)

    @staticmethod
    def is_limit_order(order_type: OrderType) -> bool:
        """Limit, stop limit or combo limit."""
        return order_type in (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.COMBO_LIMIT, OrderType.COMBO_LEG_LIMIT, OrderType.LIMIT_IF_TOUCHED)

    @staticmethod
    def is_stop_order(order_type: OrderType) -> bool:
        """Stop market, stop limit or trailing stop."""
        return order_type in (OrderType.STOP_MARKET, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP)
