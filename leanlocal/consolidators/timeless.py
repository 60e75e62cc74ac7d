"""Bars by price alone: classic renko bars and range bars, which close when the price has moved far enough, whatever time that takes.

A row that closes a bar opens the next one. Times are the starts of the rows, as in LEAN; a range bar there has no start, which shows as the first of all
moments. Source: BaseTimelessConsolidator, ClassicRenkoConsolidator, RangeConsolidator, ClassicRangeConsolidator, RenkoBar and RangeBar of QuantConnect/Lean.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from leanlocal.consolidators.base import BEFORE_ALL, DataConsolidator
from leanlocal.consolidators.renko import RenkoBar
from leanlocal.exact import ZERO, add, div, mul, sub, to_float
from leanlocal.feeds.blocks import TradeFacts
from leanlocal.indicators.readings import decimal_of, reading_of
from leanlocal.slices.bars import TradeBar
from leanlocal.surface import core_of
from leanlocal.symbol_book import ArgumentException

SMALLEST = Decimal("1e-28")
Selector = Callable[[Any], Any] | None


class RangeBar(TradeBar):
    """A bar that closed when its range was full."""

    @property
    def is_closed(self) -> bool:
        """Bars handed out are closed."""
        return True

    @property
    def range_size(self) -> float:
        """Its range."""
        return self.high - self.low


@dataclass(slots=True)
class _Making:
    """The bar in the making."""

    symbol: Any
    start: datetime
    end: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    closed: bool = False

    @classmethod
    def at(cls, symbol: Any, start: datetime, end: datetime, price: Decimal, volume: Decimal) -> _Making:
        """A bar that has seen one price."""
        return cls(symbol, start, end, price, price, price, price, volume)

    def shown(self, kind: type[TradeBar]) -> TradeBar:
        """The bar as the algorithm sees it."""
        bar = kind.__new__(kind)
        bar._core = TradeFacts(0, 0, self.open, self.high, self.low, self.close, self.volume)  # pyright: ignore[reportPrivateUsage]
        bar._symbol, bar._time, bar._end_time = self.symbol, self.start, self.end  # pyright: ignore[reportPrivateUsage]
        return bar


class TimelessConsolidator(DataConsolidator):
    """Base: a value and a volume per row, by default the row's own."""

    _by_rows = True
    _kind: type[TradeBar] = TradeBar

    def __init__(self, selector: Selector = None, volume_selector: Selector = None) -> None:
        super().__init__()
        self._selector, self._volume_selector = selector, volume_selector
        self._making: _Making | None = None

    @property
    def working_data(self) -> Any:
        """The bar in the making, None before the first row."""
        return None if self._making is None else self._making.shown(self._kind)

    def update(self, data: Any) -> None:
        """Take a row."""
        value = reading_of(data).value if self._selector is None else decimal_of(self._selector(data))
        volume = decimal_of(self._volume_selector(data)) if self._volume_selector is not None else core_of(data).volume if isinstance(data, TradeBar) else ZERO
        if self._making is not None:
            self._making = self._grown(self._making, data.time, value, volume)
        if self._making is None:
            self._making = self._begun(data, value, volume)

    def _grown(self, making: _Making, time: datetime, value: Decimal, volume: Decimal) -> _Making | None:
        """The bar after a row, None when the row closed it."""
        raise NotImplementedError

    def _begun(self, data: Any, value: Decimal, volume: Decimal) -> _Making:
        raise NotImplementedError

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self._making = None


