"""Oscillators: relative strength, convergence, stochastics and their kin."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from leanlocal.enums import MovingAverageType
from leanlocal.exact import ONE, ZERO, add, div, round_half_even, sub
from leanlocal.indicators.averages import ExponentialMovingAverage, Identity, SimpleMovingAverage, Sum, moving_average
from leanlocal.indicators.base import BarIndicator, Indicator, WindowIndicator, named, shifted
from leanlocal.indicators.readings import BarPrices, Reading
from leanlocal.indicators.windowed import Maximum, MeanAbsoluteDeviation, Minimum, RateOfChangePercent

HUNDRED = Decimal(100)


class RelativeStrengthIndex(Indicator):
    """RSI; 100 while there is no average loss. Ready one input after the averages."""

    def __init__(self, name: Any = None, period: Any = None, moving_average_type: Any = None) -> None:
        if isinstance(period, MovingAverageType):
            period, moving_average_type = None, period
        title, n = named("RSI", name, period)
        super().__init__(title, n + 1)
        self.moving_average_type = MovingAverageType.WILDERS if moving_average_type is None else moving_average_type
        self.average_gain = self._own(moving_average(self.moving_average_type, f"{title}Up", n))
        self.average_loss = self._own(moving_average(self.moving_average_type, f"{title}Down", n))
        self._last: Decimal | None = None

    def _next(self, x: Reading) -> Decimal:
        if self._last is not None:
            change = x.value - self._last
            self.average_gain._push(x.at(max(change, ZERO)))
            self.average_loss._push(x.at(max(-change, ZERO)))
        self._last = x.value
        loss = self.average_loss._value
        if round_half_even(loss, 10) == 0:
            return HUNDRED
        return sub(HUNDRED, div(HUNDRED, add(ONE, div(self.average_gain._value, loss))))

    def _forget(self) -> None:
        self._last = None


class MovingAverageConvergenceDivergence(Indicator):
    """Fast average minus slow average; `signal` averages it once both are ready, `histogram` is the difference."""

    def __init__(
        self, name: Any = None, fast_period: Any = None, slow_period: Any = None, signal_period: Any = None, type: Any = MovingAverageType.EXPONENTIAL
    ) -> None:
        if isinstance(name, int):
            kind = signal_period if isinstance(signal_period, MovingAverageType) else type
            name, fast_period, slow_period, signal_period, type = None, name, fast_period, slow_period, kind
        title = name or f"MACD({fast_period},{slow_period},{signal_period})"
        super().__init__(title, int(slow_period) + int(signal_period) - 1)
        self.fast, self.slow, self.signal = (
            self._own(moving_average(type, f"{title}_{part}", int(n))) for part, n in (("Fast", fast_period), ("Slow", slow_period), ("Signal", signal_period))
        )
        self.histogram = self._own(Identity(f"{title}_Histogram"))

    def _next(self, x: Reading) -> Decimal:
        fast, slow = self.fast._push(x), self.slow._push(x)
        value = fast - slow
        if self.fast.is_ready and self.slow.is_ready and self.signal._push(x.at(value)) is not None and self.signal.is_ready:
            self.histogram._push(x.at(value - self.signal._value))
        return value

    @property
    def is_ready(self) -> bool:
        """Whether the signal is."""
        return self.signal.is_ready


class AbsolutePriceOscillator(MovingAverageConvergenceDivergence):
    """Fast average minus slow average, with the signal over nine of it; ready as soon as the averages are."""

    def __init__(self, name: Any = None, fast_period: Any = None, slow_period: Any = None, moving_average_type: Any = MovingAverageType.SIMPLE) -> None:
        if isinstance(name, int):
            kind = slow_period if isinstance(slow_period, MovingAverageType) else moving_average_type
            name, fast_period, slow_period, moving_average_type = None, name, fast_period, kind
        super().__init__(name or f"APO({fast_period},{slow_period})", fast_period, slow_period, 9, moving_average_type)
        self._ready_after = max(int(fast_period), int(slow_period))

    @property
    def is_ready(self) -> bool:
        """Whether the averages are."""
        return self._ready


class PercentagePriceOscillator(AbsolutePriceOscillator):
    """Fast average minus slow average, in percent of the slow one."""

    def __init__(self, name: Any = None, fast_period: Any = None, slow_period: Any = None, moving_average_type: Any = MovingAverageType.SIMPLE) -> None:
        if isinstance(name, int):
            kind = slow_period if isinstance(slow_period, MovingAverageType) else moving_average_type
            name, fast_period, slow_period, moving_average_type = f"PPO({name},{fast_period})", name, fast_period, kind
        super().__init__(name, fast_period, slow_period, moving_average_type)

    def _next(self, x: Reading) -> Decimal:
        difference = super()._next(x)
        return difference / self.slow._value * 100 if self.is_ready and self.slow._value else ZERO


class CommodityChannelIndex(BarIndicator):
    """Distance of the typical price from its mean in units of 0.015 mean absolute deviations."""

    def __init__(self, name: Any = None, period: Any = None, moving_average_type: Any = MovingAverageType.SIMPLE) -> None:
        if isinstance(period, MovingAverageType):
            period, moving_average_type = None, period
        title, n = named("CCI", name, period)
        super().__init__(title, n)
        self.moving_average_type = moving_average_type
        self.typical_price_average = self._own(moving_average(moving_average_type, f"{title}_TypicalPriceAvg", n))
        self.typical_price_mean_deviation = self._own(MeanAbsoluteDeviation(f"{title}_TypicalPriceMAD", n))

    def _next(self, x: Reading) -> Decimal:
        typical = x.at((x.prices.high + x.prices.low + x.prices.close) / 3)
        mean = self.typical_price_average._push(typical)
        unit = self.typical_price_mean_deviation._push(typical) * Decimal("0.015")
        return (typical.value - mean) / unit if unit else ZERO


class WilliamsPercentR(BarIndicator):
    """Distance of the close from the highest high, in percent of the range, from -100 to 0; 0 until ready."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("WILR", name, period)
        super().__init__(title, n)
        self.maximum, self.minimum = self._own(Maximum(f"{title}_Max", n), Minimum(f"{title}_Min", n))

    def _next(self, x: Reading) -> Decimal:
        high, low = self.maximum._push(x.at(x.prices.high)), self.minimum._push(x.at(x.prices.low))
        return -HUNDRED * (high - x.prices.close) / (high - low) if self.is_ready and high != low else ZERO


