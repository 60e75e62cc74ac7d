"""Moving averages of one value."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise
from typing import Any

from leanlocal.enums import MovingAverageType
from leanlocal.exact import ZERO, add, div, from_float, mul
from leanlocal.indicators.base import Indicator, WindowIndicator, named, shifted
from leanlocal.indicators.readings import Reading, decimal_of
from leanlocal.symbol_book import ArgumentException

ONE, TWO = Decimal(1), Decimal(2)


class SimpleMovingAverage(WindowIndicator):
    """Mean of the newest values; of those there are while the window fills. `rolling_sum` is an indicator, fed from when it is first asked for."""

    _SHOWN = ("rolling_sum",)

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("SMA", name, period)
        super().__init__(title, n)
        self._sum = ZERO
        self._shown_sum: Identity | None = None

    @property
    def rolling_sum(self) -> Identity:
        """Sum of the newest values."""
        if self._shown_sum is not None:
            return self._shown_sum
        made = self._shown_sum = Identity(f"{self.name}_Sum")
        self._own(made)
        if self._samples:
            made._push(self._reading.at(self._sum))
        return made

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        self._sum += x.value - (dropped or ZERO)
        if self._shown_sum is not None:
            self._shown_sum._push(x.at(self._sum))
        return div(self._sum, Decimal(len(self._values)))

    def _forget(self) -> None:
        super()._forget()
        self._sum = ZERO


class Sum(WindowIndicator):
    """Sum of the newest values."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("SUM", name, period)
        super().__init__(title, n)
        self._sum = ZERO

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        self._sum += x.value - (dropped or ZERO)
        return self._sum

    def _forget(self) -> None:
        super()._forget()
        self._sum = ZERO


class ExponentialMovingAverage(Indicator):
    """Exponential average seeded with the simple one; 0 until there are `period` values."""

    def __init__(self, name: Any = None, period: Any = None, smoothing_factor: Any = None) -> None:
        given, (period, smoothing_factor) = shifted(name, period, smoothing_factor)
        super().__init__(given or f"EMA({period})", int(period))
        self._k = TWO / (1 + int(period)) if smoothing_factor is None else decimal_of(smoothing_factor)
        self._seed = self._own(SimpleMovingAverage(f"{self.name}_Initial", int(period)))

    def _next(self, x: Reading) -> Decimal:
        if self._samples <= self._ready_after:
            seed = self._seed._push(x)
            return seed if self._samples == self._ready_after else ZERO
        return add(mul(x.value, self._k), mul(self._value, 1 - self._k))


class WilderMovingAverage(Indicator):
    """Wilder's average: simple until ready, then previous + (x - previous) / period."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("WWMA", name, period)
        super().__init__(title, n)
        self._k = ONE / n
        self._seed = self._own(SimpleMovingAverage(f"{self.name}_SMA", n))

    def _next(self, x: Reading) -> Decimal:
        if self._samples <= self._ready_after:
            return self._seed._push(x)
        return add(mul(x.value, self._k), mul(self._value, 1 - self._k))


class LinearWeightedMovingAverage(WindowIndicator):
    """Average with weights 1 (oldest) to period (newest); 0 until ready."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("LWMA", name, period)
        super().__init__(title, n)

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        if not self.is_ready:
            return ZERO
        weights = self._period * (self._period + 1) // 2
        return sum((weight * value for weight, value in enumerate(self._values, start=1)), ZERO) / weights


class DoubleExponentialMovingAverage(Indicator):
    """(1 + v) EMA - v EMA(EMA), the volume factor v being 1 if none is given; with the second average still 0 while that one fills, as LEAN has it."""

    def __init__(self, name: Any = None, period: Any = None, volume_factor: Any = None) -> None:
        given, (period, volume_factor) = shifted(name, period, volume_factor)
        n = int(period)
        super().__init__(given or f"DEMA({n})", 2 * n - 1)
        self._factor = ONE if volume_factor is None else decimal_of(volume_factor)
        self._first, self._second = self._own(ExponentialMovingAverage(f"{self.name}_1", n), ExponentialMovingAverage(f"{self.name}_2", n))

    def _next(self, x: Reading) -> Decimal:
        first = self._first._push(x)
        if not self._first.is_ready:
            return first
        return (self._factor + 1) * first - self._factor * self._second._push(x.at(first))


