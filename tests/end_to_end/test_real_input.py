"""main.py on real market samples: GOOG minute quotes of 2015, ES future options of 2020, and the summer of 2024 of the recordings' market."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reporting.run_facts import RunFacts, read_run

ROOT = Path(__file__).resolve().parents[2]
ALL_FIVE = {"zero_dte", "lt112", "strangle", "ipmcc", "leap_ladder"}
pytestmark = [pytest.mark.slow, pytest.mark.shared]


def backtest(data: Path, output: Path, start: str, end: str, *parameters: str) -> dict[str, Any]:
    """`thetadesk backtest --json` as a user calls it."""
    command = [sys.executable, "-m", "cli.main", "backtest", "--data", str(data), "--start", start, "--end", end, "--output", str(output), "--json"]
    for parameter in parameters:
        command += ["--parameter", parameter]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


def example(name: str) -> list[str]:
    """The parameters the documentation names for a run."""
    lines = (ROOT / "docs" / "examples" / f"{name}.txt").read_text().splitlines()
    return [line.strip() for line in lines if line and not line.startswith("#")]


def strategies_of(facts: RunFacts, state: str) -> set[str]:
    """Strategies with a position that was opened and is now in a state."""
    opened = facts.positions.dropna(subset=["opened"])
    return set(opened[opened["state"] == state]["strategy"])


def test_goog_minute_quotes_open_and_manage_structures_of_all_five(shared: Path, tmp_path: Path) -> None:
    summary = backtest(shared / "lean-data", tmp_path / "run", "2015-12-23", "2015-12-28", *example("goog-2015"))
    facts = read_run(tmp_path / "run" / "run.sqlite")
    assert summary["status"] == "Completed"
    assert strategies_of(facts, "open") | strategies_of(facts, "closed") == ALL_FIVE
    assert "zero_dte" in strategies_of(facts, "closed")
    assert set(facts.positions["underlying"]) == {"GOOG"}


def test_es_future_options_open_and_close_a_strangle(shared: Path, tmp_path: Path) -> None:
    summary = backtest(shared / "lean-data", tmp_path / "run", "2020-01-05", "2020-01-06", *example("es-2020"))
    facts = read_run(tmp_path / "run" / "run.sqlite")
    assert summary["status"] == "Completed"
    assert set(facts.positions["underlying"]) == {"ES"} and strategies_of(facts, "closed") == {"strangle"}


def test_all_five_strategies_are_asked_on_the_recordings_market_and_the_quiet_ones_say_why(shared: Path, tmp_path: Path) -> None:
    summary = backtest(shared / "parity" / "market" / "data", tmp_path / "run", "2024-07-01", "2024-09-06")
    facts = read_run(tmp_path / "run" / "run.sqlite")
    assert summary["status"] == "Completed"
    assert set(facts.decisions["strategy"]) == ALL_FIVE
    traded = set(facts.positions["strategy"])
    assert traded == ALL_FIVE - {"strangle"}, "the method sells no strangles below a VIX of 13, and August has no expiry in reach"
    assert {row["strategy"] for row in summary["idle"]} == ALL_FIVE - traded


def test_all_five_strategies_close_trades_on_the_recordings_market_with_the_documented_parameters(shared: Path, tmp_path: Path) -> None:
    backtest(shared / "parity" / "market" / "data", tmp_path / "run", "2024-07-01", "2024-09-06", *example("recordings-2024"))
    assert strategies_of(read_run(tmp_path / "run" / "run.sqlite"), "closed") == ALL_FIVE
