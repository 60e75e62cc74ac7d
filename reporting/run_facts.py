"""A finished run as tables: what the recorder wrote beside the journal, read back for the summary and the page.

Reading is by schema (docs/journal.md), not by import: a report can be made of any run file, also years later. Nothing is computed here.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pandas as pd

from vocabulary.errors import CorruptData, MissingData

TABLES = ("samples", "positions", "fills", "meta", "journal")
MONEY = {"positions": ["entry_credit", "net_cash", "fees", "profit"], "fills": ["price", "fee", "cash"]}
TIMES = {"samples": ["time"], "positions": ["opened", "closed"], "fills": ["time"]}


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run.

    samples: the desk over time, indexed by time (New York). positions: one row per position, money as float for display (the journal keeps it exact).
    fills: one row per execution. decisions: one row per decision with its verdict. notes: alerts and state changes. meta: facts about the run as text.
    """

    samples: pd.DataFrame
    positions: pd.DataFrame
    fills: pd.DataFrame
    decisions: pd.DataFrame
    notes: pd.DataFrame
    meta: Mapping[str, str]


def read_run(path: Path) -> RunFacts:
    """Read a run file. Raises MissingData without the file, CorruptData when it is not one."""
    if not path.is_file():
        raise MissingData(f"run file {path} does not exist; run `thetadesk backtest` first or name another one")
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        absent = [table for table in TABLES if table not in names]
        if absent:
            raise CorruptData(f"{path} is not a run file: table {absent[0]} is absent")
        journal = pd.read_sql_query("SELECT seq, time, kind, subject, body FROM journal ORDER BY seq", connection)
        tables = {name: typed(pd.read_sql_query(f"SELECT * FROM {name}", connection), name) for name in ("samples", "positions", "fills")}
        meta: dict[str, str] = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    except sqlite3.DatabaseError as reason:
        raise CorruptData(f"{path} is not a readable run file: {reason}") from reason
    finally:
        connection.close()
    samples = tables["samples"].set_index("time").sort_index()
    return RunFacts(samples, tables["positions"], tables["fills"], decisions_of(journal), notes_of(journal), meta)


def typed(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Money as float and times as New York timestamps."""
    for column in MONEY.get(table, []):
        frame[column] = pd.to_numeric(frame[column])
    for column in TIMES.get(table, []):
        frame[column] = new_york(frame[column])
    return frame


def new_york(texts: pd.Series[Any]) -> pd.Series[Any]:
    """ISO times with offset as New York timestamps."""
    return pd.to_datetime(texts, utc=True, format="ISO8601").dt.tz_convert("America/New_York")


def decisions_of(journal: pd.DataFrame) -> pd.DataFrame:
    """time, strategy, action, rule, reason, structure, units, inputs, code, verdict: what was decided and what the risk gate said."""
    verdicts = {row["subject"]: json.loads(row["body"])["verdict"] for row in records(journal[journal["kind"] == "VerdictGiven"])}
    taken = records(journal[journal["kind"] == "DecisionTaken"])
    rows = [decision_row(row["time"], json.loads(row["body"]), verdicts.get(row["subject"])) for row in taken]
    frame = pd.DataFrame(rows, columns=["time", "strategy", "action", "rule", "reason", "structure", "units", "inputs", "code", "verdict"])
    frame["time"] = new_york(frame["time"])
    return frame


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain dictionaries."""
    return cast(list[dict[str, Any]], frame.to_dict("records"))


def decision_row(time: str, body: Mapping[str, Any], verdict: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """One decision with its verdict as plain values."""
    decision = body["decision"]
    structure = decision.get("structure") or {}
    inputs = {**decision.get("inputs", {}), **((verdict or {}).get("inputs") or {})}
    return (
        time,
        decision["strategy"],
        decision["action"],
        decision["rule"],
        decision["reason"],
        structure_text(structure),
        decision.get("units", 0),
        ", ".join(f"{name} {number_text(value)}" for name, value in inputs.items()),
        verdict["code"] if verdict else "",
        verdict.get("reason", "") if verdict else "",
    )


def structure_text(structure: Mapping[str, Any]) -> str:
    """`+1 SPY 2024-11-15 P 450 / -1 …` of a structure in the journal's JSON."""
    legs = structure.get("legs", [])
    return " / ".join(f"{leg['ratio']:+d} {contract_text(leg['contract'])}" for leg in legs)


def contract_text(contract: Mapping[str, Any]) -> str:
    """A contract's readable key."""
    parts = [contract.get("series") or contract["underlying"], contract.get("expiry"), contract.get("right")]
    text = " ".join(str(part) for part in parts if part)
    return f"{text} {contract['strike']:g}" if contract.get("strike") is not None else text


def number_text(value: Any) -> str:
    """Four significant digits for fractions, the rest as it is."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def notes_of(journal: pd.DataFrame) -> pd.DataFrame:
    """time, topic, text: alerts, regime changes, refused closes."""
    rows = [(row["time"], row["subject"], json.loads(row["body"])["text"]) for row in records(journal[journal["kind"] == "Noted"])]
    frame = pd.DataFrame(rows, columns=["time", "topic", "text"])
    frame["time"] = new_york(frame["time"])
    return frame