class TripleExponentialMovingAverage(Indicator):
    """3 EMA - 3 EMA(EMA) + EMA(EMA(EMA))."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("TEMA", name, period)
        super().__init__(title, 3 * (n - 1) + 1)
        self._chain = [self._own(ExponentialMovingAverage(f"{self.name}_{i}", n)) for i in (1, 2, 3)]

    def _next(self, x: Reading) -> Decimal:
        values: list[Decimal] = []
        for average in self._chain:
            x = x.at(average._push(x))
            values.append(x.value)
            if not average.is_ready:
                return ZERO
        return 3 * values[0] - 3 * values[1] + values[2]


class T3MovingAverage(Indicator):
    """Tillson's T3: a double exponential average with a volume factor, three times over; until one is ready, the value is that one's."""

    def __init__(self, name: Any = None, period: Any = None, volume_factor: Any = None) -> None:
        given, (period, volume_factor) = shifted(name, period, volume_factor)
        factor = 0.7 if volume_factor is None else volume_factor
        title = given or f"T3({period},{factor})"
        super().__init__(title, 6 * (int(period) - 1) + 1)
        self._chain = [self._own(DoubleExponentialMovingAverage(f"{title}_{i}", period, factor)) for i in (1, 2, 3)]

    def _next(self, x: Reading) -> Decimal:
        for average in self._chain:
            x = x.at(average._push(x))
            if not average.is_ready:
                break
        return x.value


class HullMovingAverage(Indicator):
    """LWMA of 2 LWMA(n/2) - LWMA(n) over the root of n."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("HMA", name, period)
        root = round(math.sqrt(n))
        super().__init__(title, n + root - 1)
        half = round(n / 2)
        self._slow, self._fast, self._hull = self._own(
            LinearWeightedMovingAverage(f"{self.name}_SLOW", n),
            LinearWeightedMovingAverage(f"{self.name}_FAST", half),
            LinearWeightedMovingAverage(f"{self.name}_HMA", root),
        )

    def _next(self, x: Reading) -> Decimal:
        fast, slow = self._fast._push(x), self._slow._push(x)
        if self._slow.is_ready:
            self._hull._push(x.at(2 * fast - slow))
        return self._hull._value


class TriangularMovingAverage(Indicator):
    """Simple average of a simple average."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("TRIMA", name, period)
        super().__init__(title, n)
        even = n % 2 == 0
        first, second = (n // 2, n // 2 + 1) if even else ((n + 1) // 2, (n + 1) // 2)
        self._first, self._second = self._own(SimpleMovingAverage(f"{self.name}_1", first), SimpleMovingAverage(f"{self.name}_2", second))

    def _next(self, x: Reading) -> Decimal:
        first = self._first._push(x)
        return self._second._push(x.at(first))


class KaufmanEfficiencyRatio(WindowIndicator):
    """Net change over `period` steps divided by the path length; the input until there are that many steps, so one input more than the period."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("KER", name, period)
        super().__init__(title, n + 1)

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        return self._efficiency() if self.is_ready else x.value

    def _efficiency(self) -> Decimal:
        path = sum((abs(after - before) for before, after in pairwise(self._values)), ZERO)
        net = self._values[-1] - self._values[0]
        return abs(net / path) if path and net < path else ONE


class KaufmanAdaptiveMovingAverage(KaufmanEfficiencyRatio):
    """Average whose speed follows the efficiency ratio; it sets out from the input before the first ratio."""

    def __init__(self, name: Any = None, period: Any = None, fast_ema_period: int = 2, slow_ema_period: int = 30) -> None:
        if isinstance(name, int):
            name, period, fast_ema_period, slow_ema_period = None, name, period or 2, slow_ema_period if fast_ema_period == 2 else fast_ema_period
        super().__init__(name or f"KAMA({period},{fast_ema_period},{slow_ema_period})", period)
        self._slow = TWO / (slow_ema_period + 1)
        self._span = TWO / (fast_ema_period + 1) - self._slow

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        if not self.is_ready:
            return x.value
        speed = (self._efficiency() * self._span + self._slow) ** 2
        return (x.value - self._value) * speed + self._value


class ArnaudLegouxMovingAverage(WindowIndicator):
    """Gaussian-weighted average, offset towards the newest value."""

    def __init__(self, name: Any = None, period: Any = None, sigma: int = 6, offset: float = 0.85) -> None:
        if isinstance(name, int):
            name, period, sigma, offset = None, name, period or 6, sigma if sigma != 6 else offset
        super().__init__(name or f"ALMA({period},{sigma},{offset})", int(period))
        center, width = math.floor(offset * (self._period - 1)), self._period / sigma
        weights = [math.exp(-((i - center) ** 2) / (2 * width * width)) for i in range(self._period)]
        self._weights = [from_float(w / sum(weights)) for w in weights]

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        if not self.is_ready:
            return x.value
        return sum((w * v for w, v in zip(self._weights, self._values, strict=True)), ZERO)


