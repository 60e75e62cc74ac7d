"""The port through which an engine gets market data, whatever the source: a LEAN folder on disk, or the synthetic market in memory.

One request is one series: an instrument, a resolution, a tick type, and (below hour resolution) one trading day. The answer is columnar, with the
raw numbers as LEAN's files hold them: an integer count of `1/divisor`, so that a price has an exact decimal value and a float at no cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Kind(Enum):
    """Security type; the value is the folder name in LEAN's data folder."""

    EQUITY = "equity"
    OPTION = "option"
    FOREX = "forex"
    FUTURE = "future"
    FUTURE_OPTION = "futureoption"
    INDEX = "index"
    INDEX_OPTION = "indexoption"


class Tick(Enum):
    """Which rows of an instrument; the value is the word in LEAN's file names."""

    TRADE = "trade"
    QUOTE = "quote"
    OPEN_INTEREST = "openinterest"


class Step(Enum):
    """Resolution of stored bars; the value is the folder name."""

    MINUTE = "minute"
    HOUR = "hour"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Instrument:
    """What LEAN's paths and entry names need to find a series.

    ticker: lower-case folder ticker ("spy", "spxw", "es"); underlying: folder ticker of the underlying where it differs. expiry, strike, right ("call" or
    "put"), style ("american" or "european") for options. contract_month ("202409") for futures and, as the future's, for future options.
    """

    kind: Kind
    market: str
    ticker: str
    expiry: date | None = None
    strike: Decimal | None = None
    right: str | None = None
    style: str | None = None
    contract_month: str | None = None


@dataclass(frozen=True, slots=True)
class TradeColumns:
    """Trade bars, oldest first. start: microseconds since 1970 of the bar's start as a naive clock reading in the data time zone.

    open, high, low, close: (n,) raw prices, float64 holding the file's number exactly; price = raw / divisor. volume: (n,).
    """

    start: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    divisor: int


@dataclass(frozen=True, slots=True)
class QuoteColumns:
    """Quote bars, oldest first; units as in TradeColumns. bid and ask: (n, 4) raw open, high, low, close; a side of zeros was absent."""

    start: Ints
    bid: Floats
    ask: Floats
    bid_size: Floats
    ask_size: Floats
    divisor: int


@dataclass(frozen=True, slots=True)
class InterestColumns:
    """Open interest rows, oldest first."""

    start: Ints
    value: Floats


Columns = TradeColumns | QuoteColumns | InterestColumns


@dataclass(frozen=True, slots=True)
class UniverseRows:
    """One chain file: the contracts that traded on `day`, usable from the next midnight, in the file's order.

    For options row arrays align with expiry, strike and right ('C' or 'P'); for futures only expiry. A figure the file does not have is NaN.
    underlying: open, high, low, close, volume of the underlying row, None when absent. Prices are unscaled.
    theta as in the file, per day; vega per vol point; rho per 1 %.
    """

    day: date
    underlying: tuple[float, float, float, float, float] | None
    expiry: Sequence[date]
    strike: Sequence[Decimal]
    right: Sequence[str]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    open_interest: Floats
    iv: Floats
    delta: Floats
    gamma: Floats
    vega: Floats
    theta: Floats
    rho: Floats


@dataclass(frozen=True, slots=True)
class MapRow:
    """One row of a map file: the ticker used up to and including `day`; of a future the contract's identity, with LEAN's number of the mapping mode."""

    day: date
    ticker: str
    exchange: str
    mode: int | None = None


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One row of a factor file; factors as exact decimals of the text."""

    day: date
    price_factor: Decimal
    split_factor: Decimal
    reference_price: Decimal


@dataclass(frozen=True, slots=True)
class FutureFactorRow:
    """Adjustment of a continuous future's prices up to and including `day`, for one of LEAN's mapping modes; per contract depth, the front contract first.

    ratio: prices times it; backward, forward: prices plus it.
    """

    day: date
    mode: int
    ratio: tuple[Decimal, ...]
    backward: tuple[Decimal, ...]
    forward: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class MarginRow:
    """One row of a future's margin table: per contract from `day` on."""

    day: date
    initial: Decimal
    maintenance: Decimal


@dataclass(frozen=True, slots=True)
class SymbolProperties:
    """One row of the symbol-properties database."""

    description: str
    quote_currency: str
    contract_multiplier: Decimal
    minimum_price_variation: Decimal
    lot_size: Decimal
    price_magnifier: Decimal
    strike_multiplier: Decimal


class MarketData(Protocol):
    """The provider. Absent data is None or empty, never invented; unreadable data raises CorruptData naming file, row and reason."""

    def bars(self, instrument: Instrument, step: Step, tick: Tick, day: date | None) -> Columns | None:
        """Rows of one series: of one data-time-zone day for MINUTE, of all time (day None) for HOUR and DAILY; None when there is no file."""
        ...

    def universe(self, canonical: Instrument, day: date) -> UniverseRows | None:
        """The chain file of `day` for an option root (canonical instrument without expiry) or a future; None when there is none."""
        ...

    def universe_days(self, canonical: Instrument) -> Sequence[date]:
        """Days that have a chain file, ascending."""
        ...

    def map_rows(self, ticker: str, market: str, kind: Kind) -> Sequence[MapRow]:
        """Map file rows, empty when there is none."""
        ...

    def factor_rows(self, ticker: str, market: str) -> Sequence[FactorRow]:
        """Factor file rows ascending, empty when there is none."""
        ...

    def future_factor_rows(self, ticker: str, market: str) -> Sequence[FutureFactorRow]:
        """What past prices of a continuous future are adjusted with, ascending; empty when there is no file."""
        ...

    def margins(self, ticker: str, market: str) -> Sequence[MarginRow]:
        """Margin rows of a future ascending, empty when there is none."""
        ...

    def interest_rates(self) -> Sequence[tuple[date, Decimal]]:
        """(day, percent) rows ascending, empty when there is no file."""
        ...

    def market_hours(self) -> dict[str, object]:
        """Parsed market-hours database (the JSON's own layout)."""
        ...

    def symbol_properties(self) -> Mapping[tuple[str, str, str], SymbolProperties]:
        """(market, ticker or '[*]', security type lower-case) -> properties."""
        ...

    def last_time(self) -> datetime | None:
        """Time of the last data known to exist, None when unbounded."""
        ...
