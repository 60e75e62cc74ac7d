"""Indicators that read a bar's volume."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from leanlocal.enums import MovingAverageType
from leanlocal.exact import ZERO
from leanlocal.indicators.averages import ExponentialMovingAverage, SimpleMovingAverage, Sum, moving_average
from leanlocal.indicators.base import IndicatorBase, TradeBarIndicator, named
from leanlocal.indicators.oscillators import HUNDRED
from leanlocal.indicators.readings import BarPrices, Reading


def flow_of(bar: BarPrices) -> Decimal:
    """Volume signed and scaled by where the close lies in the bar's range."""
    reach = bar.high - bar.low
    return ((bar.close - bar.low) - (bar.high - bar.close)) / reach * bar.volume if reach > 0 else ZERO


class OnBalanceVolume(TradeBarIndicator):
    """Volume added on a rise, taken off on a fall; starts with the first bar's volume."""

    def __init__(self, name: str = "OBV") -> None:
        super().__init__(name, 1)
        self._bar: BarPrices | None = None

    def _next(self, x: Reading) -> Decimal:
        bar, before = x.prices, self._bar
        self._bar = bar
        if before is None:
            return bar.volume
        return self._value + (bar.volume if bar.close > before.close else -bar.volume if bar.close < before.close else ZERO)

    def _forget(self) -> None:
        self._bar = None


class AccumulationDistribution(TradeBarIndicator):
    """Running sum of money flow volume."""

    def __init__(self, name: str = "AD") -> None:
        super().__init__(name, 1)

    def _next(self, x: Reading) -> Decimal:
        return self._value + flow_of(x.prices)


class AccumulationDistributionOscillator(TradeBarIndicator):
    """Fast minus slow exponential average of accumulation/distribution; 0 until ready."""

    def __init__(self, name: Any = None, fast_period: Any = None, slow_period: Any = None) -> None:
        if isinstance(name, int):
            name, fast_period, slow_period = None, name, fast_period
        title = name or f"ADOSC({fast_period},{slow_period})"
        super().__init__(title, max(int(fast_period), int(slow_period)))
        self._line = self._own(AccumulationDistribution(f"{title}_AD"))
        self._fast, self._slow = self._own(ExponentialMovingAverage(f"{title}_Fast", fast_period), ExponentialMovingAverage(f"{title}_Slow", slow_period))

    def _next(self, x: Reading) -> Decimal:
        line = x.at(self._line._push(x))
        fast, slow = self._fast._push(line), self._slow._push(line)
        return fast - slow if self.is_ready else ZERO


class ChaikinMoneyFlow(TradeBarIndicator):
    """Money flow volume over volume; 0 until ready."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("CMF", name, period)
        super().__init__(title, n)
        self._flow, self._volume = self._own(Sum(f"{title}_FLOW", n), Sum(f"{title}_VOLUME", n))

    def _next(self, x: Reading) -> Decimal:
        flow, volume = self._flow._push(x.at(flow_of(x.prices))), self._volume._push(x.at(x.prices.volume))
        return flow / volume if volume and self.is_ready else ZERO


class MoneyFlowIndex(TradeBarIndicator):
    """RSI of typical price times volume; 100 without negative flow. The first bar counts as a rise."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("MFI", name, period)
        super().__init__(title, n)
        self.positive_money_flow, self.negative_money_flow = self._own(Sum(f"{title}_PositiveMoneyFlow", n), Sum(f"{title}_NegativeMoneyFlow", n))
        self._typical = ZERO

    def _next(self, x: Reading) -> Decimal:
        typical = (x.prices.high + x.prices.low + x.prices.close) / 3
        flow, before = typical * x.prices.volume, self._typical
        self._typical = typical
        positive = self.positive_money_flow._push(x.at(flow if typical > before else ZERO))
        negative = self.negative_money_flow._push(x.at(flow if typical < before else ZERO))
        total = positive + negative
        return HUNDRED * positive / total if total else HUNDRED

    def _forget(self) -> None:
        self._typical = ZERO


