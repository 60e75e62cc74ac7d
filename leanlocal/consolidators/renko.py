"""Renko bars: bars of a fixed price height (with wicks), of a fixed volume or of a fixed turnover, whatever time they take."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from leanlocal.consolidators.base import DataConsolidator
from leanlocal.exact import ZERO, add, div, mul, round_half_even, sub
from leanlocal.feeds.blocks import TradeFacts
from leanlocal.indicators.readings import decimal_of, reading_of
from leanlocal.slices.bars import TradeBar
from leanlocal.surface import core_of
from leanlocal.symbol_book import ArgumentException


class RenkoBar(TradeBar):
    """A bar of fixed height; volume is always 0."""

    @property
    def is_closed(self) -> bool:
        """Bars handed out are closed."""
        return True

    @property
    def start(self) -> datetime:
        """When it opened."""
        return self.time

    @property
    def end(self) -> datetime:
        """When it closed."""
        return self.end_time

    @property
    def period(self) -> timedelta:
        """How long it took."""
        return self.end_time - self.time


class RenkoConsolidator(DataConsolidator):
    """Wicked renko bars of `bar_size`; the first open is the multiple of the size nearest to the first price."""

    _by_rows = True

    def __init__(self, bar_size: float) -> None:
        super().__init__()
        self._size = decimal_of(bar_size)
        if self._size <= 0:
            raise ArgumentException("RenkoConsolidator bar size must be positve non-zero")
        self._begun = False
        self._opened = self._closed = datetime(1, 1, 1)
        self._open = self._high = self._low = self._close = ZERO
        self._last: TradeFacts | None = None
        self._symbol: Any = None

    @property
    def bar_size(self) -> float:
        """Height of a bar."""
        return float(self._size)

    def update(self, data: Any) -> None:
        """Take a price; hand out the bars it completes."""
        price, self._symbol = reading_of(data).value, data.symbol
        if not self._begun:
            self._begun, self._opened, self._closed = True, data.time, data.time
            self._open = self._high = self._low = self._close = mul(round_half_even(div(price, self._size), 0), self._size)
            return
        self._closed, self._close = data.time, price
        self._high, self._low = max(self._high, price), min(self._low, price)
        if price > self._open:
            self._move(rising=True)
        elif price < self._open:
            self._move(rising=False)

    def _move(self, *, rising: bool) -> None:
        last = self._last
        if last is not None and (last.close > last.open) != rising:
            limit = add(last.open, self._size) if rising else sub(last.open, self._size)
            if not self._beyond(limit, rising):
                return
            self._hand_out(last.open, limit, rising)
        while self._beyond(limit := add(self._open, self._size) if rising else sub(self._open, self._size), rising):
            self._hand_out(self._open, limit, rising)

    def _beyond(self, limit: Decimal, rising: bool) -> bool:
        return self._close > limit if rising else self._close < limit

    def _hand_out(self, opening: Decimal, limit: Decimal, rising: bool) -> None:
        high, low = (limit, self._low) if rising else (self._high, limit)
        self._last = TradeFacts(0, 0, opening, high, low, limit, ZERO)
        bar = RenkoBar.__new__(RenkoBar)
        bar._core, bar._symbol, bar._time, bar._end_time = self._last, self._symbol, self._opened, self._closed  # pyright: ignore[reportPrivateUsage]
        self._opened, self._open = self._closed, limit
        self._low, self._high = (limit, self._high) if rising else (self._low, limit)
        if rising:
            self._high = max(self._high, limit)
        self._emit(bar)


class VolumeRenkoBar(TradeBar):
    """A bar of a fixed volume."""

    @property
    def is_closed(self) -> bool:
        """Bars handed out are closed."""
        return True

    @property
    def start(self) -> datetime:
        """When it opened."""
        return self.time

    @property
    def brick_size(self) -> float:
        """The volume that fills it."""
        return self.volume


class VolumeRenkoConsolidator(DataConsolidator):
    """Bars of a fixed volume; what a row has too much is carried over, into several bars when it is much."""

    _by_rows = True

    def __init__(self, bar_size: float) -> None:
        super().__init__()
        self._size = decimal_of(bar_size)
        self._left = ZERO
        self._making: TradeFacts | None = None
        self._opened = self._closed = datetime(1, 1, 1)

    def update(self, data: Any) -> None:
        """Take a trade bar. ArgumentException for any other data."""
        if not isinstance(data, TradeBar):
            raise ArgumentException(f"{type(self).__name__}() must be used with TradeBar or Tick data.")
        bar = core_of(data)
        if self._making is None:
            self._opened, self._making = data.time, bar
        else:
            known = self._making
            self._making = TradeFacts(0, 0, known.open, max(known.high, bar.high), min(known.low, bar.low), bar.close, ZERO)
        self._closed = data.end_time
        volume = add(self._left, self._weight(bar))
        while volume >= self._size:
            volume = sub(volume, self._size)
            self._hand_out(data.symbol)
        self._left = volume

    def _weight(self, bar: TradeFacts) -> Decimal:
        return bar.volume

    def _hand_out(self, symbol: Any) -> None:
        assert self._making is not None
        bar = VolumeRenkoBar.__new__(VolumeRenkoBar)
        making = self._making
        facts = TradeFacts(0, 0, making.open, making.high, making.low, making.close, self._size)
        bar._core, bar._symbol, bar._time, bar._end_time = facts, symbol, self._opened, self._closed  # pyright: ignore[reportPrivateUsage]
        self._opened, self._making = self._closed, TradeFacts(0, 0, making.close, making.close, making.close, making.close, ZERO)
        self._emit(bar)

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self._left, self._making = ZERO, None


class DollarVolumeRenkoConsolidator(VolumeRenkoConsolidator):
    """Bars of a fixed turnover: volume times close."""

    def _weight(self, bar: TradeFacts) -> Decimal:
        return mul(bar.volume, bar.close)