class Stochastic(BarIndicator):
    """Fast %K with slow %K and %D; the value is the fast one."""

    def __init__(self, name: Any = None, period: Any = None, k_period: Any = None, d_period: Any = None) -> None:
        if isinstance(name, int):
            name, period, k_period, d_period = None, name, period, k_period
        title = name or f"STO({period},{k_period},{d_period})"
        super().__init__(title, int(period) + int(k_period) + int(d_period) - 2)
        self._n, self._k, self._d = int(period), int(k_period), int(d_period)
        self._high, self._low = self._own(Maximum(f"{title}_Max", self._n), Minimum(f"{title}_Min", self._n))
        self._fast_sum, self._slow_sum = self._own(Sum(f"{title}_SumFastK", self._k), Sum(f"{title}_SumD", self._d))
        self.fast_stoch, self.stoch_k, self.stoch_d = (self._own(Identity(f"{title}_{part}")) for part in ("FastStoch", "StochK", "StochD"))

    def _next(self, x: Reading) -> Decimal:
        fast = self.fast_stoch._push(x.at(self._fast(x) * HUNDRED))
        slow = ZERO
        if self._fast_sum.is_ready:
            slow = self._fast_sum._value / self._k
            self._slow_sum._push(x.at(slow))
        self.stoch_k._push(x.at(slow * HUNDRED))
        self.stoch_d._push(x.at(self._slow_sum._value / self._d * HUNDRED if self._slow_sum.is_ready else ZERO))
        return fast

    def _fast(self, x: Reading) -> Decimal:
        """Where the close lies in the range, 0 to 1; a bar without a range counts as 0 and does not enter the slow average."""
        high, low = self._high._push(x.at(x.prices.high)), self._low._push(x.at(x.prices.low))
        if high == low or not self._high.is_ready:
            return ZERO
        fast = (x.prices.close - low) / (high - low)
        self._fast_sum._push(x.at(fast))
        return fast

    @property
    def is_ready(self) -> bool:
        """Whether the range and both sums are full."""
        return self._high.is_ready and self._fast_sum.is_ready and self._slow_sum.is_ready


