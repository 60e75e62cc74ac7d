"""Result files: their names, their layout beside what LEAN wrote, and that a folder is either complete or lacks its main file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.algorithm.qc_algorithm import QCAlgorithm
from leanlocal.results.files import copy_sources, resampled, write_results
from leanlocal.results.run_result import RunResult
from leanlocal.testing import AlgorithmTest, InMemoryMarket
from vocabulary.errors import StorageFailed

NUMBER = "1234567890"
STARTED = datetime(2024, 7, 9, 12, 30, tzinfo=UTC)
DAYS = (date(2024, 7, 1), date(2024, 7, 2), date(2024, 7, 3), date(2024, 7, 4), date(2024, 7, 5), date(2024, 7, 8))


class Buyer(QCAlgorithm):
    def initialize(self) -> None:
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 8)
        self.one = self.add_equity("ONE").symbol
        self.schedule.on(self.date_rules.every_day("ONE"), self.time_rules.at(10, 0), self.trade)

    def trade(self) -> None:
        self.market_order(self.one, -10 if self.portfolio.invested else 10)
        self.plot("Mine", "price", self.securities[self.one].price)
        self.log(f"traded at {self.time}")


@pytest.fixture(scope="module")
def result() -> RunResult:
    market = InMemoryMarket()
    for place, day in enumerate(DAYS):
        market.stock("ONE", day, [(time(9, 30), 100.0 + place)])
    with AlgorithmTest(Buyer, market) as test:
        return test.run_to_end()


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_files_are_named_as_lean_names_them(result: RunResult, tmp_path: Path) -> None:
    main = write_results(result, tmp_path / "run", identity=NUMBER, started=STARTED)
    assert main == tmp_path / "run" / f"{NUMBER}.json"
    names = {path.name for path in main.parent.iterdir()}
    assert names == {f"{NUMBER}.json", f"{NUMBER}-summary.json", f"{NUMBER}-order-events.json", f"{NUMBER}-log.txt", "log.txt", "config"}


def test_without_an_identity_a_number_of_ten_digits_is_drawn(result: RunResult, tmp_path: Path) -> None:
    main = write_results(result, tmp_path)
    assert main.stem.isdigit()
    assert len(main.stem) == 10
    assert read(tmp_path / "config")["id"] == int(main.stem)


def test_orders_events_and_log_are_the_runs(result: RunResult, tmp_path: Path) -> None:
    main = write_results(result, tmp_path, identity=NUMBER, started=STARTED, config={"seed": 7})
    whole = read(main)
    assert sorted(whole["orders"]) == ["1", "2", "3", "4", "5", "6"]
    assert [event["status"] for event in read(tmp_path / f"{NUMBER}-order-events.json")] == ["submitted", "filled"] * 6
    assert (tmp_path / f"{NUMBER}-log.txt").read_text().splitlines() == list(result.log)
    assert whole["state"]["StartTime"] == "2024-07-09T12:30:00Z"
    assert whole["state"]["OrderCount"] == "6"
    assert read(tmp_path / "config") == {"id": int(NUMBER), "environment": "backtesting", "algorithm-type-name": "Buyer", "seed": 7}
    assert whole["algorithmConfiguration"]["startDate"] == "2024-07-01T00:00:00Z"
    assert "STATISTICS:: Total Orders 6" in (tmp_path / "log.txt").read_text()


def test_the_summary_has_the_equity_curve_and_no_orders(result: RunResult, tmp_path: Path) -> None:
    whole = read(write_results(result, tmp_path, identity=NUMBER))
    summary = read(tmp_path / f"{NUMBER}-summary.json")
    assert "orders" not in summary
    assert list(summary["charts"]) == ["Strategy Equity"]
    assert summary["statistics"] == whole["statistics"]
    assert summary["totalPerformance"]["closedTrades"] == []
    assert len(whole["totalPerformance"]["closedTrades"]) == 3


def missing(ours: Any, theirs: Any, where: str = "") -> list[str]:
    """Names that LEAN's tree has and ours lacks, where both have an object."""
    if not isinstance(ours, Mapping) or not isinstance(theirs, Mapping):
        return []
    found = [f"{where}/{name}" for name in theirs if name not in ours]
    return found + [line for name in theirs if name in ours for line in missing(ours[name], theirs[name], f"{where}/{name}")]


