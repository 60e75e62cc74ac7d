"""Proof by search that the synthetic market has no static arbitrage: many chains, crash days among them, every quote of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from marketdata.checks.static_arbitrage import Break, breaks
from marketdata.synthetic.calendar import CLOSE, OPEN, sessions
from marketdata.synthetic.market import SyntheticMarket
from marketdata.synthetic.noise import stream
from marketdata.synthetic.roots import ROOTS, OptionRoot
from marketdata.synthetic.snapshots import snapshot
from vocabulary.errors import BadInput

CRASH_DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        "2018-02-05",
        "2018-02-06",
        "2020-03-09",
        "2020-03-12",
        "2020-03-13",
        "2020-03-16",
        "2020-03-17",
        "2020-03-18",
        "2024-08-02",
        "2024-08-05",
        "2024-08-06",
    )
)
CRASH_NODES = (OPEN + 1, OPEN + 60, 1140, CLOSE - 1)
SHOWN = 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class NoArbitrageParameters:
    """How much is searched. chains: number of chains (one root at one minute), crash days first; draw: seed of the random choice of the rest. Raises BadInput
    for no chain.
    """

    chains: int = 2000
    draw: int = 0

    def __post_init__(self) -> None:
        if self.chains < 1:
            raise BadInput(f"no-arbitrage check: {self.chains} chains; ask for at least one")


@dataclass(frozen=True, slots=True)
class ArbitrageReport:
    """What was searched and found. crash_chains: how many of the chains were on crash days."""

    chains: int
    crash_chains: int
    quotes: int
    breaks: tuple[Break, ...]
    by_root: Mapping[str, int]
    seconds: float

    def as_dict(self) -> dict[str, object]:
        """For `--json`; the first breaks only."""
        shown = [
            {
                "kind": one.kind,
                "root": one.root,
                "day": one.day.isoformat(),
                "node": one.node,
                "expiry": one.expiry.isoformat(),
                "strike": one.strike,
                "amount": one.amount,
            }
            for one in self.breaks[:SHOWN]
        ]
        return {
            "chains": self.chains,
            "crash_chains": self.crash_chains,
            "quotes": self.quotes,
            "arbitrages": len(self.breaks),
            "first": shown,
            "chains_by_root": dict(self.by_root),
            "seconds": round(self.seconds, 2),
        }


@dataclass(frozen=True, slots=True)
class ChainPoint:
    """One chain: root, session, node, delivery month for a future option."""

    root: OptionRoot
    index: int
    node: int
    month: str | None
    crash: bool


def check_no_arbitrage(market: SyntheticMarket, parameters: NoArbitrageParameters, progress: Progress | None = None) -> ArbitrageReport:
    """Searches the chains for butterfly, vertical, calendar, parity and immediate-exercise arbitrage at bid and ask. progress: called with (done, wanted)."""
    began = time.perf_counter()
    done, crash, quotes = 0, 0, 0
    found: list[Break] = []
    by_root: dict[str, int] = {}
    for point in points(parameters):
        if done >= parameters.chains:
            break
        shot = snapshot(market.paths, point.root, point.index, point.node, point.month)
        if shot is None:
            continue
        found.extend(breaks(shot, sessions().date(point.index)))
        done, crash, quotes = done + 1, crash + point.crash, quotes + len(shot.bid)
        by_root[point.root.ticker] = by_root.get(point.root.ticker, 0) + 1
        if progress is not None:
            progress(done, parameters.chains)
    return ArbitrageReport(done, crash, quotes, tuple(found), by_root, time.perf_counter() - began)


def points(parameters: NoArbitrageParameters) -> Iterator[ChainPoint]:
    """Crash days for every root and four minutes, then random sessions, minutes and roots without end."""
    calendar = sessions()
    rng = stream(parameters.draw, "no-arbitrage")
    roots = list(ROOTS.values())
    for day in CRASH_DAYS:
        index = calendar.on_or_before(day)
        for node in CRASH_NODES:
            for root in roots:
                yield ChainPoint(root, index, node, month_of(root, index, rng), True)
    while True:
        index = int(rng.integers(0, calendar.simulated))
        root = roots[int(rng.integers(0, len(roots)))]
        node = int(rng.integers(OPEN, calendar.close_node(index, CLOSE)))
        yield ChainPoint(root, index, node, month_of(root, index, rng), False)


def month_of(root: OptionRoot, index: int, rng: np.random.Generator) -> str | None:
    """A delivery month on the list, for a future option."""
    if root.months is None:
        return None
    months = root.months(sessions().date(index))
    year, month = months[int(rng.integers(0, min(len(months), 5)))]
    return f"{year}{month:02d}"
