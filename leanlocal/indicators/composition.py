"""Indicators made of indicators: a sum, difference, product or quotient of two, one fed by another, and a constant.

`IndicatorExtensions` is how a Python algorithm writes them: `IndicatorExtensions.minus(fast, slow)`, `IndicatorExtensions.of(second, first)`. A composite has a
value whenever both its sides have had a new one since the last; a constant side need not wait for (LEAN's CompositeIndicator).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from leanlocal.exact import ZERO, add, div, from_python, mul, sub, text
from leanlocal.indicators.averages import ExponentialMovingAverage, SimpleMovingAverage
from leanlocal.indicators.base import Indicator, IndicatorBase
from leanlocal.indicators.readings import NEVER, IndicatorDataPoint, Reading, decimal_of
from leanlocal.indicators.windowed import Maximum, Minimum
from leanlocal.surface import LeanObject

Composer = Callable[[Any, Any], Any]


class ConstantIndicator(Indicator):
    """An indicator that always has the same value and is always ready."""

    def __init__(self, name: str, value: float) -> None:
        super().__init__(name, 0)
        self._constant = from_python(value)
        self._hold()

    def _hold(self) -> None:
        self._value = self._constant
        self._reading = Reading(NEVER, self._constant)

    def _next(self, x: Reading) -> Decimal:
        return self._constant

    def _forget(self) -> None:
        self._hold()

    @property
    def is_ready(self) -> bool:
        """True: there is nothing to wait for."""
        return True


class CompositeIndicator(Indicator):
    """Two indicators whose values a function makes one; called as (left, right, handler) or with a name before them."""

    def __init__(self, name: Any, left: Any, right: Any, handler: Any = None) -> None:
        given, (left, right, handler) = (name, (left, right, handler)) if isinstance(name, str) else (None, (name, left, right))
        super().__init__(given or f"COMPOSE({left.name},{right.name})", 0)
        self._left: IndicatorBase = left
        self._right: IndicatorBase = right
        self._composer: Composer = handler
        self._fresh: set[int] = set()
        for side in {left, right}:
            side.updated += self._take

    @property
    def left(self) -> IndicatorBase:
        """The first side."""
        return self._left

    @property
    def right(self) -> IndicatorBase:
        """The second side."""
        return self._right

    @property
    def is_ready(self) -> bool:
        """Whether both sides are."""
        return self._left.is_ready and self._right.is_ready

    def _take(self, sender: Any, point: IndicatorDataPoint) -> None:
        self._fresh.add(id(sender))
        if all(id(side) in self._fresh or isinstance(side, ConstantIndicator) for side in (self._left, self._right)):
            self._fresh.clear()
            times = [side.current.time for side in (self._left, self._right)]
            self._push(Reading(max(point.time, *times), ZERO))

    def _next(self, x: Reading) -> Decimal | None:
        value = self._composer(self._left, self._right)
        return None if value is None else decimal_of(getattr(value, "value", value))

    def reset(self) -> None:
        """Both sides and this one back to the start."""
        self._left.reset()
        self._right.reset()
        self._fresh.clear()
        super().reset()


def _exact(indicator: IndicatorBase) -> Decimal:
    return indicator._value  # pyright: ignore[reportPrivateUsage]


def _quotient(left: IndicatorBase, right: IndicatorBase) -> Decimal | None:
    denominator = _exact(right)
    return div(_exact(left), denominator) if denominator else None


def _composed(left: Any, right: Any, name: str | None, composer: Composer) -> CompositeIndicator:
    other = right if isinstance(right, IndicatorBase) else ConstantIndicator(text(from_python(right)), right)
    return CompositeIndicator(name, left, other, composer) if name else CompositeIndicator(left, other, composer)


class IndicatorExtensions(LeanObject[None]):
    """Makes composites; each function also takes a number where the second indicator would be."""

    @staticmethod
    def update(indicator: Any, time: Any, value: float) -> bool:
        """Give an indicator a value at a time; gives readiness."""
        return indicator.update(time, value)

    @staticmethod
    def of(second: Any, first: Any, wait_for_first_to_ready: bool = True) -> Any:
        """Feed the second indicator with the values of the first, from the first's readiness on or at once."""

        def hand_on(sender: Any, point: IndicatorDataPoint) -> None:
            if not wait_for_first_to_ready or first.is_ready:
                second.update(point)

        first.updated += hand_on
        return second

    @staticmethod
    def plus(left: Any, right: Any, name: str | None = None) -> CompositeIndicator:
        """The sum."""
        return _composed(left, right, name, lambda a, b: add(_exact(a), _exact(b)))

    @staticmethod
    def minus(left: Any, right: Any, name: str | None = None) -> CompositeIndicator:
        """The difference."""
        return _composed(left, right, name, lambda a, b: sub(_exact(a), _exact(b)))

    @staticmethod
    def times(left: Any, right: Any, name: str | None = None) -> CompositeIndicator:
        """The product."""
        return _composed(left, right, name, lambda a, b: mul(_exact(a), _exact(b)))

    @staticmethod
    def over(left: Any, right: Any, name: str | None = None) -> CompositeIndicator:
        """The quotient; by zero there is none, and the last one stands."""
        return _composed(left, right, name, _quotient)

    @staticmethod
    def sma(left: Any, period: int, wait_for_first_to_ready: bool = True) -> SimpleMovingAverage:
        """Mean of an indicator's newest values."""
        return IndicatorExtensions.of(SimpleMovingAverage(f"SMA{period}_Of_{left.name}", period), left, wait_for_first_to_ready)

    @staticmethod
    def ema(left: Any, period: int, smoothing_factor: float | None = None, wait_for_first_to_ready: bool = True) -> ExponentialMovingAverage:
        """Exponential average of an indicator."""
        average = ExponentialMovingAverage(f"EMA{period}_Of_{left.name}", period, smoothing_factor)
        return IndicatorExtensions.of(average, left, wait_for_first_to_ready)

    @staticmethod
    def max(left: Any, period: int, wait_for_first_to_ready: bool = True) -> Maximum:
        """Largest of an indicator's newest values."""
        return IndicatorExtensions.of(Maximum(f"MAX{period}_Of_{left.name}", period), left, wait_for_first_to_ready)

    @staticmethod
    def min(left: Any, period: int, wait_for_first_to_ready: bool = True) -> Minimum:
        """Smallest of an indicator's newest values."""
        return IndicatorExtensions.of(Minimum(f"MIN{period}_Of_{left.name}", period), left, wait_for_first_to_ready)