def only_names_of_the_layout(tree: dict[str, Any]) -> dict[str, Any]:
    """Without what depends on the run: orders by number, profits by time, spans by date, the machine, statistics of symbols."""
    kept = {name: value for name, value in tree.items() if name not in ("orders", "profitLoss", "rollingWindow", "serverStatistics")}
    charts = {name: {key: value for key, value in chart.items() if key != "series"} for name, chart in tree["charts"].items()}
    return {**kept, "charts": charts}


def test_the_layout_is_the_one_lean_writes(result: RunResult, tmp_path: Path, shared: Path) -> None:
    example = shared / "parity" / "results-example"
    main = write_results(result, tmp_path, identity=NUMBER)
    theirs, ours = read(example / "Lt112.json"), read(main)
    assert missing(only_names_of_the_layout(ours), only_names_of_the_layout(theirs)) == []
    assert set(next(iter(ours["orders"].values()))) >= {"type", "id", "symbol", "quantity", "status", "events"} & set(next(iter(theirs["orders"].values())))
    assert {name[:2] for name in ours["rollingWindow"]} <= {name[:2] for name in theirs["rollingWindow"]} | {"M1"}
    own, other = read(tmp_path / f"{NUMBER}-summary.json"), read(example / "Lt112-summary.json")
    assert missing(own["statistics"], other["statistics"]) == []
    assert set(other) <= set(own)
    events, recorded = read(tmp_path / f"{NUMBER}-order-events.json"), read(example / "Lt112-order-events.json")
    assert set(events[0]) <= {key for event in recorded for key in event}


def test_a_failed_write_leaves_no_main_file_and_says_where(result: RunResult, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / f"{NUMBER}-summary.json").mkdir()
    (folder / f"{NUMBER}-summary.json" / "in the way").touch()
    with pytest.raises(StorageFailed, match=str(folder)):
        write_results(result, folder, identity=NUMBER)
    assert not (folder / f"{NUMBER}.json").exists()
    assert not list(folder.glob("*.part"))


def test_writing_again_replaces_whole_files(result: RunResult, tmp_path: Path) -> None:
    (tmp_path / f"{NUMBER}.json").write_text("half a fi")
    write_results(result, tmp_path, identity=NUMBER)
    assert read(tmp_path / f"{NUMBER}.json")["state"]["Name"] == "Buyer"


def test_sources_are_copied_without_data_environments_and_earlier_results(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for name in ("main.py", "config.json", "parts/one.py", "data/big.json", ".venv/lib.py", "backtests/old/main.py", "notes.txt"):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    copy_sources(project, tmp_path / "code")
    copied = {str(path.relative_to(tmp_path / "code")) for path in (tmp_path / "code").rglob("*") if path.is_file()}
    assert copied == {"main.py", "config.json", "parts/one.py"}


candles = st.lists(st.tuples(st.integers(1, 3_000), st.floats(1, 1e6), st.floats(1, 1e6)), min_size=1, max_size=80)


@given(candles)
def test_a_merged_curve_keeps_its_first_value_its_last_and_its_extremes(steps: list[tuple[int, float, float]]) -> None:
    rows: list[list[float]] = []
    time_of_row = 1_700_000_000
    for hours, opening, close in steps:
        time_of_row += hours * 3600
        rows.append([time_of_row, opening, max(opening, close) + 1, min(opening, close) - 1, close])
    merged = resampled(rows)
    assert (merged[0][0], merged[0][1], merged[-1][4]) == (rows[0][0], rows[0][1], rows[-1][4])
    assert max(row[2] for row in merged) == max(row[2] for row in rows)
    assert min(row[3] for row in merged) == min(row[3] for row in rows)
    assert [row[0] for row in merged] == sorted({row[0] for row in merged})
    assert len(merged) <= len(rows)
