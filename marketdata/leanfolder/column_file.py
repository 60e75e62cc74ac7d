"""Columns of an archive's entries in one file that is mapped into memory: what unzipping and parsing gave, ready to be used.

    header   magic with format version, size and time of the archive it was made from, length and check sum of the index
    index    JSON: entry name -> tick type, rows, width of a number, divisor, place, check sum; null for an entry the archive does not have
    data     per entry the start times (int64), then the numbers column after column: 32-bit integers where all of them are, else doubles

An index that does not hold together makes the whole file worthless, a series that does not match its check sum only itself; both are then read from the
archive again. A file is only ever replaced as a whole.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from marketdata.port import Columns, Floats, InterestColumns, QuoteColumns, Tick, TradeColumns

MAGIC = b"TDCOLS\x00\x01"
HEADER = struct.Struct("<8sqqII")
TICKS = {tick.value: tick for tick in Tick}
NUMBERS = {Tick.TRADE: 5, Tick.QUOTE: 10, Tick.OPEN_INTEREST: 1}
NARROW, WIDE = np.dtype(np.int32), np.dtype(np.float64)
TIME_SIZE = 8
Buffer = bytes | memoryview | mmap.mmap


class Source(NamedTuple):
    """What tells one version of an archive from another: its size in bytes and the time it was last changed, in nanoseconds."""

    size: int
    changed: int


class Place(NamedTuple):
    """One series in the data part. width: bytes of a number."""

    tick: str
    rows: int
    width: int
    divisor: int
    offset: int
    check: int


class Kept(NamedTuple):
    """One series as it is stored, its offset not yet known."""

    place: Place
    data: bytes


def kept(columns: Columns) -> Kept:
    """Columns as they are stored; what comes back has the same bits."""
    tick, table = _table(columns)
    with np.errstate(invalid="ignore"):
        narrow = table.astype(NARROW)
    same = bool((narrow.astype(WIDE).view(np.int64) == table.view(np.int64)).all())
    data = columns.start.astype(np.int64).tobytes() + (narrow if same else table).tobytes()
    divisor = 1 if isinstance(columns, InterestColumns) else columns.divisor
    place = Place(tick.value, int(columns.start.size), (NARROW if same else WIDE).itemsize, divisor, 0, zlib.crc32(data))
    return Kept(place, data + bytes(-len(data) % TIME_SIZE))


def _table(columns: Columns) -> tuple[Tick, Floats]:
    if isinstance(columns, TradeColumns):
        return Tick.TRADE, np.stack((columns.open, columns.high, columns.low, columns.close, columns.volume))
    if isinstance(columns, QuoteColumns):
        return Tick.QUOTE, np.concatenate((columns.bid.T, columns.ask.T, columns.bid_size[None], columns.ask_size[None]))
    return Tick.OPEN_INTEREST, np.array(columns.value[None])


def size_of(place: Place) -> int:
    """Bytes of a series without the padding behind it."""
    return place.rows * (TIME_SIZE + NUMBERS[TICKS[place.tick]] * place.width)


def columns_at(buffer: Buffer, place: Place) -> Columns | None:
    """The series at a place, None when its bytes are not the ones that were written."""
    rows, numbers = place.rows, NUMBERS[TICKS[place.tick]]
    size = size_of(place)
    if zlib.crc32(memoryview(buffer)[place.offset : place.offset + size]) != place.check:
        return None
    start = np.frombuffer(buffer, np.int64, rows, place.offset)
    dtype = NARROW if place.width == NARROW.itemsize else WIDE
    table = np.frombuffer(buffer, dtype, numbers * rows, place.offset + rows * TIME_SIZE).reshape(numbers, rows)
    return _columns(TICKS[place.tick], start, table.astype(WIDE, copy=False), place.divisor)


def _columns(tick: Tick, start: Any, table: Floats, divisor: int) -> Columns:
    if tick is Tick.TRADE:
        return TradeColumns(start, table[0], table[1], table[2], table[3], table[4], divisor)
    if tick is Tick.QUOTE:
        return QuoteColumns(start, table[:4].T, table[4:8].T, table[8], table[9], divisor)
    return InterestColumns(start, table[0])


def read_index(buffer: Buffer, source: Source) -> dict[str, Place | None] | None:
    """Places by entry name; None for a file that is torn, of another format, or made from another version of the archive."""
    length = len(buffer)
    if length < HEADER.size:
        return None
    magic, size, changed, index_size, check = HEADER.unpack_from(buffer, 0)
    index = bytes(memoryview(buffer)[HEADER.size : HEADER.size + index_size])
    if magic != MAGIC or (size, changed) != source or len(index) != index_size or zlib.crc32(index) != check:
        return None
    places: dict[str, Place | None] = {name: None if row is None else Place(*row) for name, row in json.loads(index).items()}
    ends = (place.offset + size_of(place) for place in places.values() if place is not None)
    return places if max(ends, default=0) <= length else None


def file_bytes(source: Source, series: Mapping[str, Kept | None]) -> bytes:
    """A whole file. Offsets depend on the length of the index and the index on the offsets, so the index is made with room and filled up with blanks."""
    data_size = sum(len(one.data) for one in series.values() if one is not None)
    room = len(json.dumps({name: None if one is None else one.place for name, one in series.items()})) + len(series) * len(str(data_size + (1 << 40)))
    start = HEADER.size + room + -(HEADER.size + room) % TIME_SIZE
    places: dict[str, Place | None] = {}
    at = start
    for name, one in series.items():
        places[name] = None if one is None else one.place._replace(offset=at)
        at += 0 if one is None else len(one.data)
    index = json.dumps(places).encode().ljust(start - HEADER.size)
    header = HEADER.pack(MAGIC, *source, len(index), zlib.crc32(index))
    return b"".join((header, index, *(one.data for one in series.values() if one is not None)))


def write_file(path: Path, content: bytes) -> None:
    """Replace a file as a whole: whoever reads it sees the old one or the new one. OSError when it cannot be written."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with _opened(temporary) as file:
            file.write(content)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("wb")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")
