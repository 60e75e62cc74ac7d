"""The report page: one HTML file without any reference to a network, with pictures, tables and a searchable decision log."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields
from math import isinf, isnan
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, select_autoescape
from plotly.offline import get_plotlyjs

from reporting import figures
from reporting.performance import RunFigures, TradeFigures, figures_by, refusals, run_figures
from reporting.run_facts import RunFacts, records
from vocabulary.errors import StorageFailed

FIGURES = (
    figures.equity_figure,
    figures.strategy_figure,
    figures.monthly_figure,
    figures.margin_figure,
    figures.greeks_figure,
    figures.score_figure,
    figures.excursion_figure,
)
BREAKDOWNS = (("strategy", "Per strategy"), ("exit_rule", "Per exit rule"), ("grp", "Per correlation group"), ("regime", "Per VIX regime at opening"))
POSITION_COLUMNS = (
    "id",
    "strategy",
    "underlying",
    "structure",
    "units",
    "opened",
    "closed",
    "entry_credit",
    "profit",
    "fees",
    "mfe",
    "mae",
    "rolls",
    "exit_rule",
)
DECISION_COLUMNS = ("time", "strategy", "action", "rule", "structure", "units", "reason", "inputs", "code", "verdict")


def write_page(facts: RunFacts, path: Path) -> Path:
    """Write the page to `path`, whole or not at all. Raises StorageFailed with the file's name."""
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(page(facts), encoding="utf-8")
        beside.replace(path)
    except OSError as reason:
        with suppress(OSError):
            beside.unlink()
        raise StorageFailed(f"report {path} could not be written: {reason.strerror or reason}; free space or choose another place") from reason
    return path


def page(facts: RunFacts) -> str:
    """The page's HTML."""
    environment = Environment(loader=PackageLoader("reporting"), autoescape=select_autoescape())
    totals = run_figures(facts)
    return environment.get_template("report.html").render(
        meta=facts.meta,
        totals=totals,
        headline=headline(totals),
        figures=[json_for_script(str(make(facts).to_json())) for make in FIGURES],
        plotly=get_plotlyjs(),
        trade_columns=[field.name.replace("_", " ") for field in fields(TradeFigures)],
        breakdowns=[(title, [trade_row(row) for row in figures_by(facts, column)]) for column, title in BREAKDOWNS],
        refusals=refusals(facts),
        position_columns=POSITION_COLUMNS,
        positions=json_for_script(json.dumps(table_rows(facts.positions, POSITION_COLUMNS))),
        decision_columns=DECISION_COLUMNS,
        decisions=json_for_script(json.dumps(table_rows(facts.decisions, DECISION_COLUMNS))),
        notes=[(f"{row['time']:%Y-%m-%d %H:%M}", row["topic"], row["text"]) for row in records(facts.notes)],
    )


def json_for_script(text: str) -> str:
    """JSON that cannot end the script element it stands in."""
    return text.replace("<", "\\u003c")


def headline(totals: RunFigures) -> list[tuple[str, str]]:
    """The figures at the top, as text."""
    trades = totals.all_trades
    return [
        ("Equity", f"{totals.first_equity:,.0f} → {totals.last_equity:,.0f}"),
        ("Return", percent(totals.total_return)),
        ("Per year", percent(totals.annual_return)),
        ("Max drawdown", f"{percent(totals.max_drawdown)} ({totals.drawdown_start} – {totals.drawdown_end})"),
        ("Worst day", f"{totals.worst_day_profit:,.0f} on {totals.worst_day}" if totals.worst_day else "none"),
        ("Closed positions", f"{trades.trades}, {totals.open_positions} still open"),
        ("Win rate", percent(trades.win_rate)),
        ("Profit factor", ratio(trades.profit_factor)),
        ("Expectancy", f"{trades.expectancy:,.0f}" if trades.trades else "none"),
        ("Margin peak", f"{totals.margin_peak:,.0f} ({percent(totals.bp_peak)} of equity)"),
        ("Fees", f"{trades.fees:,.0f}"),
        ("Lowest risk score", "none" if isnan(totals.worst_risk_score) else f"{totals.worst_risk_score:.0f} of 100"),
    ]


def percent(value: float) -> str:
    """A fraction as percent."""
    return "none" if isnan(value) else f"{100 * value:.1f} %"


def ratio(value: float) -> str:
    """A ratio; without any loss it has no number."""
    return "none" if isnan(value) else "no loss" if isinf(value) else f"{value:.2f}"


def trade_row(row: TradeFigures) -> list[str]:
    """One row of a breakdown table as text."""
    texts = {"win_rate": percent(row.win_rate), "profit_factor": ratio(row.profit_factor), "average_days": f"{row.average_days:.1f}", "name": row.name}
    return [texts.get(field.name) or plain(getattr(row, field.name)) for field in fields(TradeFigures)]


def plain(value: Any) -> str:
    """A number with thousands separators, nothing for NaN."""
    if isinstance(value, float):
        return "" if isnan(value) else f"{value:,.0f}"
    return str(value)


def table_rows(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[list[Any]]:
    """Rows for the page's tables: times as minutes, money rounded to cents, nothing for NaN."""
    return [[cell(row[column]) for column in columns] for row in records(frame)]


def cell(value: Any) -> Any:
    """One table cell as JSON value."""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d %H:%M}"
    if value is None or value is pd.NaT or (isinstance(value, float) and isnan(value)):
        return ""
    return round(value, 2) if isinstance(value, float) else value