class VolumeWeightedAveragePriceIndicator(TradeBarIndicator):
    """Mean of the bars' average prices weighted by volume."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("VWAP", name, period)
        super().__init__(title, n)
        self._money, self._volume = self._own(Sum(f"{title}_Price", n), Sum(f"{title}_Volume", n))

    def _next(self, x: Reading) -> Decimal:
        bar = x.prices
        mean = (bar.open + bar.high + bar.low + bar.close) / 4
        money, volume = self._money._push(x.at(mean * bar.volume)), self._volume._push(x.at(bar.volume))
        return money / volume if volume else bar.close


class VolumeWeightedMovingAverage(TradeBarIndicator):
    """Mean close weighted by volume."""

    def __init__(self, name: str | int | None = None, period: int | None = None) -> None:
        title, n = named("VWMA", name, period)
        super().__init__(title, n)
        self._money, self._volume = self._own(Sum(f"{title}_Price", n), Sum(f"{title}_Volume", n))

    def _next(self, x: Reading) -> Decimal:
        money, volume = self._money._push(x.at(x.prices.close * x.prices.volume)), self._volume._push(x.at(x.prices.volume))
        return money / volume if volume else x.prices.close


class IntradayVwap(IndicatorBase):
    """Volume-weighted mean of the day's typical prices; starts anew each day and is the price itself while nothing traded."""

    def __init__(self, name: str = "VWAP") -> None:
        super().__init__(name, 1)
        self._day: date | None = None
        self._money = self._volume = ZERO

    def _next(self, x: Reading) -> Decimal:
        if x.time.date() != self._day:
            self._day, self._money, self._volume = x.time.date(), ZERO, ZERO
        bar = x.prices
        self._money += (bar.high + bar.low + bar.close) / 3 * bar.volume
        self._volume += bar.volume
        return self._money / self._volume if self._volume else x.value

    @property
    def is_ready(self) -> bool:
        """Whether any volume was seen today."""
        return self._volume > 0

    def _forget(self) -> None:
        self._day, self._money, self._volume = None, ZERO, ZERO


class ForceIndex(TradeBarIndicator):
    """Average of price change times volume, exponential unless another kind is asked for."""

    def __init__(self, name: Any = None, period: Any = None, type: Any = MovingAverageType.EXPONENTIAL) -> None:
        if isinstance(period, MovingAverageType):
            period, type = None, period
        title, n = named("FI", name, period)
        super().__init__(title, n + 1)
        self._average = self._own(moving_average(type, f"{title}_MA", n))
        self._close: Decimal | None = None

    def _next(self, x: Reading) -> Decimal:
        before, self._close = self._close, x.prices.close
        if before is None:
            return ZERO
        return self._average._push(x.at((x.prices.close - before) * x.prices.volume))

    @property
    def is_ready(self) -> bool:
        """Whether the average is."""
        return self._average.is_ready

    def _forget(self) -> None:
        self._close = None


class EaseOfMovementValue(TradeBarIndicator):
    """Average of the middle's move per unit of volume and range; a bar without either counts as 0 and is not moved from."""

    def __init__(self, name: Any = "EMV", period: int = 1, scale: int = 10000) -> None:
        if isinstance(name, int):
            name, period, scale = "EMV", name, period if period != 1 else scale
        super().__init__(f"{name}({period}, {scale})" if name == "EMV" else name, period)
        self._scale = Decimal(scale)
        self._middle: Decimal | None = None
        self._average = self._own(SimpleMovingAverage(f"{name}_SMA", period))

    def _next(self, x: Reading) -> Decimal:
        bar = x.prices
        middle = (bar.high + bar.low) / 2
        before = self._middle if self._middle is not None else middle
        if not bar.volume or bar.high == bar.low:
            self._middle = before
            return self._average._push(x.at(ZERO))
        self._middle = middle
        ratio = bar.volume / self._scale / (bar.high - bar.low)
        return self._average._push(x.at((middle - before) / ratio))

    def _forget(self) -> None:
        self._middle = None
