"""The small text files of LEAN's data folder: maps, factors, margins, interest rates, market hours, symbol properties.

Figures that are booked stay exact decimals of the text. A missing file is an empty answer; a bad row is refused with file and row.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

from marketdata.port import FactorRow, FutureFactorRow, MapRow, MarginRow, SymbolProperties
from vocabulary.errors import CorruptData, MissingData

Row = TypeVar("Row")


def map_rows(path: Path) -> Sequence[MapRow]:
    """Rows of a map file: `yyyyMMdd,ticker,exchange[,mapping mode]`."""
    return parsed(path, lambda row: MapRow(day_of(row[0]), row[1].lower(), row[2] if len(row) > 2 else "", int(row[3]) if len(row) > 3 else None))


def last_bearers(files: Mapping[str, Sequence[MapRow]]) -> Mapping[str, str]:
    """Ticker -> name of the map file in which it was borne last."""
    found: dict[str, tuple[date, str]] = {}
    for name, rows in files.items():
        for row in rows:
            if row.ticker not in found or row.day > found[row.ticker][0]:
                found[row.ticker] = (row.day, name)
    return {ticker: name for ticker, (_, name) in found.items()}


def factor_rows(path: Path) -> Sequence[FactorRow]:
    """Rows of a factor file: `yyyyMMdd,price factor,split factor,reference price`."""
    return parsed(path, lambda row: FactorRow(day_of(row[0]), Decimal(row[1]), Decimal(row[2]), Decimal(row[3]) if len(row) > 3 else Decimal(0)))


def future_factor_rows(path: Path) -> Sequence[FutureFactorRow]:
    """Lines of a future's factor file, each a JSON object: date, mapping mode and three lists of adjustments by contract depth."""
    if not path.is_file():
        return []
    return sorted((_future_factors(path, number, line) for number, line in enumerate(path.read_text().splitlines(), start=1) if line.strip()), key=_day_of_row)


def _day_of_row(row: FutureFactorRow) -> date:
    return row.day


def _future_factors(path: Path, number: int, line: str) -> FutureFactorRow:
    try:
        fields = json.loads(line, parse_float=Decimal, parse_int=Decimal)
        scales = (tuple(fields[f"{name}Scale"]) for name in ("BackwardsRatio", "BackwardsPanamaCanal", "ForwardPanamaCanal"))
        return FutureFactorRow(date.fromisoformat(fields["Date"][:10]), int(fields["DataMappingMode"]), *scales)
    except (ValueError, KeyError, TypeError) as reason:
        raise CorruptData(f"{path}: row {number}: {line[:80]!r} cannot be read ({reason})") from reason


def margin_rows(path: Path) -> Sequence[MarginRow]:
    """Rows of a future's margin table: `yyyyMMdd,initial,maintenance[,…]`."""
    return parsed(path, lambda row: MarginRow(day_of(row[0]), Decimal(row[1]), Decimal(row[2])), header="date")


def interest_rates(path: Path) -> Sequence[tuple[date, Decimal]]:
    """Rows of the primary credit rate: `yyyy-MM-dd,percent`."""
    return parsed(path, lambda row: (date.fromisoformat(row[0]), Decimal(row[1])), header="DATE")


def market_hours(path: Path) -> dict[str, object]:
    """The market-hours database as parsed JSON. Raises MissingData without the file, CorruptData when it does not parse."""
    try:
        return cast(dict[str, object], json.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        raise MissingData(f"{path} is missing: the folder is not a LEAN data folder, or the file was not copied") from None
    except ValueError as reason:
        raise CorruptData(f"{path}: not valid JSON ({reason})") from reason


PropertiesKey = tuple[str, str, str]
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class PropertiesTable(Mapping[PropertiesKey, SymbolProperties]):
    """(market, ticker or `[*]`, type) -> properties, whatever the case. The database has ten thousand rows of which a run reads a few: a row is looked for in
    the text when asked for, the last one of its name.

    Raises MissingData without the file, CorruptData (naming the row) when a row that is asked for cannot be read.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._text = b"\n" + path.read_bytes().removeprefix(BYTE_ORDER_MARK)
        except FileNotFoundError:
            raise MissingData(f"{path} is missing: the folder is not a LEAN data folder, or the file was not copied") from None
        self._path = path
        self._lower = self._text.lower()
        self._found: dict[PropertiesKey, SymbolProperties | None] = {}

    def __getitem__(self, key: PropertiesKey) -> SymbolProperties:
        if key not in self._found:
            at = self._lower.rfind(f"\n{','.join(key)},".lower().encode())
            self._found[key] = None if at < 0 else self._row(at + 1)
        found = self._found[key]
        if found is None:
            raise KeyError(key)
        return found

    def _row(self, start: int) -> SymbolProperties:
        end = self._text.find(b"\n", start)
        line = self._text[start : end if end >= 0 else len(self._text)].decode("utf-8")
        row = [field.strip() for field in next(csv.reader([line]))]
        try:
            return properties_of(row)
        except (ValueError, IndexError, InvalidOperation) as reason:
            number = self._text.count(b"\n", 0, start)
            raise CorruptData(f"{self._path}: row {number}: {','.join(row)!r} cannot be read ({reason})") from reason

    @cached_property
    def _keys(self) -> dict[PropertiesKey, None]:
        rows = (line.split(",", 3) for line in self._text.decode("utf-8").splitlines() if not line.startswith("#"))
        return {(row[0], row[1].upper(), row[2].lower()): None for row in rows if len(row) == 4 and row[0] != "market"}

    def __iter__(self) -> Iterator[PropertiesKey]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def properties_of(row: Sequence[str]) -> SymbolProperties:
    """One row of the symbol-properties database; trailing columns may be absent."""
    padded = [*row, *[""] * (12 - len(row))]
    return SymbolProperties(
        padded[3],
        padded[4],
        Decimal(padded[5]),
        Decimal(padded[6]),
        Decimal(padded[7] or "1"),
        Decimal(padded[10] or "1"),
        Decimal(padded[11] or "1"),
    )


def parsed(path: Path, read: Callable[[Sequence[str]], Row], header: str = "") -> list[Row]:
    """Every row of a comma-separated file through `read`; blank and `#` lines skipped. Raises CorruptData naming file and row."""
    rows: list[Row] = []
    for number, row in numbered_rows(path):
        if header and row[0] == header:
            continue
        try:
            rows.append(read(row))
        except (ValueError, IndexError, InvalidOperation) as reason:
            raise CorruptData(f"{path}: row {number}: {','.join(row)!r} cannot be read ({reason})") from reason
    return rows


def numbered_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows with their one-based number; nothing when the file is absent."""
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.reader(lines), start=1):
            if row and row[0].strip() and not row[0].startswith("#"):
                yield number, [field.strip() for field in row]


def day_of(text: str) -> date:
    """A date from `yyyyMMdd`."""
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a calendar day has no zone
