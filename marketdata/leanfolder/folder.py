"""A LEAN data folder on disk as a provider of market data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from weakref import finalize

from marketdata.joining import joined
from marketdata.leanfolder import paths, references
from marketdata.leanfolder.archives import Archives
from marketdata.leanfolder.column_cache import ColumnCache
from marketdata.leanfolder.rows import columns_from
from marketdata.leanfolder.universe_files import read_universe
from marketdata.port import (
    Columns,
    FactorRow,
    FutureFactorRow,
    Instrument,
    Kind,
    MapRow,
    MarginRow,
    Step,
    SymbolProperties,
    Tick,
    UniverseRows,
)
from vocabulary.errors import MissingData

EPOCH = date(1970, 1, 1)


class LeanFolder:
    """Implements `marketdata.port.MarketData` over files. Raises MissingData when `root` is not a folder.

    cache: where parsed series are kept from run to run, None for nowhere. What was read is written there by `close`, at the latest when the process ends.
    """

    def __init__(self, root: Path, cache: ColumnCache | None = None) -> None:
        if not root.is_dir():
            raise MissingData(f"data folder {root} does not exist; give an existing LEAN data folder")
        self.root = root
        self._archives = Archives(root)
        self._cache = cache
        self._at_end = None if cache is None else finalize(self, cache.close)
        self._years: dict[tuple[str, str], list[int]] = {}
        self._maps: dict[tuple[Kind, str, str], Sequence[MapRow]] = {}
        self._latest: dict[str, Mapping[str, str]] = {}

    def bars(self, instrument: Instrument, step: Step, tick: Tick, day: date | None) -> Columns | None:
        """See `MarketData.bars`."""
        if step is Step.MINUTE:
            return self._minute(instrument, tick, paths.required(day, instrument, "day"))
        if instrument.kind not in paths.OPTIONS:
            return self._long(instrument, step, tick, None)
        parts = [part for year in self._years_of(instrument, step) if (part := self._long(instrument, step, tick, year)) is not None]
        return joined(parts) if parts else None

    def universe(self, canonical: Instrument, day: date) -> UniverseRows | None:
        """See `MarketData.universe`."""
        return read_universe(self.root / paths.universe_folder(canonical) / f"{day:%Y%m%d}.csv", day)

    def universe_days(self, canonical: Instrument) -> Sequence[date]:
        """See `MarketData.universe_days`."""
        folder = self.root / paths.universe_folder(canonical)
        return sorted(references.day_of(path.stem) for path in folder.glob("[0-9]" * 8 + ".csv"))

    def contract_months(self, canonical: Instrument) -> Sequence[str]:
        """Contract months that have a chain folder (future options), ascending."""
        folder = self.root / paths.root_of(canonical) / "universes" / canonical.ticker
        return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []

    def map_rows(self, ticker: str, market: str, kind: Kind) -> Sequence[MapRow]:
        """See `MarketData.map_rows`."""
        return self._map_file(self._permanent(ticker, market) if kind is Kind.EQUITY else ticker.lower(), market, kind)

    def _map_file(self, name: str, market: str, kind: Kind) -> Sequence[MapRow]:
        key = (kind, market, name)
        if key not in self._maps:
            self._maps[key] = references.map_rows(self.root / kind.value / market / "map_files" / f"{name}.csv")
        return self._maps[key]

    def _permanent(self, ticker: str, market: str) -> str:
        """Name of the files of the share that had the ticker last: its own when the file of that name ends with it, else found in all map files."""
        name = ticker.lower()
        own = self._map_file(name, market, Kind.EQUITY)
        if own and own[-1].ticker == name:
            return name
        if market not in self._latest:
            folder = self.root / Kind.EQUITY.value / market / "map_files"
            self._latest[market] = references.last_bearers({path.stem: self._map_file(path.stem, market, Kind.EQUITY) for path in sorted(folder.glob("*.csv"))})
        return self._latest[market].get(name, name)

    def factor_rows(self, ticker: str, market: str) -> Sequence[FactorRow]:
        """See `MarketData.factor_rows`."""
        return references.factor_rows(self.root / Kind.EQUITY.value / market / "factor_files" / f"{self._permanent(ticker, market)}.csv")

    def future_factor_rows(self, ticker: str, market: str) -> Sequence[FutureFactorRow]:
        """See `MarketData.future_factor_rows`."""
        return references.future_factor_rows(self.root / Kind.FUTURE.value / market / "factor_files" / f"{ticker.lower()}.csv")

    def margins(self, ticker: str, market: str) -> Sequence[MarginRow]:
        """See `MarketData.margins`."""
        return references.margin_rows(self.root / Kind.FUTURE.value / market / "margins" / f"{ticker.upper()}.csv")

    def interest_rates(self) -> Sequence[tuple[date, Decimal]]:
        """See `MarketData.interest_rates`."""
        return references.interest_rates(self.root / "alternative" / "interest-rate" / "usa" / "interest-rate.csv")

    def market_hours(self) -> dict[str, object]:
        """See `MarketData.market_hours`."""
        return self._market_hours

    def symbol_properties(self) -> Mapping[tuple[str, str, str], SymbolProperties]:
        """See `MarketData.symbol_properties`."""
        return self._symbol_properties

    def last_time(self) -> datetime | None:
        """Unbounded: whatever files there are."""
        return None

    @cached_property
    def _market_hours(self) -> dict[str, object]:
        return references.market_hours(self.root / "market-hours" / "market-hours-database.json")

    @cached_property
    def _symbol_properties(self) -> Mapping[tuple[str, str, str], SymbolProperties]:
        return references.PropertiesTable(self.root / "symbol-properties" / "symbol-properties-database.csv")

    def close(self) -> None:
        """Write what was read to the cache and close the archives; the folder can still be read."""
        self._archives.close()
        if self._cache is not None:
            self._cache.close()

    def _minute(self, instrument: Instrument, tick: Tick, day: date) -> Columns | None:
        divisor, midnight = paths.divisor_of(instrument.kind), (day - EPOCH).days * 86_400_000_000
        return self._series(paths.day_archive(instrument, tick, day), paths.day_entry(instrument, tick, day), tick, divisor, midnight)

    def _long(self, instrument: Instrument, step: Step, tick: Tick, year: int | None) -> Columns | None:
        if tick not in paths.long_ticks(instrument.kind):
            return None
        archive = str(paths.long_archive(instrument, step, tick, year))
        return self._series(archive, paths.long_entry(instrument, tick), tick, paths.divisor_of(instrument.kind), None)

    def _series(self, archive: str, name: str, tick: Tick, divisor: int, midnight: int | None) -> Columns | None:
        if self._cache is None:
            return self._parsed(archive, name, tick, divisor, midnight)
        kept = self._cache.archive(f"{self.root}/{archive}")
        if kept is None:
            return None
        try:
            return kept.columns(name)
        except KeyError:
            columns = self._parsed(archive, name, tick, divisor, midnight)
            self._cache.add(kept, name, columns)
            return columns

    def _parsed(self, archive: str, name: str, tick: Tick, divisor: int, midnight: int | None) -> Columns | None:
        text = self._archives.entry(archive, name)
        return None if text is None else columns_from(text, tick, divisor, midnight, f"{self.root}/{archive}#{name}")

    def _years_of(self, instrument: Instrument, step: Step) -> list[int]:
        folder = paths.long_archive(instrument, step, Tick.TRADE, 0).parent
        key = (str(folder), instrument.ticker)
        if key not in self._years:
            found = (self.root / folder).glob(f"{instrument.ticker}_[0-9][0-9][0-9][0-9]_*.zip")
            self._years[key] = sorted({int(path.stem.split("_")[1]) for path in found})
        return self._years[key]
