"""QCAlgorithm's indicator helpers: each makes an indicator, names it as LEAN does, and feeds it with the symbol's bars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from leanlocal.algorithm.consolidation import ConsolidationMixin, default_tick, subscribed
from leanlocal.enums import MovingAverageType, Resolution
from leanlocal.indicators import averages, oscillators, ranges, trend, volumes, windowed
from leanlocal.indicators.fields import Field
from leanlocal.indicators.readings import reading_of
from leanlocal.securities.core import RESOLUTION_OF
from leanlocal.slices.bars import TradeBar
from leanlocal.symbols import Symbol
from marketdata.port import Tick

Selector = Callable[[Any], Any] | None
Step = Any
SUFFIXES = {Resolution.TICK: "_tick", Resolution.SECOND: "_sec", Resolution.MINUTE: "_min", Resolution.HOUR: "_hr", Resolution.DAILY: "_day"}
SIMPLE, EXPONENTIAL, WILDERS = MovingAverageType.SIMPLE, MovingAverageType.EXPONENTIAL, MovingAverageType.WILDERS


class IndicatorsMixin(ConsolidationMixin):
    """Helpers named as in LEAN; `resolution` None is the subscription's own, `selector` None the close (a bar indicator takes the bar)."""

    def create_indicator_name(self, symbol: Symbol, type: str, resolution: Any = None) -> str:
        """The name LEAN gives: SMA(10) on SPY's daily bars is SMA(10,SPY_day)."""
        if resolution is None:
            security = subscribed(self._run, symbol)
            resolution = next((RESOLUTION_OF[config.step] for config in security.configs if config.tick is default_tick(security)), Resolution.MINUTE)
        suffix = SUFFIXES.get(resolution, "")
        return f"{type}({symbol}{suffix})".replace(")(", ",")

    def _started(self, make: Callable[[str], Any], label: str, symbol: Any, resolution: Step, selector: Selector) -> Any:
        security = subscribed(self._run, symbol)
        indicator = make(self.create_indicator_name(security.symbol, label, resolution))
        self.register_indicator(security.symbol, indicator, resolution, selector)
        if self._run.settings.automatic_indicator_warm_up:
            self.warm_up_indicator(security.symbol, indicator, resolution, selector)
        return indicator

    def warm_up_indicator(self, symbol: Any, indicator: Any, resolution: Any = None, selector: Selector = None) -> None:
        """Update an indicator with the bars of history it needs for readiness."""
        self._run.history.warm_up(subscribed(self._run, symbol), indicator, resolution, selector)

    def sma(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.SimpleMovingAverage:
        """Simple moving average."""
        return self._started(lambda name: averages.SimpleMovingAverage(name, period), f"SMA({period})", symbol, resolution, selector)

    def ema(
        self, symbol: Any, period: int, smoothing_factor: Any = None, resolution: Step = None, selector: Selector = None
    ) -> averages.ExponentialMovingAverage:
        """Exponential moving average; the third argument may be the smoothing factor or the resolution."""
        if isinstance(smoothing_factor, Resolution | timedelta):
            smoothing_factor, resolution, selector = None, smoothing_factor, selector if resolution is None else resolution
        return self._started(lambda name: averages.ExponentialMovingAverage(name, period, smoothing_factor), f"EMA({period})", symbol, resolution, selector)

    def wwma(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.WilderMovingAverage:
        """Wilder's moving average."""
        return self._started(lambda name: averages.WilderMovingAverage(name, period), f"WWMA({period})", symbol, resolution, selector)

    def lwma(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.LinearWeightedMovingAverage:
        """Linear-weighted moving average."""
        return self._started(lambda name: averages.LinearWeightedMovingAverage(name, period), f"LWMA({period})", symbol, resolution, selector)

    def dema(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.DoubleExponentialMovingAverage:
        """Double exponential moving average."""
        return self._started(lambda name: averages.DoubleExponentialMovingAverage(name, period), f"DEMA({period})", symbol, resolution, selector)

    def tema(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.TripleExponentialMovingAverage:
        """Triple exponential moving average."""
        return self._started(lambda name: averages.TripleExponentialMovingAverage(name, period), f"TEMA({period})", symbol, resolution, selector)

    def hma(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.HullMovingAverage:
        """Hull moving average."""
        return self._started(lambda name: averages.HullMovingAverage(name, period), f"HMA({period})", symbol, resolution, selector)

    def trima(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.TriangularMovingAverage:
        """Triangular moving average."""
        return self._started(lambda name: averages.TriangularMovingAverage(name, period), f"TRIMA({period})", symbol, resolution, selector)

    def kama(
        self, symbol: Any, period: int, fast_ema_period: Any = 2, slow_ema_period: int = 30, resolution: Step = None, selector: Selector = None
    ) -> averages.KaufmanAdaptiveMovingAverage:
        """Kaufman's adaptive moving average."""
        if isinstance(fast_ema_period, Resolution):
            fast_ema_period, resolution = 2, fast_ema_period
        label = f"KAMA({period},{fast_ema_period},{slow_ema_period})"
        return self._started(
            lambda name: averages.KaufmanAdaptiveMovingAverage(name, period, fast_ema_period, slow_ema_period), label, symbol, resolution, selector
        )

    def lsma(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.LeastSquaresMovingAverage:
        """Least-squares moving average."""
        return self._started(lambda name: averages.LeastSquaresMovingAverage(name, period), f"LSMA({period})", symbol, resolution, selector)

    def alma(
        self, symbol: Any, period: int, sigma: int = 6, offset: float = 0.85, resolution: Step = None, selector: Selector = None
    ) -> averages.ArnaudLegouxMovingAverage:
        """Arnaud Legoux's moving average."""
        label = f"ALMA({period},{sigma},{offset})"
        return self._started(lambda name: averages.ArnaudLegouxMovingAverage(name, period, sigma, offset), label, symbol, resolution, selector)

    def t_3(self, symbol: Any, period: int, volume_factor: float = 0.7, resolution: Step = None, selector: Selector = None) -> averages.T3MovingAverage:
        """Tillson's T3."""
        return self._started(lambda name: averages.T3MovingAverage(name, period, volume_factor), f"T3({period},{volume_factor})", symbol, resolution, selector)

    def zlema(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.ZeroLagExponentialMovingAverage:
        """Zero-lag exponential moving average."""
        return self._started(lambda name: averages.ZeroLagExponentialMovingAverage(name, period), f"ZLEMA({period})", symbol, resolution, selector)

    def rma(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.RelativeMovingAverage:
        """Relative moving average."""
        return self._started(lambda name: averages.RelativeMovingAverage(name, period), f"RMA({period})", symbol, resolution, selector)

    def ker(self, symbol: Any, period: int = 2, resolution: Step = None, selector: Selector = None) -> averages.KaufmanEfficiencyRatio:
        """Kaufman's efficiency ratio."""
        return self._started(lambda name: averages.KaufmanEfficiencyRatio(name, period), f"KER({period})", symbol, resolution, selector)

    def tsf(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.TimeSeriesForecast:
        """The least-squares line one step on."""
        return self._started(lambda name: averages.TimeSeriesForecast(name, period), f"TSF({period})", symbol, resolution, selector)

    def tdd(
        self, symbol: Any, period: int, minimum_acceptable_return: float = 0, resolution: Step = None, selector: Selector = None
    ) -> windowed.TargetDownsideDeviation:
        """Target downside deviation."""
        return self._started(
            lambda name: windowed.TargetDownsideDeviation(name, period, minimum_acceptable_return), f"TDD({period})", symbol, resolution, selector
        )

    def tsi(
        self,
        symbol: Any,
        long_term_period: int = 25,
        short_term_period: int = 13,
        signal_period: int = 7,
        signal_type: MovingAverageType = EXPONENTIAL,
        resolution: Step = None,
        selector: Selector = None,
    ) -> oscillators.TrueStrengthIndex:
        """True strength index."""
        periods = (long_term_period, short_term_period, signal_period)
        label = f"TSI({','.join(str(period) for period in periods)})"
        return self._started(lambda name: oscillators.TrueStrengthIndex(name, *periods, signal_type), label, symbol, resolution, selector)

    def srsi(
        self,
        symbol: Any,
        rsi_period: int,
        stoch_period: int,
        k_smoothing_period: int,
        d_smoothing_period: int,
        moving_average_type: MovingAverageType = SIMPLE,
        resolution: Step = None,
        selector: Selector = None,
    ) -> oscillators.StochasticRelativeStrengthIndex:
        """Stochastic RSI."""
        periods = (rsi_period, stoch_period, k_smoothing_period, d_smoothing_period)
        label = f"SRSI({','.join(str(period) for period in periods)})"
        return self._started(lambda name: oscillators.StochasticRelativeStrengthIndex(name, *periods, moving_average_type), label, symbol, resolution, selector)

    def sum(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> averages.Sum:
        """Sum of the newest values."""
        return self._started(lambda name: averages.Sum(name, period), f"SUM({period})", symbol, resolution, selector)

    def identity(self, symbol: Any, resolution: Any = None, selector: Selector = None, field_name: str | None = None) -> averages.Identity:
        """The value itself as an indicator."""
        if callable(resolution) and not isinstance(resolution, Resolution):
            resolution, selector = None, resolution
        return self._started(averages.Identity, field_name or "close", symbol, resolution, selector)

    def std(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.StandardDeviation:
        """Population standard deviation."""
        return self._started(lambda name: windowed.StandardDeviation(name, period), f"STD({period})", symbol, resolution, selector)

    def var(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.Variance:
        """Population variance."""
        return self._started(lambda name: windowed.Variance(name, period), f"VAR({period})", symbol, resolution, selector)

    def mad(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.MeanAbsoluteDeviation:
        """Mean absolute deviation."""
        return self._started(lambda name: windowed.MeanAbsoluteDeviation(name, period), f"MAD({period})", symbol, resolution, selector)

    def mom(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.Momentum:
        """Change over a number of bars."""
        return self._started(lambda name: windowed.Momentum(name, period), f"MOM({period})", symbol, resolution, selector)

    def momp(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.MomentumPercent:
        """Change over a number of bars in percent."""
        return self._started(lambda name: windowed.MomentumPercent(name, period), f"MOMP({period})", symbol, resolution, selector)

    def roc(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.RateOfChange:
        """Change over a number of bars as a fraction."""
        return self._started(lambda name: windowed.RateOfChange(name, period), f"ROC({period})", symbol, resolution, selector)

    def rocp(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.RateOfChangePercent:
        """Change over a number of bars in percent."""
        return self._started(lambda name: windowed.RateOfChangePercent(name, period), f"ROCP({period})", symbol, resolution, selector)

    def rocr(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.RateOfChangeRatio:
        """Value over the value a number of bars ago."""
        return self._started(lambda name: windowed.RateOfChangeRatio(name, period), f"ROCR({period})", symbol, resolution, selector)

    def logr(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.LogReturn:
        """Logarithmic return."""
        return self._started(lambda name: windowed.LogReturn(name, period), f"LOGR({period})", symbol, resolution, selector)

    def max(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.Maximum:
        """Highest high (of trade bars; else highest value)."""
        chosen = selector or self._range_field(symbol, Field.HIGH)
        return self._started(lambda name: windowed.Maximum(name, period), f"MAX({period})", symbol, resolution, chosen)

    def min(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.Minimum:
        """Lowest low (of trade bars; else lowest value)."""
        chosen = selector or self._range_field(symbol, Field.LOW)
        return self._started(lambda name: windowed.Minimum(name, period), f"MIN({period})", symbol, resolution, chosen)

    def _range_field(self, symbol: Any, field: Any) -> Selector:
        trades = default_tick(subscribed(self._run, symbol)) is Tick.TRADE
        return (lambda bar: field(bar) if isinstance(bar, TradeBar) else reading_of(bar).value) if trades else None

    def midpoint(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.MidPoint:
        """Middle of the range of values."""
        return self._started(lambda name: windowed.MidPoint(name, period), f"MIDPOINT({period})", symbol, resolution, selector)

    def midprice(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> windowed.MidPrice:
        """Middle of the highs' and lows' range."""
        return self._started(lambda name: windowed.MidPrice(name, period), f"MIDPRICE({period})", symbol, resolution, selector)

    def tr(self, symbol: Any, resolution: Step = None, selector: Selector = None) -> ranges.TrueRange:
        """True range."""
        return self._started(ranges.TrueRange, "TR", symbol, resolution, selector)

    def atr(self, symbol: Any, period: int, type: MovingAverageType = SIMPLE, resolution: Step = None, selector: Selector = None) -> ranges.AverageTrueRange:
        """Average true range; note the default average."""
        return self._started(lambda name: ranges.AverageTrueRange(name, period, type), f"ATR({period})", symbol, resolution, selector)

    def natr(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> ranges.NormalizedAverageTrueRange:
        """Average true range in percent of the close."""
        return self._started(lambda name: ranges.NormalizedAverageTrueRange(name, period), f"NATR({period})", symbol, resolution, selector)

    def bb(
        self, symbol: Any, period: int, k: float, moving_average_type: MovingAverageType = SIMPLE, resolution: Step = None, selector: Selector = None
    ) -> ranges.BollingerBands:
        """Bollinger bands."""
        return self._started(lambda name: ranges.BollingerBands(name, period, k, moving_average_type), f"BB({period},{k:g})", symbol, resolution, selector)

    def kch(
        self, symbol: Any, period: int, k: float, moving_average_type: MovingAverageType = SIMPLE, resolution: Step = None, selector: Selector = None
    ) -> ranges.KeltnerChannels:
        """Keltner channels."""
        return self._started(lambda name: ranges.KeltnerChannels(name, period, k, moving_average_type), f"KCH({period},{k:g})", symbol, resolution, selector)

    def dch(self, symbol: Any, upper_period: int, lower_period: Any = None, resolution: Step = None, selector: Selector = None) -> ranges.DonchianChannel:
        """Donchian channel; the third argument may be the lower period or the resolution."""
        if isinstance(lower_period, Resolution):
            lower_period, resolution = None, lower_period
        lower = upper_period if lower_period is None else lower_period
        return self._started(lambda name: ranges.DonchianChannel(name, upper_period, lower), f"DCH({upper_period},{lower})", symbol, resolution, selector)

    def abands(
        self, symbol: Any, period: int, width: float = 4, moving_average_type: MovingAverageType = SIMPLE, resolution: Step = None, selector: Selector = None
    ) -> ranges.AccelerationBands:
        """Acceleration bands."""
        label = f"ABANDS({period},{width:g})"
        return self._started(lambda name: ranges.AccelerationBands(name, period, width, moving_average_type), label, symbol, resolution, selector)

    def rsi(
        self, symbol: Any, period: int, moving_average_type: MovingAverageType = WILDERS, resolution: Step = None, selector: Selector = None
    ) -> oscillators.RelativeStrengthIndex:
        """Relative strength index."""
        label = f"RSI({period},{moving_average_type})"
        return self._started(lambda name: oscillators.RelativeStrengthIndex(name, period, moving_average_type), label, symbol, resolution, selector)

    def macd(
        self,
        symbol: Any,
        fast_period: int,
        slow_period: int,
        signal_period: int,
        type: MovingAverageType = EXPONENTIAL,
        resolution: Step = None,
        selector: Selector = None,
    ) -> oscillators.MovingAverageConvergenceDivergence:
        """Moving average convergence/divergence."""
        label = f"MACD({fast_period},{slow_period},{signal_period})"
        return self._started(
            lambda name: oscillators.MovingAverageConvergenceDivergence(name, fast_period, slow_period, signal_period, type),
            label,
            symbol,
            resolution,
            selector,
        )

    def cci(
        self, symbol: Any, period: int, moving_average_type: MovingAverageType = SIMPLE, resolution: Step = None, selector: Selector = None
    ) -> oscillators.CommodityChannelIndex:
        """Commodity channel index."""
        return self._started(lambda name: oscillators.CommodityChannelIndex(name, period, moving_average_type), f"CCI({period})", symbol, resolution, selector)

    def wilr(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> oscillators.WilliamsPercentR:
        """Williams %R."""
        return self._started(lambda name: oscillators.WilliamsPercentR(name, period), f"WILR({period})", symbol, resolution, selector)

    def cmo(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> oscillators.ChandeMomentumOscillator:
        """Chande momentum oscillator."""
        return self._started(lambda name: oscillators.ChandeMomentumOscillator(name, period), f"CMO({period})", symbol, resolution, selector)

    def sto(
        self, symbol: Any, period: int, k_period: Any = None, d_period: Any = None, resolution: Step = None, selector: Selector = None
    ) -> oscillators.Stochastic:
        """Stochastic; (period, k, d) or one period for all three."""
        if k_period is None or isinstance(k_period, Resolution):
            k_period, d_period, resolution = period, period, k_period if k_period is not None else resolution
        label = f"STO({period},{k_period},{d_period})"
        return self._started(lambda name: oscillators.Stochastic(name, period, k_period, d_period), label, symbol, resolution, selector)

    def apo(
        self,
        symbol: Any,
        fast_period: int,
        slow_period: int,
        moving_average_type: MovingAverageType = SIMPLE,
        resolution: Step = None,
        selector: Selector = None,
    ) -> oscillators.AbsolutePriceOscillator:
        """Absolute price oscillator."""
        label = f"APO({fast_period},{slow_period})"
        return self._started(
            lambda name: oscillators.AbsolutePriceOscillator(name, fast_period, slow_period, moving_average_type), label, symbol, resolution, selector
        )

    def ppo(
        self,
        symbol: Any,
        fast_period: int,
        slow_period: int,
        moving_average_type: MovingAverageType = SIMPLE,
        resolution: Step = None,
        selector: Selector = None,
    ) -> oscillators.PercentagePriceOscillator:
        """Percentage price oscillator."""
        label = f"PPO({fast_period},{slow_period})"
        return self._started(
            lambda name: oscillators.PercentagePriceOscillator(name, fast_period, slow_period, moving_average_type), label, symbol, resolution, selector
        )

    def ultosc(
        self, symbol: Any, period_1: int, period_2: int, period_3: int, resolution: Step = None, selector: Selector = None
    ) -> oscillators.UltimateOscillator:
        """Ultimate oscillator."""
        label = f"ULTOSC({period_1},{period_2},{period_3})"
        return self._started(lambda name: oscillators.UltimateOscillator(name, period_1, period_2, period_3), label, symbol, resolution, selector)

    def trix(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> oscillators.Trix:
        """Change of a triple exponential average."""
        return self._started(lambda name: oscillators.Trix(name, period), f"TRIX({period})", symbol, resolution, selector)

    def bop(self, symbol: Any, resolution: Step = None, selector: Selector = None) -> oscillators.BalanceOfPower:
        """Balance of power."""
        return self._started(oscillators.BalanceOfPower, "BOP", symbol, resolution, selector)

    def dpo(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> oscillators.DetrendedPriceOscillator:
        """Detrended price oscillator."""
        return self._started(lambda name: oscillators.DetrendedPriceOscillator(name, period), f"DPO({period})", symbol, resolution, selector)

    def adx(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> trend.AverageDirectionalIndex:
        """Average directional index."""
        return self._started(lambda name: trend.AverageDirectionalIndex(name, period), f"ADX({period})", symbol, resolution, selector)

    def adxr(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> trend.AverageDirectionalMovementIndexRating:
        """Average directional movement rating."""
        return self._started(lambda name: trend.AverageDirectionalMovementIndexRating(name, period), f"ADXR({period})", symbol, resolution, selector)

    def aroon(self, symbol: Any, up_period: int, down_period: Any = None, resolution: Step = None, selector: Selector = None) -> trend.AroonOscillator:
        """Aroon oscillator; (up, down) or one period for both."""
        if isinstance(down_period, Resolution):
            down_period, resolution = None, down_period
        down = up_period if down_period is None else down_period
        return self._started(lambda name: trend.AroonOscillator(name, up_period, down), f"AROON({up_period},{down})", symbol, resolution, selector)

    def psar(
        self, symbol: Any, af_start: float = 0.02, af_increment: float = 0.02, af_max: float = 0.2, resolution: Step = None, selector: Selector = None
    ) -> trend.ParabolicStopAndReverse:
        """Parabolic stop and reverse."""
        label = f"PSAR({af_start:g},{af_increment:g},{af_max:g})"
        return self._started(lambda name: trend.ParabolicStopAndReverse(name, af_start, af_increment, af_max), label, symbol, resolution, selector)

    def str(
        self, symbol: Any, period: int, multiplier: float, moving_average_type: MovingAverageType = WILDERS, resolution: Step = None, selector: Selector = None
    ) -> trend.SuperTrend:
        """Super trend."""
        label = f"STR({period},{multiplier:g})"
        return self._started(lambda name: trend.SuperTrend(name, period, multiplier, moving_average_type), label, symbol, resolution, selector)

    def obv(self, symbol: Any, resolution: Step = None, selector: Selector = None) -> volumes.OnBalanceVolume:
        """On balance volume."""
        return self._started(volumes.OnBalanceVolume, "OBV", symbol, resolution, selector)

    def ad(self, symbol: Any, resolution: Step = None, selector: Selector = None) -> volumes.AccumulationDistribution:
        """Accumulation/distribution."""
        return self._started(volumes.AccumulationDistribution, "AD", symbol, resolution, selector)

    def mfi(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> volumes.MoneyFlowIndex:
        """Money flow index."""
        return self._started(lambda name: volumes.MoneyFlowIndex(name, period), f"MFI({period})", symbol, resolution, selector)

    def cmf(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> volumes.ChaikinMoneyFlow:
        """Chaikin money flow."""
        return self._started(lambda name: volumes.ChaikinMoneyFlow(name, period), f"CMF({period})", symbol, resolution, selector)

    def vwma(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> volumes.VolumeWeightedMovingAverage:
        """Volume-weighted moving average."""
        return self._started(lambda name: volumes.VolumeWeightedMovingAverage(name, period), f"VWMA({period})", symbol, resolution, selector)

    def vwap(self, symbol: Any, period: Any = None, resolution: Step = None, selector: Selector = None) -> Any:
        """Volume-weighted average price over a period, of the day when none is given."""
        if period is None:
            return self._started(volumes.IntradayVwap, "VWAP", symbol, resolution, selector)
        return self._started(lambda name: volumes.VolumeWeightedAveragePriceIndicator(name, period), f"VWAP({period})", symbol, resolution, selector)
