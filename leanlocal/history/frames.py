"""Data frames as LEAN's converter builds them: one row per symbol and bar end, columns in alphabetical order, index levels by kind of instrument.

Where trades and quotes share a row the prices are the trade's. Columns without any number are left out. Level `symbol` holds Symbol objects.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros, Zone, datetime_of
from leanlocal.consolidators.rows import Delivered
from leanlocal.exact import to_float
from leanlocal.feeds.blocks import TradeFacts
from leanlocal.history.rows import Interest
from leanlocal.history.symbol_index import holds_symbols, symbol_index
from leanlocal.symbols import CHAIN_TYPES, OPTION_TYPES, Symbol

if TYPE_CHECKING:
    import pandas as pd

SIDES = ("open", "high", "low", "close")
Row = dict[str, Any]


@dataclass(slots=True)
class SymbolRows:
    """Rows of one symbol by bar end."""

    symbol: Symbol
    zone: Zone
    rows: dict[Micros, Row] = field(default_factory=dict[Micros, Row])

    def add_quotes(self, delivered: Sequence[Delivered]) -> None:
        """Quote rows: both sides, sizes, and mids as prices."""
        for one in delivered:
            facts: Any = one.facts
            row = self.rows.setdefault(facts.end, {})
            for name, side, size in (("bid", facts.bid, facts.bid_size), ("ask", facts.ask, facts.ask_size)):
                if side is not None:
                    row |= {name + part: to_float(getattr(side, part)) for part in SIDES}
                row[name + "size"] = to_float(size)
            row |= {part: to_float(getattr(facts, part)) for part in SIDES if part not in row}

    def add_trades(self, delivered: Sequence[Delivered]) -> None:
        """Trade rows: prices replace quotes' mids."""
        for one in delivered:
            facts = one.facts
            assert isinstance(facts, TradeFacts)
            row = self.rows.setdefault(facts.end, {})
            row |= {part: to_float(getattr(facts, part)) for part in SIDES}
            row["volume"] = to_float(facts.volume)

    def add_interest(self, delivered: Sequence[Interest]) -> None:
        """Open interest rows."""
        for one in delivered:
            self.rows.setdefault(one.end, {})["openinterest"] = to_float(one.value)

    def times(self) -> list[datetime]:
        """Bar ends on the exchange's clock, ascending."""
        return [datetime_of(self.zone.to_local(end)) for end in sorted(self.rows)]


def level_names(symbols: Sequence[Symbol]) -> list[str]:
    """Index levels that fit all symbols."""
    if any(symbol.security_type in OPTION_TYPES for symbol in symbols):
        return ["expiry", "strike", "type", "symbol", "time"]
    if any(symbol.security_type in CHAIN_TYPES for symbol in symbols):
        return ["expiry", "symbol", "time"]
    return ["symbol", "time"]


def _levels(symbol: Symbol, names: Sequence[str]) -> list[Any]:
    own: dict[str, Any] = {"symbol": symbol}
    if symbol.security_type in OPTION_TYPES:
        own |= {"expiry": symbol.id.date, "strike": float(symbol.id.strike_price), "type": symbol.id.option_right}
    elif symbol.security_type in CHAIN_TYPES:
        own["expiry"] = symbol.id.date
    return [own.get(name, "") for name in names if name != "time"]


def frame_of(parts: Sequence[SymbolRows]) -> pd.DataFrame:
    """One frame of all symbols that have rows; an empty frame when none has."""
    import pandas as pd

    filled = sorted((part for part in parts if part.rows), key=lambda part: min(part.rows))
    if not filled:
        return pd.DataFrame()
    names = level_names([part.symbol for part in filled])
    kept = [_telling_columns(part) for part in filled]
    columns = sorted(set().union(*kept))
    numbers = [
        [row.get(name, float("nan")) if name in own else float("nan") for name in columns]
        for part, own in zip(filled, kept, strict=True)
        for _, row in sorted(part.rows.items())
    ]
    return pd.DataFrame(numbers, columns=columns, index=index_of(filled, names))


def _telling_columns(part: SymbolRows) -> set[str]:
    """Columns in which some row has a number other than zero."""
    return {name for row in part.rows.values() for name, value in row.items() if value}


def index_of(parts: Sequence[SymbolRows], names: Sequence[str]) -> pd.MultiIndex:
    """The frame's index."""
    columns: list[list[Any]] = [[] for _ in names]
    for part in parts:
        times, levels = part.times(), _levels(part.symbol, names)
        for column, value in zip(columns, levels, strict=False):
            column.extend([value] * len(times))
        columns[-1].extend(times)
    return object_index(columns, names)


def object_index(columns: Sequence[list[Any]], names: Sequence[str]) -> pd.MultiIndex:
    """An index of the given levels in which enumerations and symbols stay what they are."""
    import pandas as pd

    levels, codes = [], []
    for column in columns:
        distinct = list(dict.fromkeys(column))
        with contextlib.suppress(TypeError):
            distinct.sort()
        places = {value: place for place, value in enumerate(distinct)}
        dates = all(isinstance(value, datetime) for value in distinct)
        if holds_symbols(distinct):
            levels.append(symbol_index(distinct))
        else:
            levels.append(pd.DatetimeIndex(distinct) if dates else pd.Index(distinct, dtype=object))
        codes.append([places[value] for value in column])
    return pd.MultiIndex(levels=levels, codes=codes, names=list(names))
