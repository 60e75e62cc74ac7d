"""Orders do not depend on hash order: two processes with different hash seeds send the same ones."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def orders(folder: Path, seed: str) -> str:
    """Digest of every order event of a month under one hash seed."""
    command = [sys.executable, "-m", "cli.main", "backtest", "--start", "2024-07-01", "--end", "2024-08-09", "--output", str(folder), "--json"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True)
    (events,) = folder.glob("*-order-events.json")
    found = json.loads(events.read_text(encoding="utf-8"))
    assert len(found) > 20
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def test_two_hash_seeds_send_the_same_orders(tmp_path: Path) -> None:
    assert orders(tmp_path / "first", "1") == orders(tmp_path / "second", "2024")