class ZeroLagExponentialMovingAverage(Indicator):
    """EMA of the value pushed ahead by its lag; 0 until ready."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("ZLEMA", name, period)
        self._n, self._lag = n, round((n - 1) / 2)
        super().__init__(title, n + self._lag)
        self._values: list[Decimal] = []
        self._average = self._own(ExponentialMovingAverage(f"{self.name}_EMA", n))

    @property
    def warm_up_period(self) -> int:
        """Inputs LEAN asks for: half a period more than the period."""
        return self._n + self._n // 2

    def _next(self, x: Reading) -> Decimal:
        self._values.append(x.value)
        if len(self._values) <= self._lag:
            return ZERO
        delayed = self._values.pop(0)
        return self._average._push(x.at(x.value + (x.value - delayed)))

    def _forget(self) -> None:
        self._values.clear()


class LeastSquaresMovingAverage(WindowIndicator):
    """End point of the least-squares line; `intercept` and `slope` are indicators."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("LSMA", name, period)
        super().__init__(title, n)
        self.intercept, self.slope = self._own(Identity(f"{self.name}_Intercept"), Identity(f"{self.name}_Slope"))

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        if not self.is_ready:
            return x.value
        n = self._period
        mean_t, mean_v = Decimal(n + 1) / 2, sum(self._values, ZERO) / n
        covered = sum(((t - mean_t) * (v - mean_v) for t, v in enumerate(self._values, start=1)), ZERO)
        slope = covered / sum(((t - mean_t) ** 2 for t in range(1, n + 1)), ZERO)
        intercept = mean_v - slope * mean_t
        self.intercept._push(x.at(intercept))
        self.slope._push(x.at(slope))
        return intercept + slope * n


class TimeSeriesForecast(WindowIndicator):
    """The least-squares line of the newest values, one step on; 0 until ready."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("TSF", name, period)
        super().__init__(title, n)

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        if not self.is_ready:
            return ZERO
        n = self._period
        mean_t, mean_v = Decimal(n + 1) / 2, sum(self._values, ZERO) / n
        covered = sum(((t - mean_t) * (v - mean_v) for t, v in enumerate(self._values, start=1)), ZERO)
        slope = covered / sum(((t - mean_t) ** 2 for t in range(1, n + 1)), ZERO)
        return mean_v + slope * (n + 1 - mean_t)


class RelativeMovingAverage(Indicator):
    """Simple average of three periods less that of two plus that of one; all three are indicators."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("RMA", name, period)
        super().__init__(title, 3 * n)
        parts = [self._own(SimpleMovingAverage(f"{title}_{part}", k * n)) for k, part in enumerate(("Short", "Medium", "Long"), start=1)]
        self.short_average, self.medium_average, self.long_average = parts

    def _next(self, x: Reading) -> Decimal:
        short, medium, long = self.short_average._push(x), self.medium_average._push(x), self.long_average._push(x)
        return long - medium + short


class Identity(Indicator):
    """The value itself."""

    def __init__(self, name: str) -> None:
        super().__init__(name, 1)

    def _next(self, x: Reading) -> Decimal:
        return x.value


def moving_average(kind: MovingAverageType, name: str, period: int) -> Any:
    """The average LEAN makes of a MovingAverageType.

    Raises ArgumentException for a type that is not here.
    """
    factory = AVERAGES.get(kind)
    if factory is None:
        raise ArgumentException(f"moving average type {kind} is not in leanlocal")
    return factory(name, period)


AVERAGES: dict[MovingAverageType, Any] = {
    MovingAverageType.SIMPLE: SimpleMovingAverage,
    MovingAverageType.EXPONENTIAL: ExponentialMovingAverage,
    MovingAverageType.WILDERS: WilderMovingAverage,
    MovingAverageType.LINEAR_WEIGHTED_MOVING_AVERAGE: LinearWeightedMovingAverage,
    MovingAverageType.DOUBLE_EXPONENTIAL: DoubleExponentialMovingAverage,
    MovingAverageType.TRIPLE_EXPONENTIAL: TripleExponentialMovingAverage,
    MovingAverageType.TRIANGULAR: TriangularMovingAverage,
    MovingAverageType.T_3: T3MovingAverage,
    MovingAverageType.KAMA: KaufmanAdaptiveMovingAverage,
    MovingAverageType.HULL: HullMovingAverage,
    MovingAverageType.ALMA: ArnaudLegouxMovingAverage,
    MovingAverageType.ZLEMA: ZeroLagExponentialMovingAverage,
}
