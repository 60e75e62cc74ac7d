"""How many bars a second a strangle backtest over a year of minute data with 200 subscribed contracts goes through.

    python benchmarks/strangle_year.py [--start 2024-01-02] [--end 2024-12-31] [--runs 2] [--json]

The data is a LEAN folder of the synthetic SPY: minute trades, quotes and open interest of the contracts that `strangle_algorithm.py` subscribes to, each week
two hundred of them. It is written once (a few minutes) below the user's cache folder, THETADESK_BENCHMARKS names another place. The backtest runs in a process
of its own, first with an empty column cache, then with the one the first run filled; seconds are the processor's, all threads together.

Bars are the rows in the files of what was subscribed while it was subscribed, each counted once: what LEAN's data points would be without the bars that it
fills forward. Rows are not counted by having been touched: that most are never looked at is what makes the run fast. Points are bars and filled-forward bars
together, as LEAN counts its data points, estimated as two a minute and contract.
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
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from marketdata.leanfolder.long_bars import write_long  # noqa: E402
from marketdata.leanfolder.materialise import minute_series, write_references  # noqa: E402
from marketdata.leanfolder.plan import FolderPlan, option_at  # noqa: E402
from marketdata.leanfolder.writer import FolderWriter  # noqa: E402
from marketdata.port import Instrument, Kind, MarketData  # noqa: E402
from marketdata.synthetic import MarketParameters, SyntheticMarket  # noqa: E402

SPY = Instrument(Kind.EQUITY, "usa", "spy")
OPTIONS = Instrument(Kind.OPTION, "usa", "spy", style="american")
CONTRACTS, DAYS_TO_EXPIRY = 200, (30, 60)
"""As in strangle_algorithm.py."""
LOOK_BACK = timedelta(days=10)
MINUTES_A_DAY, SERIES_A_MINUTE = 390, 2
RUNNER = """
import sys
from pathlib import Path
from leanlocal.run import run_algorithm
from marketdata.leanfolder import ColumnCache, LeanFolder
main, data, start, end, storage = sys.argv[1:]
result = run_algorithm(Path(main), LeanFolder(Path(data), ColumnCache.of_user()), {"start": start, "end": end}, storage=Path(storage))
if result.error:
    sys.exit(result.error)
print(len(result.orders), result.statistics["Net Profit"])
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """One run. bars: rows subscribed; points: with those filled forward; peak memory in gigabytes."""

    files: str
    seconds: float
    wall_seconds: float
    bars: int
    bars_per_second: float
    points_per_second: float
    peak_gigabytes: float
    outcome: str


def trading_days(market: MarketData, first: date, last: date) -> list[date]:
    """Days with rows of SPY's chain."""
    return [day for day in market.universe_days(OPTIONS) if first <= day <= last]


def weeks(days: Sequence[date]) -> Iterator[list[date]]:
    """Trading days by calendar week."""
    week: list[date] = []
    for day in days:
        if week and day.isocalendar()[:2] != week[0].isocalendar()[:2]:
            yield week
            week = []
        week.append(day)
    if week:
        yield week


def subscribed(market: MarketData, before: date, on: date) -> list[Instrument]:
    """The contracts the algorithm takes on a week's first day, from the chain of the trading day before."""
    rows = market.universe(OPTIONS, before)
    assert rows is not None
    assert rows.underlying is not None
    spot = rows.underlying[3]
    found = [at for at in range(len(rows.expiry)) if DAYS_TO_EXPIRY[0] <= (rows.expiry[at] - on).days <= DAYS_TO_EXPIRY[1]]
    found.sort(key=lambda at: (abs(float(rows.strike[at]) - spot), rows.expiry[at], rows.strike[at], rows.right[at]))
    return [option_at(OPTIONS, rows, at) for at in found[:CONTRACTS]]


def make_folder(root: Path, first: date, last: date) -> int:
    """Write the data; answers the number of bars."""
    market, writer = SyntheticMarket(MarketParameters(first=first - LOOK_BACK, last=last)), FolderWriter(root)
    plan = FolderPlan((SPY,), (OPTIONS,), first - LOOK_BACK, last)
    write_references(market, plan, writer)
    days, bars = trading_days(market, plan.first, last), 0
    for day in days:
        rows = market.universe(OPTIONS, day)
        if rows is not None:
            writer.universe(OPTIONS, rows)
    for week in weeks(days):
        if week[0] < first:
            continue
        contracts = subscribed(market, days[days.index(week[0]) - 1], week[0])
        for day in week:
            series = minute_series(market, [SPY, *contracts], day)
            bars += sum(int(columns.start.size) for _, _, columns in series)
            writer.day(day, series)
    write_long(lambda: market, replace(plan, roots=()), root, 1, lambda _: None)
    return bars


def folder_of(first: date, last: date) -> tuple[Path, int]:
    """The data and the number of its bars, made when it is not there."""
    base = os.environ.get("THETADESK_BENCHMARKS") or str(Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "thetadesk" / "benchmarks")
    root = Path(base) / f"strangle-{first}-{last}"
    facts = root / "bars.json"
    if not facts.is_file():
        print(f"writing {root} …", file=sys.stderr, flush=True)
        root.mkdir(parents=True, exist_ok=True)
        facts.write_text(json.dumps({"bars": make_folder(root, first, last)}), encoding="utf-8")
    return root, int(json.loads(facts.read_text(encoding="utf-8"))["bars"])


def measure(root: Path, bars: int, span: tuple[str, str], cache: Path, files: str) -> Cost:
    """One backtest in a process of its own. Raises CalledProcessError when it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with tempfile.TemporaryDirectory() as storage:
        command = [sys.executable, "-c", RUNNER, str(ROOT / "benchmarks" / "strangle_algorithm.py"), str(root), *span, storage]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "THETADESK_CACHE": str(cache), "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    days = len(list((root / "option/usa/minute/spy").glob("*_quote_american.zip")))
    points = days * (CONTRACTS + 1) * MINUTES_A_DAY * SERIES_A_MINUTE
    return Cost(files, seconds, wall, bars, bars / seconds, points / seconds, after.ru_maxrss * 1024 / 1e9, done.stdout.strip())


def table(costs: Sequence[Cost]) -> str:
    """The figures for reading."""
    lines = [f"{'files':6} {'cpu s':>7} {'wall s':>7} {'bars':>12} {'bars/s':>12} {'points/s':>12} {'peak GB':>8}  orders, net profit"]
    for cost in costs:
        figures = f"{cost.seconds:7.2f} {cost.wall_seconds:7.2f} {cost.bars:12,} {cost.bars_per_second:12,.0f} {cost.points_per_second:12,.0f}"
        lines.append(f"{cost.files:6} {figures} {cost.peak_gigabytes:8.2f}  {cost.outcome}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    """Make the data when needed, run cold and warm, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=date.fromisoformat, default=date(2024, 1, 2), help="first day")
    parser.add_argument("--end", type=date.fromisoformat, default=date(2024, 12, 31), help="last day")
    parser.add_argument("--runs", type=int, default=2, help="runs; the first with an empty column cache")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args(arguments)
    root, bars = folder_of(asked.start, asked.end)
    with tempfile.TemporaryDirectory() as cache:
        costs = [measure(root, bars, (str(asked.start), str(asked.end)), Path(cache), "warm" if number else "cold") for number in range(asked.runs)]
    print(json.dumps([asdict(cost) for cost in costs], indent=2) if asked.json else table(costs))


if __name__ == "__main__":
    main(sys.argv[1:])
