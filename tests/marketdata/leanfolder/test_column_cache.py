"""What was parsed once is kept for exactly the archive it came from, has the same bits when read again, and never outlives damage or change."""

from __future__ import annotations

import os
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from marketdata.leanfolder import ColumnCache, LeanFolder
from marketdata.leanfolder.column_cache import SUFFIX, cache_folder, clear, sweep
from marketdata.leanfolder.column_file import Source, columns_at, file_bytes, kept, read_index
from marketdata.port import Instrument, InterestColumns, Kind, QuoteColumns, Step, Tick, TradeColumns

DAY = date(2024, 1, 2)
PUT = Instrument(Kind.OPTION, "usa", "spy", date(2024, 1, 19), Decimal(470), "put", "american")
CALL = Instrument(Kind.OPTION, "usa", "spy", date(2024, 1, 19), Decimal(480), "call", "american")
ENTRY = "20240102_spy_minute_quote_american_put_4700000_20240119.csv"
ROWS = "34200000,10000,10100,9900,10000,5,10200,10300,10100,10200,7\n34260000,,,,,,10200.5,10300,10100,10200,9\n"


def archive(root: Path, text: str = ROWS) -> Path:
    path = root / "option/usa/minute/spy/20240102_quote_american.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(ENTRY, text)
    return path


def read(root: Path, cache: Path, instrument: Instrument = PUT) -> QuoteColumns | None:
    folder = LeanFolder(root, ColumnCache(cache))
    columns = folder.bars(instrument, Step.MINUTE, Tick.QUOTE, DAY)
    folder.close()
    assert columns is None or isinstance(columns, QuoteColumns)
    return columns


def files(cache: Path) -> list[Path]:
    return sorted(cache.glob(f"*/*{SUFFIX}"))


def same(first: QuoteColumns | None, second: QuoteColumns | None) -> bool:
    assert first is not None
    assert second is not None
    names = ("start", "bid", "ask", "bid_size", "ask_size")
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in names) and first.divisor == second.divisor


def test_second_reading_does_not_open_the_archive_and_is_the_same(tmp_path: Path) -> None:
    path = archive(tmp_path / "data")
    plain = LeanFolder(tmp_path / "data").bars(PUT, Step.MINUTE, Tick.QUOTE, DAY)
    assert isinstance(plain, QuoteColumns)
    assert same(read(tmp_path / "data", tmp_path / "cache"), plain)

    found = path.stat()
    path.write_bytes(bytes(found.st_size))  # no archive any more, but of the same size and time
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert same(read(tmp_path / "data", tmp_path / "cache"), plain)
    assert [path.name for path in (tmp_path / "data").rglob("*" + SUFFIX)] == []


def test_missing_entry_is_remembered_and_missing_archive_is_not_cached(tmp_path: Path) -> None:
    archive(tmp_path / "data")
    assert read(tmp_path / "data", tmp_path / "cache", CALL) is None
    assert read(tmp_path / "data", tmp_path / "cache", CALL) is None
    assert len(files(tmp_path / "cache")) == 1
    assert LeanFolder(tmp_path / "data", ColumnCache(tmp_path / "cache")).bars(PUT, Step.MINUTE, Tick.TRADE, DAY) is None


def test_entries_read_by_later_runs_join_those_kept_before(tmp_path: Path) -> None:
    archive(tmp_path / "data")
    first = read(tmp_path / "data", tmp_path / "cache")
    assert read(tmp_path / "data", tmp_path / "cache", CALL) is None
    content = files(tmp_path / "cache")[0].read_bytes()
    assert b"put_4700000" in content
    assert b"call_4800000" in content
    assert same(read(tmp_path / "data", tmp_path / "cache"), first)


