"""A run's file becomes the figures a trader would compute by hand, a page that needs no network, and refuses to guess when the file is not one."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from math import inf, isnan
from pathlib import Path

import pytest
from rich.console import Console

from reporting.figures import score_figure
from reporting.idle import idle_reasons
from reporting.page import cell, page, write_page
from reporting.performance import closed_positions, figures_by, refusals, run_figures, trade_figures
from reporting.run_facts import RunFacts, read_run
from reporting.summary import print_summary, summary_data
from tests.reporting.run_file import write_run
from vocabulary.errors import CorruptData, MissingData, StorageFailed


@pytest.fixture
def facts(tmp_path: Path) -> RunFacts:
    return read_run(write_run(tmp_path / "run.sqlite"))


def test_figures_of_the_run_are_those_of_its_samples(facts: RunFacts) -> None:
    figures = run_figures(facts)
    assert (figures.first_equity, figures.last_equity) == (100_000, 102_000)
    assert figures.total_return == pytest.approx(0.02)
    assert figures.max_drawdown == pytest.approx(99_000 / 101_000 - 1)
    assert (figures.drawdown_start, figures.drawdown_end) == ("2024-07-02", "2024-07-03")
    assert (figures.worst_day, figures.worst_day_profit) == ("2024-07-03", -2000)
    assert (figures.best_day, figures.best_day_profit) == ("2024-07-04", 3000)
    assert figures.open_positions == 1


def test_profit_is_after_fees_and_the_factor_is_gross(facts: RunFacts) -> None:
    figures = run_figures(facts).all_trades
    assert figures.trades == 2
    assert figures.profit == pytest.approx(100 - 2.6 - 400 - 2.6)
    assert figures.profit_factor == pytest.approx(97.4 / 402.6)
    assert figures.win_rate == 0.5
    assert figures.average_days == 0.5


def test_a_breakdown_adds_up_to_the_whole(facts: RunFacts) -> None:
    for column in ("strategy", "exit_rule", "grp", "regime"):
        parts = figures_by(facts, column)
        assert sum(part.trades for part in parts) == 2
        assert sum(part.profit for part in parts) == pytest.approx(run_figures(facts).all_trades.profit)


def test_without_a_loss_the_factor_is_infinite_and_without_trades_unknown(facts: RunFacts) -> None:
    closed = closed_positions(facts)
    assert trade_figures("won", closed[closed["profit"] > 0]).profit_factor == inf
    assert isnan(trade_figures("none", closed[:0]).win_rate)


def test_refusals_count_gates_and_denials_but_not_what_was_allowed(facts: RunFacts) -> None:
    assert sorted(refusals(facts)) == [("lt112", "GROUP_FULL", 1), ("strangle", "strangle.iv_rank_low", 1)]


def test_a_strategy_that_opened_nothing_says_why(facts: RunFacts) -> None:
    reasons = idle_reasons(replace(facts, positions=facts.positions[:0]))
    assert [(one.strategy, one.code, one.times, one.last) for one in reasons] == [
        ("lt112", "GROUP_FULL", 1, "EQUITY_INDEX holds 3 of 3"),
        ("strangle", "strangle.iv_rank_low", 1, "IV rank 12 below 30"),
    ]
    assert {one.strategy for one in idle_reasons(facts)}.isdisjoint(facts.positions["strategy"])


def test_decision_log_carries_rule_inputs_and_verdict(facts: RunFacts) -> None:
    row = facts.decisions.iloc[0]
    assert row["structure"] == "-1 SPY 2024-08-16 P 540 / +1 SPY 2024-08-16 P 530"
    assert row["inputs"] == "delta -0.2512"
    assert row["code"] == "OK"


def test_the_score_is_drawn_through_moments_without_greeks(facts: RunFacts) -> None:
    samples = facts.samples.copy()
    samples["risk_score"] = [80.0 if row % 2 else float("nan") for row in range(len(samples))]
    score = json.loads(str(score_figure(replace(facts, samples=samples)).to_json(engine="json")))["data"][0]
    assert len(score["x"]) == len(samples) // 2
    assert score["mode"] == "lines"


def test_page_holds_everything_and_asks_no_network(facts: RunFacts) -> None:
    html = page(facts)
    outside_scripts = re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
    assert not re.search(r"(src|href)\s*=|@import|url\(", outside_scripts.replace('href="#', ""))
    assert "lt112.entry" in html
    assert "GROUP_FULL" in html
    assert "</script><b>changed" not in html
    for number in range(1, 8):
        assert f'id="figure{number}"' in html


def test_page_is_written_whole_or_not_at_all(facts: RunFacts, tmp_path: Path) -> None:
    assert write_page(facts, tmp_path / "report.html").stat().st_size > 1_000_000
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed, match="could not be written"):
        write_page(facts, tmp_path / "file" / "report.html")


def test_summary_prints_each_table_once(facts: RunFacts) -> None:
    console = Console(width=160)
    with console.capture() as capture:
        print_summary(facts, console)
    text = capture.get()
    for title in ("per strategy", "per exit rule", "refusals by reason"):
        assert text.count(title) == 1
    assert "100,000 → 102,000" in text


def test_machine_summary_is_json_without_nan(facts: RunFacts) -> None:
    data = json.loads(json.dumps(summary_data(facts), allow_nan=False))
    assert data["run"]["all_trades"]["trades"] == 2
    assert {row["name"] for row in data["strategies"]} == {"lt112", "strangle"}
    assert set(asdict(run_figures(facts))) == set(data["run"])


def test_files_that_are_no_runs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="does not exist"):
        read_run(tmp_path / "absent.sqlite")
    (tmp_path / "text.sqlite").write_text("not a database at all, but long enough to be read as one")
    with pytest.raises(CorruptData, match="not a readable run file"):
        read_run(tmp_path / "text.sqlite")
    (tmp_path / "empty.sqlite").write_bytes(b"")
    with pytest.raises(CorruptData, match="table samples is absent"):
        read_run(tmp_path / "empty.sqlite")


def test_cells_show_nothing_for_unknown_figures() -> None:
    assert cell(float("nan")) == ""
    assert cell(None) == ""
    assert cell(1.005) == 1.0
