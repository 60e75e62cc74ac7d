"""Our whole-process seconds beside LEAN's recorded ones for every case, files cold and column cache warm.

    python benchmarks/parity_speed.py [CASE…] [--shared DIR] [--json]

Each case runs twice in a process of its own: cold with an empty column cache, after asking the system to drop the pages of its data files; warm directly
afterwards, with the cache the first run left. An empty algorithm is measured the same way. Python's compiled modules are kept in a folder of their own and made
by a run before, as an installation has them. Beside the clock stands the processor's time, all threads together: on a machine that others use too, it is the
figure to compare; on a quiet one the two are nearly the same. The last lines are the medians and the three largest cases.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from leanlocal.parity.cases import Case, find_cases, load_expected  # noqa: E402
from leanlocal.parity.replay import default_data_roots  # noqa: E402

LARGEST = ("f_es_strangle", "y_strategy_margins", "a_spxw_0dte_condor_hold")
RUNNER = """
import sys
from pathlib import Path
from leanlocal.run import run_algorithm
from marketdata.leanfolder import ColumnCache, LeanFolder
main, data, storage, *parameters = sys.argv[1:]
run_algorithm(Path(main), LeanFolder(Path(data), ColumnCache.of_user()), dict(one.split("=", 1) for one in parameters), storage=Path(storage))
"""
EMPTY = """
from AlgorithmImports import *


class Empty(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 1)
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one process: on the clock, and of the processor."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one case: LEAN's on the clock, ours cold and warm."""

    name: str
    lean: float
    cold: Spent
    warm: Spent

    def ratio(self, spent: Spent) -> float:
        """How many times faster than LEAN by the clock."""
        return self.lean / spent.wall

    def cpu_ratio(self, spent: Spent) -> float:
        """LEAN's seconds on the clock over ours of the processor."""
        return self.lean / spent.cpu


class Bench:
    """Runs algorithms in processes of their own. place: folder for the column cache, compiled modules and object stores."""

    def __init__(self, place: Path) -> None:
        self._place = place
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        compiled = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(place / "compiled"), "THETADESK_CACHE": str(place / "columns")}
        self._environment = {**environment, **compiled}

    def forget(self) -> None:
        """Empty the column cache."""
        shutil.rmtree(self._place / "columns", ignore_errors=True)

    def run(self, main: Path, data: Path, parameters: Mapping[str, object]) -> Spent:
        """One whole process. Raises CalledProcessError when it fails."""
        with tempfile.TemporaryDirectory() as storage:
            given = [f"{name}={value}" for name, value in parameters.items()]
            command = [sys.executable, "-c", RUNNER, str(main), str(data), storage, *given]
            began = time.perf_counter()
            process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL)
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        return Spent(wall, used.ru_utime + used.ru_stime)


def drop_pages(data: Path) -> None:
    """Ask the system to forget the cached pages of the data files."""
    for path in data.rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDONLY)
            try:
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(handle)


def measure(bench: Bench, case: Case, data: Path) -> Timing:
    """Cold and warm seconds of one case."""
    drop_pages(data)
    bench.forget()
    lean = float(load_expected(case).speed.get("wall_seconds", 0.0))
    cold = bench.run(case.main, data, case.parameters)
    return Timing(case.name, lean, cold, bench.run(case.main, data, case.parameters))


def start_up(bench: Bench, place: Path, data: Path) -> Spent:
    """Best of three runs of an algorithm that does nothing; the first run compiles what the others find."""
    main = place / "main.py"
    main.write_text(EMPTY, encoding="utf-8")
    return min((bench.run(main, data, {}) for _ in range(4)), key=lambda spent: spent.wall)


def row(timing: Timing) -> str:
    """One line of the table."""
    seconds = f"{timing.lean:8.2f} {timing.cold.wall:8.2f} {timing.cold.cpu:8.2f} {timing.warm.wall:8.2f} {timing.warm.cpu:8.2f}"
    return f"{timing.name:36} {seconds} {timing.ratio(timing.cold):8.1f} {timing.ratio(timing.warm):8.1f} {timing.cpu_ratio(timing.warm):10.1f}"


def summary(timings: Sequence[Timing], empty: Spent) -> dict[str, object]:
    """Medians, the largest cases and the start-up."""
    cold, warm = [t.ratio(t.cold) for t in timings], [t.ratio(t.warm) for t in timings]
    by_cpu = {"cold": [t.cpu_ratio(t.cold) for t in timings], "warm": [t.cpu_ratio(t.warm) for t in timings]}
    return {
        "cases": len(timings),
        "median ratio": {"cold": round(statistics.median(cold), 1), "warm": round(statistics.median(warm), 1)},
        "median ratio by processor": {name: round(statistics.median(ratios), 1) for name, ratios in by_cpu.items()},
        "largest": {t.name: {"cold": round(t.ratio(t.cold), 1), "warm": round(t.ratio(t.warm), 1)} for t in timings if t.name in LARGEST},
        "empty algorithm": {"wall": round(empty.wall, 2), "cpu": round(empty.cpu, 2)},
    }


def shared_folder(given: Path | None) -> Path:
    """The reference folder: the one given, THETADESK_SHARED, or beside the checkout."""
    return given or Path(os.environ.get("THETADESK_SHARED", str(ROOT.parent / "shared")))


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", help="names of cases; all when left out")
    parser.add_argument("--shared", type=Path, help="reference folder")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args(arguments)
    shared = shared_folder(asked.shared)
    roots = default_data_roots(shared)
    found = find_cases([shared / "parity" / "sample", shared / "parity" / "market" / "cases"])
    timings: list[Timing] = []
    if not asked.json:
        print(f"{'case':36} {'LEAN s':>8} {'cold s':>8} {'cpu':>8} {'warm s':>8} {'cpu':>8} {'x cold':>8} {'x warm':>8} {'x warm cpu':>10}")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        empty = start_up(bench, Path(folder), next(iter(roots.values())))
        for case in found:
            if not asked.cases or case.name in asked.cases:
                timings.append(measure(bench, case, roots[case.data]))
                if not asked.json:
                    print(row(timings[-1]), flush=True)
    found_out = summary(timings, empty)
    print(json.dumps({**found_out, "rows": [asdict(timing) for timing in timings]} if asked.json else found_out, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