def test_changed_archive_is_read_again(tmp_path: Path) -> None:
    path = archive(tmp_path / "data")
    read(tmp_path / "data", tmp_path / "cache")
    archive(tmp_path / "data", ROWS.replace("10200.5", "10777.5"))
    os.utime(path, ns=(1, 1))
    again = read(tmp_path / "data", tmp_path / "cache")
    assert again is not None
    assert again.ask[1, 0] == 10777.5


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_is_noticed_and_repaired(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    root = tmp_path_factory.mktemp("damage")
    archive(root / "data")
    first = read(root / "data", root / "cache")
    path = files(root / "cache")[0]
    whole = path.read_bytes()
    if data.draw(st.booleans()):
        damaged = whole[: data.draw(st.integers(0, len(whole) - 1))]
    else:
        at = data.draw(st.integers(0, len(whole) - 1))
        damaged = whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :]
    path.write_bytes(damaged)
    assert same(read(root / "data", root / "cache"), first)
    assert same(read(root / "data", root / "cache"), first)


def test_cache_that_cannot_be_written_says_so_and_changes_no_answer(tmp_path: Path) -> None:
    archive(tmp_path / "data")
    (tmp_path / "cache").write_text("a file where the folder should be")
    cache = ColumnCache(tmp_path / "cache")
    folder = LeanFolder(tmp_path / "data", cache)
    assert folder.bars(PUT, Step.MINUTE, Tick.QUOTE, DAY) is not None
    folder.close()
    assert "cache" in cache.trouble


def test_oldest_files_go_when_the_cache_outgrows_its_bound(tmp_path: Path) -> None:
    for number in range(10):
        path = tmp_path / "a" / f"{number}{SUFFIX}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes(100))
        os.utime(path, (number, number))
    assert sweep(tmp_path, 1000) == 1000
    assert sweep(tmp_path, 500) == 400
    assert [path.stem for path in files(tmp_path)] == ["6", "7", "8", "9"]
    assert clear(tmp_path) == 4
    assert files(tmp_path) == []


def test_cache_that_grew_beyond_its_bound_is_swept_when_the_run_ends(tmp_path: Path) -> None:
    archive(tmp_path / "data")
    old = tmp_path / "cache" / "a" / f"old{SUFFIX}"
    old.parent.mkdir(parents=True)
    old.write_bytes(bytes(5000))
    os.utime(old, (1, 1))
    folder = LeanFolder(tmp_path / "data", ColumnCache(tmp_path / "cache", limit=3000))
    folder.bars(PUT, Step.MINUTE, Tick.QUOTE, DAY)
    folder.close()
    assert not old.exists()
    assert len(files(tmp_path / "cache")) == 1


def test_place_of_the_cache_is_named_by_the_environment() -> None:
    assert cache_folder({"THETADESK_CACHE": "off"}) is None
    assert cache_folder({"THETADESK_CACHE": "/somewhere/else"}) == Path("/somewhere/else")
    assert cache_folder({"XDG_CACHE_HOME": "/caches"}) == Path("/caches/thetadesk/columns")
    assert cache_folder({}) == Path.home() / ".cache/thetadesk/columns"


NUMBERS = st.one_of(st.floats(allow_nan=False, width=64), st.integers(-(2**31), 2**31).map(float))


@given(st.data(), st.integers(0, 5))
def test_columns_come_back_with_the_same_bits(data: st.DataObject, rows: int) -> None:
    start = data.draw(arrays(np.int64, rows))
    numbers = data.draw(arrays(np.float64, (10, rows), elements=NUMBERS))
    trades = TradeColumns(start, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], 10_000)
    quotes = QuoteColumns(start, numbers[:4].T, numbers[4:8].T, numbers[8], numbers[9], 1)
    interest = InterestColumns(start, numbers[0])
    source = Source(5, 7)
    content = file_bytes(source, {"t": kept(trades), "q": kept(quotes), "gone": None, "i": kept(interest)})
    places = read_index(content, source)
    assert places is not None
    assert places["gone"] is None
    assert read_index(content, Source(5, 8)) is None
    for name, columns in (("t", trades), ("q", quotes), ("i", interest)):
        place = places[name]
        assert place is not None
        found = columns_at(content, place)
        assert type(found) is type(columns)
        for field in columns.__slots__:
            assert np.ascontiguousarray(getattr(found, field)).tobytes() == np.ascontiguousarray(getattr(columns, field)).tobytes()
