"""Golden runs: each strategy alone and all together through the summer of 2024 on the synthetic market, reduced to what must not change unnoticed.

`python -m tests.golden.runs` records them anew; look at the difference before committing it and say in the message why orders changed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from cli.markets import synthetic_source
from leanlocal.run import run_algorithm

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).with_name("recorded")
FIRST, LAST = date(2024, 7, 1), date(2024, 9, 30)
SEED = 1
STRATEGIES = ("zero_dte", "lt112", "strangle", "ipmcc", "leap_ladder")
RUNS: Mapping[str, str] = {**{name: name for name in STRATEGIES}, "all": ",".join(STRATEGIES)}
STATISTICS = ("Total Orders", "Net Profit", "Drawdown", "Win Rate", "Sharpe Ratio", "Total Fees", "End Equity", "OrderListHash")


@dataclass(frozen=True, slots=True)
class GoldenRun:
    """One run reduced: status, LEAN's statistics incl. the order-list hash, and every order as one readable line."""

    name: str
    status: str
    statistics: Mapping[str, str]
    orders: Sequence[str]


def play(name: str) -> GoldenRun:
    """Run it now."""
    parameters = dict(json.loads((ROOT / "config.json").read_text())["parameters"])
    parameters |= {"start": FIRST.isoformat(), "end": LAST.isoformat(), "strategies.enabled": RUNS[name]}
    with tempfile.TemporaryDirectory() as folder:
        result = run_algorithm(ROOT / "main.py", synthetic_source(SEED, FIRST, LAST)(), parameters, storage=Path(folder))
    if result.status != "Completed":
        raise AssertionError(f"golden run {name} ended {result.status}: {result.error}")
    statistics = {key: result.statistics[key] for key in STATISTICS if key in result.statistics}
    orders = [order_line(result.orders[key]) for key in sorted(result.orders, key=int)]
    return GoldenRun(name, result.status, statistics, orders)


def order_line(order: Mapping[str, Any]) -> str:
    """`12 2024-07-05T14:30:00Z SPXW  240705P05450000 -1 @ 2.35 status 3 zero_dte …`"""
    symbol = order["symbol"]["value"]
    return f"{order['id']} {order['time']} {symbol} {order['quantity']:g} @ {order['price']:g} status {order['status']} {order.get('tag') or ''}".rstrip()


def recorded(name: str) -> GoldenRun:
    """The run as it was pinned."""
    found = cast(dict[str, Any], json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))
    return GoldenRun(**found)


def difference(pinned: GoldenRun, now: GoldenRun) -> str:
    """The first order or statistic that differs, in words; empty when the runs are the same."""
    for number, (before, after) in enumerate(zip(pinned.orders, now.orders, strict=False), start=1):
        if before != after:
            return f"{now.name}: order {number} of {len(pinned.orders)} differs\n  pinned: {before}\n  now:    {after}"
    if len(pinned.orders) != len(now.orders):
        longer = now.orders if len(now.orders) > len(pinned.orders) else pinned.orders
        extra = longer[min(len(now.orders), len(pinned.orders))]
        return f"{now.name}: {len(pinned.orders)} orders pinned, {len(now.orders)} now; the first extra one: {extra}"
    wrong = [key for key in pinned.statistics if pinned.statistics[key] != now.statistics.get(key)]
    return "\n".join(f"{now.name}: {key} was {pinned.statistics[key]}, is {now.statistics.get(key)}" for key in wrong)


def record(names: Sequence[str]) -> None:
    """Pin runs anew."""
    FOLDER.mkdir(exist_ok=True)
    for name in names:
        run = play(name)
        (FOLDER / f"{name}.json").write_text(json.dumps(asdict(run), indent=1) + "\n", encoding="utf-8")
        print(f"{name}: {len(run.orders)} orders, {run.statistics.get('OrderListHash')}")


if __name__ == "__main__":
    record(sys.argv[1:] or list(RUNS))
