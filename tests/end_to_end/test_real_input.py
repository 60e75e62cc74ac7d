"""main.py on real market samples: GOOG minute quotes of 2015, ES future options of 2020, and the summer of 2024 of the recordings' market."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reporting.run_facts import read_run

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.shared]


def backtest(data: Path, output: Path, start: str, end: str, *parameters: str) -> dict[str, Any]:
    """`thetadesk backtest --json` as a user calls it."""
    command = [sys.executable, "-m", "cli.main", "backtest", "--data", str(data), "--start", start, "--end", end, "--output", str(output), "--json"]
    for parameter in parameters:
        command += ["--parameter", parameter]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


def test_goog_minute_quotes_open_and_manage_structures(shared: Path, tmp_path: Path) -> None:
    settings = [line.strip() for line in (ROOT / "docs" / "examples" / "goog-2015.txt").read_text().splitlines() if line and not line.startswith("#")]
    summary = backtest(shared / "lean-data", tmp_path / "run", "2015-12-23", "2015-12-28", *settings)
    facts = read_run(tmp_path / "run" / "run.sqlite")
    opened = facts.positions[facts.positions["opened"].notna()]
    assert summary["status"] == "Completed"
    assert len(opened) >= 1
    assert set(opened["underlying"]) == {"GOOG"}


def test_es_future_options_open_a_structure(shared: Path, tmp_path: Path) -> None:
    settings = [line.strip() for line in (ROOT / "docs" / "examples" / "es-2020.txt").read_text().splitlines() if line and not line.startswith("#")]
    summary = backtest(shared / "lean-data", tmp_path / "run", "2020-01-05", "2020-01-06", *settings)
    opened = read_run(tmp_path / "run" / "run.sqlite").positions.dropna(subset=["opened"])
    assert summary["status"] == "Completed"
    assert set(opened["underlying"]) == {"ES"}


def test_all_five_strategies_run_on_the_recordings_market(shared: Path, tmp_path: Path) -> None:
    summary = backtest(shared / "parity" / "market" / "data", tmp_path / "run", "2024-07-01", "2024-09-06")
    facts = read_run(tmp_path / "run" / "run.sqlite")
    assert summary["status"] == "Completed"
    assert set(facts.decisions["strategy"]) == {"zero_dte", "lt112", "strangle", "ipmcc", "leap_ladder"}
    assert set(facts.positions["strategy"]) >= {"zero_dte", "lt112"}
