"""Our whole-process seconds beside LEAN's recorded ones for every case, files cold and warm.

Run `python benchmarks/parity_speed.py [CASE…] [--shared DIR]`. Each case runs twice in a process of its own: cold after asking the system to drop the pages of
its data files (where it can), warm directly afterwards. The last lines are the medians and the three largest cases.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from leanlocal.parity.cases import Case, find_cases, load_expected  # noqa: E402
from leanlocal.parity.replay import default_data_roots  # noqa: E402

LARGEST = ("f_es_strangle", "y_strategy_margins", "a_spxw_0dte_condor_hold")
RUNNER = """
import sys
from pathlib import Path
from leanlocal.parity.cases import load_case
from leanlocal.parity.replay import replay
replay(load_case(Path(sys.argv[1])), Path(sys.argv[2]))
"""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one case: LEAN's, ours cold and warm."""

    name: str
    lean: float
    cold: float
    warm: float


def run_once(case: Case, data: Path) -> float:
    """Wall-clock seconds of a whole process that replays the case."""
    started = time.perf_counter()
    command = [sys.executable, "-c", RUNNER, str(case.folder), str(data)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)})
    return time.perf_counter() - started


def drop_pages(data: Path) -> None:
    """Ask the system to forget the cached pages of the data files."""
    for path in data.rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDONLY)
            try:
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(handle)


def measure(case: Case, data: Path) -> Timing:
    """Cold and warm seconds of one case."""
    drop_pages(data)
    cold = run_once(case, data)
    return Timing(case.name, float(load_expected(case).speed.get("wall_seconds", 0.0)), cold, run_once(case, data))


def row(timing: Timing) -> str:
    """One line of the table."""
    return f"{timing.name:40} {timing.lean:8.2f} {timing.cold:8.2f} {timing.warm:8.2f} {timing.lean / timing.cold:8.1f} {timing.lean / timing.warm:8.1f}"


def shared_folder(arguments: Sequence[str]) -> Path:
    """The reference folder: --shared, THETADESK_SHARED, or beside the checkout."""
    if "--shared" in arguments:
        return Path(arguments[arguments.index("--shared") + 1])
    return Path(os.environ.get("THETADESK_SHARED", str(ROOT.parent / "shared")))


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    shared = shared_folder(arguments)
    wanted = {name for name in arguments if not name.startswith("--") and not Path(name).is_dir()}
    roots = default_data_roots(shared)
    cases = [case for case in find_cases([shared / "parity" / "sample", shared / "parity" / "market" / "cases"]) if not wanted or case.name in wanted]
    print(f"{'case':40} {'LEAN s':>8} {'cold s':>8} {'warm s':>8} {'x cold':>8} {'x warm':>8}")
    timings: list[Timing] = []
    for case in cases:
        timings.append(measure(case, roots[case.data]))
        print(row(timings[-1]), flush=True)
    cold = statistics.median(t.lean / t.cold for t in timings)
    warm = statistics.median(t.lean / t.warm for t in timings)
    print(f"median ratio: {cold:.1f} cold, {warm:.1f} warm over {len(timings)} cases")
    print("largest:", json.dumps({t.name: {"cold": round(t.lean / t.cold, 1), "warm": round(t.lean / t.warm, 1)} for t in timings if t.name in LARGEST}))


if __name__ == "__main__":
    main(sys.argv[1:])
