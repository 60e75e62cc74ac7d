"""A whole backtest over a data folder with one fault: LEAN's behaviour where it is defined, else one error that names file, row and reason."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leanlocal.results.run_result import RunResult
from leanlocal.run import run_algorithm
from marketdata.leanfolder import LeanFolder
from vocabulary.errors import MissingData

DAYS = (date(2024, 7, 1), date(2024, 7, 2), date(2024, 7, 3))
OPENS_MS = 34_200_000
MINUTES = 390
SESSION = [{"start": "09:30:00", "end": "16:00:00", "state": "market"}]
HOURS: dict[str, Any] = {
    "dataTimeZone": "America/New_York",
    "exchangeTimeZone": "America/New_York",
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), SESSION),
    "saturday": [],
    "sunday": [],
    "holidays": [],
    "earlyCloses": {},
}
COLUMNS = (
    "market,symbol,type,description,quote_currency,contract_multiplier,minimum_price_variation,lot_size,market_ticker,"
    "minimum_order_size,price_magnifier,strike_multiplier"
)
PROPERTIES = f"{COLUMNS}\nusa,[*],equity,,USD,1,0.01,1\n"
ALGORITHM = """from AlgorithmImports import *


class Faulty(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 3)
        self.abc = self.add_equity("ABC", Resolution.MINUTE)

    def on_data(self, slice):
        bar = slice.bars.get(self.abc.symbol)
        if bar and not bar.is_fill_forward:
            self.log(f"bar {bar.end_time:%d %H:%M} {bar.close:g}")

    def on_end_of_algorithm(self):
        self.log(f"end {self.abc.symbol.id} {self.time}")
