"""Contracts of a chain: of yesterday's file (`option_chain()`) or of the moment (`slice.option_chains`).

Both kinds show the same names; where the numbers come from is the source's business. Sources: lean-fidelity §7.1, SURPRISES "Universe, chains, Greeks".
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from leanlocal.enums import OptionRight, OptionStyle
from leanlocal.exact import to_float
from leanlocal.surface import LeanObject
from leanlocal.symbols import SecurityIdentifier, Symbol, strike_of
from leanlocal.universes.files import ChainTable
from leanlocal.universes.future_expiries import CLOCK
from leanlocal.universes.rows import Greeks, file_greeks, number


class ContractSource(Protocol):
    """Figures of one contract. Prices and sizes as floats; implied volatility, Greeks and theoretical price are evaluated when read."""

    @property
    def symbol(self) -> Symbol: ...
    @property
    def time(self) -> datetime: ...
    @property
    def bid(self) -> tuple[float, float]: ...
    @property
    def ask(self) -> tuple[float, float]: ...
    @property
    def last(self) -> float: ...
    @property
    def volume(self) -> float: ...
    @property
    def open_interest(self) -> float: ...
    @property
    def underlying_price(self) -> float: ...
    @property
    def strike_multiplier(self) -> Decimal: ...
    @property
    def evaluation(self) -> tuple[Greeks, float, float]: ...


class FileSource:
    """Figures of a chain file: bid, ask and last are the close, sizes zero."""

    def __init__(self, table: ChainTable, row: int, strike_multiplier: Decimal) -> None:
        self._table = table
        self._row = row
        self.strike_multiplier = strike_multiplier

    @property
    def symbol(self) -> Symbol:
        """The contract."""
        return self._table.symbol(self._row)

    @property
    def time(self) -> datetime:
        """Midnight after the file's day."""
        day = self._table.available_from
        return datetime(day.year, day.month, day.day)

    @property
    def last(self) -> float:
        """Close."""
        return number(self._table.rows.close[self._row])

    @property
    def bid(self) -> tuple[float, float]:
        """Close and size zero."""
        return self.last, 0.0

    @property
    def ask(self) -> tuple[float, float]:
        """Close and size zero."""
        return self.last, 0.0

    @property
    def volume(self) -> float:
        """Of the day."""
        return number(self._table.rows.volume[self._row])

    @property
    def open_interest(self) -> float:
        """Of the file."""
        return number(self._table.rows.open_interest[self._row])

    @property
    def underlying_price(self) -> float:
        """Close of the underlying row."""
        figures = self._table.rows.underlying
        return number(figures[3]) if figures is not None else 0.0

    @property
    def evaluation(self) -> tuple[Greeks, float, float]:
        """The file's Greeks and volatility; no theoretical price."""
        return file_greeks(self._table, self._row), number(self._table.rows.iv[self._row]), 0.0


class BaseContract(LeanObject[ContractSource]):
    """What contracts of options and futures share."""

    def __init__(self, source: ContractSource) -> None:
        self._core = source

    @property
    def symbol(self) -> Symbol:
        """The contract's symbol."""
        return self._core.symbol

    @property
    def id(self) -> SecurityIdentifier:
        """Its identity."""
        return self._core.symbol.id

    @property
    def underlying_symbol(self) -> Symbol:
        """Symbol of the underlying."""
        return self._core.symbol.underlying

    @property
    def expiry(self) -> datetime:
        """Expiry at midnight."""
        return self._core.symbol.id.date

    @property
    def days_to_expiry(self) -> int:
        """Days from the contract's time to its expiry."""
        return (self.expiry - self.time) // timedelta(days=1)

    @property
    def time(self) -> datetime:
        """Exchange clock of the figures."""
        return self._core.time

    @property
    def bid_price(self) -> float:
        """Bid."""
        return self._core.bid[0]

    @property
    def bid_size(self) -> int:
        """Size at the bid."""
        return int(self._core.bid[1])

    @property
    def ask_price(self) -> float:
        """Ask."""
        return self._core.ask[0]

    @property
    def ask_size(self) -> int:
        """Size at the ask."""
        return int(self._core.ask[1])

    @property
    def last_price(self) -> float:
        """Last trade."""
        return self._core.last

    @property
    def price(self) -> float:
        """Last trade."""
        return self._core.last

    @property
    def value(self) -> float:
        """Last trade."""
        return self._core.last

    @property
    def close(self) -> float:
        """Last trade."""
        return self._core.last

    @property
    def volume(self) -> int:
        """Contracts traded."""
        return int(self._core.volume)

    @property
    def open_interest(self) -> float:
        """Contracts open."""
        return self._core.open_interest

    def __str__(self) -> str:
        return str(self._core.symbol)


class FuturesContract(BaseContract):
    """A future in a chain."""

    @property
    def expiry(self) -> datetime:
        """Expiry with the time of day that trading in the product ends."""
        return self._core.symbol.id.date + CLOCK.get(self._core.symbol.id.symbol, timedelta(0))


class OptionContract(BaseContract):
    """An option in a chain."""

    @property
    def strike(self) -> float:
        """Strike."""
        return to_float(strike_of(self._core.symbol))

    @property
    def scaled_strike(self) -> float:
        """Strike on the underlying's scale."""
        return to_float(strike_of(self._core.symbol) * self._core.strike_multiplier)

    @property
    def right(self) -> OptionRight:
        """Call or put."""
        return self._core.symbol.id.option_right

    @property
    def style(self) -> OptionStyle:
        """American or European."""
        return self._core.symbol.id.option_style

    @property
    def underlying_last_price(self) -> float:
        """Price of the underlying with the contract's figures."""
        return self._core.underlying_price

    @cached_property
    def _evaluation(self) -> tuple[Greeks, float, float]:
        return self._core.evaluation

    @property
    def greeks(self) -> Greeks:
        """Sensitivities."""
        return self._evaluation[0]

    @property
    def implied_volatility(self) -> float:
        """Implied volatility."""
        return self._evaluation[1]

    @property
    def theoretical_price(self) -> float:
        """Price of the model."""
        return self._evaluation[2]
