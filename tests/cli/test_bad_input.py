"""Bad input is one clear sentence and an exit code, before anything is simulated or written."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def thetadesk(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command as a user calls it."""
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"})


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["-p", "lt112.target_dta=110"], 2, "target_dta"),
        (["-p", "lt112.target_dte=soon"], 2, "target_dte"),
        (["-p", "no_such_section.x=1"], 2, "no_such_section"),
        (["-p", "cash"], 2, "write it as name=value"),
        (["--start", "2024-08-01", "--end", "2024-07-01"], 2, "2024-0"),
        (["--start", "1999-01-01", "--end", "1999-02-01"], 2, "1999"),
        (["--data", "/no/such/folder"], 3, "/no/such/folder"),
        (["-p", "lt112.symbols=XYZ"], 2, "lt112.symbols=XYZ"),
    ],
)
def test_backtest_refuses_with_one_sentence(arguments: list[str], code: int, says: str, tmp_path: Path) -> None:
    done = thetadesk("backtest", "--output", str(tmp_path / "run"), *arguments)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_result_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = thetadesk("backtest", "--output", str(tmp_path / "file" / "run"))
    assert done.returncode == 5
    assert "cannot be made" in done.stderr


def test_a_corrupt_data_file_is_named(tmp_path: Path, shared: Path) -> None:
    data = tmp_path / "data"
    source = shared / "parity" / "market" / "data"
    for part in ("market-hours", "symbol-properties", "alternative", "equity/usa/map_files", "equity/usa/factor_files"):
        for path in (source / part).rglob("*"):
            if path.is_file():
                target = data / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
    archive = data / "equity" / "usa" / "minute" / "spy" / "20240701_trade.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("20240701_spy_minute_trade.csv", "34200000,5450000,5451000\n")
    done = thetadesk("backtest", "--data", str(data), "--start", "2024-07-01", "--end", "2024-07-01", "--output", str(tmp_path / "run"))
    assert done.returncode == 4
    assert "20240701_trade.zip" in done.stderr
    assert "row 1" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_period_without_data_is_missing_data(tmp_path: Path, shared: Path) -> None:
    data = shared / "parity" / "market" / "data"
    done = thetadesk("backtest", "--data", str(data), "--start", "2023-01-03", "--end", "2023-01-10", "--output", str(tmp_path / "run"))
    assert done.returncode == 3
    assert done.stderr.strip().startswith("thetadesk: no data from 2023-01-03 to 2023-01-10")


def test_a_symbol_without_data_is_named_and_the_others_go_on(tmp_path: Path, shared: Path) -> None:
    data = shared / "parity" / "market" / "data"
    settings = ["-p", "strategies.enabled=lt112", "-p", "lt112.symbols=DIA,SPY"]
    done = thetadesk("backtest", "--data", str(data), "--start", "2024-07-01", "--end", "2024-07-05", "--output", str(tmp_path / "run"), "--json", *settings)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["without_data"] == ["DIA"]
    assert ("lt112.no_price", 3) in [(row["code"], row["times"]) for row in summary["refusals"]]


def test_report_without_a_run_says_what_to_do(tmp_path: Path) -> None:
    done = thetadesk("report", cwd=tmp_path)
    assert done.returncode == 3
    assert "run `thetadesk backtest` first" in done.stderr


@pytest.mark.parametrize("verb", [[], ["backtest"], ["report"], ["parity"], ["doctor"], ["data"], ["data", "synth"], ["data", "import"]])
def test_every_verb_has_help_that_says_what_it_does(verb: list[str]) -> None:
    done = thetadesk(*verb, "--help")
    assert done.returncode == 0
    assert len(done.stdout) > 300


def test_help_answers_at_once() -> None:
    slow = "{'pandas', 'numba', 'scipy', 'plotly', 'pyarrow', 'exchange_calendars'}"
    code = f"import sys, cli.main; found = {slow} & set(sys.modules); sys.exit(str(found) if found else 0)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