"""


@dataclass
class Folder:
    """A small LEAN data folder: three days of one stock whose price is 100 + minute / 100 (plus ten a day)."""

    root: Path

    def write(self) -> Path:
        self.text("market-hours/market-hours-database.json", json.dumps({"entries": {"Equity-usa-[*]": HOURS}}))
        self.text("symbol-properties/symbol-properties-database.csv", PROPERTIES)
        self.text("equity/usa/map_files/abc.csv", "20100104,abc,Q\n20501231,abc,Q\n")
        self.text("equity/usa/factor_files/abc.csv", "20100104,1,1,1\n20240702,0.5,1,100\n20501231,1,1,0\n")
        for place, day in enumerate(DAYS):
            self.day(day, trades(place))
        return self.root

    def text(self, name: str, content: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def archive(self, day: date, tick: str = "trade") -> Path:
        return self.root / f"equity/usa/minute/abc/{day:%Y%m%d}_{tick}.zip"

    def day(self, day: date, rows: Sequence[str], tick: str = "trade") -> None:
        path = self.archive(day, tick)
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{day:%Y%m%d}_abc_minute_{tick}.csv", "\n".join(rows) + "\n")

    def changed(self, day: date, change: Callable[[list[str]], list[str]]) -> None:
        self.day(day, change(trades(DAYS.index(day))))


def trades(place: int) -> list[str]:
    """Minute rows of a day."""
    prices = [1_000_000 + 100_000 * place + 100 * minute for minute in range(MINUTES)]
    return [f"{OPENS_MS + 60_000 * minute},{p},{p},{p},{p},100" for minute, p in enumerate(prices)]


def run(folder: Folder, tmp_path: Path) -> RunResult:
    main = tmp_path / "main.py"
    main.write_text(ALGORITHM)
    return run_algorithm(main, LeanFolder(folder.root), {}, storage=tmp_path / "storage")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "data")
    made.write()
    return made


def bars(result: RunResult) -> list[str]:
    return [line[20:] for line in result.log if " bar " in line]


def test_the_folder_without_fault_is_three_days_of_bars(folder: Folder, tmp_path: Path) -> None:
    result = run(folder, tmp_path)
    assert (result.status, result.error) == ("Completed", "")
    assert len(bars(result)) == 3 * MINUTES
    assert bars(result)[0] == "bar 01 09:31 50"
    assert bars(result)[-1] == "bar 03 16:00 123.89"


def torn(folder: Folder) -> None:
    path = folder.archive(DAYS[1])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damaged(folder: Folder) -> None:
    path = folder.archive(DAYS[1])
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(bytes(content))


def row(number: int, text: str) -> Callable[[Folder], None]:
    def spoil(folder: Folder) -> None:
        folder.changed(DAYS[1], lambda rows: [*rows[: number - 1], text, *rows[number:]])

    return spoil


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(torn, ["20240702_trade.zip", "not a readable zip archive"], id="truncated zip"),
        pytest.param(damaged, ["20240702_trade.zip", "20240702_abc_minute_trade.csv"], id="damaged entry"),
        pytest.param(row(7, "34560000,1100600,1100600,1100600,1100600"), ["20240702_trade.zip", "row 7", "5 fields where 6 are needed"], id="missing column"),
        pytest.param(row(9, "34680000,NaN,1100800,1100800,1100800,100"), ["20240702_trade.zip", "row 9", "unexpected character 'N'"], id="NaN"),
        pytest.param(row(9, "34680000,11-008,1100800,1100800,1100800,100"), ["20240702_trade.zip", "row 9", "not a number"], id="minus inside a number"),
        pytest.param(row(9, "34680000,1.1.8,1100800,1100800,1100800,100"), ["20240702_trade.zip", "row 9", "not a number"], id="two points"),
        pytest.param(row(2, "abc"), ["20240702_trade.zip", "row 2"], id="text"),
    ],
)
def test_a_file_that_cannot_be_read_stops_the_run_with_file_row_and_reason(
    folder: Folder, tmp_path: Path, spoil: Callable[[Folder], None], says: list[str]
) -> None:
    spoil(folder)
    result = run(folder, tmp_path)
    assert result.status == "RuntimeError"
    last = result.error.strip().splitlines()[-1]
    assert last.startswith("vocabulary.errors.CorruptData: ")
    for part in says:
        assert part in last
    assert len(bars(result)) == MINUTES, "the day before the fault is complete"


def test_rows_out_of_order_or_repeated_are_skipped_as_lean_skips_them(folder: Folder, tmp_path: Path) -> None:
    folder.changed(DAYS[1], lambda rows: [rows[0], rows[2], rows[1], rows[2].replace("1100200", "9990000"), *rows[3:]])
    result = run(folder, tmp_path)
    day = [line for line in bars(result) if line.startswith("bar 02")]
    assert result.status == "Completed"
    assert day[:3] == ["bar 02 09:31 55", "bar 02 09:33 55.01", "bar 02 09:34 55.015"]
    assert len(day) == MINUTES - 1


def test_a_missing_day_is_a_day_without_data(folder: Folder, tmp_path: Path) -> None:
    folder.archive(DAYS[1]).unlink()
    result = run(folder, tmp_path)
    assert result.status == "Completed"
    assert {line.split()[1] for line in bars(result)} == {"01", "03"}


def test_a_missing_entry_in_an_archive_is_a_day_without_data(folder: Folder, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder.archive(DAYS[1]), "w") as archive:
        archive.writestr("20240702_other_minute_trade.csv", "1,1,1,1,1,1\n")
    result = run(folder, tmp_path)
    assert result.status == "Completed"
    assert {line.split()[1] for line in bars(result)} == {"01", "03"}


def test_without_a_map_file_the_identity_has_no_date(folder: Folder, tmp_path: Path) -> None:
    (folder.root / "equity/usa/map_files/abc.csv").unlink()
    result = run(folder, tmp_path)
    assert result.status == "Completed"
    assert "end ABC 2T " in result.log[-1]
    assert len(bars(result)) == 3 * MINUTES


def test_without_a_factor_file_prices_are_not_adjusted(folder: Folder, tmp_path: Path) -> None:
    (folder.root / "equity/usa/factor_files/abc.csv").unlink()
    result = run(folder, tmp_path)
    assert result.status == "Completed"
    assert bars(result)[0] == "bar 01 09:31 100"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("equity/usa/factor_files/abc.csv", "20100104,1,1,1\n20240702,half,1,100\n", ["abc.csv", "row 2"]),
        ("equity/usa/map_files/abc.csv", "someday,abc,Q\n", ["abc.csv", "row 1"]),
    ],
)
def test_a_reference_file_that_cannot_be_read_names_file_and_row(folder: Folder, tmp_path: Path, name: str, content: str, says: list[str]) -> None:
    folder.text(name, content)
    result = run(folder, tmp_path)
    assert result.status == "RuntimeError"
    last = result.error.strip().splitlines()[-1]
    assert all(part in last for part in ["CorruptData", *says])


def test_absent_market_hours_name_the_entry_that_is_needed(folder: Folder, tmp_path: Path) -> None:
    folder.text("market-hours/market-hours-database.json", json.dumps({"entries": {"Index-usa-[*]": HOURS}}))
    result = run(folder, tmp_path)
    assert result.status == "RuntimeError"
    assert "MissingData: market-hours-database.json has no entry for Equity-usa-ABC" in result.error


@pytest.mark.parametrize("name", ["market-hours/market-hours-database.json", "symbol-properties/symbol-properties-database.csv"])
def test_a_folder_without_its_databases_is_refused_before_anything_runs(folder: Folder, tmp_path: Path, name: str) -> None:
    (folder.root / name).unlink()
    with pytest.raises(MissingData, match=name.rpartition("/")[2]):
        run(folder, tmp_path)
