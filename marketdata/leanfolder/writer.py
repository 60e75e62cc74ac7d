"""Writes a LEAN data folder, byte for byte the same for the same data.

An archive appears whole or not at all: it is written beside its place and renamed. Entries are sorted and carry a fixed date, so nothing of the clock or the
machine gets into the bytes; that an archive exists therefore means that it is finished, which is what makes a long write resumable.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from marketdata.leanfolder import paths
from marketdata.leanfolder.encoding import day_texts, long_rows
from marketdata.leanfolder.packing import packed
from marketdata.leanfolder.universe_text import future_universe_text, option_universe_text
from marketdata.port import Columns, FactorRow, Instrument, Kind, MapRow, MarginRow, Step, SymbolProperties, Tick, UniverseRows
from vocabulary.errors import StorageFailed

EPOCH = date(1970, 1, 1)
DAY_MICROS = 86_400_000_000
PROPERTIES_HEADER = (
    "market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,lot_size,market_ticker,minimum_order_size,"
    "price_magnifier,strike_multiplier"
)
Series = tuple[Instrument, Tick, Columns]


class FolderWriter:
    """Writes below one root. Raises StorageFailed (disk full, no permission) with the file's name; files finished before stay."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def day(self, day: date, series: Iterable[Series]) -> list[Path]:
        """Minute archives of one day: every series of an archive must be in the same call. Answers the files written."""
        archives: dict[Path, list[Series]] = {}
        shared: dict[tuple[object, ...], list[Series]] = {}
        for one in series:
            # thousands of contracts share an archive: its path is put together once
            item, tick, _ = one
            key = (item.kind, item.market, item.ticker, item.contract_month, item.style, tick)
            if key not in shared:
                shared[key] = archives.setdefault(self.root / paths.day_archive(item, tick, day), [])
            shared[key].append(one)
        return [write_archive(path, day_entries(found, day)) for path, found in sorted(archives.items())]

    def long(self, step: Step, year: int | None, series: Iterable[Series]) -> list[Path]:
        """Hour or daily archives; `year` is the year of the rows for options, None otherwise."""
        archives: dict[Path, dict[str, bytes]] = {}
        for instrument, tick, columns in series:
            entries = archives.setdefault(self.root / paths.long_archive(instrument, step, tick, year), {})
            entries[paths.long_entry(instrument, tick)] = long_rows(columns)
        return [write_archive(path, entries) for path, entries in sorted(archives.items())]

    def universe(self, canonical: Instrument, rows: UniverseRows) -> Path:
        """One chain file."""
        path = self.root / paths.universe_folder(canonical) / f"{rows.day:%Y%m%d}.csv"
        return write_text(path, future_universe_text(rows) if canonical.kind is Kind.FUTURE else option_universe_text(canonical, rows))

    def map_file(self, ticker: str, market: str, kind: Kind, rows: Sequence[MapRow]) -> Path:
        """Map file of an equity or, with the mapping mode in each row, of a future."""
        lines = [f"{row.day:%Y%m%d},{row.ticker},{row.exchange}" + (f",{row.mode}" if row.mode is not None else "") for row in rows]
        return write_text(self.root / kind.value / market / "map_files" / f"{ticker.lower()}.csv", text_of(lines))

    def factor_file(self, ticker: str, market: str, rows: Sequence[FactorRow]) -> Path:
        """Factor file of an equity."""
        lines = [f"{row.day:%Y%m%d},{row.price_factor},{row.split_factor},{row.reference_price}" for row in rows]
        return write_text(self.root / "equity" / market / "factor_files" / f"{ticker.lower()}.csv", text_of(lines))

    def margins(self, ticker: str, market: str, rows: Sequence[MarginRow]) -> Path:
        """Margin table of a future."""
        lines = ["date,initial,maintenance", *(f"{row.day:%Y%m%d},{row.initial},{row.maintenance}" for row in rows)]
        return write_text(self.root / "future" / market / "margins" / f"{ticker.upper()}.csv", text_of(lines))

    def interest_rates(self, rows: Sequence[tuple[date, Decimal]]) -> Path:
        """Interest-rate file."""
        lines = ["DATE,PCREDIT8", *(f"{day.isoformat()},{percent}" for day, percent in rows)]
        return write_text(self.root / "alternative" / "interest-rate" / "usa" / "interest-rate.csv", text_of(lines))

    def market_hours(self, database: Mapping[str, object]) -> Path:
        """Market-hours database."""
        return write_text(self.root / "market-hours" / "market-hours-database.json", json.dumps(database, indent=1, sort_keys=True) + "\n")

    def symbol_properties(self, rows: Mapping[tuple[str, str, str], SymbolProperties]) -> Path:
        """Symbol-properties database."""
        lines = [PROPERTIES_HEADER, *(properties_line(key, rows[key]) for key in sorted(rows))]
        return write_text(self.root / "symbol-properties" / "symbol-properties-database.csv", text_of(lines))

    def has_day(self, instrument: Instrument, tick: Tick, day: date) -> bool:
        """True when the archive of that day is there, hence finished."""
        return (self.root / paths.day_archive(instrument, tick, day)).exists()


def properties_line(key: tuple[str, str, str], row: SymbolProperties) -> str:
    """One row of the symbol-properties database."""
    market, ticker, kind = key
    fields = [market, ticker, kind, row.description, row.quote_currency, row.contract_multiplier, row.minimum_price_variation, row.lot_size]
    return ",".join(str(field) for field in [*fields, "", "", row.price_magnifier, row.strike_multiplier])


def day_entries(series: Sequence[Series], day: date) -> dict[str, bytes]:
    """Entry names and texts of one archive's series, all of one tick type."""
    names = [paths.day_entry(item, tick, day) for item, tick, _ in series]
    texts = day_texts([columns for _, _, columns in series], (day - EPOCH).days * DAY_MICROS)
    return dict(zip(names, texts, strict=True))


def text_of(lines: Iterable[str]) -> str:
    """Lines with their ends."""
    return "".join(f"{line}\n" for line in lines)


def write_archive(path: Path, entries: Mapping[str, bytes]) -> Path:
    """A zip with sorted entries and fixed dates, whole or not at all."""
    content = packed(entries)
    return written(path, lambda target: target.write_bytes(content))


def write_text(path: Path, text: str) -> Path:
    """A text file, whole or not at all."""
    return written(path, lambda target: target.write_text(text, encoding="utf-8", newline="\n"))


def written(path: Path, fill: Callable[[Path], int]) -> Path:
    """Let `fill` write a file beside `path`, then rename it into place. Raises StorageFailed and removes the torn file."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fill(beside)
        beside.replace(path)
    except OSError as reason:
        remove_torn(beside)
        raise StorageFailed(f"{path} could not be written: {reason.strerror or reason}; free space or choose another folder") from reason
    return path


def remove_abandoned(root: Path) -> None:
    """Remove what writers that were killed left beside the files they did not finish; a writer that still runs keeps its own."""
    for path in root.rglob(".*"):
        process = path.name.rpartition(".")[2]
        if process.isdecimal() and path.is_file() and not is_running(int(process)):
            path.unlink(missing_ok=True)


def is_running(process: int) -> bool:
    """Whether a process of that number exists."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def remove_torn(path: Path) -> None:
    """Remove a half-written file if it is there; a folder that cannot hold it holds nothing torn."""
    if path.parent.is_dir():
        path.unlink(missing_ok=True)
