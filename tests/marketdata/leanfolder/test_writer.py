"""What is written reads back equal, is the same to the byte every time, and is there whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketdata.leanfolder import LeanFolder
from marketdata.leanfolder.encoding import day_rows, day_texts, long_rows
from marketdata.leanfolder.packing import packed, packed_by_library
from marketdata.leanfolder.rows import columns_from
from marketdata.leanfolder.universe_text import figure_texts, number_text
from marketdata.leanfolder.writer import FolderWriter, remove_abandoned, write_text
from marketdata.port import FactorRow, Instrument, Kind, MapRow, MarginRow, QuoteColumns, Step, SymbolProperties, Tick, TradeColumns, UniverseRows
from vocabulary.errors import StorageFailed

DAY = date(2024, 7, 1)
MIDNIGHT = (DAY - date(1970, 1, 1)).days * 86_400_000_000
PUT = Instrument(Kind.OPTION, "usa", "spy", date(2024, 7, 5), Decimal("540.5"), "put", "american")


def quotes(bids: list[int], divisor: int = 10_000) -> QuoteColumns:
    bid = np.repeat(np.array(bids, dtype=np.float64), 4).reshape(-1, 4) / (1 if divisor == 10_000 else 4)
    start = MIDNIGHT + 34_200_000_000 + 60_000_000 * np.arange(len(bids), dtype=np.int64)
    return QuoteColumns(start, bid, bid + 100, np.ones(len(bids)), np.full(len(bids), 7.0), divisor)


@given(st.lists(st.integers(0, 10**8), min_size=1, max_size=40), st.sampled_from([1, 10_000]))
def test_quote_rows_read_back_equal(bids: list[int], divisor: int) -> None:
    columns = quotes(bids, divisor)
    again = columns_from(day_rows(columns, MIDNIGHT), Tick.QUOTE, divisor, MIDNIGHT, "text")
    assert isinstance(again, QuoteColumns)
    assert (again.start == columns.start).all()
    assert (again.bid == columns.bid).all()
    assert (again.ask == columns.ask).all()
    assert (again.ask_size == columns.ask_size).all()


def test_absent_side_is_written_as_empty_fields() -> None:
    assert day_rows(quotes([0]), MIDNIGHT) == b"34200000,,,,,1,100,100,100,100,7\n"


def test_daily_rows_carry_the_date() -> None:
    opened, high, low, close, volume = (np.array([value]) for value in (5462.25, 5463.0, 5460.5, 5461.0, 12.0))
    columns = TradeColumns(np.array([MIDNIGHT], dtype=np.int64), opened, high, low, close, volume, 1)
    assert long_rows(columns) == b"20240701 00:00,5462.25,5463,5460.5,5461,12\n"


def test_the_same_data_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        FolderWriter(tmp_path / name).day(DAY, [(PUT, Tick.QUOTE, quotes([5, 6])), (PUT, Tick.TRADE, trade())])
    first, second = ([path.read_bytes() for path in sorted((tmp_path / name).rglob("*.zip"))] for name in ("a", "b"))
    assert len(first) == 2
    assert first == second


def trade() -> TradeColumns:
    opened, high, low, close, volume = (np.array([value]) for value in (1.0, 2.0, 1.0, 2.0, 3.0))
    return TradeColumns(np.array([MIDNIGHT + 34_200_000_000], dtype=np.int64), opened, high, low, close, volume, 10_000)


def test_a_written_folder_reads_back(tmp_path: Path) -> None:
    writer = FolderWriter(tmp_path)
    writer.day(DAY, [(PUT, Tick.QUOTE, quotes([50_000]))])
    writer.long(Step.DAILY, 2024, [(PUT, Tick.QUOTE, quotes([50_000]))])
    writer.map_file("spy", "usa", Kind.EQUITY, [MapRow(date(1998, 1, 2), "spy", "P")])
    writer.factor_file("spy", "usa", [FactorRow(DAY, Decimal("0.9971"), Decimal(1), Decimal("545.34"))])
    writer.margins("es", "cme", [MarginRow(DAY, Decimal(13200), Decimal(12000))])
    writer.interest_rates([(DAY, Decimal("5.50"))])
    writer.market_hours({"entries": {}})
    es = SymbolProperties("E-mini", "USD", Decimal(50), Decimal("0.25"), Decimal(1), Decimal(1), Decimal(1))
    writer.symbol_properties({("cme", "ES", "future"): es})
    folder = LeanFolder(tmp_path)
    minute, daily = folder.bars(PUT, Step.MINUTE, Tick.QUOTE, DAY), folder.bars(PUT, Step.DAILY, Tick.QUOTE, None)
    assert isinstance(minute, QuoteColumns)
    assert isinstance(daily, QuoteColumns)
    assert minute.bid[0, 3] == daily.bid[0, 3] == 50_000
    assert folder.map_rows("spy", "usa", Kind.EQUITY)[0].ticker == "spy"
    assert folder.factor_rows("spy", "usa")[0].price_factor == Decimal("0.9971")
    assert folder.margins("es", "cme")[0].initial == 13200
    assert folder.interest_rates() == [(DAY, Decimal("5.50"))]
    assert folder.symbol_properties()[("cme", "ES", "future")] == es


def test_a_futures_map_file_keeps_the_mapping_mode(tmp_path: Path) -> None:
    rows = [MapRow(date(1899, 12, 30), "es", "CME"), MapRow(DAY, "es ylz9z50bje2p", "CME", 0)]
    FolderWriter(tmp_path).map_file("es", "cme", Kind.FUTURE, rows)
    assert LeanFolder(tmp_path).map_rows("es", "cme", Kind.FUTURE) == rows


def universe(months: list[date], strikes: list[Decimal], rights: list[str]) -> UniverseRows:
    n = len(months)
    figures = [np.arange(n, dtype=np.float64) + 0.5] * 5 + [np.full(n, np.nan)] + [np.full(n, 0.1234567)] * 6
    return UniverseRows(DAY, (545.1, 546.0, 544.0, 545.3, 1000.0) if strikes else None, months, strikes, rights, *figures)


def test_chain_files_read_back(tmp_path: Path) -> None:
    writer, folder = FolderWriter(tmp_path), LeanFolder(tmp_path)
    spy, es = Instrument(Kind.OPTION, "usa", "spy"), Instrument(Kind.FUTURE, "cme", "es")
    written = universe([date(2024, 7, 5)] * 2, [Decimal("540.5"), Decimal(541)], ["P", "C"])
    writer.universe(spy, written)
    writer.universe(es, universe([date(2024, 9, 1)], [], []))
    options, futures = folder.universe(spy, DAY), folder.universe(es, DAY)
    assert options is not None
    assert futures is not None
    assert (options.strike, options.right, options.underlying) == (written.strike, written.right, written.underlying)
    assert options.delta.tolist() == [0.1234567] * 2
    assert np.isnan(options.open_interest).all()
    assert futures.expiry == [date(2024, 9, 1)]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StorageFailed, match="could not be written"):
        write_text(blocked / "below.csv", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (-0.00000001, "0"), (5462.0, "5462"), (0.1234567, "0.1234567"), (1e-5, "0.00001")])
def test_numbers_have_no_exponent_and_no_trailing_zero(value: float, text: str) -> None:
    assert number_text(value) == text


SPECIAL = [0.0, -0.0, float("nan"), 1e-7, -4e-8, 9.9999999e7, 1e8, 123456789.1234567, 1e16, 0.30000000000000004, 2.5, -17.25]


@given(st.lists(st.one_of(st.sampled_from(SPECIAL), st.floats(-1e9, 1e9), st.floats(-1e3, 1e3).map(lambda x: round(x, 7))), max_size=30))
def test_a_column_of_numbers_has_the_texts_of_its_numbers(values: list[float]) -> None:
    expected = ["" if value != value else number_text(value) for value in values]
    assert [text or "" for text in figure_texts(np.array(values, dtype=np.float64)).to_pylist()] == expected


@given(st.dictionaries(st.text("ab/ü_0", min_size=1, max_size=8), st.binary(max_size=300), max_size=5))
def test_archives_are_the_bytes_that_the_library_writes(entries: dict[str, bytes]) -> None:
    assert packed(entries) == packed_by_library(entries)


@given(st.lists(st.tuples(st.lists(st.integers(0, 3), min_size=1, max_size=4), st.sampled_from([1, 10_000])), min_size=1, max_size=70))
def test_series_written_together_read_as_when_written_alone(contracts: list[tuple[list[int], int]]) -> None:
    series = [quotes(bids, divisor) for bids, divisor in contracts]
    assert list(day_texts(series, MIDNIGHT)) == [day_rows(one, MIDNIGHT) for one in series]


def test_real_archive_is_rewritten_to_the_same_rows(shared: Path) -> None:
    day = date(2015, 12, 23)
    call = Instrument(Kind.OPTION, "usa", "goog", date(2015, 12, 24), Decimal(600), "call", "american")
    columns = LeanFolder(shared / "lean-data").bars(call, Step.MINUTE, Tick.QUOTE, day)
    assert columns is not None
    archive = zipfile.ZipFile(shared / "lean-data/option/usa/minute/goog/20151223_quote_american.zip")
    original = archive.read("20151223_goog_minute_quote_american_call_6000000_20151224.csv")
    assert day_rows(columns, (day - date(1970, 1, 1)).days * 86_400_000_000) == original.replace(b"\r", b"")


def test_what_a_killed_writer_left_is_removed_and_a_running_ones_file_is_not(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    torn, running, other = (tmp_path / name for name in (f".a.zip.{gone.pid}", f".a.zip.{os.getpid()}", ".hidden"))
    for path in (torn, running, other):
        path.write_text("")
    remove_abandoned(tmp_path)
    assert not torn.exists() and running.exists() and other.exists()
