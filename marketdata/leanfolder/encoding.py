"""Columns to rows of text, the reverse of `rows`: what is written here reads back to the same numbers.

Rows are made by Arrow's CSV writer; a price without a fraction is written without a point, an absent quote side as empty fields, as LEAN's own files have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from marketdata.joining import joined
from marketdata.port import Columns, Floats, InterestColumns, Ints, TradeColumns

ArrowArray = Any  # pyarrow carries no types
OPTIONS = csv.WriteOptions(include_header=False, quoting_style="none", batch_size=65_536)
MICROS_PER_MILLI = 1000
TOGETHER = 32
"""Series written in one call: enough to forget the cost of a call, few enough for their rows to stay in the processor's cache."""
NEW_LINE = 10


def day_rows(columns: Columns, midnight: int) -> bytes:
    """Text of minute rows; `midnight` is the day's start in microseconds, the first field milliseconds since it."""
    return rows_text(pa.array((columns.start - midnight) // MICROS_PER_MILLI), columns)


def day_texts(series: Sequence[Columns], midnight: int) -> Iterator[bytes]:
    """`day_rows` of each of several series of one tick type, in order. Arrow's cost is per call: rows are written many series at a time and then cut."""
    for at in range(0, len(series), TOGETHER):
        some = series[at : at + TOGETHER]
        text = day_rows(joined(some), midnight)
        line_ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == NEW_LINE) + 1
        ends = [0, *line_ends[np.cumsum([len(one.start) for one in some]) - 1].tolist()]
        yield from (text[begin:end] for begin, end in pairwise(ends))


def long_rows(columns: Columns) -> bytes:
    """Text of hour or daily rows, `yyyyMMdd HH:mm` first."""
    return rows_text(pa.array(clock_texts(columns.start)), columns)


def rows_text(times: ArrowArray, columns: Columns) -> bytes:
    """All rows, one line each."""
    return table_text([times, *value_arrays(columns)])


def table_text(arrays: Sequence[ArrowArray]) -> bytes:
    """Columns of equal length as lines, fields joined by commas, absent values as empty fields."""
    table = pa.Table.from_arrays(list(arrays), names=[str(i) for i in range(len(arrays))])
    sink = pa.BufferOutputStream()
    csv.write_csv(table, sink, OPTIONS)
    return sink.getvalue().to_pybytes()


def value_arrays(columns: Columns) -> list[ArrowArray]:
    """The fields behind the time, in the file's order."""
    if isinstance(columns, InterestColumns):
        return [numbers(columns.value)]
    if isinstance(columns, TradeColumns):
        return [numbers(values) for values in (columns.open, columns.high, columns.low, columns.close, columns.volume)]
    return [*side(columns.bid), numbers(columns.bid_size), *side(columns.ask), numbers(columns.ask_size)]


def side(prices: Floats) -> list[ArrowArray]:
    """Four price fields of one quote side; all empty where the side is absent."""
    absent = ~prices.any(axis=1)
    mask = absent if absent.any() else None
    whole = prices.astype(np.int64)
    columns = np.ascontiguousarray((whole if (whole == prices).all() else prices).T)
    return [pa.array(column, mask=mask) for column in columns]


def numbers(values: Floats, absent: NDArray[np.bool_] | None = None) -> ArrowArray:
    """A column that prints whole numbers without a point."""
    whole = values.astype(np.int64)
    return pa.array(whole if (whole == values).all() else values, mask=absent)


def clock_texts(start: Ints) -> NDArray[np.str_]:
    """`yyyyMMdd HH:mm` of microseconds since 1970."""
    stamps = start.astype("datetime64[us]").astype("datetime64[m]").astype(str)
    return np.array([f"{text[:4]}{text[5:7]}{text[8:10]} {text[11:]}" for text in stamps])
