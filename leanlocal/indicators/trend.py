"""Trend indicators: directional movement, Aroon, stops that follow a trend, Vortex."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from leanlocal.enums import MovingAverageType
from leanlocal.exact import ZERO
from leanlocal.indicators.averages import Identity, Sum, WilderMovingAverage
from leanlocal.indicators.base import BarIndicator, named
from leanlocal.indicators.oscillators import HUNDRED
from leanlocal.indicators.ranges import AverageTrueRange, true_range
from leanlocal.indicators.readings import BarPrices, Reading, decimal_of
from leanlocal.indicators.windowed import Maximum, Minimum

FLAT = Decimal(50)


class AverageDirectionalIndex(BarIndicator):
    """ADX with `positive_directional_index` and `negative_directional_index`; 50 until those are known."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("ADX", name, period)
        super().__init__(title, 2 * n)
        self._n = n
        self._bar: BarPrices | None = None
        self._ranges = self._ups = self._downs = ZERO
        self.positive_directional_index = self._own(Identity(f"{title}_PositiveDirectionalIndex"))
        self.negative_directional_index = self._own(Identity(f"{title}_NegativeDirectionalIndex"))
        self._average = self._own(WilderMovingAverage(f"{title}_AverageDirectionalIndex", n))

    def _movement(self, bar: BarPrices, before: BarPrices | None) -> tuple[Decimal, Decimal]:
        if before is None:
            return ZERO, ZERO
        up, down = bar.high - before.high, before.low - bar.low
        return (up if up > 0 and up > down else ZERO), (down if down > 0 and down > up else ZERO)

    def _smooth(self, total: Decimal, value: Decimal) -> Decimal:
        return total + value if self._samples <= self._n + 1 else total - total / self._n + value

    def _next(self, x: Reading) -> Decimal:
        bar, before = x.prices, self._bar
        self._bar = bar
        up, down = self._movement(bar, before)
        self._ranges = self._smooth(self._ranges, true_range(bar, before) if before is not None else ZERO)
        self._ups, self._downs = self._smooth(self._ups, up), self._smooth(self._downs, down)
        if self._samples <= self._n:
            return FLAT
        positive, negative = ((HUNDRED * part / self._ranges if self._ranges else ZERO) for part in (self._ups, self._downs))
        self.positive_directional_index._push(x.at(positive))
        self.negative_directional_index._push(x.at(negative))
        total = positive + negative
        return self._average._push(x.at(HUNDRED * abs(positive - negative) / total if total else FLAT))

    def _forget(self) -> None:
        self._bar = None
        self._ranges = self._ups = self._downs = ZERO


class AverageDirectionalMovementIndexRating(BarIndicator):
    """Mean of the newest and the oldest of `period` values of the ADX; 50 until there are as many. `adx` is an indicator."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("ADXR", name, period)
        super().__init__(title, 3 * n - 1)
        self._n = n
        self.adx = self._own(AverageDirectionalIndex(f"{title}_ADX", n))
        self._history: list[Decimal] = []

    def _next(self, x: Reading) -> Decimal:
        value = self.adx._push(x)
        if self.adx.is_ready:
            self._history = [*self._history[-self._n + 1 :], value] if self._n > 1 else [value]
        return (value + self._history[0]) / 2 if self.is_ready else FLAT

    @property
    def is_ready(self) -> bool:
        """Whether there are `period` values of the ADX."""
        return len(self._history) == self._n

    def _forget(self) -> None:
        self._history = []


class AroonOscillator(BarIndicator):
    """Aroon up minus Aroon down; both are indicators."""

    def __init__(self, name: Any = None, up_period: Any = None, down_period: Any = None) -> None:
        if isinstance(name, int):
            name, up_period, down_period = None, name, up_period
        title = name or f"AROON({up_period},{down_period})"
        super().__init__(title, 1 + max(int(up_period), int(down_period)))
        self._highs, self._lows = self._own(Maximum(f"{title}_Max", int(up_period) + 1), Minimum(f"{title}_Min", int(down_period) + 1))
        self._up_period, self._down_period = int(up_period), int(down_period)
        self.aroon_up, self.aroon_down = self._own(Identity(f"{title}_AroonUp"), Identity(f"{title}_AroonDown"))

    def _next(self, x: Reading) -> Decimal:
        self._highs._push(x.at(x.prices.high))
        self._lows._push(x.at(x.prices.low))
        up = HUNDRED * (self._up_period - self._highs.periods_since_maximum) / self._up_period
        down = HUNDRED * (self._down_period - self._lows.periods_since_minimum) / self._down_period
        return self.aroon_up._push(x.at(up)) - self.aroon_down._push(x.at(down))


class ParabolicStopAndReverse(BarIndicator):
    """Wilder's stop that accelerates with the trend. A first rise starts from the lower of the two highs, as in LEAN."""

    def __init__(self, name: Any = "PSAR", af_start: Any = 0.02, af_increment: Any = 0.02, af_max: Any = 0.2) -> None:
        if not isinstance(name, str):
            name, af_start, af_increment, af_max = "PSAR", name, af_start, af_increment if af_increment != af_start else af_max
        super().__init__(f"{name}({af_start},{af_increment},{af_max})" if name == "PSAR" else name, 2)
        self._start, self._step, self._limit = (decimal_of(v) for v in (af_start, af_increment, af_max))
        self._bar: BarPrices | None = None
        self._long, self._stop, self._extreme, self._speed = True, ZERO, ZERO, self._start

    def _next(self, x: Reading) -> Decimal:
        bar, before = x.prices, self._bar
        self._bar = bar
        if before is None:
            self._long = True
            return bar.close
        if self._samples == 2:
            return self._begin(bar, before)
        return self._follow(bar, before)

    def _begin(self, bar: BarPrices, before: BarPrices) -> Decimal:
        self._long = bar.close >= before.close
        self._extreme = min(bar.high, before.high) if self._long else min(bar.low, before.low)
        self._stop = before.low if self._long else before.high
        self._speed = self._start
        return self._stop

    def _follow(self, bar: BarPrices, before: BarPrices) -> Decimal:
        long = self._long
        broken = bar.low <= self._stop if long else bar.high >= self._stop
        if broken:
            self._long, self._speed = not long, self._start
            turned = max(self._extreme, before.high, bar.high) if long else min(self._extreme, before.low, bar.low)
            self._extreme = bar.low if long else bar.high
            self._stop = turned
            self._advance(bar, before, turned)
            return turned
        output = self._stop
        better = bar.high > self._extreme if long else bar.low < self._extreme
        if better:
            self._extreme = bar.high if long else bar.low
            self._speed = min(self._speed + self._step, self._limit)
        self._advance(bar, before, output)
        return output

    def _advance(self, bar: BarPrices, before: BarPrices, base: Decimal) -> None:
        moved = base + self._speed * (self._extreme - base)
        self._stop = min(moved, before.low, bar.low) if self._long else max(moved, before.high, bar.high)

    def _forget(self) -> None:
        self._bar = None
        self._long, self._stop, self._extreme, self._speed = True, ZERO, ZERO, self._start


