"""A LEAN folder answers with what its files hold, with nothing where there is no file, and with the row where a file is broken."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from marketdata.leanfolder import LeanFolder
from marketdata.port import Instrument, Kind, QuoteColumns, Step, Tick, TradeColumns
from vocabulary.errors import CorruptData, MissingData

SPY = Instrument(Kind.EQUITY, "usa", "spy")
DAY = date(2024, 7, 1)


def write_zip(path: Path, entries: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name, text)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="does not exist"):
        LeanFolder(tmp_path / "absent")


def test_minute_rows_come_from_the_archive_of_their_day(tmp_path: Path) -> None:
    write_zip(tmp_path / "equity/usa/minute/spy/20240701_trade.zip", {"20240701_spy_minute_trade.csv": "34200000,5450000,5451000,5449000,5450500,100\n"})
    columns = LeanFolder(tmp_path).bars(SPY, Step.MINUTE, Tick.TRADE, DAY)
    assert isinstance(columns, TradeColumns)
    assert columns.start.astype("datetime64[us]")[0] == np.datetime64("2024-07-01T09:30")
    assert columns.close[0] / columns.divisor == 545.05


def test_absent_files_and_entries_are_none(tmp_path: Path) -> None:
    folder = LeanFolder(tmp_path)
    put = Instrument(Kind.OPTION, "usa", "spy", date(2024, 7, 5), Decimal(540), "put", "american")
    assert folder.bars(SPY, Step.MINUTE, Tick.TRADE, DAY) is None
    assert folder.bars(SPY, Step.DAILY, Tick.TRADE, None) is None
    assert folder.universe(put, DAY) is None
    write_zip(tmp_path / "option/usa/minute/spy/20240701_quote_american.zip", {"other.csv": ""})
    assert LeanFolder(tmp_path).bars(put, Step.MINUTE, Tick.QUOTE, DAY) is None


def test_option_years_are_joined(tmp_path: Path) -> None:
    put = Instrument(Kind.OPTION, "usa", "spy", date(2025, 1, 17), Decimal("540.5"), "put", "american")
    name = "spy_quote_american_put_5405000_20250117.csv"
    row = "{} 00:00,1,1,1,10000,5,2,2,2,12000,5\n"
    for year in (2023, 2024):
        write_zip(tmp_path / f"option/usa/daily/spy_{year}_quote_american.zip", {name: row.format(f"{year}0702")})
    columns = LeanFolder(tmp_path).bars(put, Step.DAILY, Tick.QUOTE, None)
    assert isinstance(columns, QuoteColumns)
    assert columns.start.astype("datetime64[us]").astype("datetime64[D]").astype(str).tolist() == ["2023-07-02", "2024-07-02"]


def test_a_truncated_archive_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "equity/usa/minute/spy/20240701_trade.zip"
    write_zip(path, {"20240701_spy_minute_trade.csv": "34200000,1,1,1,1,1\n" * 200})
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(CorruptData, match=r"20240701_trade\.zip"):
        LeanFolder(tmp_path).bars(SPY, Step.MINUTE, Tick.TRADE, DAY)


def test_a_damaged_entry_names_archive_and_entry(tmp_path: Path) -> None:
    path = tmp_path / "equity/usa/minute/spy/20240701_trade.zip"
    write_zip(path, {"20240701_spy_minute_trade.csv": "34200000,1,1,1,1,1\n" * 200})
    data = bytearray(path.read_bytes())
    data[70:90] = bytes(20)
    path.write_bytes(bytes(data))
    with pytest.raises(CorruptData, match=r"20240701_spy_minute_trade\.csv"):
        LeanFolder(tmp_path).bars(SPY, Step.MINUTE, Tick.TRADE, DAY)


def test_missing_market_hours_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match=r"market-hours-database\.json"):
        LeanFolder(tmp_path).market_hours()
    with pytest.raises(MissingData, match="symbol-properties"):
        LeanFolder(tmp_path).symbol_properties()


def test_chain_file_gives_underlying_and_contracts(tmp_path: Path) -> None:
    path = tmp_path / "option/usa/universes/spy/20240701.csv"
    path.parent.mkdir(parents=True)
    path.write_text(
        "#expiry,strike,right,open,high,low,close,volume,open_interest,implied_volatility,delta,gamma,vega,theta,rho\n"
        ",,,545.1,546,544,545.3,1000,,,,,,,\n"
        "20240705,540.5,P,1,2,0.5,1.5,10,,0.12,-0.3,0.02,0.1,-0.05,0.01\n"
    )
    rows = LeanFolder(tmp_path).universe(Instrument(Kind.OPTION, "usa", "spy"), DAY)
    assert rows is not None
    assert rows.underlying == (545.1, 546, 544, 545.3, 1000)
    assert (rows.expiry[0], rows.strike[0], rows.right[0]) == (date(2024, 7, 5), Decimal("540.5"), "P")
    assert np.isnan(rows.open_interest[0])
    assert rows.delta[0] == -0.3


def test_chain_row_with_too_few_fields_is_named(tmp_path: Path) -> None:
    path = tmp_path / "option/usa/universes/spy/20240701.csv"
    path.parent.mkdir(parents=True)
    path.write_text("#expiry,strike,right,open\n,,,545\n20240705,540\n")
    with pytest.raises(CorruptData, match="row 3: 2 fields where the header names 4"):
        LeanFolder(tmp_path).universe(Instrument(Kind.OPTION, "usa", "spy"), DAY)


def test_real_sample_folder_reads(shared: Path) -> None:
    folder = LeanFolder(shared / "lean-data")
    call = Instrument(Kind.OPTION, "usa", "goog", date(2015, 12, 24), Decimal(600), "call", "american")
    columns = folder.bars(call, Step.MINUTE, Tick.QUOTE, date(2015, 12, 23))
    assert isinstance(columns, QuoteColumns)
    assert len(columns.start) == 269
    assert folder.symbol_properties()[("cme", "ES", "future")].contract_multiplier == 50
