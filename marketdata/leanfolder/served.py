"""Exactly what a run was served, as a LEAN folder: with it another engine can repeat the run and must come to the same orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from marketdata.leanfolder.long_bars import by_years
from marketdata.leanfolder.materialise import minute_series
from marketdata.leanfolder.paths import long_ticks
from marketdata.leanfolder.writer import FolderWriter, Series
from marketdata.port import Columns, FactorRow, FutureFactorRow, Instrument, Kind, MapRow, MarginRow, MarketData, Step, SymbolProperties, Tick, UniverseRows


@dataclass(slots=True)
class ServedMarket:
    """A provider that remembers what it served, so that exactly this can be written for another engine to repeat the run. Implements `MarketData`."""

    market: MarketData
    minutes: set[tuple[Instrument, date]] = field(default_factory=set[tuple[Instrument, date]])
    longs: set[tuple[Instrument, Step]] = field(default_factory=set[tuple[Instrument, Step]])
    chains: set[tuple[Instrument, date]] = field(default_factory=set[tuple[Instrument, date]])
    mapped: set[tuple[str, str, Kind]] = field(default_factory=set[tuple[str, str, Kind]])
    factored: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    margined: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def bars(self, instrument: Instrument, step: Step, tick: Tick, day: date | None) -> Columns | None:
        """As the provider; remembered when there was something."""
        columns = self.market.bars(instrument, step, tick, day)
        if columns is not None:
            if step is Step.MINUTE and day is not None:
                self.minutes.add((instrument, day))
            else:
                self.longs.add((instrument, step))
        return columns

    def universe(self, canonical: Instrument, day: date) -> UniverseRows | None:
        """As the provider; remembered when there was something."""
        rows = self.market.universe(canonical, day)
        if rows is not None:
            self.chains.add((canonical, day))
        return rows

    def universe_days(self, canonical: Instrument) -> Sequence[date]:
        """As the provider."""
        return self.market.universe_days(canonical)

    def map_rows(self, ticker: str, market: str, kind: Kind) -> Sequence[MapRow]:
        """As the provider."""
        self.mapped.add((ticker, market, kind))
        return self.market.map_rows(ticker, market, kind)

    def factor_rows(self, ticker: str, market: str) -> Sequence[FactorRow]:
        """As the provider."""
        self.factored.add((ticker, market))
        return self.market.factor_rows(ticker, market)

    def future_factor_rows(self, ticker: str, market: str) -> Sequence[FutureFactorRow]:
        """As the provider; they are not written."""
        return self.market.future_factor_rows(ticker, market)

    def margins(self, ticker: str, market: str) -> Sequence[MarginRow]:
        """As the provider."""
        self.margined.add((ticker, market))
        return self.market.margins(ticker, market)

    def interest_rates(self) -> Sequence[tuple[date, Decimal]]:
        """As the provider."""
        return self.market.interest_rates()

    def market_hours(self) -> dict[str, object]:
        """As the provider."""
        return self.market.market_hours()

    def symbol_properties(self) -> Mapping[tuple[str, str, str], SymbolProperties]:
        """As the provider."""
        return self.market.symbol_properties()

    def last_time(self) -> datetime | None:
        """As the provider."""
        return self.market.last_time()

    def write(self, root: Path) -> int:
        """Write everything that was served below `root`; answers the number of files."""
        writer = FolderWriter(root)
        writer.market_hours(self.market.market_hours())
        writer.symbol_properties(self.market.symbol_properties())
        writer.interest_rates(self.market.interest_rates())
        files = 3 + self._write_small_files(writer)
        for day in sorted({day for _, day in self.minutes}):
            instruments = sorted((item for item, when in self.minutes if when == day), key=repr)
            files += len(writer.day(day, minute_series(self.market, instruments, day)))
        return files + self._write_long(writer)

    def _write_small_files(self, writer: FolderWriter) -> int:
        for canonical, day in sorted(self.chains, key=repr):
            rows = self.market.universe(canonical, day)
            if rows is not None:
                writer.universe(canonical, rows)
        for ticker, market, kind in sorted(self.mapped, key=repr):
            writer.map_file(ticker, market, kind, self.market.map_rows(ticker, market, kind))
        for ticker, market in sorted(self.factored):
            writer.factor_file(ticker, market, self.market.factor_rows(ticker, market))
        for ticker, market in sorted(self.margined):
            writer.margins(ticker, market, self.market.margins(ticker, market))
        return len(self.chains) + len(self.mapped) + len(self.factored) + len(self.margined)

    def _write_long(self, writer: FolderWriter) -> int:
        files = 0
        for step in (Step.HOUR, Step.DAILY):
            by_year: dict[int | None, list[Series]] = {}
            for instrument, _ in sorted((item for item in self.longs if item[1] is step), key=repr):
                for tick in long_ticks(instrument.kind):
                    columns = self.market.bars(instrument, step, tick, None)
                    if columns is not None:
                        for year, part in by_years(instrument, columns):
                            by_year.setdefault(year, []).append((instrument, tick, part))
            files += sum(len(writer.long(step, year, series)) for year, series in by_year.items())
        return files
