"""What must hold through a whole simulated crash summer: money is conserved, structures stay whole, limits are kept, a replay is the same run."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cli.markets import synthetic_source
from leanlocal.results.run_result import RunResult
from leanlocal.run import run_algorithm
from reporting.run_facts import RunFacts, read_run
from trading.journal import Journal
from trading.ledger import Ledger
from trading.recorder import RunRecorder

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = date(2024, 7, 1), date(2024, 9, 30)
HIGHEST_CEILING = 0.8  # risk/parameters.py: 80 % above VIX 30, before the 20 % reserve
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("summer")]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, Path]:
    folder = tmp_path_factory.mktemp("summer")
    parameters = dict(json.loads((ROOT / "config.json").read_text())["parameters"])
    parameters |= {"start": FIRST.isoformat(), "end": LAST.isoformat(), "journal": str(folder / "run.sqlite")}
    result = run_algorithm(ROOT / "main.py", synthetic_source(1, FIRST, LAST)(), parameters, storage=folder / "storage")
    assert result.status == "Completed", result.error
    return result, folder / "run.sqlite"


@pytest.fixture(scope="module")
def facts(run: tuple[RunResult, Path]) -> RunFacts:
    return read_run(run[1])


def test_every_positions_cash_is_the_sum_of_its_fills_to_the_cent(run: tuple[RunResult, Path]) -> None:
    connection = sqlite3.connect(run[1])
    summed: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for position, cash, fee in connection.execute("SELECT position_id, cash, fee FROM fills"):
        before = summed[position]
        summed[position] = (before[0] + Decimal(cash), before[1] + Decimal(fee))
    rows = connection.execute("SELECT id, net_cash, fees FROM positions WHERE opened IS NOT NULL").fetchall()
    assert len(rows) > 10
    assert {row[0]: (Decimal(row[1]), Decimal(row[2])) for row in rows} == {row[0]: summed[row[0]] for row in rows}


def test_margin_used_and_free_add_up_to_equity_at_every_sample(facts: RunFacts) -> None:
    gap = (facts.samples["equity"] - facts.samples["margin_used"] - facts.samples["margin_free"]).abs()
    assert gap.max() < 0.01


def test_no_position_ever_holds_more_of_a_leg_than_it_opened(facts: RunFacts) -> None:
    for _, fills in facts.fills[facts.fills["position_id"] != ""].groupby("position_id"):
        totals: dict[str, int] = defaultdict(int)
        for contract, quantity, ending in zip(fills["contract"], fills["quantity"], fills["ending"], strict=True):
            before = totals[contract]
            totals[contract] += int(quantity)
            if before and ending == "trade":
                assert before * totals[contract] >= 0, f"{contract} crossed zero"


def test_buying_power_stays_under_its_ceiling(facts: RunFacts) -> None:
    allowed = facts.decisions[(facts.decisions["action"] == "open") & (facts.decisions["code"] == "OK")]
    assert len(allowed)
    assert facts.samples["bp_use"].max() < HIGHEST_CEILING


def test_replaying_the_journal_rebuilds_the_same_positions(run: tuple[RunResult, Path], facts: RunFacts, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    with sqlite3.connect(run[1]) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    journal = Journal(copy)
    ledger = Ledger(journal, RunRecorder(journal, {}), "replay-")
    rebuilt = {position.id: (position.state.value, str(position.net_cash), str(position.fees)) for position in ledger.book.open_positions()}
    rebuilt |= {position.id: (position.state.value, str(position.net_cash), str(position.fees)) for position in ledger.book.closed_positions()}
    rows = sqlite3.connect(run[1]).execute("SELECT id, state, net_cash, fees FROM positions").fetchall()
    assert {row[0]: tuple(row[1:]) for row in rows} == {key: value for key, value in rebuilt.items() if key in {row[0] for row in rows}}
    assert len(rows) > 0


def test_the_same_run_twice_gives_the_same_orders(run: tuple[RunResult, Path], tmp_path: Path) -> None:
    parameters = dict(json.loads((ROOT / "config.json").read_text())["parameters"])
    parameters |= {"start": FIRST.isoformat(), "end": LAST.isoformat()}
    again = run_algorithm(ROOT / "main.py", synthetic_source(1, FIRST, LAST)(), parameters, storage=tmp_path)
    assert again.statistics["OrderListHash"] == run[0].statistics["OrderListHash"]
