"""Indicators of a bar's range and of bands around a price."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from leanlocal.enums import MovingAverageType
from leanlocal.exact import ZERO, from_float
from leanlocal.indicators.averages import ExponentialMovingAverage, Identity, SimpleMovingAverage, Sum, moving_average
from leanlocal.indicators.base import BarIndicator, Indicator, TradeBarIndicator, named
from leanlocal.indicators.readings import BarPrices, Reading, decimal_of
from leanlocal.indicators.windowed import Maximum, Minimum, StandardDeviation


def true_range(bar: BarPrices, before: BarPrices | None) -> Decimal:
    """Range of a bar including the gap from the close before."""
    if before is None:
        return bar.high - bar.low
    return max(bar.high - bar.low, abs(bar.high - before.close), abs(bar.low - before.close))


class TrueRange(BarIndicator):
    """Range including the gap; ready from the second bar."""

    def __init__(self, name: str = "TR") -> None:
        super().__init__(name, 2)
        self._bar: BarPrices | None = None

    def _next(self, x: Reading) -> Decimal:
        value = true_range(x.prices, self._bar)
        self._bar = x.prices
        return value

    def _forget(self) -> None:
        self._bar = None


class AverageTrueRange(BarIndicator):
    """Average of the true range; `true_range` is an indicator."""

    def __init__(self, name: Any = None, period: Any = None, moving_average_type: Any = None) -> None:
        if isinstance(period, MovingAverageType):
            period, moving_average_type = None, period
        title, n = named("ATR", name, period)
        super().__init__(title, n)
        kind = MovingAverageType.WILDERS if moving_average_type is None else moving_average_type
        self._smoother = self._own(moving_average(kind, f"{title}_{kind}", n))
        self.true_range = self._own(TrueRange(f"{title}_TrueRange"))

    def _next(self, x: Reading) -> Decimal:
        return self._smoother._push(x.at(self.true_range._push(x)))

    @property
    def is_ready(self) -> bool:
        """Whether the smoother is."""
        return self._smoother.is_ready


class NormalizedAverageTrueRange(BarIndicator):
    """Wilder's average true range in percent of the close, seeded without the first bar."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("NATR", name, period)
        super().__init__(title, n + 1)
        self._n, self._last = n, ZERO
        self._range, self._seed = self._own(TrueRange(f"{title}_TR"), SimpleMovingAverage(f"{title}_SMA", n))

    def _next(self, x: Reading) -> Decimal:
        value = self._range._push(x)
        if self._samples <= self._n + 1:
            self._last = self._seed._push(x.at(value))
        else:
            self._last = (self._last * (self._n - 1) + value) / self._n
        close = x.prices.close
        return self._last / close * 100 if close else ZERO

    def _forget(self) -> None:
        self._last = ZERO


class BollingerBands(Indicator):
    """Average with bands of k standard deviations; the value is the input. Bands, width and %b are indicators."""

    def __init__(self, name: Any = None, period: Any = None, k: Any = None, moving_average_type: Any = MovingAverageType.SIMPLE) -> None:
        if isinstance(name, int):
            name, period, k, moving_average_type = None, name, period, k if isinstance(k, MovingAverageType) else moving_average_type
        title = name or f"BB({period},{k})"
        super().__init__(title, int(period))
        self._k = decimal_of(k)
        self.middle_band = self._own(moving_average(moving_average_type, f"{title}_MiddleBand", int(period)))
        self.standard_deviation = self._own(StandardDeviation(f"{title}_StandardDeviation", int(period)))
        self.upper_band, self.lower_band = self._own(Identity(f"{title}_UpperBand"), Identity(f"{title}_LowerBand"))
        self.band_width, self.percent_b, self.price = self._own(Identity(f"{title}_BandWidth"), Identity(f"{title}_PercentB"), Identity(f"{title}_Close"))

    def _next(self, x: Reading) -> Decimal:
        spread, middle = self.standard_deviation._push(x) * self._k, self.middle_band._push(x)
        upper, lower = self.upper_band._push(x.at(middle + spread)), self.lower_band._push(x.at(middle - spread))
        width = upper - lower
        self.price._push(x)
        self.band_width._push(x.at(width / middle * 100 if middle else ZERO))
        self.percent_b._push(x.at((x.value - lower) / width if width else ZERO))
        return x.value

    @property
    def is_ready(self) -> bool:
        """Whether the bands are."""
        return self.middle_band.is_ready


