"""History of chains: one entry per chain file, as objects or as a frame of lists (or, flattened, of contracts)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leanlocal.history.frames import object_index
from leanlocal.slices.bars import BaseData
from leanlocal.surface import core_of
from leanlocal.symbols import Symbol
from leanlocal.universes.files import ChainTable
from leanlocal.universes.rows import UniverseRow, underlying_bar

if TYPE_CHECKING:
    import pandas as pd

    from leanlocal.engine.context import RunContext

FLAT_COLUMNS = ("close", "high", "low", "open", "volume", "value")


class OptionUniverse(BaseData):
    """The contracts of one chain file; iterating gives its rows."""

    _core: ChainTable

    def __init__(self, table: ChainTable) -> None:
        self._core = table
        self._symbol = table.canonical
        day, available = table.rows.day, table.available_from
        self._time = datetime(day.year, day.month, day.day)
        self._end_time = datetime(available.year, available.month, available.day)

    def __iter__(self) -> Iterator[UniverseRow]:
        return (UniverseRow(self._core, row) for row in range(len(self._core.rows.expiry)))

    def __len__(self) -> int:
        return len(self._core.rows.expiry)


def chain_days(run: RunContext, canonical: Symbol, start: date | None, end: date, count: int | None) -> list[OptionUniverse]:
    """Chain files known at the end of the window: the last `count` of them, or those from `start` on."""
    files = run.chain_files
    days = [day for day in files.days(canonical) if day < end]
    chosen = days[-count:] if count is not None else [day for day in days if start is None or day >= start]
    tables = [files.of_day(canonical, day) for day in chosen]
    return [OptionUniverse(table) for table in tables if table is not None]


def chain_frame(run: RunContext, days: Sequence[OptionUniverse], flatten: bool, *, bare: bool) -> Any:
    """A frame with the list of contracts per day, or one row per contract when flattened; bare: the lists alone as a series."""
    import pandas as pd

    if not days:
        return pd.DataFrame()
    if flatten:
        return _flat(days)
    levels = [[_level(day, name) for day in days] for name in ("expiry", "strike", "type", "symbol")]
    index = object_index([*levels, [day.end_time for day in days]], ["expiry", "strike", "type", "symbol", "time"])
    lists = pd.Series([list(day) for day in days], index=index, name="data", dtype=object)
    if bare:
        return lists
    return pd.DataFrame({"data": lists, "underlying": pd.Series([_underlying(day) for day in days], index=index, dtype=object)})


def _level(day: OptionUniverse, name: str) -> Any:
    sid = day.symbol.id
    return {"expiry": sid.date, "strike": float(sid.strike_price), "type": sid.option_right, "symbol": day.symbol}[name]


class _Text(str):
    """A text that stands for a bar in a frame."""


def _underlying(day: OptionUniverse) -> str:
    found = underlying_bar(core_of(day))
    return "" if found is None else _Text(f"{found[0].value}: ¤{float(found[1].close):,.2f}")


def _flat(days: Sequence[OptionUniverse]) -> pd.DataFrame:
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for day in days:
        under = _underlying(day)
        for one in day:
            greeks = one.greeks
            row = {name: getattr(one, name) for name in FLAT_COLUMNS}
            row |= {"openinterest": one.open_interest, "impliedvolatility": one.implied_volatility, "underlying": under}
            row |= {"delta": greeks.delta, "gamma": greeks.gamma, "vega": greeks.vega, "theta": greeks.theta, "rho": greeks.rho}
            rows.append({**row, "time": day.end_time, "symbol": one.symbol})
    frame = pd.DataFrame(rows)
    index = object_index([[row["time"] for row in rows], [row["symbol"] for row in rows]], ["time", "symbol"])
    frame = frame.drop(columns=["time", "symbol"])
    return frame.set_index(index)[sorted(frame.columns)]
