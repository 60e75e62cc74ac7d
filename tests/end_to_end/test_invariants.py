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


def test_cash_is_what_was_started_with_plus_every_fill_less_every_fee(run: tuple[RunResult, Path], facts: RunFacts) -> None:
    connection = sqlite3.connect(run[1])
    booked = sum((Decimal(cash) - Decimal(fee) for cash, fee in connection.execute("SELECT cash, fee FROM fills WHERE asset != 'future'")), Decimal(0))
    held = facts.fills.groupby("contract")["quantity"].sum()
    if not any(asset == "future" and held[contract] for contract, asset in zip(facts.fills["contract"], facts.fills["asset"], strict=True)):
        dividends_and_marks = Decimal(str(facts.samples["cash"].iloc[-1])) - Decimal(str(facts.samples["cash"].iloc[0])) - booked
        assert abs(dividends_and_marks) < Decimal("1000"), dividends_and_marks


def test_equity_is_cash_plus_marks_at_every_sample(facts: RunFacts) -> None:
    gap = (facts.samples["equity"] - facts.samples["margin_used"] - facts.samples["margin_free"]).abs()
    assert (gap[facts.samples["margin_free"] > 0] < 0.01 * facts.samples["equity"].abs()).all()


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
    assert facts.samples["bp_use"].max() < 1.0


def test_replaying_the_journal_rebuilds_the_same_positions(run: tuple[RunResult, Path], facts: RunFacts, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(run[1].read_bytes())
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
