"""Bars of LEAN's API. Times are naive clock readings of the exchange; numbers are floats; the exact facts stay behind them.

Bars made by the engine are views of a row; bars made by an algorithm or a consolidator hold their own numbers.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from leanlocal.clock import Zone, datetime_of
from leanlocal.enums import MarketDataType
from leanlocal.exact import ZERO, from_float, short_text, smart_round, to_float
from leanlocal.feeds.blocks import Ohlc, QuoteFacts, TradeFacts
from leanlocal.surface import LeanObject
from leanlocal.symbols import Symbol

NO_TIME = datetime(1, 1, 1)


class BaseData(LeanObject[Any]):
    """Base of everything that arrives: symbol, time, end_time, value."""

    _symbol: Symbol | None = None
    _time: datetime = NO_TIME
    _end_time: datetime = NO_TIME
    _is_fill_forward = False
    _data_type = MarketDataType.BASE

    @property
    def symbol(self) -> Symbol:
        """Whose data it is."""
        return self._symbol  # pyright: ignore[reportReturnType]

    @symbol.setter
    def symbol(self, value: Symbol) -> None:
        self._symbol = value

    @property
    def time(self) -> datetime:
        """Start."""
        return self._time

    @time.setter
    def time(self, value: datetime) -> None:
        self._time = value

    @property
    def end_time(self) -> datetime:
        """End: when it became known."""
        return self._end_time

    @end_time.setter
    def end_time(self, value: datetime) -> None:
        self._end_time = value

    @property
    def value(self) -> float:
        """The number indicators take by default."""
        return 0.0

    @property
    def price(self) -> float:
        """Same as value."""
        return self.value

    @property
    def data_type(self) -> MarketDataType:
        """Kind of data."""
        return self._data_type

    @property
    def is_fill_forward(self) -> bool:
        """True for a copy of an older row."""
        return self._is_fill_forward

    def __str__(self) -> str:
        amount = f"¤{abs(self.value):,.2f}"
        return f"{self._symbol}: {amount if self.value >= 0 else f'({amount})'}"


class Bar(LeanObject[Ohlc]):
    """Open, high, low, close."""

    def __init__(self, open: float = 0.0, high: float = 0.0, low: float = 0.0, close: float = 0.0) -> None:
        self._core = Ohlc(from_float(open), from_float(high), from_float(low), from_float(close))

    @property
    def open(self) -> float:
        """First price."""
        return to_float(self._core.open)

    @property
    def high(self) -> float:
        """Highest price."""
        return to_float(self._core.high)

    @property
    def low(self) -> float:
        """Lowest price."""
        return to_float(self._core.low)

    @property
    def close(self) -> float:
        """Last price."""
        return to_float(self._core.close)


def bar_of(prices: Ohlc | None) -> Bar | None:
    """A side as a bar."""
    if prices is None:
        return None
    bar = Bar.__new__(Bar)
    bar._core = prices  # pyright: ignore[reportPrivateUsage]
    return bar


class _PriceBar(BaseData):
    """Common to trade and quote bars: numbers of the facts behind."""

    @property
    def open(self) -> float:
        """First price."""
        return to_float(self._core.open)

    @property
    def high(self) -> float:
        """Highest price."""
        return to_float(self._core.high)

    @property
    def low(self) -> float:
        """Lowest price."""
        return to_float(self._core.low)

    @property
    def close(self) -> float:
        """Last price."""
        return to_float(self._core.close)

    @property
    def value(self) -> float:
        """Close."""
        return to_float(self._core.close)

    @property
    def period(self) -> timedelta:
        """Length."""
        return self._end_time - self._time


class TradeBar(_PriceBar):
    """Trades of a span."""

    _data_type = MarketDataType.TRADE_BAR

    def __init__(
        self,
        time: datetime = NO_TIME,
        symbol: Symbol | None = None,
        open: float = 0.0,
        high: float = 0.0,
        low: float = 0.0,
        close: float = 0.0,
        volume: float = 0.0,
        period: timedelta | None = None,
    ) -> None:
        self._symbol = symbol
        self._time = time
        self._end_time = time + (period if period is not None else timedelta(minutes=1))
        self._core = TradeFacts(0, 0, from_float(open), from_float(high), from_float(low), from_float(close), from_float(volume))

    @property
    def volume(self) -> float:
        """Traded quantity."""
        return to_float(self._core.volume)

    def __str__(self) -> str:
        bar = self._core
        numbers = (short_text(smart_round(number)) for number in (bar.open, bar.high, bar.low, bar.close, bar.volume))
        return "{}: O: {} H: {} L: {} C: {} V: {}".format(self._symbol, *numbers)


class QuoteBar(_PriceBar):
    """Quotes of a span."""

    _data_type = MarketDataType.QUOTE_BAR

    def __init__(
        self,
        time: datetime = NO_TIME,
        symbol: Symbol | None = None,
        bid: Bar | None = None,
        last_bid_size: float = 0.0,
        ask: Bar | None = None,
        last_ask_size: float = 0.0,
        period: timedelta | None = None,
    ) -> None:
        self._symbol = symbol
        self._time = time
        self._end_time = time + (period if period is not None else timedelta(minutes=1))
        self._core = QuoteFacts(0, 0, _prices(bid), _prices(ask), from_float(last_bid_size), from_float(last_ask_size))

    @property
    def bid(self) -> Bar | None:
        """Bid side, None when never quoted."""
        return bar_of(self._core.bid)

    @property
    def ask(self) -> Bar | None:
        """Ask side, None when never quoted."""
        return bar_of(self._core.ask)

    @property
    def last_bid_size(self) -> float:
        """Size at the bid."""
        return to_float(self._core.bid_size)

    @property
    def last_ask_size(self) -> float:
        """Size at the ask."""
        return to_float(self._core.ask_size)

    def __str__(self) -> str:
        return f"{self._symbol}: {_side_text('Bid', self._core.bid)}{_side_text('Ask', self._core.ask)}"

    def collapse(self) -> TradeBar:
        """Mids as a trade bar without volume."""
        return trade_bar(self.symbol, TradeFacts(self._core.start, self._core.end, *_four(self._core), ZERO), self._time, self._end_time)


class OpenInterest(BaseData):
    """Open interest of a contract."""

    _core: Decimal
    _data_type = MarketDataType.TICK

    def __init__(self, time: datetime = NO_TIME, symbol: Symbol | None = None, open_interest: float = 0.0) -> None:
        self._symbol, self._time, self._end_time, self._core = symbol, time, time, from_float(open_interest)

    @property
    def value(self) -> float:
        """Contracts open."""
        return to_float(self._core)


def _side_text(name: str, side: Ohlc | None) -> str:
    numbers = (ZERO,) * 4 if side is None else (side.open, side.high, side.low, side.close)
    return "".join(f"{name}: {letter}: {short_text(smart_round(number))} " for letter, number in zip("OHLC", numbers, strict=True))


def _prices(bar: Bar | None) -> Ohlc | None:
    return None if bar is None else bar._core  # pyright: ignore[reportPrivateUsage]


def _four(facts: QuoteFacts) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    return facts.open, facts.high, facts.low, facts.close


def trade_bar(symbol: Symbol, facts: TradeFacts, time: datetime, end_time: datetime, filled: bool = False) -> TradeBar:
    """A trade bar over given facts."""
    bar = TradeBar.__new__(TradeBar)
    _fill(bar, symbol, facts, time, end_time, filled)
    return bar


def quote_bar(symbol: Symbol, facts: QuoteFacts, time: datetime, end_time: datetime, filled: bool = False) -> QuoteBar:
    """A quote bar over given facts."""
    bar = QuoteBar.__new__(QuoteBar)
    _fill(bar, symbol, facts, time, end_time, filled)
    return bar


def _fill(bar: TradeBar | QuoteBar, symbol: Symbol, facts: Any, time: datetime, end_time: datetime, filled: bool) -> None:
    bar._symbol, bar._core, bar._time, bar._end_time = symbol, facts, time, end_time  # pyright: ignore[reportPrivateUsage]
    bar._is_fill_forward = filled  # pyright: ignore[reportPrivateUsage]


def bar_from_facts(symbol: Symbol, facts: TradeFacts | QuoteFacts, zone: Zone) -> TradeBar | QuoteBar:
    """The bar of a real row, on the exchange's clock."""
    start, end = datetime_of(zone.to_local(facts.start)), datetime_of(zone.to_local(facts.end))
    return trade_bar(symbol, facts, start, end) if isinstance(facts, TradeFacts) else quote_bar(symbol, facts, start, end)
