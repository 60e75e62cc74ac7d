"""Compares what a run did with what LEAN did, and words the first difference so that a person can find its cause."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from leanlocal.parity.cases import Expected
from leanlocal.results.run_result import RunResult

ASPECTS = ("events", "log", "equity", "statistics", "charts", "runtime statistics", "performance")
TOLERANCES = {"theoretical": 1e-12}
"""Relative tolerance by the name a log line gives a figure (`name=value`). A theoretical price goes through the complementary error function, whose last bits
differ between mathematical libraries; it is never traded on."""
FIGURE = re.compile(r"(\w+)=(-?\d+\.\d+(?:e[-+]?\d+)?)")

IDENTITY_KEYS = frozenset({"id", "algorithmId"})


@dataclass(frozen=True, slots=True)
class Difference:
    """The first difference of one aspect. matched: equal entries before it; expected and actual: how many entries there are."""

    aspect: str
    text: str
    matched: int
    expected: int
    actual: int


def compare(result: RunResult, expected: Expected) -> list[Difference]:
    """First difference of every aspect that differs; empty when the run is identical."""
    found = [
        _events(result.order_events, expected.events),
        _lines(result.log, expected.log),
        _equity(result.equity, expected.equity),
        _table("statistics", result.statistics, expected.statistics),
    ]
    if expected.charts is not None:
        found.append(_charts(result.charts, expected.charts))
    if expected.runtime_statistics is not None:
        found.append(_table("runtime statistics", result.runtime_statistics, expected.runtime_statistics))
    if expected.performance is not None:
        found.append(_tree("performance", result.performance, expected.performance))
    return [difference for difference in found if difference is not None]


def _first(ours: Sequence[Any], theirs: Sequence[Any]) -> int | None:
    for index, (mine, wanted) in enumerate(zip(ours, theirs, strict=False)):
        if mine != wanted:
            return index
    return None if len(ours) == len(theirs) else min(len(ours), len(theirs))


def _events(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]) -> Difference | None:
    plain = [{key: value for key, value in event.items() if key not in IDENTITY_KEYS} for event in ours]
    wanted = [{key: value for key, value in event.items() if key not in IDENTITY_KEYS} for event in theirs]
    index = _first(plain, wanted)
    if index is None:
        return None
    if index >= len(plain) or index >= len(wanted):
        text = f"event {index}: " + (f"missing {_event(wanted[index])}" if index < len(wanted) else f"not expected: {_event(plain[index])}")
    else:
        mine, other = plain[index], wanted[index]
        keys = [key for key in {**other, **mine} if mine.get(key) != other.get(key)]
        text = f"event {index} ({_event(other)}): " + ", ".join(f"{key} is {mine.get(key)!r}, LEAN {other.get(key)!r}" for key in keys)
    return Difference("events", text, index, len(theirs), len(ours))


def _event(event: Mapping[str, Any]) -> str:
    moment = datetime.fromtimestamp(float(event.get("time", 0)), UTC)
    return f"order {event.get('orderId')} {event.get('symbolValue')} {event.get('status')} {event.get('quantity')} at {moment:%Y-%m-%d %H:%M:%S} UTC"


def _lines(ours: Sequence[str], theirs: Sequence[str]) -> Difference | None:
    mine = [line for text in ours for line in text.splitlines()]
    mine = [within_tolerance(line, wanted) for line, wanted in zip(mine, theirs, strict=False)] + mine[len(theirs) :]
    index = _first(mine, theirs)
    if index is None:
        return None
    shown = mine[index] if index < len(mine) else "(no more lines)"
    wanted = theirs[index] if index < len(theirs) else "(no more lines)"
    at = next((i for i, (a, b) in enumerate(zip(shown, wanted, strict=False)) if a != b), min(len(shown), len(wanted)))
    text = f"line {index + 1}, column {at + 1}:\n      ours {_around(shown, at)}\n      LEAN {_around(wanted, at)}"
    return Difference("log", text, index, len(theirs), len(mine))


def within_tolerance(line: str, wanted: str) -> str:
    """The line with every figure that has a named tolerance and keeps it replaced by the wanted one."""
    if line == wanted:
        return line
    expected = dict(FIGURE.findall(wanted))

    def settle(found: re.Match[str]) -> str:
        name, value = found[1], float(found[2])
        other = float(expected.get(name, "nan"))
        return f"{name}={expected[name]}" if name in TOLERANCES and abs(value - other) <= TOLERANCES[name] * abs(other) else found[0]

    return FIGURE.sub(settle, line)


def _around(line: str, at: int, before: int = 90, after: int = 110) -> str:
    start = max(0, at - before)
    return ("…" if start else "") + line[start : at + after] + ("…" if len(line) > at + after else "")


def _equity(ours: Sequence[Sequence[float]], theirs: Sequence[Sequence[float]]) -> Difference | None:
    mine, wanted = [list(row) for row in ours], [list(row) for row in theirs]
    index = _first(mine, wanted)
    if index is None:
        return None
    text = f"candle {index}: ours {_candle(mine, index)}, LEAN {_candle(wanted, index)}"
    return Difference("equity", text, index, len(wanted), len(mine))


def _candle(rows: Sequence[Sequence[float]], index: int) -> str:
    if index >= len(rows):
        return "(none)"
    return f"{datetime.fromtimestamp(rows[index][0], UTC):%Y-%m-%d %H:%M:%S} UTC {list(rows[index][1:])}"


def _table(aspect: str, ours: Mapping[str, str], theirs: Mapping[str, str]) -> Difference | None:
    wrong = [name for name in theirs if ours.get(name) != theirs[name]] + [name for name in ours if name not in theirs]
    if not wrong:
        return None
    text = "; ".join(f"{name} is {ours.get(name)!r}, LEAN {theirs.get(name)!r}" for name in wrong)
    return Difference(aspect, text, len(theirs) - len(wrong), len(theirs), len(ours))


def _charts(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Difference | None:
    return _tree("charts", {name: ours.get(name) for name in theirs}, theirs)


def _tree(aspect: str, ours: Any, theirs: Any) -> Difference | None:
    text = tree_difference(ours, theirs, "")
    return None if text is None else Difference(aspect, text, 0, 1, 1)


def tree_difference(ours: Any, theirs: Any, path: str) -> str | None:
    """Path and values of the first difference of two JSON trees; object keys in any order, trade ids ignored."""
    if isinstance(theirs, Mapping) and isinstance(ours, Mapping):
        keys = [key for key in {**theirs, **ours} if not (key == "id" and "closedTrades" in path and "symbols" not in path)]
        texts = (tree_difference(ours.get(key), theirs.get(key), f"{path}/{key}") for key in keys)
        return next((text for text in texts if text is not None), None)
    if isinstance(theirs, list) and isinstance(ours, list | tuple):
        if len(ours) != len(theirs):
            return f"{path} has {len(ours)} entries, LEAN {len(theirs)}"
        texts = (tree_difference(a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(ours, theirs, strict=True)))
        return next((text for text in texts if text is not None), None)
    return None if ours == theirs else f"{path} is {ours!r}, LEAN {theirs!r}"
