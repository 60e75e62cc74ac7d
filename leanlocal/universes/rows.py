"""One row of a chain file, as filters and history hand it to an algorithm."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from leanlocal.enums import OptionRight
from leanlocal.exact import from_float
from leanlocal.feeds.blocks import TradeFacts
from leanlocal.slices.bars import BaseData
from leanlocal.surface import LeanObject
from leanlocal.symbols import SecurityIdentifier, Symbol, strike_of
from leanlocal.universes.files import ChainTable


class Greeks(LeanObject[None]):
    """Sensitivities of a contract: theta per year, vega per volatility point, rho per percent."""

    def __init__(self, delta: float = 0.0, gamma: float = 0.0, vega: float = 0.0, theta_per_day: float = 0.0, rho: float = 0.0, lambda_: float = 0.0) -> None:
        self.delta = delta
        self.gamma = gamma
        self.vega = vega
        self.theta_per_day = theta_per_day
        self.rho = rho
        self.lambda_ = lambda_

    @property
    def theta(self) -> float:
        """Per year: the daily figure times 365, in decimal as LEAN does; a zero keeps its sign."""
        return float(from_float(self.theta_per_day) * 365) if self.theta_per_day else self.theta_per_day

    def __str__(self) -> str:
        return f"D: {self.delta}, G: {self.gamma}, V: {self.vega}, T: {self.theta}, R: {self.rho}"


def number(value: float) -> float:
    """A figure of the file, zero when the file has none."""
    return 0.0 if np.isnan(value) else float(value)


class UniverseRow(BaseData):
    """LEAN's OptionUniverse and FutureUniverse."""

    _core: ChainTable

    def __init__(self, table: ChainTable, row: int) -> None:
        self._core = table
        self._row = row
        day = table.rows.day
        self._time = datetime(day.year, day.month, day.day)
        self._end_time = self._time + timedelta(days=1)

    @property
    def symbol(self) -> Symbol:  # pyright: ignore[reportIncompatibleVariableOverride, reportIncompatibleMethodOverride]
        """The contract."""
        return self._core.symbol(self._row)

    @property
    def id(self) -> SecurityIdentifier:
        """Its identity."""
        return self.symbol.id

    @property
    def open(self) -> float:
        """Open of the day."""
        return number(self._core.rows.open[self._row])

    @property
    def high(self) -> float:
        """High of the day."""
        return number(self._core.rows.high[self._row])

    @property
    def low(self) -> float:
        """Low of the day."""
        return number(self._core.rows.low[self._row])

    @property
    def close(self) -> float:
        """Close of the day."""
        return number(self._core.rows.close[self._row])

    @property
    def value(self) -> float:
        """Close of the day."""
        return self.close

    @property
    def volume(self) -> float:
        """Contracts traded."""
        return number(self._core.rows.volume[self._row])

    @property
    def open_interest(self) -> float:
        """Contracts open."""
        return number(self._core.rows.open_interest[self._row])

    @property
    def implied_volatility(self) -> float:
        """Of the day's close."""
        return number(self._core.rows.iv[self._row])

    @property
    def greeks(self) -> Greeks:
        """Of the day's close."""
        return file_greeks(self._core, self._row)

    @property
    def expiry(self) -> datetime:
        """Expiry at midnight."""
        return self.symbol.id.date

    @property
    def strike(self) -> float:
        """Strike."""
        return float(strike_of(self.symbol))

    @property
    def right(self) -> OptionRight:
        """Call or put."""
        return self.symbol.id.option_right


def file_greeks(table: ChainTable, row: int) -> Greeks:
    """Greeks of a row of the file."""
    rows = table.rows
    return Greeks(number(rows.delta[row]), number(rows.gamma[row]), number(rows.vega[row]), number(rows.theta[row]), number(rows.rho[row]))


def underlying_bar(table: ChainTable) -> tuple[Symbol, TradeFacts, datetime, datetime] | None:
    """The underlying's row of a file: symbol, facts, start and end on the exchange's clock; None when absent."""
    figures = table.rows.underlying
    if figures is None or not table.canonical.has_underlying:
        return None
    opening, high, low, close, volume = (Decimal(0) if np.isnan(figure) else from_float(figure) for figure in figures)
    start = datetime(table.rows.day.year, table.rows.day.month, table.rows.day.day)
    return table.canonical.underlying, TradeFacts(0, 0, opening, high, low, close, volume), start, start + timedelta(days=1)