class KeltnerChannels(BarIndicator):
    """Average of the close with bands of k average true ranges; the value is the middle band."""

    def __init__(self, name: Any = None, period: Any = None, k: Any = None, moving_average_type: Any = MovingAverageType.SIMPLE) -> None:
        if isinstance(name, int):
            name, period, k, moving_average_type = None, name, period, k if isinstance(k, MovingAverageType) else moving_average_type
        title = name or f"KC({period},{k})"
        super().__init__(title, int(period))
        self._k = decimal_of(k)
        self.middle_band = self._own(moving_average(moving_average_type, f"{title}_MiddleBand", int(period)))
        self.average_true_range = self._own(AverageTrueRange(f"{title}_AverageTrueRange", int(period), MovingAverageType.SIMPLE))
        self.upper_band, self.lower_band = self._own(Identity(f"{title}_UpperBand"), Identity(f"{title}_LowerBand"))

    def _next(self, x: Reading) -> Decimal:
        spread = self.average_true_range._push(x) * self._k
        middle = self.middle_band._push(x.at((x.prices.high + x.prices.low + x.prices.close) / 3))
        ready = self.middle_band.is_ready
        self.upper_band._push(x.at(middle + spread if ready else ZERO))
        self.lower_band._push(x.at(middle - spread if ready else ZERO))
        return middle

    @property
    def is_ready(self) -> bool:
        """Whether both averages are."""
        return self.middle_band.is_ready and self.average_true_range.is_ready


class DonchianChannel(BarIndicator):
    """Highest high and lowest low; the value is their mean."""

    def __init__(self, name: Any = None, upper_period: Any = None, lower_period: Any = None) -> None:
        if isinstance(name, int):
            name, upper_period, lower_period = None, name, upper_period
        lower_period = upper_period if lower_period is None else lower_period
        title = name or f"DCH({lower_period},{upper_period})"
        super().__init__(title, max(int(upper_period), int(lower_period)))
        self.upper_band = self._own(Maximum(f"{title}_UpperBand", int(upper_period)))
        self.lower_band = self._own(Minimum(f"{title}_LowerBand", int(lower_period)))

    def _next(self, x: Reading) -> Decimal:
        upper, lower = self.upper_band._push(x.at(x.prices.high)), self.lower_band._push(x.at(x.prices.low))
        return (upper + lower) / 2


class AccelerationBands(BarIndicator):
    """Headley's bands: averages of high and low widened by the bar's relative range."""

    def __init__(self, name: Any = None, period: Any = None, width: float = 4, moving_average_type: Any = MovingAverageType.SIMPLE) -> None:
        if isinstance(name, int):
            name, period, width = None, name, period if period is not None else 4
        title = name or f"ABANDS({period},{width})"
        super().__init__(title, int(period))
        self._width = decimal_of(width)
        parts = [self._own(moving_average(moving_average_type, f"{title}_{part}", int(period))) for part in ("UpperBand", "MiddleBand", "LowerBand")]
        self.upper_band, self.middle_band, self.lower_band = parts

    def _next(self, x: Reading) -> Decimal:
        bar = x.prices
        total = bar.high + bar.low
        reach = self._width * (bar.high - bar.low) / total if total else ZERO
        self.upper_band._push(x.at(bar.high * (1 + reach)))
        self.lower_band._push(x.at(bar.low * (1 - reach)))
        return self.middle_band._push(x.at(bar.close))

    @property
    def is_ready(self) -> bool:
        """Whether the bands are."""
        return self.upper_band.is_ready


class ChoppinessIndex(BarIndicator):
    """Logarithm of the path (summed true ranges) over the span of the bars, in percent of that of the period; 100 without a span, 0 until ready."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("CHOP", name, period)
        super().__init__(title, n)
        self._bar: BarPrices | None = None
        self._path, self._high, self._low = self._own(Sum(f"{title}_TR", n), Maximum(f"{title}_Max", n), Minimum(f"{title}_Min", n))

    def _next(self, x: Reading) -> Decimal:
        path = self._path._push(x.at(true_range(x.prices, self._bar)))
        span = self._high._push(x.at(x.prices.high)) - self._low._push(x.at(x.prices.low))
        self._bar = x.prices
        if not self.is_ready:
            return ZERO
        return from_float(100.0 * math.log10(float(path) / float(span)) / math.log10(self._ready_after)) if span else Decimal(100)

    def _forget(self) -> None:
        self._bar = None


class MassIndex(TradeBarIndicator):
    """Sum of the bar's averaged range over the average of that average; the period of the sum until ready."""

    def __init__(self, name: Any = None, ema_period: int = 9, sum_period: int = 25) -> None:
        if isinstance(name, int):
            name, ema_period, sum_period = None, name, ema_period if ema_period != 9 else sum_period
        title = name or f"MII({ema_period}_{sum_period})"
        super().__init__(title, 2 * (ema_period - 1) + sum_period)
        self._once, self._twice = self._own(ExponentialMovingAverage(f"{title}_1", ema_period), ExponentialMovingAverage(f"{title}_2", ema_period))
        self._sum = self._own(Sum(f"{title}_Sum", sum_period))

    def _next(self, x: Reading) -> Decimal:
        once = self._once._push(x.at(x.prices.high - x.prices.low))
        if self._once.is_ready:
            twice = self._twice._push(x.at(once))
            if self._twice.is_ready:
                self._sum._push(x.at(once / twice if twice else ZERO))
        return self._sum._value if self._sum.is_ready else Decimal(self._sum.period)

    @property
    def is_ready(self) -> bool:
        """Whether the sum is."""
        return self._sum.is_ready
