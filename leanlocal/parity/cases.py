"""A recorded case on disk: the algorithm, what to pass to it, and what LEAN did with it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vocabulary.errors import BadInput, CorruptData


@dataclass(frozen=True, slots=True)
class Case:
    """One recorded case. data: name of the data folder it ran on; parameters: texts or numbers to pass to the algorithm."""

    folder: Path
    name: str
    algorithm: str
    data: str
    parameters: Mapping[str, Any]

    @property
    def main(self) -> Path:
        """The algorithm's file."""
        return self.folder / "main.py"


@dataclass(frozen=True, slots=True)
class Expected:
    """What LEAN did. None where the recording does not keep a part."""

    events: list[dict[str, Any]]
    log: list[str]
    equity: list[list[float]]
    statistics: dict[str, str]
    charts: dict[str, Any] | None
    runtime_statistics: dict[str, str] | None
    performance: dict[str, Any] | None
    speed: dict[str, float]


def find_cases(folders: Iterable[Path]) -> list[Case]:
    """Every case at or below the given folders, by path.

    Raises BadInput for a folder that does not exist or holds no case.
    """
    cases: list[Case] = []
    for folder in folders:
        files = sorted(folder.rglob("case.json"))
        if not files:
            raise BadInput(f"{folder} holds no case: a case is a folder with case.json, main.py and expected/")
        cases.extend(load_case(path.parent) for path in files)
    return cases


def load_case(folder: Path) -> Case:
    """The case in `folder`; CorruptData when case.json lacks a part."""
    facts = _json(folder / "case.json")
    if not isinstance(facts, dict) or "class" not in facts or "data" not in facts:
        raise CorruptData(f"{folder / 'case.json'} needs the keys class and data")
    return Case(folder, folder.name, str(facts["class"]), str(facts["data"]), dict(facts.get("parameters") or {}))


def load_expected(case: Case) -> Expected:
    """The recording beside the case."""
    folder = case.folder / "expected"
    return Expected(
        events=_json(folder / "order-events.json"),
        log=(folder / "log.txt").read_text(encoding="utf-8").splitlines(),
        equity=_json(folder / "equity.json"),
        statistics=_json(folder / "statistics.json"),
        charts=_optional(folder / "charts.json"),
        runtime_statistics=_optional(folder / "runtime-statistics.json"),
        performance=_optional(folder / "performance.json"),
        speed=_optional(folder / "speed.json") or {},
    )


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as problem:
        raise CorruptData(f"{path} cannot be read as JSON: {problem}") from problem


def _optional(path: Path) -> Any:
    return _json(path) if path.exists() else None
