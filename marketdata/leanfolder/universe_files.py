"""Chain files: one CSV per option root (or future) and day, with prices, open interest and, for options, volatility and Greeks."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np

from marketdata.leanfolder.references import day_of
from marketdata.port import Floats, UniverseRows
from vocabulary.errors import CorruptData

FIGURES = ("open", "high", "low", "close", "volume", "open_interest", "implied_volatility", "delta", "gamma", "vega", "theta", "rho")


def read_universe(path: Path, day: date) -> UniverseRows | None:
    """The chain file at `path`; None when there is none. Raises CorruptData naming the row."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    lines = text.splitlines()
    if not lines or not lines[0].startswith("#"):
        raise CorruptData(f"{path}: row 1: the header line that names the columns is missing")
    header = lines[0].lstrip("#").split(",")
    body = [line for line in lines[1:] if line and not line.startswith("#")]
    rows = list(csv.reader(body)) if '"' in text else [line.split(",") for line in body]
    if rows and min(map(len, rows)) < len(header):
        short = next(number for number, row in enumerate(rows, start=2) if len(row) < len(header))
        raise CorruptData(f"{path}: row {short}: {len(rows[short - 2])} fields where the header names {len(header)}")
    return future_rows(path, day, header, rows) if "strike" not in header else option_rows(path, day, header, rows)


def option_rows(path: Path, day: date, header: Sequence[str], rows: Sequence[Sequence[str]]) -> UniverseRows:
    """Option chain: the row without expiry is the underlying."""
    strike_at, right_at = header.index("strike"), header.index("right")
    contracts = [row for row in rows if row[0]]
    first = next((row for row in rows if not row[0]), None)
    days: dict[str, date] = {text: day_of(text) for text in {row[0] for row in contracts}}
    strikes: dict[str, Decimal] = {text: decimal_of(text, path) for text in {row[strike_at] for row in contracts}}
    figures = {name: figure_column(path, header, contracts, name) for name in FIGURES}
    underlying = None
    if first is not None:
        at = header.index("open")
        values = [float(text) if text else 0.0 for text in first[at : at + 5]]
        underlying = (values[0], values[1], values[2], values[3], values[4])
    return UniverseRows(
        day,
        underlying,
        [days[row[0]] for row in contracts],
        [strikes[row[strike_at]] for row in contracts],
        [row[right_at] for row in contracts],
        *(figures[name] for name in FIGURES),
    )


def future_rows(path: Path, day: date, header: Sequence[str], rows: Sequence[Sequence[str]]) -> UniverseRows:
    """Future chain: the first column is the contract month; the day in `expiry` is the first of that month."""
    figures = {name: figure_column(path, header, rows, name) for name in FIGURES}
    months = [day_of(f"{row[0]}01") for row in rows]
    return UniverseRows(day, None, months, [], [], *(figures[name] for name in FIGURES))


def figure_column(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> Floats:
    """One column as floats; NaN where the file has nothing."""
    if name not in header:
        return np.full(len(rows), np.nan)
    at = header.index(name)
    texts = [row[at] for row in rows]
    try:
        if "" in texts:
            return np.array([float(text) if text else np.nan for text in texts], dtype=np.float64)
        return np.fromiter(map(float, texts), dtype=np.float64, count=len(texts))
    except ValueError:
        number = next(number for number, row in enumerate(rows, start=2) if row[at] and not is_number(row[at]))
        raise CorruptData(f"{path}: row {number}: {name} is not a number") from None


def is_number(text: str) -> bool:
    """True when `float` takes the text."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def decimal_of(text: str, path: Path) -> Decimal:
    """An exact strike."""
    try:
        return Decimal(text)
    except InvalidOperation:
        raise CorruptData(f"{path}: {text!r} is not a strike") from None
