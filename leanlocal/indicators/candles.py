"""Indicators that redraw the bar: Heikin-Ashi, the place of the close in it, and Ichimoku's lines.

Source of what each shows before it is ready: HeikinAshi, InternalBarStrength and IchimokuKinkoHyo under Indicators/ of QuantConnect/Lean.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from leanlocal.exact import ZERO
from leanlocal.indicators.averages import Identity
from leanlocal.indicators.base import BarIndicator, shifted
from leanlocal.indicators.readings import Reading
from leanlocal.indicators.windowed import Delay, Maximum, Minimum


class HeikinAshi(BarIndicator):
    """Averaged bars: `open`, `high`, `low`, `close` and `volume` are indicators, the value is the averaged close."""

    def __init__(self, name: str = "HA") -> None:
        super().__init__(name, 2)
        parts = [self._own(Identity(f"{name}_{part}")) for part in ("Open", "High", "Low", "Close", "Volume")]
        self.open, self.high, self.low, self.close, self.volume = parts

    def _next(self, x: Reading) -> Decimal:
        bar = x.prices
        start = (self.open._value + self.close._value) / 2 if self._samples > 1 else (bar.open + bar.close) / 2
        last = (bar.open + bar.high + bar.low + bar.close) / 4
        drawn = (start, last) if self._samples > 1 else ()
        self.open._push(x.at(start))
        self.high._push(x.at(max(bar.high, *drawn)) if drawn else x.at(bar.high))
        self.low._push(x.at(min(bar.low, *drawn)) if drawn else x.at(bar.low))
        self.volume._push(x.at(bar.volume))
        return self.close._push(x.at(last))


class InternalBarStrength(BarIndicator):
    """Where the close lies between low and high, 0 to 1; 1 for a bar without a range."""

    def __init__(self, name: str = "IBS()") -> None:
        super().__init__(name, 1)

    def _next(self, x: Reading) -> Decimal:
        bar = x.prices
        return (bar.close - bar.low) / (bar.high - bar.low) if bar.high != bar.low else Decimal(1)


class IchimokuKinkoHyo(BarIndicator):
    """Ichimoku: `tenkan`, `kijun`, `senkou_a`, `senkou_b` and `chikou` are indicators, 0 until they are filled; the value is the close.

    The second leading span is drawn before the bar enters its delay, so it runs one bar behind. The period of the first span appears in the name only.
    """

    def __init__(self, name: Any = None, *periods: int) -> None:
        given, rest = shifted(name, *periods, 0) if name is not None else (None, periods)
        chosen = [int(period) for period in rest if period]
        tenkan, kijun, senkou_a, senkou_b, delay_a, delay_b = [*chosen, *(9, 26, 26, 52, 26, 26)[len(chosen) :]]
        title = given or f"ICHIMOKU({tenkan},{kijun},{senkou_a},{senkou_b},{delay_a},{delay_b})"
        super().__init__(title, max(tenkan + delay_a, kijun + delay_a, senkou_b + delay_b))
        self.tenkan_maximum, self.tenkan_minimum = self._own(Maximum(f"{title}_TenkanMax", tenkan), Minimum(f"{title}_TenkanMin", tenkan))
        self.kijun_maximum, self.kijun_minimum = self._own(Maximum(f"{title}_KijunMax", kijun), Minimum(f"{title}_KijunMin", kijun))
        self.senkou_b_maximum, self.senkou_b_minimum = self._own(Maximum(f"{title}_SenkouBMax", senkou_b), Minimum(f"{title}_SenkouBMin", senkou_b))
        self.delayed_tenkan_senkou_a, self.delayed_kijun_senkou_a = self._own(Delay(f"{title}_Tenkan", delay_a), Delay(f"{title}_Kijun", delay_a))
        self.delayed_maximum_senkou_b, self.delayed_minimum_senkou_b = self._own(Delay(f"{title}_Max", delay_b), Delay(f"{title}_Min", delay_b))
        lines = [self._own(Identity(f"{title}_{part}")) for part in ("Tenkan", "Kijun", "SenkouA", "SenkouB")]
        self.tenkan, self.kijun, self.senkou_a, self.senkou_b = lines
        self.chikou = self._own(Delay(f"{title}_Chikou", delay_a))

    def _next(self, x: Reading) -> Decimal:
        for highest, lowest, line, delayed in (
            (self.tenkan_maximum, self.tenkan_minimum, self.tenkan, self.delayed_tenkan_senkou_a),
            (self.kijun_maximum, self.kijun_minimum, self.kijun, self.delayed_kijun_senkou_a),
        ):
            total = highest._push(x.at(x.prices.high)) + lowest._push(x.at(x.prices.low))
            if highest.is_ready:
                delayed._push(x.at(line._push(x.at(total / 2))))
        self.senkou_a._push(x.at(self._mean_if_ready(self.delayed_tenkan_senkou_a, self.delayed_kijun_senkou_a)))
        self.senkou_b._push(x.at(self._mean_if_ready(self.delayed_maximum_senkou_b, self.delayed_minimum_senkou_b)))
        for extreme, price, delayed in (
            (self.senkou_b_maximum, x.prices.high, self.delayed_maximum_senkou_b),
            (self.senkou_b_minimum, x.prices.low, self.delayed_minimum_senkou_b),
        ):
            value = extreme._push(x.at(price))
            if extreme.is_ready:
                delayed._push(x.at(value))
        self.chikou._push(x)
        return x.prices.close

    def _mean_if_ready(self, first: Delay, second: Delay) -> Decimal:
        return (first._value + second._value) / 2 if first.is_ready and second.is_ready else ZERO

    @property
    def is_ready(self) -> bool:
        """Whether all lines are."""
        delays = (self.delayed_tenkan_senkou_a, self.delayed_kijun_senkou_a, self.delayed_maximum_senkou_b, self.delayed_minimum_senkou_b)
        return self.tenkan_maximum.is_ready and self.kijun_maximum.is_ready and all(delay.is_ready for delay in delays)
