"""main.py under the parameters that stand in the configuration LEAN's launcher is shipped with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cli.markets import synthetic_source
from leanlocal.run import run_algorithm

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2024, 7, 1)
PERIOD = {"start": DAY.isoformat(), "end": DAY.isoformat()}


def status(tmp_path: Path, extra: dict[str, str]) -> tuple[str, str]:
    result = run_algorithm(ROOT / "main.py", synthetic_source(1, DAY, DAY)(), {**PERIOD, **extra}, storage=tmp_path)
    return result.status, result.error


def test_the_launchers_sample_parameters_are_nobodys_and_not_refused(tmp_path: Path) -> None:
    samples = {"intrinio-username": "", "intrinio-password": "", "ema-fast": "10", "ema-slow": "20"}
    assert status(tmp_path, samples) == ("Completed", "")


def test_any_other_unknown_parameter_is_refused_by_name(tmp_path: Path) -> None:
    state, error = status(tmp_path, {"ema-middle": "15"})
    assert state == "RuntimeError" and "ema-middle" in error
