"""What an algorithm may say about how an order is handled: how long it works, and brokers' extras."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar

from leanlocal.clock import Micros, micros_of
from leanlocal.surface import LeanObject


class TimeInForce(LeanObject[None]):
    """How long an order works."""

    GOOD_TIL_CANCELED: ClassVar[TimeInForce]
    DAY: ClassVar[TimeInForce]
    GOOD_TIL_DATE: ClassVar[Callable[[datetime], TimeInForce]]

    def _expires(self, order_time: Micros, hours: Any) -> Micros | None:
        """Moment from which the order is expired, None for never. hours: the exchange's ExchangeHours."""
        return None

    @staticmethod
    def good_til_date(expiry: datetime | date) -> TimeInForce:
        """Works until the close of a date."""
        return GoodTilDateTimeInForce(expiry)


class GoodTilCanceledTimeInForce(TimeInForce):
    """Works until it is filled or cancelled."""


class DayTimeInForce(TimeInForce):
    """Works until the close of the session it was sent in or for."""

    def _expires(self, order_time: Micros, hours: Any) -> Micros | None:
        return hours.next_close(order_time)


class GoodTilDateTimeInForce(TimeInForce):
    """Works until the close of a date."""

    def __init__(self, expiry: datetime | date) -> None:
        self._expiry = expiry if isinstance(expiry, datetime) else datetime(expiry.year, expiry.month, expiry.day)

    @property
    def expiry(self) -> datetime:
        """The date."""
        return self._expiry

    def _expires(self, order_time: Micros, hours: Any) -> Micros | None:
        midnight = datetime(self._expiry.year, self._expiry.month, self._expiry.day)
        return hours.next_close(hours.zone.to_utc(micros_of(midnight)))


TimeInForce.GOOD_TIL_CANCELED = GoodTilCanceledTimeInForce()
TimeInForce.DAY = DayTimeInForce()
TimeInForce.GOOD_TIL_DATE = TimeInForce.good_til_date


class OrderProperties(LeanObject[None]):
    """How an order is handled."""

    def __init__(self, exchange: Any = None) -> None:
        self._time_in_force: TimeInForce = TimeInForce.GOOD_TIL_CANCELED
        self._exchange = exchange

    @property
    def time_in_force(self) -> TimeInForce:
        """How long the order works."""
        return self._time_in_force

    @time_in_force.setter
    def time_in_force(self, value: TimeInForce) -> None:
        self._time_in_force = value

    @property
    def exchange(self) -> Any:
        """Where the order is sent; a backtest ignores it."""
        return self._exchange

    @exchange.setter
    def exchange(self, value: Any) -> None:
        self._exchange = value

    def clone(self) -> OrderProperties:
        """A copy."""
        return copy.copy(self)


class _OutsideHours(OrderProperties):
    def __init__(self, exchange: Any = None) -> None:
        super().__init__(exchange)
        self._outside = False

    @property
    def outside_regular_trading_hours(self) -> bool:
        """Whether the broker may fill in the hours around the session; a backtest ignores it."""
        return self._outside

    @outside_regular_trading_hours.setter
    def outside_regular_trading_hours(self, value: bool) -> None:
        self._outside = value


class InteractiveBrokersOrderProperties(_OutsideHours):
    """Interactive Brokers' extras."""


class CharlesSchwabOrderProperties(OrderProperties):
    """Charles Schwab's extras."""


class TastytradeOrderProperties(OrderProperties):
    """tastytrade's extras."""


def expiry_of_order(properties: OrderProperties, order_time: Micros, hours: Any) -> Micros | None:
    """Moment from which an order with these properties is expired, None for never."""
    return properties.time_in_force._expires(order_time, hours)  # pyright: ignore[reportPrivateUsage]
