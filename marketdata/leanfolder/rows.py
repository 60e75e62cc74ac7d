"""Rows of numbers, from bytes to columns in one vectorised pass.

LEAN's rows hold digits, commas and at most one point per field. Every digit is weighted with its power of ten and summed per field, which is exact below
2^53 and several times faster than a general CSV reader on the many small entries of an option archive. Anything else in the text is refused with its row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Columns, Floats, InterestColumns, Ints, QuoteColumns, Tick, TradeColumns
from vocabulary.errors import CorruptData

COMMA, NEWLINE, POINT, MINUS, ZERO, NINE = 44, 10, 46, 45, 48, 57
POWERS = 10.0 ** np.arange(0, 40)
FIELDS = {Tick.TRADE: 6, Tick.QUOTE: 11, Tick.OPEN_INTEREST: 2}
FEW_BYTES = 64
PLAIN = b"0123456789,\n"
MICROS_PER_MILLI = 1000
DAY_MICROS = 86_400_000_000


def columns_from(text: bytes, tick: Tick, divisor: int, day_start: int | None, where: str) -> Columns:
    """Columns of one entry.

    day_start: microseconds since 1970 of midnight for minute rows (first field is milliseconds); None for hour and daily rows (`yyyyMMdd HH:mm`).
    Raises CorruptData naming `where` and the row for anything that is not a row of this tick type.
    """
    table = table_from(text, FIELDS[tick], where)
    start = clock_times(table[:, 0], where) if day_start is None else day_start + table[:, 0].astype(np.int64) * MICROS_PER_MILLI
    if tick is Tick.OPEN_INTEREST:
        return InterestColumns(start, table[:, 1].copy())
    if tick is Tick.TRADE:
        open_, high, low, close, volume = (np.ascontiguousarray(table[:, i]) for i in range(1, 6))
        return TradeColumns(start, open_, high, low, close, volume, divisor)
    return QuoteColumns(start, table[:, 1:5], table[:, 6:10], table[:, 5].copy(), table[:, 10].copy(), divisor)


def table_from(text: bytes, fields: int, where: str) -> Floats:
    """All fields as a (rows, fields) array; an empty field is 0. Raises CorruptData with the first bad row."""
    cleaned = text.translate(None, b" :\r").rstrip(b"\n")
    if not cleaned:
        return np.zeros((0, fields))
    if len(cleaned) <= FEW_BYTES and not cleaned.translate(None, PLAIN):
        return few_rows(cleaned, fields, where)
    data = np.frombuffer(cleaned + b"\n", dtype=np.uint8)
    separators = np.flatnonzero((data == COMMA) | (data == NEWLINE))
    row_ends = data[separators[fields - 1 :: fields]]
    if len(separators) % fields or (row_ends != NEWLINE).any() or np.count_nonzero(data == NEWLINE) * fields != len(separators):
        raise CorruptData(first_bad_width(cleaned, fields, where))
    return field_values(data, separators, where).reshape(-1, fields)


def few_rows(text: bytes, fields: int, where: str) -> Floats:
    """As `table_from` for a row or two of whole numbers (open interest), where arrays cost more than they save."""
    rows = [line.split(b",") for line in text.split(b"\n")]
    if any(len(row) != fields for row in rows):
        raise CorruptData(first_bad_width(text, fields, where))
    return np.array([[float(field or b"0") for field in row] for row in rows])


def field_values(data: NDArray[np.uint8], separators: Ints, where: str) -> Floats:
    """The number in front of each separator."""
    starts = np.empty_like(separators)
    starts[0] = 0
    starts[1:] = separators[:-1] + 1
    weight = np.repeat(separators, separators - starts + 1) - np.arange(len(data)) - 1
    digits = (data - np.float64(ZERO)).astype(np.float64)
    odd = np.flatnonzero((data < ZERO) | (data > NINE))
    digits[odd] = 0.0
    if len(odd) == len(separators):
        return np.add.reduceat(digits * POWERS[weight], starts)
    return values_with_points(data, separators, starts, weight, digits, odd, where)


def values_with_points(data: NDArray[np.uint8], separators: Ints, starts: Ints, weight: Ints, digits: Floats, odd: Ints, where: str) -> Floats:
    """As `field_values` when fields carry a decimal point or a minus sign: one exact division by the power of ten behind the point."""
    kinds = data[odd]
    points, minuses = odd[kinds == POINT], odd[kinds == MINUS]
    if len(points) + len(minuses) + len(separators) != len(odd):
        bad = odd[(kinds != POINT) & (kinds != MINUS) & (kinds != COMMA) & (kinds != NEWLINE)][0]
        raise CorruptData(f"{where}: row {row_of(data, int(bad))}: unexpected character {chr(int(data[bad]))!r}")
    owner = np.searchsorted(separators, points)
    minus_owner = np.searchsorted(separators, minuses)
    strange = np.concatenate((points[1:][owner[1:] == owner[:-1]], minuses[starts[minus_owner] != minuses]))
    if len(strange):
        raise CorruptData(f"{where}: row {row_of(data, int(strange.min()))}: a field is not a number (two points, or a minus inside)")
    shift = np.zeros(len(data), dtype=np.int64)
    shift[starts[owner]] += 1
    shift[points] -= 1
    weight = np.maximum(weight - np.cumsum(shift), 0)
    values = np.add.reduceat(digits * POWERS[weight], starts)
    values[owner] /= POWERS[separators[owner] - points - 1]
    values[minus_owner] *= -1.0
    return values


def row_of(data: NDArray[np.uint8], position: int) -> int:
    """One-based row that holds a byte."""
    return int(np.count_nonzero(data[:position] == NEWLINE)) + 1


def first_bad_width(text: bytes, fields: int, where: str) -> str:
    """Message for the first row whose number of fields is wrong."""
    for number, line in enumerate(text.split(b"\n"), start=1):
        if line.count(b",") != fields - 1:
            return f"{where}: row {number}: {line.count(b',') + 1} fields where {fields} are needed"
    return f"{where}: rows are not separated as they should be"


def clock_times(stamps: Floats, where: str) -> Ints:
    """Microseconds since 1970 from `yyyyMMddHHmm` numbers."""
    numbers = stamps.astype(np.int64)
    dates, clock = np.divmod(numbers, 10_000)
    years, rest = np.divmod(dates, 10_000)
    months, days = np.divmod(rest, 100)
    if len(numbers) and (years.min() < 1900 or months.min() < 1 or months.max() > 12 or days.min() < 1 or days.max() > 31):
        bad = int(np.flatnonzero((years < 1900) | (months < 1) | (months > 12) | (days < 1) | (days > 31))[0])
        raise CorruptData(f"{where}: row {bad + 1}: {int(numbers[bad])} is not a time of the form yyyyMMdd HH:mm")
    month_starts = ((years - 1970) * 12 + months - 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    hours, minutes = np.divmod(clock, 100)
    return (month_starts + days - 1) * DAY_MICROS + (hours * 60 + minutes) * 60_000_000
