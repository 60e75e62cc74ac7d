"""`thetadesk data` as a user calls it: what `synth` writes, that a killed write ends in the same bytes, scenarios, the checks, the import report."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from cli.main import app
from marketdata.leanfolder import LeanFolder
from marketdata.port import Instrument, Kind, Step, Tick, TradeColumns
from tests.marketdata.importers.samples import CBOE, OPTIONSDX
from vocabulary.errors import BadInput

ROOT = Path(__file__).resolve().parents[2]
VIX = Instrument(Kind.INDEX, "usa", "vix")


def data(*arguments: str) -> dict[str, Any]:
    """The command's JSON; an error of ours is raised as it is."""
    done = CliRunner().invoke(app, ["data", *arguments, "--json"], catch_exceptions=False, standalone_mode=False)
    assert done.exit_code == 0
    return json.loads(done.stdout)


def digests(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.slow
def test_every_security_type_has_its_files_at_every_resolution(tmp_path: Path) -> None:
    found = data("synth", "--start", "2024-07-02", "--end", "2024-07-03", "--contracts", "2", "--output", str(tmp_path), "--processes", "1")
    files = set(digests(tmp_path))
    assert found["files"] >= len(files) > 300
    for kind in ("equity/usa", "index/usa", "option/usa", "indexoption/usa", "future/cme", "future/nymex", "future/comex", "futureoption/cme", "forex/oanda"):
        for step in ("minute", "hour", "daily"):
            assert any(name.startswith(f"{kind}/{step}/") for name in files), f"{kind}/{step}"
    for kind in ("option/usa", "indexoption/usa", "future/cme", "futureoption/cme"):
        assert any(name.startswith(f"{kind}/universes/") for name in files), kind
    openinterest = {name.split("/")[0] for name in files if "_openinterest" in name}
    assert openinterest >= {"option", "indexoption", "futureoption"}
    wanted = ("market-hours/market-hours-database.json", "symbol-properties/symbol-properties-database.csv", "alternative/interest-rate/usa/interest-rate.csv")
    assert files >= {*wanted, "equity/usa/map_files/spy.csv", "equity/usa/factor_files/spy.csv", "future/cme/map_files/es.csv"}


@pytest.mark.slow
def test_a_killed_write_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    arguments = ["synth", "--symbol", "SPY", "--start", "2024-07-01", "--end", "2024-07-12", "--contracts", "40", "--step", "minute"]
    data(*arguments, "--output", str(whole))
    command = [sys.executable, "-m", "cli.main", "data", *arguments, "--output", str(cut)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 120
    while not any(cut.rglob("*_quote_american.zip")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert digests(cut) != digests(whole)
    data(*arguments, "--output", str(cut))
    assert digests(cut) == digests(whole)  # nothing torn is left beside what is finished


@pytest.mark.parametrize("scenario", ["crash-2024", "slide.toml"])
def test_a_scenario_is_in_the_folder_on_its_day(scenario: str, tmp_path: Path) -> None:
    if scenario.endswith(".toml"):
        scenario = str(tmp_path / scenario)
        Path(scenario).write_text("spot = -0.05\nvol = 25\ndays = 1\nrecovery = 0.5\nrecovery_days = 5\n", encoding="utf-8")
    laid = ["--scenario", scenario, "--at", "2023-05-10"]
    for folder, more in (("plain", []), ("laid", laid)):
        data("synth", "--symbol", "VIX", "--start", "2023-05-09", "--end", "2023-05-10", "--step", "minute", "--output", str(tmp_path / folder), *more)
    plain, after = (last_close(tmp_path / folder, date(2023, 5, 10)) for folder in ("plain", "laid"))
    assert after == pytest.approx(38.57 if scenario == "crash-2024" else plain + 25.0, rel=0.02)


def last_close(folder: Path, day: date) -> float:
    columns = LeanFolder(folder).bars(VIX, Step.MINUTE, Tick.TRADE, day)
    assert isinstance(columns, TradeColumns)
    return float(columns.close[-1])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["synth", "--symbol", "NOPE"], "the synthetic market has SPY"),
        (["synth", "--scenario", "crash-2024"], "needs --at"),
        (["synth", "--scenario", "crash-1987", "--at", "2024-08-05"], "known are"),
        (["synth", "--step", "tick"], "allowed are minute, hour, daily"),
        (["synth", "--start", "2024-02-01", "--end", "2024-01-01"], "2024-0"),
        (["check"], "--no-arbitrage or --realism"),
        (["import", "optionsdx", "SPY"], "at least one file"),
        (["import", "thetadata", "SPY"], "--start and --end"),
    ],
)
def test_what_cannot_be_done_is_refused_with_what_can(arguments: list[str], says: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=says):
        data(*arguments, *(["--output", str(tmp_path)] if arguments[0] != "check" else []))


def test_a_search_for_arbitrage_reports_chains_quotes_and_finds() -> None:
    found = data("check", "--no-arbitrage", "--chains", "11")
    assert found["chains"] == 11
    assert found["arbitrages"] == 0
    assert found["crash_chains"] > 0
    assert found["quotes"] > 10_000


@pytest.mark.slow
def test_the_realism_report_is_written_and_counted(tmp_path: Path) -> None:
    page = tmp_path / "realism.html"
    found = data("check", "--realism", "--output", str(page))
    assert found["page"] == str(page)
    assert 0 < found["within_tolerance"] <= found["compared"] <= len(found["figures"])
    assert "<table>" in page.read_text(encoding="utf-8")


def test_an_import_counts_faults_and_writes_what_is_left(tmp_path: Path) -> None:
    file, folder = tmp_path / "spxw.csv", tmp_path / "data"
    file.write_text(CBOE, encoding="utf-8")
    arguments = ["import", "cboe", "SPXW", str(file), "--underlying", "SPX", "--index", "--output", str(folder)]
    checked = data(*arguments, "--dry-run")
    assert {fault["fault"]: fault["count"] for fault in checked["faults"]}["crossed quotes"] == 1
    assert checked["written"] is None and not folder.exists()
    written = data(*arguments, "--drop", "crossed")["written"]
    assert written["dropped"]["crossed quotes"] == 1
    rows = LeanFolder(folder).universe(Instrument(Kind.INDEX_OPTION, "usa", "spxw"), date(2024, 1, 2))
    assert rows is not None and rows.right == ["P"]


def test_an_imported_file_reads_back_from_the_folder(tmp_path: Path) -> None:
    file, folder = tmp_path / "spy.txt", tmp_path / "data"
    file.write_text(OPTIONSDX, encoding="utf-8")
    found = data("import", "optionsdx", "SPY", str(file), "--output", str(folder))
    assert (found["rows"], found["contracts"], found["sessions"]) == (4, 2, 2)
    rows = LeanFolder(folder).universe(Instrument(Kind.OPTION, "usa", "spy"), date(2024, 1, 3))
    assert rows is not None and np.allclose(rows.close, [5.35, 6.10])
