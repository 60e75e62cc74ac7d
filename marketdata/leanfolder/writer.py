"""Writes a LEAN data folder, byte for byte the same for the same data.

An archive appears whole or not at all: it is written beside its place and renamed. Entries are sorted and carry a fixed date, so nothing of the clock or the
machine gets into the bytes; that an archive exists therefore means that it is finished, which is what makes a long write resumable.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

from marketdata.leanfolder import paths
from marketdata.leanfolder.encoding import day_rows, long_rows
from marketdata.port import Columns, FactorRow, Instrument, Kind, MapRow, MarginRow, Step, SymbolProperties, Tick, UniverseRows
from vocabulary.errors import StorageFailed

EPOCH = date(1970, 1, 1)
DAY_MICROS = 86_400_000_000
ENTRY_DATE = (1980, 1, 1, 0, 0, 0)
LEVEL = 1
OPTION_HEADER = "expiry,strike,right,open,high,low,close,volume,open_interest,implied_volatility,delta,gamma,vega,theta,rho"
FUTURE_OPTION_HEADER = "expiry,strike,right,open,high,low,close,volume,open_interest"
FUTURE_HEADER = "expiry,open,high,low,close,volume,open_interest"
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
        midnight = (day - EPOCH).days * DAY_MICROS
        archives: dict[Path, dict[str, bytes]] = {}
        shared: dict[tuple[object, ...], dict[str, bytes]] = {}
        for instrument, tick, columns in series:
            # thousands of contracts share an archive: its path is put together once
            key = (instrument.kind, instrument.market, instrument.ticker, instrument.contract_month, instrument.style, tick)
            if key not in shared:
                shared[key] = archives.setdefault(self.root / paths.day_archive(instrument, tick, day), {})
            shared[key][paths.day_entry(instrument, tick, day)] = day_rows(columns, midnight)
        return [write_archive(path, entries) for path, entries in sorted(archives.items())]

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


def option_universe_text(canonical: Instrument, rows: UniverseRows) -> str:
    """Chain file of an option root; future options carry no volatility and Greeks."""
    plain = canonical.kind is Kind.FUTURE_OPTION
    header = FUTURE_OPTION_HEADER if plain else OPTION_HEADER
    figures = [rows.open, rows.high, rows.low, rows.close, rows.volume, rows.open_interest]
    if not plain:
        figures += [rows.iv, rows.delta, rows.gamma, rows.vega, rows.theta, rows.rho]
    texts = [figure_texts(values) for values in figures]
    lines = [f"#{header}"]
    if rows.underlying is not None:
        lines.append(",,," + ",".join(number_text(value) for value in rows.underlying) + "," * (len(figures) - 5))
    for i, (expiry, strike, right) in enumerate(zip(rows.expiry, rows.strike, rows.right, strict=True)):
        lines.append(f"{expiry:%Y%m%d},{strike},{right}," + ",".join(column[i] for column in texts))
    return text_of(lines)


def future_universe_text(rows: UniverseRows) -> str:
    """Chain file of a future: contract month first."""
    texts = [figure_texts(values) for values in (rows.open, rows.high, rows.low, rows.close, rows.volume, rows.open_interest)]
    lines = [f"{month:%Y%m}," + ",".join(column[i] for column in texts) for i, month in enumerate(rows.expiry)]
    return text_of([f"#{FUTURE_HEADER}", *lines])


def figure_texts(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[str]:
    """Numbers as text, nothing for NaN."""
    return ["" if value != value else number_text(value) for value in values.tolist()]


def number_text(value: float) -> str:
    """Up to seven decimals, no trailing zeros, no exponent."""
    text = f"{value:.7f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def text_of(lines: Iterable[str]) -> str:
    """Lines with their ends."""
    return "".join(f"{line}\n" for line in lines)


def write_archive(path: Path, entries: Mapping[str, bytes]) -> Path:
    """A zip with sorted entries and fixed dates, whole or not at all."""

    def fill(target: Path) -> None:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for name in sorted(entries):
                archive.writestr(zipfile.ZipInfo(name, ENTRY_DATE), entries[name], zipfile.ZIP_DEFLATED, LEVEL)

    return written(path, fill)


def write_text(path: Path, text: str) -> Path:
    """A text file, whole or not at all."""

    def fill(target: Path) -> None:
        target.write_text(text, encoding="utf-8", newline="\n")

    return written(path, fill)


def written(path: Path, fill: Callable[[Path], None]) -> Path:
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


def remove_torn(path: Path) -> None:
    """Remove a half-written file if it is there; a folder that cannot hold it holds nothing torn."""
    if path.parent.is_dir():
        path.unlink(missing_ok=True)