class ClassicRenkoConsolidator(TimelessConsolidator):
    """Renko bars without wicks that hold at most one step per row; with `even_bars` the first opens at the next multiple of the size above the price."""

    _kind = RenkoBar

    def __init__(self, bar_size: float, selector: Any = None, volume_selector: Any = None, even_bars: bool = True) -> None:
        if isinstance(selector, bool):
            selector, even_bars = None, selector
        super().__init__(selector, volume_selector)
        self._size, self._even = decimal_of(bar_size), even_bars
        if self._size < SMALLEST:
            raise ArgumentException("RenkoConsolidator bar size must be positve and greater than 1e-28")
        self._last_close: Decimal | None = None

    def _begun(self, data: Any, value: Decimal, volume: Decimal) -> _Making:
        opening = value if self._last_close is None else self._last_close
        if self._even and self._last_close is None:
            opening = multiple_above(opening, self._size)
        return _Making.at(data.symbol, data.time, data.time, opening, volume)

    def _grown(self, making: _Making, time: datetime, value: Decimal, volume: Decimal) -> _Making | None:
        low, high = sub(making.open, self._size), add(making.open, self._size)
        making.end, making.close = time, min(high, max(low, value))
        making.volume = add(making.volume, volume)
        making.high, making.low = max(making.high, making.close), min(making.low, making.close)
        if low < value < high:
            return making
        self._last_close = making.close
        self._emit(making.shown(RenkoBar))
        return None

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self._last_close = None


def tell_step(consolidator: RangeConsolidator, step: Decimal) -> None:
    """Tell a range consolidator its symbol's smallest price step."""
    consolidator._measure_in(step)  # pyright: ignore[reportPrivateUsage]


class RangeConsolidator(TimelessConsolidator):
    """Range bars: a range is a number of the symbol's smallest price steps. A move of several ranges makes as many bars, the ones between without volume."""

    _kind = RangeBar

    def __init__(self, range: int, selector: Selector = None, volume_selector: Selector = None) -> None:
        super().__init__(selector, volume_selector)
        self.range = int(range)
        self._step: Decimal | None = None
        self._first = True

    def _measure_in(self, step: Decimal) -> None:
        """The symbol's smallest price step; told when the consolidator is registered."""
        self._step = step

    @property
    def range_size(self) -> float:
        """Height of a bar; 0 before the first row."""
        return 0.0 if self._first else to_float(self._height)

    @property
    def _height(self) -> Decimal:
        if self._step is None:
            raise ArgumentException("a range consolidator learns its symbol's price step when it is registered; add it to the subscription manager first")
        return mul(self._step, Decimal(self.range))

    def _begun(self, data: Any, value: Decimal, volume: Decimal) -> _Making:
        opening = multiple_above(value, self._height) if self._first else value
        self._first = False
        return _Making.at(data.symbol, BEFORE_ALL, data.time, opening, volume)

    def _take(self, making: _Making, time: datetime, value: Decimal, volume: Decimal) -> None:
        making.end, height = time, self._height
        if value < making.low:
            making.closed = sub(making.high, value) > height
            making.low = sub(making.high, height) if making.closed else value
            making.close = making.low if making.closed else making.close
        elif value > making.high:
            making.closed = sub(value, making.low) > height
            making.high = add(making.low, height) if making.closed else value
            making.close = making.high if making.closed else making.close
        if not making.closed:
            making.volume = add(making.volume, volume)

    def _grown(self, making: _Making, time: datetime, value: Decimal, volume: Decimal) -> _Making | None:
        rising, height, step = value > making.high, self._height, self._step or ZERO
        self._take(making, time, value, volume)
        while making.closed:
            self._emit(making.shown(RangeBar))
            opening = add(making.high, step) if rising else sub(making.low, step)
            making = _Making.at(making.symbol, BEFORE_ALL, making.end, opening, ZERO)
            self._take(making, time, value, ZERO if abs(sub(making.low, value)) > height else volume)
        return making

    def reset(self) -> None:
        """Forget everything but the price step."""
        super().reset()
        self._first = True


class ClassicRangeConsolidator(RangeConsolidator):
    """Range bars that leave gaps: a move of several ranges makes one bar, and the next opens at the price."""

    def _grown(self, making: _Making, time: datetime, value: Decimal, volume: Decimal) -> _Making | None:
        self._take(making, time, value, volume)
        if not making.closed:
            return making
        self._emit(making.shown(RangeBar))
        return None


def multiple_above(value: Decimal, size: Decimal) -> Decimal:
    """The smallest multiple of a size that is no less than the value."""
    return mul(div(value, size).to_integral_value(ROUND_CEILING), size)
