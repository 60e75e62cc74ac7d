"""Writes a run's results the way LEAN does, so that its report and other tools read them (reference: lean-fidelity §10).

One folder holds `<id>.json`, `<id>-summary.json`, `<id>-order-events.json`, `<id>-log.txt`, `log.txt`, `config` and a copy of the sources in `code/`.
A file appears whole or not at all, and the main file comes last: a folder that has it is complete.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leanlocal.results.rolling import rolling_window
from leanlocal.results.run_result import RunResult
from vocabulary.errors import StorageFailed

SUMMARY_CHART = "Strategy Equity"
SUMMARY_POINTS = 100
LONGEST_SUMMARY_DAYS = 7
DAY_SECONDS = 86_400
SKIPPED_SOURCES = frozenset({".git", ".venv", "__pycache__", "backtests", "data", "storage", "tests", "node_modules"})
WHERE = "leanlocal"


def write_results(
    result: RunResult,
    folder: Path,
    *,
    sources: Path | None = None,
    config: Mapping[str, Any] | None = None,
    identity: str | None = None,
    started: datetime | None = None,
) -> Path:
    """Write everything into `folder` (made when absent) and return the path of the main file.

    sources: project folder whose Python and JSON files are copied to code/; identity: the number files are named by, random by default; started: UTC.
    Raises StorageFailed when something cannot be written; the main file is not there then.
    """
    try:
        return _written(result, folder, sources, config, identity, started)
    except OSError as problem:
        raise StorageFailed(f"the results could not be written to {folder}: {problem}; free space or choose another folder") from problem


def _written(result: RunResult, folder: Path, sources: Path | None, config: Mapping[str, Any] | None, identity: str | None, started: datetime | None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    name = identity or str(random.SystemRandom().randrange(10**9, 10**10))
    begun = started or datetime.now(UTC)
    whole = full_tree(result, begun)
    if sources is not None:
        copy_sources(sources, folder / "code")
    _write(folder / "config", _json({"id": int(name), "environment": "backtesting", "algorithm-type-name": result.algorithm_id, **dict(config or {})}))
    _write(folder / "log.txt", engine_log(result, begun))
    _write(folder / f"{name}-log.txt", "".join(line + "\n" for line in result.log))
    _write(folder / f"{name}-order-events.json", _json([dict(event) for event in result.order_events]))
    _write(folder / f"{name}-summary.json", _json(summary_tree(whole)))
    main = folder / f"{name}.json"
    _write(main, _json(whole))
    return main


def full_tree(result: RunResult, begun: datetime) -> dict[str, Any]:
    """The main file's content."""
    return {
        "rollingWindow": rolling_window(result),
        "totalPerformance": dict(result.performance),
        "charts": dict(result.charts),
        "orders": {key: dict(order) for key, order in result.orders.items()},
        "profitLoss": dict(result.profit_loss),
        "statistics": {name: value for name, value in result.statistics.items() if name != "OrderListHash"},
        "runtimeStatistics": dict(result.runtime_statistics),
        "serverStatistics": {"Hostname": WHERE, "LEAN Version": WHERE},
        "state": state_tree(result, begun),
        "algorithmConfiguration": dict(result.configuration),
        "analysis": [],
    }


def state_tree(result: RunResult, begun: datetime) -> dict[str, str]:
    """How and when the run went, all as text."""
    return {
        "StartTime": f"{begun:%Y-%m-%dT%H:%M:%SZ}",
        "EndTime": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "RuntimeError": result.error.strip().splitlines()[-1] if result.error.strip() else "",
        "StackTrace": result.error,
        "LogCount": str(len(result.log)),
        "OrderCount": str(len(result.orders)),
        "InsightCount": "0",
        "Name": result.algorithm_id,
        "Hostname": WHERE,
        "Status": result.status,
    }


def summary_tree(whole: Mapping[str, Any]) -> dict[str, Any]:
    """The summary file's content: no orders, no trades, and the equity curve in few points."""
    chart = whole["charts"].get(SUMMARY_CHART, {"name": SUMMARY_CHART, "chartType": 0, "series": {}})
    equity = chart["series"].get("Equity", {"name": "Equity", "unit": "$", "index": 0, "seriesType": 2, "values": []})
    performance = {key: value for key, value in whole["totalPerformance"].items() if key != "closedTrades"}
    kept = ("statistics", "runtimeStatistics", "state", "serverStatistics", "algorithmConfiguration")
    return {
        "rollingWindow": {},
        "charts": {SUMMARY_CHART: {**chart, "series": {"Equity": {**equity, "values": resampled(equity["values"])}}}},
        **{key: whole[key] for key in kept},
        "totalPerformance": {**performance, "closedTrades": []},
    }


def resampled(candles: Sequence[Sequence[float]]) -> list[list[float]]:
    """Candles merged to a length that leaves about a hundred, at most a week each; a short curve stays as it is."""
    if not candles:
        return []
    days = (candles[-1][0] - candles[0][0]) / DAY_SECONDS
    length = min(LONGEST_SUMMARY_DAYS, days / SUMMARY_POINTS if days > SUMMARY_POINTS * LONGEST_SUMMARY_DAYS else LONGEST_SUMMARY_DAYS) * DAY_SECONDS
    if length <= DAY_SECONDS:
        return [list(candle) for candle in candles]
    merged: list[list[float]] = []
    limit = 0.0
    for time, opening, high, low, close in candles:
        if not merged or time > limit:
            merged.append([time, opening, high, low, close])
            limit = time + length
        else:
            last = merged[-1]
            merged[-1] = [last[0], last[1], max(last[2], high), min(last[3], low), close]
    return merged


def engine_log(result: RunResult, begun: datetime) -> str:
    """The engine's own log: messages of the run and the statistics at its end."""
    stamp = f"{begun:%Y-%m-%dT%H:%M:%S.%f}0Z"
    lines = [f"{stamp} TRACE:: {line}" for line in (*result.messages, *result.log)]
    lines += [f"{stamp} TRACE:: STATISTICS:: {name} {value}" for name, value in result.statistics.items()]
    if result.error:
        lines.append(f"{stamp} ERROR:: {result.error}")
    return "".join(line + "\n" for line in lines)


def copy_sources(project: Path, target: Path) -> None:
    """Copy the project's Python and JSON files, without environments, data and earlier results."""
    for path in sorted(project.rglob("*")):
        inside = path.relative_to(project)
        if path.suffix in (".py", ".json") and path.is_file() and not SKIPPED_SOURCES & set(inside.parts):
            copy = target / inside
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _json(tree: Any) -> str:
    return json.dumps(tree, indent=2, ensure_ascii=False)


def _write(path: Path, content: str) -> None:
    """The file, whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(content, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
