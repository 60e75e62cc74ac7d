"""What a written folder shall hold, and which contracts that means on a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from marketdata.port import Instrument, Kind, MarketData, Step, UniverseRows
from vocabulary.errors import BadInput

RIGHTS = {"C": "call", "P": "put"}


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """What to write. plain: equities, indices, futures' canonical instruments (no contract month) and forex; roots: option roots (style set, no expiry).

    first and last day inclusive; steps: resolutions; contracts: at most so many contracts per root and day, nearest to the money first within the nearest
    expiries; horizon_days: no expiry further away.
    """

    plain: tuple[Instrument, ...]
    roots: tuple[Instrument, ...]
    first: date
    last: date
    steps: frozenset[Step] = frozenset(Step)
    contracts: int = 300
    horizon_days: int = 400

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise BadInput(f"first day {self.first} is after last day {self.last}")
        if self.contracts < 1 or self.horizon_days < 0:
            raise BadInput(f"contracts {self.contracts} must be at least 1 and horizon_days {self.horizon_days} at least 0")

    def days(self) -> list[date]:
        """Every calendar day of the range; a day without trading has no rows and makes no file."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def day_groups(market: MarketData, plan: FolderPlan, day: date) -> Iterator[list[Instrument]]:
    """Instruments that share an archive: each plain symbol, each future's months, each option root's contracts."""
    for item in plan.plain:
        yield future_months(market, item, day) if item.kind is Kind.FUTURE else [item]
    for canonical in expanded_roots(market, plan, day):
        picked = chosen_contracts(market, plan, canonical, day)
        if picked:
            yield picked


def expanded_roots(market: MarketData, plan: FolderPlan, day: date) -> list[Instrument]:
    """Option roots; a future option's root once per contract month of its future."""
    found: list[Instrument] = []
    for root in plan.roots:
        if root.kind is not Kind.FUTURE_OPTION or root.contract_month is not None:
            found.append(root)
            continue
        for future in (item for item in plan.plain if item.kind is Kind.FUTURE and item.ticker == future_of(root)):
            found += [replace(root, contract_month=month.contract_month) for month in future_months(market, future, day)]
    return found


def future_of(root: Instrument) -> str:
    """Ticker of the future under a future option root (the roots that differ, by exchange convention)."""
    return {"lo": "cl", "og": "gc", "so": "si", "hxe": "hg", "on": "ng", "ozb": "zb", "ozn": "zn"}.get(root.ticker, root.ticker)


def future_months(market: MarketData, future: Instrument, day: date) -> list[Instrument]:
    """The months of a future listed on a day; the canonical's own file names them."""
    rows = market.universe(future, day)
    return [replace(future, contract_month=f"{month:%Y%m}") for month in rows.expiry] if rows is not None else []


def chosen_contracts(market: MarketData, plan: FolderPlan, canonical: Instrument, day: date) -> list[Instrument]:
    """Contracts of a root on a day, nearest expiries and strikes first, at most the plan's number, in the chain's order."""
    rows = market.universe(canonical, day)
    if rows is None or not len(rows.strike):
        return []
    strikes = np.array([float(strike) for strike in rows.strike])
    days_left = np.array([(expiry - day).days for expiry in rows.expiry])
    spot = rows.underlying[3] if rows.underlying is not None else float(np.median(strikes))
    width = np.abs(np.log(strikes / spot)) / np.sqrt(np.maximum(days_left, 1))
    open_rows = np.flatnonzero((days_left >= 0) & (days_left <= plan.horizon_days))
    picked = np.sort(open_rows[np.argsort(width[open_rows], kind="stable")][: plan.contracts])
    return [option_at(canonical, rows, int(i)) for i in picked]


def option_at(canonical: Instrument, rows: UniverseRows, row: int) -> Instrument:
    """The contract of a chain row."""
    return replace(canonical, expiry=rows.expiry[row], strike=rows.strike[row], right=RIGHTS[rows.right[row]])
