"""A run repeated from the files it was served comes to the same orders: the folder another engine would read holds all the run needs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from cli.markets import synthetic_source
from leanlocal.run import run_algorithm
from marketdata.leanfolder import LeanFolder
from marketdata.leanfolder.served import ServedMarket

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = date(2024, 7, 29), date(2024, 8, 9)


@pytest.mark.slow
def test_the_embedded_engine_gives_the_same_orders_from_the_folder_and_from_memory(tmp_path: Path) -> None:
    parameters = dict(json.loads((ROOT / "config.json").read_text())["parameters"]) | {"start": FIRST.isoformat(), "end": LAST.isoformat()}
    served = ServedMarket(synthetic_source(1, FIRST, LAST)())
    memory = run_algorithm(ROOT / "main.py", served, parameters, storage=tmp_path / "memory")
    served.write(tmp_path / "data")
    folder = run_algorithm(ROOT / "main.py", LeanFolder(tmp_path / "data"), parameters, storage=tmp_path / "folder")
    assert len(memory.orders) > 5
    assert folder.statistics["OrderListHash"] == memory.statistics["OrderListHash"]
    assert folder.order_events == memory.order_events
    assert folder.log == memory.log
