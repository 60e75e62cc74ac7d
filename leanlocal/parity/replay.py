"""Replays cases through leanlocal: one call per case or for whole folders of them, without any command-line parsing."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leanlocal.parity.cases import Case, find_cases, load_expected
from leanlocal.parity.compare import ASPECTS, Difference, compare
from leanlocal.results.run_result import RunResult
from leanlocal.run import run_algorithm
from marketdata.leanfolder import ColumnCache, LeanFolder
from vocabulary.errors import BadInput

DEFAULT_DATA = {"lean-sample": "lean-data", "parity-market": "parity/market/data"}
"""Where the recordings' two data folders lie below the reference folder."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went. seconds: wall-clock of our run; lean_seconds: LEAN's recorded ones for the whole process.

    error: our own failure or, where the run differs, the runtime error it ended with.
    """

    case: Case
    differences: tuple[Difference, ...]
    seconds: float
    lean_seconds: float | None
    error: str = ""

    @property
    def identical(self) -> bool:
        """Whether every compared aspect equals the recording."""
        return not self.differences and not self.error

    def aspect(self, name: str) -> bool:
        """Whether one aspect equals the recording."""
        return not self.error and all(difference.aspect != name for difference in self.differences)


def run_case(case: Case, data_roots: Mapping[str, Path], cache: ColumnCache | None = None) -> CaseResult:
    """Replay one case and compare. cache: where parsed series are kept from run to run.

    Raises BadInput when `data_roots` has no folder for the case's data.
    """
    if case.data not in data_roots:
        raise BadInput(f"case {case.name} ran on data '{case.data}': give its folder as {case.data}=DIR (known: {', '.join(sorted(data_roots)) or 'none'})")
    expected = load_expected(case)
    started = time.perf_counter()
    lean_seconds = expected.speed.get("wall_seconds")
    try:
        result = replay(case, data_roots[case.data], cache)
    except Exception as failure:  # noqa: BLE001 a replay may fail in any part of the engine; the table must name it and go on
        text = f"{type(failure).__name__}: {failure}"
        return CaseResult(case, (), time.perf_counter() - started, lean_seconds, text)
    seconds = time.perf_counter() - started
    differences = tuple(compare(result, expected))
    return CaseResult(case, differences, seconds, lean_seconds, result.error if differences else "")


def replay(case: Case, data_root: Path, cache: ColumnCache | None = None) -> RunResult:
    """Run the case's algorithm on a data folder, with an empty object store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        parameters = {name: str(value) for name, value in case.parameters.items()}
        return run_algorithm(case.main, LeanFolder(data_root, cache), parameters, storage=Path(folder) / "storage")


def run_cases(dirs: Iterable[Path], data_roots: Mapping[str, Path]) -> list[CaseResult]:
    """Replay every case at or below `dirs`; see run_case."""
    return list(iterate_cases(dirs, data_roots))


def iterate_cases(dirs: Iterable[Path], data_roots: Mapping[str, Path]) -> Iterator[CaseResult]:
    """As run_cases, one result at a time, for progress."""
    for case in find_cases(dirs):
        yield run_case(case, data_roots)


def default_data_roots(shared: Path) -> dict[str, Path]:
    """The data folders of the recordings that exist below `shared`."""
    return {name: shared / path for name, path in DEFAULT_DATA.items() if (shared / path).is_dir()}


def table_rows(results: Iterable[CaseResult]) -> list[dict[str, Any]]:
    """Plain rows for a table or JSON: case, one truth value per aspect, seconds of both engines, first differences."""
    return [
        {
            "case": result.case.name,
            **{aspect: result.aspect(aspect) for aspect in ASPECTS[:4]},
            "identical": result.identical,
            "seconds": round(result.seconds, 3),
            "lean_seconds": result.lean_seconds,
            "differences": [f"{d.aspect} ({d.matched} of {d.expected} equal): {d.text}" for d in result.differences],
            "error": result.error,
        }
        for result in results
    ]
