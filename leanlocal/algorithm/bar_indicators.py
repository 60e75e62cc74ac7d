"""QCAlgorithm's helpers for indicators that read whole bars and show several lines of their own, or a bar's volume."""

from __future__ import annotations

from typing import Any

from leanlocal.algorithm.indicators import EXPONENTIAL, SIMPLE, IndicatorsMixin, Selector, Step
from leanlocal.enums import MovingAverageType
from leanlocal.indicators import candles, oscillators, ranges, trend, volumes


class BarIndicatorsMixin(IndicatorsMixin):
    """Helpers named as in LEAN."""

    def ichimoku(
        self,
        symbol: Any,
        tenkan_period: int,
        kijun_period: int,
        senkou_a_period: int,
        senkou_b_period: int,
        senkou_a_delay_period: int,
        senkou_b_delay_period: int,
        resolution: Step = None,
        selector: Selector = None,
    ) -> candles.IchimokuKinkoHyo:
        """Ichimoku's lines."""
        periods = (tenkan_period, kijun_period, senkou_a_period, senkou_b_period, senkou_a_delay_period, senkou_b_delay_period)
        label = f"ICHIMOKU({','.join(str(period) for period in periods)})"
        return self._started(lambda name: candles.IchimokuKinkoHyo(name, *periods), label, symbol, resolution, selector)

    def heikin_ashi(self, symbol: Any, resolution: Step = None, selector: Selector = None) -> candles.HeikinAshi:
        """Heikin-Ashi bars."""
        return self._started(candles.HeikinAshi, "HA", symbol, resolution, selector)

    def ibs(self, symbol: Any, resolution: Step = None, selector: Selector = None) -> candles.InternalBarStrength:
        """Where the close lies in the bar's range."""
        return self._started(candles.InternalBarStrength, "IBS", symbol, resolution, selector)

    def chop(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> ranges.ChoppinessIndex:
        """Choppiness index."""
        return self._started(lambda name: ranges.ChoppinessIndex(name, period), f"CHOP({period})", symbol, resolution, selector)

    def mass(self, symbol: Any, ema_period: int = 9, sum_period: int = 25, resolution: Step = None, selector: Selector = None) -> ranges.MassIndex:
        """Mass index."""
        return self._started(lambda name: ranges.MassIndex(name, ema_period, sum_period), f"MASS({ema_period},{sum_period})", symbol, resolution, selector)

    def vtx(self, symbol: Any, period: int, resolution: Step = None, selector: Selector = None) -> trend.Vortex:
        """Vortex."""
        return self._started(lambda name: trend.Vortex(name, period), f"VTX({period})", symbol, resolution, selector)

    def ao(
        self, symbol: Any, fast_period: int, slow_period: int, type: MovingAverageType = SIMPLE, resolution: Step = None, selector: Selector = None
    ) -> oscillators.AwesomeOscillator:
        """Awesome oscillator."""
        label = f"AO({fast_period},{slow_period},{type.name.title().replace('_', '')})"
        return self._started(lambda name: oscillators.AwesomeOscillator(name, fast_period, slow_period, type), label, symbol, resolution, selector)

    def adosc(
        self, symbol: Any, fast_period: int, slow_period: int, resolution: Step = None, selector: Selector = None
    ) -> volumes.AccumulationDistributionOscillator:
        """Accumulation/distribution oscillator."""
        label = f"ADOSC({fast_period},{slow_period})"
        return self._started(lambda name: volumes.AccumulationDistributionOscillator(name, fast_period, slow_period), label, symbol, resolution, selector)

    def emv(self, symbol: Any, period: int = 1, scale: int = 10000, resolution: Step = None, selector: Selector = None) -> volumes.EaseOfMovementValue:
        """Ease of movement."""
        return self._started(lambda name: volumes.EaseOfMovementValue(name, period, scale), f"EMV({period}, {scale})", symbol, resolution, selector)

    def fi(self, symbol: Any, period: int, type: MovingAverageType = EXPONENTIAL, resolution: Step = None, selector: Selector = None) -> volumes.ForceIndex:
        """Force index."""
        return self._started(lambda name: volumes.ForceIndex(name, period, type), f"FI({period})", symbol, resolution, selector)
