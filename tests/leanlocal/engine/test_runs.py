"""Whole runs on a stated day: jumping changes nothing, faults are named, missing API says so."""

from __future__ import annotations

import sys
from datetime import date, time
from pathlib import Path

import pytest

from leanlocal.object_store import KeyNotFoundException, ObjectStore
from leanlocal.run import run_algorithm
from leanlocal.testing import InMemoryMarket
from vocabulary.errors import BadInput, CorruptData, StorageFailed

DAY = date(2024, 7, 1)
HEAD = """from AlgorithmImports import *


class Probe(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 1)
        self.spy = self.add_equity("SPY", Resolution.MINUTE).symbol
"""


def market() -> InMemoryMarket:
    return InMemoryMarket().stock("SPY", DAY, [(time(9, 30), 540.0), (time(11, 0), 545.0), (time(14, 0), 530.0)])


def probe(folder: Path, body: str) -> Path:
    main = folder / "main.py"
    main.write_text(HEAD + body, encoding="utf-8")
    return main


BUY = """        self.schedule.on(self.date_rules.every_day(self.spy), self.time_rules.at(10, 0), lambda: self.market_order(self.spy, 10))
"""


def test_equity_curve_is_the_same_whether_the_loop_jumps_or_visits_every_minute(tmp_path: Path) -> None:
    (tmp_path / "jump").mkdir()
    (tmp_path / "visit").mkdir()
    jumped = run_algorithm(probe(tmp_path / "jump", BUY), market(), {}, storage=tmp_path)
    visited = run_algorithm(probe(tmp_path / "visit", BUY + "\n    def on_data(self, slice):\n        pass\n"), market(), {}, storage=tmp_path)
    assert (jumped.status, visited.status) == ("Completed", "Completed")
    assert jumped.equity == visited.equity
    assert jumped.statistics == visited.statistics


def test_log_lines_carry_the_algorithms_time_and_debug_comes_first_in_a_step(tmp_path: Path) -> None:
    body = """        self.schedule.on(self.date_rules.every_day(self.spy), self.time_rules.at(10, 0), self.speak)

    def speak(self):
        self.log("said")
        self.debug("noted")
        self.debug("noted")
"""
    result = run_algorithm(probe(tmp_path, body), market(), {}, storage=tmp_path)
    assert list(result.log) == ["2024-07-01 10:00:00 noted", "2024-07-01 10:00:00 said"]


def test_exception_of_the_algorithm_ends_the_run_with_its_trace(tmp_path: Path) -> None:
    body = """        self.schedule.on(self.date_rules.every_day(self.spy), self.time_rules.at(10, 0), lambda: 1 / 0)
"""
    result = run_algorithm(probe(tmp_path, body), market(), {}, storage=tmp_path)
    assert result.status == "RuntimeError"
    assert "ZeroDivisionError" in result.error
    assert "main.py" in result.error


def test_interrupt_keeps_what_was_done(tmp_path: Path) -> None:
    body = """        self.schedule.on(self.date_rules.every_day(self.spy), self.time_rules.at(10, 0), self.stop)

    def stop(self):
        self.market_order(self.spy, 1)
        raise KeyboardInterrupt
"""
    result = run_algorithm(probe(tmp_path, body), market(), {}, storage=tmp_path)
    assert result.status == "Stopped"
    assert result.statistics["Total Orders"] == "1"


def test_api_of_lean_that_is_not_here_says_so(tmp_path: Path) -> None:
    result = run_algorithm(probe(tmp_path, "        self.add_crypto('BTCUSD')\n"), market(), {}, storage=tmp_path)
    assert "NotImplementedError: Probe.add_crypto is not in leanlocal; see docs/lean-coverage.md" in result.error


def test_class_of_lean_that_is_not_here_says_so(tmp_path: Path) -> None:
    result = run_algorithm(probe(tmp_path, "        FakeName = VolumeShareSlippage = Tiingo\n        FakeName.auth_code\n"), market(), {}, storage=tmp_path)
    assert "Tiingo is not in leanlocal" in result.error


def test_name_neither_has_is_an_ordinary_attribute_error(tmp_path: Path) -> None:
    result = run_algorithm(probe(tmp_path, "        self.no_such_thing()\n"), market(), {}, storage=tmp_path)
    assert "AttributeError" in result.error


def test_pascal_case_names_and_hooks_work(tmp_path: Path) -> None:
    main = tmp_path / "main.py"
    main.write_text(
        "from AlgorithmImports import *\n\n\nclass Pascal(QCAlgorithm):\n    def Initialize(self):\n        self.SetStartDate(2024, 7, 1)\n"
        "        self.SetEndDate(2024, 7, 1)\n        self.spy = self.AddEquity('SPY', Resolution.Minute).Symbol\n"
        "    def OnData(self, slice):\n        if not self.Portfolio.Invested:\n            self.MarketOrder(self.spy, 1)\n",
        encoding="utf-8",
    )
    result = run_algorithm(main, market(), {}, storage=tmp_path)
    assert result.statistics["Total Orders"] == "1"


