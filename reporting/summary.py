"""The end of a run on the terminal: headline, tables per strategy, exit reasons and refusals; and the same as plain data for machines."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from reporting.idle import IdleReason, idle_reasons
from reporting.page import headline, percent, plain, ratio
from reporting.performance import TradeFigures, figures_by, refusals, run_figures
from reporting.run_facts import RunFacts

REFUSALS_SHOWN = 12


def print_summary(facts: RunFacts, console: Console) -> None:
    """Headline figures, then tables per strategy and exit rule, then why the desk held back."""
    totals = run_figures(facts)
    lines = Table(box=None, show_header=False, pad_edge=False)
    for name, value in headline(totals):
        lines.add_row(Text(name, style="dim"), value)
    if facts.meta.get("without_data"):
        lines.add_row(Text("Without data", style="dim"), facts.meta["without_data"])
    groups = [lines, trade_table("per strategy", figures_by(facts, "strategy")), trade_table("per exit rule", figures_by(facts, "exit_rule"))]
    idle = idle_reasons(facts)
    console.print(Group(*groups, *([idle_table(idle)] if idle else []), refusal_table(refusals(facts))))


def trade_table(title: str, rows: list[TradeFigures]) -> Table:
    """Trade figures as a table."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, title_style="bold")
    table.add_column("")
    for name in ("trades", "win rate", "profit", "avg win", "avg loss", "profit factor", "MFE", "MAE", "days", "fees"):
        table.add_column(name, justify="right")
    for row in rows:
        numbers = (row.profit, row.average_win, row.average_loss)
        middle = [plain(value) for value in numbers]
        tail = [plain(row.average_mfe), plain(row.average_mae), f"{row.average_days:.1f}", plain(row.fees)]
        table.add_row(row.name, str(row.trades), percent(row.win_rate), *middle, ratio(row.profit_factor), *tail)
    return table


def idle_table(rows: list[IdleReason]) -> Table:
    """Why a strategy opened nothing."""
    table = Table(title="opened nothing", title_justify="left", box=None, pad_edge=False, title_style="bold")
    for name in ("strategy", "reason", "times", "symbols", "last said"):
        table.add_column(name, justify="right" if name == "times" else "left")
    for row in rows:
        table.add_row(row.strategy, row.code.removeprefix(f"{row.strategy}."), str(row.times), " ".join(row.symbols), row.last)
    return table


def refusal_table(rows: list[tuple[str, str, int]]) -> Table:
    """The most frequent refusals."""
    table = Table(title="refusals by reason", title_justify="left", box=None, pad_edge=False, title_style="bold")
    table.add_column("strategy")
    table.add_column("reason code")
    table.add_column("times", justify="right")
    for strategy, code, times in rows[:REFUSALS_SHOWN]:
        table.add_row(strategy, code, str(times))
    if len(rows) > REFUSALS_SHOWN:
        table.add_row("", f"… and {len(rows) - REFUSALS_SHOWN} more in the report", "")
    return table


def summary_data(facts: RunFacts) -> dict[str, Any]:
    """The summary as plain values; what is not a finite number is null."""
    breakdowns = {
        name: [finite(asdict(row)) for row in figures_by(facts, column)] for name, column in (("strategies", "strategy"), ("exit_rules", "exit_rule"))
    }
    refused = [{"strategy": strategy, "code": code, "times": times} for strategy, code, times in refusals(facts)]
    idle = [asdict(row) for row in idle_reasons(facts)]
    silent = facts.meta.get("without_data", "").split()
    return {"run": finite(asdict(run_figures(facts))), **breakdowns, "idle": idle, "refusals": refused, "without_data": silent}


def finite(values: dict[str, Any]) -> dict[str, Any]:
    """The same with null for NaN and infinity, which JSON does not have."""
    return {
        name: finite(value) if isinstance(value, dict) else None if isinstance(value, float) and not isfinite(value) else value
        for name, value in values.items()
    }
