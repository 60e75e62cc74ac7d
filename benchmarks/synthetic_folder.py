"""What one symbol-year of minute data costs to write: `thetadesk data synth`, 300 option contracts a day, two processes.

    python benchmarks/synthetic_folder.py [--symbol SPY] [--start 2024-01-02] [--end 2024-12-31] [--contracts 300] [--processes 2] [--json]

The command runs as a user runs it, in a process of its own, into a folder that is removed afterwards. Contract-days, rows and bytes are counted in the archives
it wrote.
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
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = "from cli.main import main; main()"


@dataclass(frozen=True, slots=True)
class Cost:
    """One write. Seconds on the clock and of the processor (user and system, all processes); bytes: of all files together; rows: minute rows of options."""

    symbol: str
    start: str
    end: str
    processes: int
    wall_seconds: float
    processor_seconds: float
    contract_days: int
    rows: int
    bytes: int


def measure(asked: argparse.Namespace) -> Cost:
    """Write once and count."""
    with tempfile.TemporaryDirectory() as folder:
        before, began = processor(), time.perf_counter()
        write(asked, Path(folder))
        wall, used = time.perf_counter() - began, processor() - before
        contracts, rows = counted(Path(folder))
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return Cost(asked.symbol, asked.start, asked.end, asked.processes, wall, used, contracts, rows, size)


def write(asked: argparse.Namespace, folder: Path) -> None:
    """The command. Raises CalledProcessError when it fails; what it complains of is shown."""
    sizes = ["--contracts", str(asked.contracts), "--processes", str(asked.processes)]
    what = ["--symbol", asked.symbol, "--start", asked.start, "--end", asked.end, "--step", "minute", *sizes, "--output", str(folder), "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", COMMAND, "data", "synth", *what], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)


def processor() -> float:
    """Seconds of the processor that finished children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def counted(folder: Path) -> tuple[int, int]:
    """Contracts with quotes, summed over the days, and rows of all tick types in the option archives."""
    contracts = rows = 0
    for path in folder.glob("*option/*/minute/**/*.zip"):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            contracts += len(names) if "_quote_" in path.name else 0
            rows += sum(archive.read(name).count(b"\n") for name in names)
    return contracts, rows


def table(cost: Cost) -> str:
    """The figures for reading."""
    return (
        f"{cost.symbol} {cost.start} to {cost.end}, {cost.processes} processes: {cost.wall_seconds:.1f} s ({cost.processor_seconds:.1f} s of processor), "
        f"{cost.contract_days:,} contract-days, {cost.rows:,} option rows, {cost.bytes / 1e6:.0f} MB"
    )


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--symbol", default="SPY", help="underlying")
    parser.add_argument("--start", default="2024-01-02", help="first day")
    parser.add_argument("--end", default="2024-12-31", help="last day")
    parser.add_argument("--contracts", type=int, default=300, help="option contracts a day")
    parser.add_argument("--processes", type=int, default=2, help="processes to write with")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> None:
    """Measure one write and print it."""
    asked = _asked(arguments)
    cost = measure(asked)
    print(json.dumps(asdict(cost), indent=2) if asked.json else table(cost))


if __name__ == "__main__":
    main(sys.argv[1:])