class SuperTrend(BarIndicator):
    """Trailing band of k average true ranges around the bar's middle."""

    def __init__(self, name: Any = None, period: Any = None, multiplier: Any = None, moving_average_type: Any = MovingAverageType.WILDERS) -> None:
        if isinstance(name, int):
            name, period, multiplier = None, name, period
        title = name or f"SuperTrend({period},{multiplier})"
        super().__init__(title, int(period))
        self._k = decimal_of(multiplier)
        self._range = self._own(AverageTrueRange(f"{title}_ATR", int(period), moving_average_type))
        self.basic_upper_band = self.basic_lower_band = self.current_trailing_upper_band = self.current_trailing_lower_band = 0.0
        self._upper = self._lower = self._close = self._trend = ZERO

    def _next(self, x: Reading) -> Decimal:
        reach = self._k * self._range._push(x)
        if not self._range.is_ready:
            self._close = x.prices.close
            return ZERO
        middle = (x.prices.high + x.prices.low) / 2
        upper, lower = middle + reach, middle - reach
        self.basic_upper_band, self.basic_lower_band = float(upper), float(lower)
        lower = lower if lower > self._lower or self._close < self._lower else self._lower
        upper = upper if upper < self._upper or self._close > self._upper else self._upper
        if self._trend in (ZERO, self._upper):
            self._trend, chosen = (upper, upper) if x.prices.close <= upper else (lower, lower)
        else:
            self._trend, chosen = (lower, lower) if x.prices.close >= lower else (upper, upper)
        self._upper, self._lower, self._close = upper, lower, x.prices.close
        self.current_trailing_upper_band, self.current_trailing_lower_band = float(upper), float(lower)
        return chosen

    def _forget(self) -> None:
        self._upper = self._lower = self._close = self._trend = ZERO


class Vortex(BarIndicator):
    """Movement against the bar before over the sum of true ranges, the first bar's counted; the value is the mean of `plus_vortex` and `minus_vortex`."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("VTX", name, period)
        super().__init__(title, n)
        self._n = n
        self._bar: BarPrices | None = None
        self._ranges, self._plus, self._minus = (self._own(Sum(f"{title}_{part}", n)) for part in ("Range", "PlusVM", "MinusVM"))
        self.plus_vortex, self.minus_vortex = self._own(Identity(f"{title}_PlusVortex"), Identity(f"{title}_MinusVortex"))

    def _next(self, x: Reading) -> Decimal:
        bar, before = x.prices, self._bar
        self._bar = bar
        reach = self._ranges._push(x.at(true_range(bar, before)))
        if before is not None and reach:
            plus, minus = self._plus._push(x.at(abs(bar.high - before.low))), self._minus._push(x.at(abs(bar.low - before.high)))
            self.plus_vortex._push(x.at(plus / reach))
            self.minus_vortex._push(x.at(minus / reach))
        return (self.plus_vortex._value + self.minus_vortex._value) / 2 if self.is_ready else ZERO

    def _forget(self) -> None:
        self._bar = None