class StochasticRelativeStrengthIndex(Indicator):
    """Where the RSI lies in its newest values, smoothed to `k` and again to `d`; the value is the input, 0 while the values fill."""

    def __init__(
        self,
        name: Any = None,
        rsi_period: Any = None,
        stoch_period: Any = None,
        k_smoothing_period: Any = None,
        d_smoothing_period: Any = None,
        moving_average_type: Any = None,
    ) -> None:
        given, periods = shifted(name, rsi_period, stoch_period, k_smoothing_period, d_smoothing_period, moving_average_type)
        rsi, stoch, k, d = (int(period) for period in periods[:4])
        kind = MovingAverageType.SIMPLE if periods[4] is None else periods[4]
        title = given or f"SRSI({rsi},{stoch},{k},{d},{kind})"
        super().__init__(title, rsi + stoch + max(k, d))
        self._rsi, self._high, self._low = self._own(RelativeStrengthIndex(f"{title}_RSI", rsi), Maximum(f"{title}_Max", stoch), Minimum(f"{title}_Min", stoch))
        self.k, self.d = self._own(moving_average(kind, f"{title}_K_{kind}", k), moving_average(kind, f"{title}_D_{kind}", d))

    def _next(self, x: Reading) -> Decimal:
        strength = x.at(self._rsi._push(x))
        high, low = self._high._push(strength), self._low._push(strength)
        if not self._high.is_ready:
            return ZERO
        place = HUNDRED * (strength.value - low) / (high - low) if high != low else HUNDRED
        self.d._push(x.at(self.k._push(x.at(place))))
        return x.value


class ChandeMomentumOscillator(WindowIndicator):
    """Gains minus losses over gains plus losses, in percent."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("CMO", name, period)
        super().__init__(title, n)
        self._ready_after = n + 1
        self._last, self._gain, self._loss = ZERO, ZERO, ZERO

    def _of_window(self, x: Reading, dropped: Decimal | None) -> Decimal:
        change = x.value - self._last if self._samples > 1 else ZERO
        self._last, n = x.value, self._period
        if self._samples <= n + 1:
            self._gain, self._loss = self._gain + max(change, ZERO), self._loss + max(-change, ZERO)
            if self._samples == n + 1:
                self._gain, self._loss = self._gain / n, self._loss / n
            else:
                return ZERO
        else:
            self._gain, self._loss = (self._gain * (n - 1) + max(change, ZERO)) / n, (self._loss * (n - 1) + max(-change, ZERO)) / n
        total = self._gain + self._loss
        return HUNDRED * (self._gain - self._loss) / total if total else ZERO

    def _forget(self) -> None:
        super()._forget()
        self._last = self._gain = self._loss = ZERO


class UltimateOscillator(BarIndicator):
    """Weighted buying pressure over three periods."""

    def __init__(self, name: Any = None, period_1: Any = None, period_2: Any = None, period_3: Any = None) -> None:
        if isinstance(name, int):
            name, period_1, period_2, period_3 = None, name, period_1, period_2
        super().__init__(name or f"ULTOSC({period_1},{period_2},{period_3})", max(int(period_1), int(period_2), int(period_3)) + 1)
        self._periods = (int(period_1), int(period_2), int(period_3))
        self._bar: BarPrices | None = None
        self._rows: list[tuple[Decimal, Decimal]] = []

    def _next(self, x: Reading) -> Decimal:
        bar, before = x.prices, self._bar
        self._bar = bar
        if before is None:
            return Decimal(50)
        low, high = min(bar.low, before.close), max(bar.high, before.close)
        self._rows = [*self._rows[-max(self._periods) + 1 :], (bar.close - low, high - low)]
        if not self.is_ready:
            return Decimal(50)
        means: list[Decimal] = []
        for period in self._periods:
            reach = sum((row[1] for row in self._rows[-period:]), ZERO)
            if not reach:
                return self._value
            means.append(sum((row[0] for row in self._rows[-period:]), ZERO) / reach)
        return HUNDRED * (4 * means[0] + 2 * means[1] + means[2]) / 7

    def _forget(self) -> None:
        self._bar = None
        self._rows.clear()


class Trix(Indicator):
    """Percent change of a triple exponential average; 0 until ready."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("TRIX", name, period)
        super().__init__(title, 3 * (n - 1) + 2)
        self._chain = [self._own(ExponentialMovingAverage(f"{title}_{i}", n)) for i in (1, 2, 3)]
        self._change = self._own(RateOfChangePercent(f"{title}_ROCP1", 1))

    def _next(self, x: Reading) -> Decimal:
        for average in self._chain:
            x = x.at(average._push(x))
            if not average.is_ready:
                return ZERO
        value = self._change._push(x)
        return value if self._change.is_ready else ZERO


