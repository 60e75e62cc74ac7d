"""What indicators read: a value, or a bar, at a time, as exact decimals; and how the many things one may pass to `update` become one.

`IndicatorDataPoint` is the surface of a value at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from leanlocal.exact import ZERO, from_float, text, to_float
from leanlocal.surface import LeanObject

NEVER = datetime(1, 1, 1)


@dataclass(frozen=True, slots=True)
class BarPrices:
    """Open, high, low, close and volume of a bar."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """One input: its end time (exchange clock), value, symbol, and the bar it came from, if one."""

    time: datetime
    value: Decimal
    bar: BarPrices | None = None
    symbol: Any = None
    start: datetime | None = None

    def at(self, value: Decimal) -> Reading:
        """A plain value at the same time, for an inner indicator."""
        return Reading(self.time, value, None, self.symbol)

    @property
    def prices(self) -> BarPrices:
        """The bar; a plain value is a bar without a range."""
        return self.bar or BarPrices(self.value, self.value, self.value, self.value, ZERO)


def decimal_of(value: Any) -> Decimal:
    """A number of any kind as an exact decimal."""
    return value if isinstance(value, Decimal) else from_float(value)


class IndicatorDataPoint(LeanObject[Reading]):
    """A value at a time."""

    def __init__(self, symbol: Any = None, time: Any = None, value: Any = None) -> None:
        if value is None and time is not None:
            symbol, time, value = None, symbol, time
        self._core = Reading(time or NEVER, decimal_of(value or 0), None, symbol)

    @property
    def value(self) -> float:
        """The value."""
        return to_float(self._core.value)

    @property
    def price(self) -> float:
        """The value."""
        return self.value

    @property
    def time(self) -> datetime:
        """When it was valid, on the exchange's clock."""
        return self._core.time

    @property
    def end_time(self) -> datetime:
        """Same as time."""
        return self._core.time

    @property
    def symbol(self) -> Any:
        """Whose value it is."""
        return self._core.symbol

    def __str__(self) -> str:
        return f"{self.time} - {text(self._core.value)}"

    def __float__(self) -> float:
        return self.value

    def __lt__(self, other: Any) -> bool:
        return self.value < float(other)

    def __gt__(self, other: Any) -> bool:
        return self.value > float(other)

    def __le__(self, other: Any) -> bool:
        return self.value <= float(other)

    def __ge__(self, other: Any) -> bool:
        return self.value >= float(other)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, IndicatorDataPoint):
            return self._core == other._core
        return isinstance(other, int | float) and self.value == other

    def __hash__(self) -> int:
        return hash(self._core)

    @classmethod
    def _of(cls, reading: Reading) -> IndicatorDataPoint:
        point = cls.__new__(cls)
        point._core = reading
        return point


def point_of(reading: Reading) -> IndicatorDataPoint:
    """The surface of a reading."""
    return IndicatorDataPoint._of(reading)  # pyright: ignore[reportPrivateUsage]


def reading_of(given: Any, value: Any = None) -> Reading:
    """The input behind `update(...)`: a data point, a bar, or a time and a value.

    Raises TypeError for anything else.
    """
    if isinstance(given, Reading):
        return given
    if isinstance(given, datetime):
        return Reading(given, decimal_of(value))
    core = getattr(given, "_core", None)
    if isinstance(core, Reading):
        return core
    if core is not None and hasattr(core, "close"):
        prices = BarPrices(core.open, core.high, core.low, core.close, getattr(core, "volume", ZERO))
        return Reading(given.end_time, core.value, prices, given.symbol, given.time)
    if hasattr(given, "end_time") and hasattr(given, "value"):
        return Reading(given.end_time, decimal_of(given.value), None, getattr(given, "symbol", None))
    raise TypeError(f"an indicator cannot be updated with a {type(given).__name__}")
