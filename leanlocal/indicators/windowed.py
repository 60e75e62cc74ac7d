"""Indicators of the newest values: changes, extremes, spreads, means of bars."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from leanlocal.exact import ZERO, from_float
from leanlocal.indicators.averages import SimpleMovingAverage
from leanlocal.indicators.base import BarIndicator, Indicator, WindowIndicator, named
from leanlocal.indicators.readings import Reading


def decimal_root(value: Decimal) -> Decimal:
    """Square root by way of a double, as LEAN takes it."""
    return from_float(math.sqrt(float(value)))


class _Change(WindowIndicator):
    """Base of comparisons with the value `period` inputs ago; ready after one input more."""

    def __init__(self, title: str, n: int) -> None:
        super().__init__(title, n)
        self._ready_after = n + 1


class Momentum(_Change):
    """Value minus the value `period` inputs ago."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        super().__init__(*named("MOM", name, period))

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        return x.value - self._oldest(dropped)


class RateOfChange(_Change):
    """Change over `period` inputs as a fraction; 0 from a zero value."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        super().__init__(*named("ROC", name, period))

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        base = self._oldest(dropped)
        return (x.value - base) / base if base else ZERO


class RateOfChangePercent(RateOfChange):
    """Change over `period` inputs in percent."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        super().__init__(*named("ROCP", name, period))

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        return super()._of_window(x, dropped) * 100


class MomentumPercent(RateOfChangePercent):
    """Same as RateOfChangePercent."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        super().__init__(*named("MOMP", name, period))


class RateOfChangeRatio(_Change):
    """Value divided by the value `period` inputs ago."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        super().__init__(*named("ROCR", name, period))

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        base = self._oldest(dropped)
        return x.value / base if base else ZERO


class LogReturn(WindowIndicator):
    """Natural logarithm of the value over the value `period` inputs ago."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        super().__init__(*named("LOGR", name, period))

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        base = self._oldest(dropped)
        return from_float(math.log(float(x.value / base))) if base > 0 and x.value > 0 else ZERO


class Delay(WindowIndicator):
    """The value `period` inputs ago; the first one until then."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("DELAY", name, period)
        super().__init__(title, n)
        self._ready_after = n + 1

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        return self._oldest(dropped)


class Maximum(WindowIndicator):
    """Largest of the newest values; `periods_since_maximum` counts inputs since it came."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        super().__init__(*named("MAX", name, period))

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        return max(self._values)

    @property
    def periods_since_maximum(self) -> int:
        """Inputs since the maximum, 0 when it is the newest."""
        return self._values[::-1].index(max(self._values)) if self._values else 0


class Minimum(WindowIndicator):
    """Smallest of the newest values; `periods_since_minimum` counts inputs since it came."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        super().__init__(*named("MIN", name, period))

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        return min(self._values)

    @property
    def periods_since_minimum(self) -> int:
        """Inputs since the minimum, 0 when it is the newest."""
        return self._values[::-1].index(min(self._values)) if self._values else 0


class MidPoint(Indicator):
    """Mean of the largest and smallest of the newest values."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("MIDPOINT", name, period)
        super().__init__(title, n)
        self._high, self._low = self._own(Maximum(f"{title}_MAX", n), Minimum(f"{title}_MIN", n))

    def _next(self, x: Reading) -> Decimal:
        return (self._high._push(x) + self._low._push(x)) / 2


class MidPrice(BarIndicator):
    """Mean of the highest high and the lowest low of the newest bars."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("MIDPRICE", name, period)
        super().__init__(title, n)
        self._high, self._low = self._own(Maximum(f"{title}_MAX", n), Minimum(f"{title}_MIN", n))

    def _next(self, x: Reading) -> Decimal:
        return (self._high._push(x.at(x.prices.high)) + self._low._push(x.at(x.prices.low))) / 2


class Variance(WindowIndicator):
    """Population variance of the newest values, from running sums; 0 for a single one."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        super().__init__(*named("VAR", name, period))
        self._sum = self._squares = ZERO

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        gone = dropped or ZERO
        self._sum += x.value - gone
        self._squares += x.value * x.value - gone * gone
        if self._samples < 2:
            return ZERO
        n = len(self._values)
        mean = self._sum / n
        return max(self._squares / n - mean * mean, ZERO)

    def _forget(self) -> None:
        super()._forget()
        self._sum = self._squares = ZERO


class StandardDeviation(Variance):
    """Population standard deviation of the newest values."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        super().__init__(*named("STD", name, period))

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        return decimal_root(super()._of_window(x, dropped))


class TargetDownsideDeviation(WindowIndicator):
    """Root of the mean squared shortfall below a target return."""

    def __init__(self, name: Any = None, period: Any = None, minimum_acceptable_return: float = 0) -> None:
        title, n = named("TDD", name, period)
        super().__init__(title, n)
        self._target = from_float(minimum_acceptable_return)

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        squares = [min(value - self._target, ZERO) ** 2 for value in self._values]
        return decimal_root(sum(squares, ZERO) / len(squares))


class MeanAbsoluteDeviation(WindowIndicator):
    """Mean distance of the newest values from their mean; `mean` is an indicator."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("MAD", name, period)
        super().__init__(title, n)
        self.mean = self._own(SimpleMovingAverage(f"{title}_Mean", n))

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        mean = self.mean._push(x)
        if self._samples < 2:
            return ZERO
        return sum((abs(value - mean) for value in self._values), ZERO) / len(self._values)
