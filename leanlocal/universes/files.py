"""Chain files as tables of contracts: a file of day D is usable from the next midnight of the exchange.

Rows stay arrays; a Symbol is made for a row only when somebody wants it, and only once per run. Sources: lean-fidelity §1.3, §2.4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from leanlocal.enums import OptionRight, SecurityType
from leanlocal.market_hours import ExchangeHours
from leanlocal.securities.instruments import instrument_of
from leanlocal.symbol_book import create_future, option_contract, renamed
from leanlocal.symbols import CHAIN_TYPES, Symbol
from leanlocal.universes.future_expiries import future_expiry
from marketdata.port import Floats, Instrument, MarketData, UniverseRows

DAYS_BACK = 10
FEW_SYMBOLS = 1000
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
ContractKey = int
STRIKE_UNITS = 10**6
STRIKE_RANGE = 10**12


@dataclass
class ChainTable:
    """One chain file of a canonical symbol. symbols: cache of the run, shared by all days of the chain."""

    canonical: Symbol
    rows: UniverseRows
    symbols: dict[ContractKey, Symbol]
    hours: ExchangeHours

    @cached_property
    def expiries(self) -> list[date]:
        """Expiry of each row: of futures worked out from the contract month the file names."""
        if self.canonical.has_underlying:
            return list(self.rows.expiry)
        sid = self.canonical.id
        return [future_expiry(sid.symbol, month, self.hours) for month in self.rows.expiry]

    @cached_property
    def columns(self) -> TableColumns:
        """The rows' terms as arrays."""
        return TableColumns(self)

    @property
    def available_from(self) -> date:
        """Date from whose midnight on it may be used."""
        return self.rows.day + timedelta(days=1)

    def __len__(self) -> int:
        return len(self.rows.expiry)

    def symbol(self, row: int) -> Symbol:
        """Symbol of a row."""
        key = self.columns.keys[row]
        found = self.symbols.get(key)
        if found is None:
            found = self.symbols[key] = self._make(row)
        return found

    def symbols_of(self, rows: NDArray[np.int64]) -> NDArray[np.object_]:
        """Symbols of many rows."""
        known, keys = self.symbols.get, self.columns.keys
        found = (known(keys[row]) or self.symbol(row) for row in rows.tolist())
        return np.fromiter(found, dtype=object, count=len(rows))

    def _make(self, row: int) -> Symbol:
        canonical, expiry = self.canonical, self.expiries[row]
        if not canonical.has_underlying:
            return create_future(canonical.id.symbol, canonical.id.market, expiry)
        side = OptionRight.CALL if self.rows.right[row] == "C" else OptionRight.PUT
        return option_contract(canonical.underlying, canonical.id.symbol, canonical.id.option_style, side, self.rows.strike[row], expiry)


class TableColumns:
    """Columns of a table as arrays, for those who look at all rows."""

    def __init__(self, table: ChainTable) -> None:
        self.table = table

    @cached_property
    def expiry(self) -> NDArray[np.int64]:
        """Expiry as ordinal days."""
        return np.fromiter(map(date.toordinal, self.table.expiries), np.int64, len(self.table))

    @cached_property
    def expiry_day(self) -> NDArray[np.datetime64]:
        """Expiry as dates."""
        return (self.expiry - EPOCH_ORDINAL).astype("datetime64[D]")

    @cached_property
    def strike(self) -> Floats:
        """Strikes."""
        return np.fromiter(map(float, self.table.rows.strike), np.float64, len(self.table.rows.strike))

    @cached_property
    def is_call(self) -> NDArray[np.bool_]:
        """True for calls."""
        return np.array(self.table.rows.right, dtype="U1") == "C"

    @cached_property
    def keys(self) -> list[ContractKey]:
        """A number per row that belongs to its contract: expiry, right and strike in millionths."""
        expiry = self.expiry
        if not len(self.table.rows.strike):
            return expiry.tolist()
        strikes = np.rint(self.strike * STRIKE_UNITS).astype(np.int64)
        return ((expiry * 2 + self.is_call) * STRIKE_RANGE + strikes).tolist()


class ChainFiles:
    """Chain files of one provider. today: the run's date; a chain is filed, and its contracts are named, by the ticker of the day it is first asked for."""

    def __init__(self, data: MarketData, hours_of: Callable[[Symbol], ExchangeHours], today: Callable[[], date] = lambda: date.max) -> None:
        self._data = data
        self._today = today
        self._homes: dict[Symbol, tuple[Symbol, Instrument]] = {}
        self._hours_of = hours_of
        self._symbols: dict[Symbol, dict[ContractKey, Symbol]] = {}
        self._room: dict[Symbol, int] = {}
        self._tables: dict[tuple[Symbol, date], ChainTable | None] = {}
        self._days: dict[Symbol, Sequence[date]] = {}

    def days(self, canonical: Symbol) -> Sequence[date]:
        """Days that have a chain file, ascending."""
        if canonical not in self._days:
            self._days[canonical] = self._data.universe_days(self._home(canonical)[1])
        return self._days[canonical]

    def of_day(self, canonical: Symbol, day: date) -> ChainTable | None:
        """The file of a day, None when there is none."""
        key = (canonical, day)
        if key not in self._tables:
            if len(self._tables) > DAYS_BACK * 4:
                self._tables.clear()
            named, home = self._home(canonical)
            rows = self._data.universe(home, day)
            self._tables[key] = None if rows is None else ChainTable(named, rows, self._symbols_from(canonical, day), self._hours_of(canonical))
        return self._tables[key]

    def _home(self, canonical: Symbol) -> tuple[Symbol, Instrument]:
        if canonical not in self._homes:
            home = instrument_of(canonical, self._data)(self._today())
            on_share = canonical.security_type is SecurityType.OPTION and home.ticker.upper() != canonical.underlying.value
            self._homes[canonical] = (renamed(canonical, home.ticker.upper()) if on_share else canonical, home)
        return self._homes[canonical]

    def _symbols_from(self, canonical: Symbol, day: date) -> dict[ContractKey, Symbol]:
        """The chain's symbols made so far. Those that have expired by the day go whenever their number has doubled, so that a long run keeps the living."""
        symbols = self._symbols.setdefault(canonical, {})
        if len(symbols) > self._room.get(canonical, FEW_SYMBOLS):
            first = day.toordinal() * (2 * STRIKE_RANGE if canonical.has_underlying else 1)
            for expired in [key for key in symbols if key < first]:
                del symbols[expired]
            self._room[canonical] = max(FEW_SYMBOLS, 2 * len(symbols))
        return symbols


def is_chain(symbol: Symbol) -> bool:
    """True for canonical options and futures."""
    return symbol.security_type in CHAIN_TYPES and symbol.is_canonical()