def test_parameters_take_the_type_of_their_default(tmp_path: Path) -> None:
    body = """        numbers = self.get_parameter("n", 3), self.get_parameter("x", 1.5), self.get_parameter("bad", 7)
        self.log(f"{numbers} {self.get_parameter('t')} {self.get_parameter('no')}")
"""
    result = run_algorithm(probe(tmp_path, body), market(), {"n": "4", "x": "2", "t": "12", "bad": "word"}, storage=tmp_path)
    assert result.log[0].endswith("(4, 2.0, 7) 12 None")


def test_day_without_data_passes_without_steps_or_prices(tmp_path: Path) -> None:
    body = BUY.replace("10, 0", "10, 0") + "        self.set_end_date(2024, 7, 2)\n"
    result = run_algorithm(probe(tmp_path, body), market(), {}, storage=tmp_path)
    assert result.status == "Completed"
    assert result.statistics["Total Orders"] == "2"


class TornMarket(InMemoryMarket):
    """A provider whose minute file of SPY cannot be read."""

    def bars(self, *arguments: object) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        raise CorruptData("equity/usa/minute/spy/20240701_trade.zip: row 3: 5 fields where 6 are needed")


def test_corrupt_file_ends_the_run_naming_file_row_and_reason(tmp_path: Path) -> None:
    result = run_algorithm(probe(tmp_path, BUY), TornMarket().stock("SPY", DAY, [(time(9, 30), 1.0)]), {}, storage=tmp_path)
    assert result.status == "RuntimeError"
    assert "20240701_trade.zip: row 3" in result.error


def test_missing_market_hours_entry_is_named(tmp_path: Path) -> None:
    result = run_algorithm(probe(tmp_path, "        self.add_index('SPX')\n"), market(), {}, storage=tmp_path)
    assert "no entry for Index-usa-SPX" in result.error


@pytest.mark.parametrize(("text", "message"), [("x = 1\n", "found none"), (HEAD + "\n\nclass Second(QCAlgorithm):\n    pass\n", "Probe, Second")])
def test_file_without_exactly_one_algorithm_is_refused(tmp_path: Path, text: str, message: str) -> None:
    main = tmp_path / "main.py"
    main.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        run_algorithm(main, market(), {}, storage=tmp_path)


def test_algorithm_may_import_a_module_beside_it_and_leaves_none_behind(tmp_path: Path) -> None:
    (tmp_path / "beside_probe.py").write_text("LEVEL = 42\n", encoding="utf-8")
    result = run_algorithm(probe(tmp_path, "        from beside_probe import LEVEL\n        self.log(str(LEVEL))\n"), market(), {}, storage=tmp_path)
    assert (result.status, list(result.log)) == ("Completed", ["2024-07-01 00:00:00 42"])
    assert "beside_probe" not in sys.modules


def test_object_store_keeps_files_and_refuses_to_leave_its_folder(tmp_path: Path) -> None:
    store = ObjectStore(tmp_path / "storage")
    store.save("a/b.txt", "hello")
    assert (store.read("a/b.txt"), list(store.keys), store.delete("a/b.txt"), store.delete("a/b.txt")) == ("hello", ["a/b.txt"], True, False)
    with pytest.raises(KeyNotFoundException):
        store.read("a/b.txt")
    with pytest.raises(StorageFailed, match="outside"):
        store.save("../escape.txt", "x")


def test_progress_reaches_the_end_of_the_span(tmp_path: Path) -> None:
    seen: list[float] = []
    run_algorithm(probe(tmp_path, BUY), market(), {}, storage=tmp_path, progress=lambda progress: seen.append(progress.share))
    assert seen[-1] == pytest.approx(1.0, abs=1e-6)
    assert seen == sorted(seen)


def test_time_moves_only_forward(tmp_path: Path) -> None:
    body = """        self.moments = []
        for minutes in (7, 30, 95):
            self.schedule.on(self.date_rules.every_day(), self.time_rules.every(timedelta(minutes=minutes)), lambda: self.moments.append(self.time))

    def on_data(self, slice):
        self.moments.append(self.time)

    def on_end_of_algorithm(self):
        self.log(f"{self.moments == sorted(self.moments)} {len(self.moments)}")
"""
    result = run_algorithm(probe(tmp_path, body), market(), {}, storage=tmp_path)
    assert result.log[-1].split()[2] == "True"
    assert result.log[-1].startswith("2024-07-01 16:00:00")


NIGHT = """        self.set_end_date(2024, 7, 2)
        self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(21, 0), self.look)

    def look(self):
        self.log(f"{self.current_slice.time} {self.current_slice.bars[self.spy].close}")
"""


def test_event_at_night_sees_the_days_last_slice_although_the_loop_jumped_over_it(tmp_path: Path) -> None:
    days = InMemoryMarket()
    for day, price in ((DAY, 540.0), (date(2024, 7, 2), 541.0)):
        days.stock("SPY", day, [(time(9, 30), price), (time(14, 0), price + 5)])
    result = run_algorithm(probe(tmp_path, NIGHT), days, {}, storage=tmp_path)
    assert list(result.log) == ["2024-07-01 21:00:00 2024-07-01 16:00:00 545.0"]
