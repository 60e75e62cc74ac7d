"""What one `thetadesk backtest` costs: seconds on the clock and of the processor, peak memory, data points per second.

    python benchmarks/backtest_year.py [--start 2024-01-01] [--end 2024-12-31] [--json]

The command runs as a user runs it, in a process of its own with the default config.json on the synthetic market, result files and report page included. A
first run compiles the pricing kernels and keeps them; `--warm` runs one month beforehand so that the measured run finds them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "from cli.main import main; main()"
KILOBYTE = 1 if sys.platform == "darwin" else 1024
"""Unit of the system's figure for peak memory, in bytes."""
WARM_UP = ("2024-01-01", "2024-01-31")


@dataclass(frozen=True, slots=True)
class Cost:
    """One run. Seconds on the clock and of the processor (user), peak memory in gigabytes, rows of data read and read per second."""

    start: str
    end: str
    wall_seconds: float
    user_seconds: float
    peak_gigabytes: float
    data_points: int
    points_per_second: float
    orders: int


def run_backtest(start: str, end: str) -> dict[str, Any]:
    """The command's own JSON. Raises CalledProcessError when it fails; what it complains of is shown."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["backtest", "--start", start, "--end", end, "--output", folder, "--json"]
        done = subprocess.run([sys.executable, "-c", COMMAND, *arguments], cwd=ROOT, env=_environment(), check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def measure(start: str, end: str) -> Cost:
    """Run once and count; the peak is that of the largest process started so far."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, time.perf_counter()
    summary = run_backtest(start, end)
    wall, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    points = int(summary["data_points"])
    peak = used.ru_maxrss * KILOBYTE / 1e9
    return Cost(start, end, wall, used.ru_utime - before, peak, points, points / wall, int(summary["statistics"]["Total Orders"]))


def table(cost: Cost) -> str:
    """The figures for reading."""
    return (
        f"{cost.start} to {cost.end}: {cost.wall_seconds:.1f} s ({cost.user_seconds:.1f} s user), peak {cost.peak_gigabytes:.2f} GB, "
        f"{cost.data_points:,} data points ({cost.points_per_second:,.0f} a second), {cost.orders} orders"
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", default="2024-01-01", help="first day")
    parser.add_argument("--end", default="2024-12-31", help="last day")
    parser.add_argument("--warm", action="store_true", help="run one month first, so that compiled kernels are found")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> None:
    """Measure one range and print it."""
    asked = _asked(arguments)
    if asked.warm:
        run_backtest(*WARM_UP)
    cost = measure(asked.start, asked.end)
    print(json.dumps(asdict(cost), indent=2) if asked.json else table(cost))


if __name__ == "__main__":
    main(sys.argv[1:])