class TrueStrengthIndex(Indicator):
    """Doubly smoothed momentum over doubly smoothed absolute momentum, in percent; `signal` averages it."""

    def __init__(
        self,
        name: Any = None,
        long_term_period: int = 25,
        short_term_period: int = 13,
        signal_period: int = 7,
        signal_type: Any = MovingAverageType.EXPONENTIAL,
    ) -> None:
        if isinstance(name, int):
            name, long_term_period, short_term_period = None, name, long_term_period
        title = name or f"TSI({long_term_period},{short_term_period},{signal_period})"
        super().__init__(title, long_term_period + short_term_period)
        self._pairs = [
            tuple(self._own(ExponentialMovingAverage(f"{title}_{part}_{n}", n)) for n in (long_term_period, short_term_period))
            for part in ("change", "absolute")
        ]
        self.signal = self._own(moving_average(signal_type, f"{title}_SIGNAL", signal_period))
        self._last: Decimal | None = None

    def _next(self, x: Reading) -> Decimal:
        before, self._last = self._last, x.value
        if before is None:
            return ZERO
        smooth: list[Decimal] = []
        for value, (slow, fast) in zip((x.value - before, abs(x.value - before)), self._pairs, strict=True):
            once = slow._push(x.at(value))
            smooth.append(fast._push(x.at(once)) if slow.is_ready else ZERO)
        if not self._pairs[1][1].is_ready or not smooth[1]:
            return self._value
        value = HUNDRED * smooth[0] / smooth[1]
        self.signal._push(x.at(value))
        return value

    def _forget(self) -> None:
        self._last = None


class AwesomeOscillator(BarIndicator):
    """Fast average of the bar's middle minus its slow average."""

    def __init__(self, name: Any = None, fast_period: Any = None, slow_period: Any = None, type: Any = MovingAverageType.SIMPLE) -> None:
        if isinstance(name, int):
            name, fast_period, slow_period = None, name, fast_period
        title = name or f"AO({fast_period},{slow_period},{type})"
        super().__init__(title, max(int(fast_period), int(slow_period)))
        self.fast_ao, self.slow_ao = (self._own(moving_average(type, f"{title}_{n}", int(n))) for n in (fast_period, slow_period))

    def _next(self, x: Reading) -> Decimal:
        middle = x.at((x.prices.high + x.prices.low) / 2)
        fast, slow = self.fast_ao._push(middle), self.slow_ao._push(middle)
        return fast - slow if self.is_ready else ZERO


class BalanceOfPower(BarIndicator):
    """Body of the bar over its range."""

    def __init__(self, name: str = "BOP") -> None:
        super().__init__(name, 1)

    def _next(self, x: Reading) -> Decimal:
        bar = x.prices
        return (bar.close - bar.open) / (bar.high - bar.low) if bar.high != bar.low else ZERO


class DetrendedPriceOscillator(Indicator):
    """Value half a period and one ago minus the simple average."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("DPO", name, period)
        super().__init__(title, n)
        self._average = self._own(SimpleMovingAverage(f"{title}_SMA", n))
        self._back, self._values = n // 2 + 1, list[Decimal]()

    def _next(self, x: Reading) -> Decimal:
        mean = self._average._push(x)
        self._values = [*self._values[-self._back :], x.value]
        return self._values[0] - mean

    def _forget(self) -> None:
        self._values = []
