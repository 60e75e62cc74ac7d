"""What is wrong with bought data, counted and shown with examples. Checking changes nothing; what is then done with a fault is the caller's stated policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from math import isfinite
from typing import Any

import exchange_calendars
import numpy as np
import pandas as pd

from marketdata.importers.chain_frame import KEY
from vocabulary.errors import BadInput

EXAMPLES = 5
SPLIT_RATIOS = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 20.0, 1.5)
CONTRACT = ["expiry", "strike", "right"]


class Fault(Enum):
    """Kinds of fault; the value is the name in reports."""

    CROSSED = "crossed quotes"
    DUPLICATE = "duplicate rows"
    EXPIRED = "rows after expiry"
    NO_QUOTE = "rows without any quote or trade"
    NEGATIVE_TIME_VALUE = "mid below intrinsic value"
    STALE = "stale rows"
    GAP = "missing sessions"
    SPLIT = "possible splits"


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """When a row counts as faulty.

    time_value_slack: price units by which the mid may lie below intrinsic value beyond half the spread (rates, dividends). stale_rows: consecutive rows of a
    contract with the same quote, while the underlying moved by more than stale_move (fraction) over them. split_tolerance: fraction by which an overnight move
    may miss a split ratio.
    """

    time_value_slack: float = 0.05
    stale_rows: int = 5
    stale_move: float = 0.005
    split_tolerance: float = 0.03


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of fault: how often, and the first examples in words."""

    fault: Fault
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QualityReport:
    """All findings over `rows` rows of `contracts` contracts on `sessions` days; kinds without a case have count 0."""

    rows: int
    contracts: int
    sessions: int
    findings: tuple[Finding, ...]

    def count(self, fault: Fault) -> int:
        """How often a fault was seen."""
        return next(finding.count for finding in self.findings if finding.fault is fault)


def check(frame: pd.DataFrame, limits: QualityLimits | None = None) -> QualityReport:
    """Check a chain frame. Raises BadInput when it is empty."""
    if not len(frame):
        raise BadInput("no rows to check: the source answered nothing for this underlying and time")
    limits = limits or QualityLimits()
    masks = row_faults(frame, limits)
    findings = [Finding(fault, int(mask.sum()), examples_of(frame, mask)) for fault, mask in masks.items()]
    days = sorted({stamp.date() for stamp in frame["at"].dt.normalize().unique()})
    gaps, splits = missing_sessions(days), possible_splits(frame, limits)
    findings += [Finding(Fault.GAP, len(gaps), tuple(f"{day}" for day in gaps[:EXAMPLES])), Finding(Fault.SPLIT, len(splits), tuple(splits[:EXAMPLES]))]
    return QualityReport(len(frame), len(frame[CONTRACT].drop_duplicates()), len(days), tuple(findings))


def row_faults(frame: pd.DataFrame, limits: QualityLimits) -> dict[Fault, pd.Series[Any]]:
    """Per fault, which rows have it."""
    bid, ask = frame["bid"].fillna(0), frame["ask"].fillna(0)
    quoted = (bid > 0) & (ask > 0)
    sign = np.where(frame["right"] == "call", 1.0, -1.0)
    intrinsic = (sign * (frame["spot"] - frame["strike"])).clip(lower=0)
    below = quoted & ((bid + ask) / 2 < intrinsic - (ask - bid).abs() / 2 - limits.time_value_slack)
    return {
        Fault.CROSSED: quoted & (bid > ask),
        Fault.DUPLICATE: frame.duplicated(list(KEY), keep="first"),
        Fault.EXPIRED: frame["at"].dt.normalize() > frame["expiry"],
        Fault.NO_QUOTE: (bid <= 0) & (ask <= 0) & ~(frame["last"] > 0),
        Fault.NEGATIVE_TIME_VALUE: below,
        Fault.STALE: stale_rows(frame, limits),
    }


def stale_rows(frame: pd.DataFrame, limits: QualityLimits) -> pd.Series[Any]:
    """Rows in a run of unchanged quotes long enough while the underlying moved."""
    ordered = frame.sort_values(["expiry", "strike", "right", "at"], kind="stable")
    same = ordered[["expiry", "strike", "right", "bid", "ask"]].eq(ordered[["expiry", "strike", "right", "bid", "ask"]].shift()).all(axis=1)
    runs = (~same).cumsum()
    spot = ordered["spot"].groupby(runs)
    moved = spot.transform("max") / spot.transform("min") - 1 > limits.stale_move
    long_enough = runs.groupby(runs).transform("size") >= limits.stale_rows
    return (moved & long_enough & same).reindex(frame.index)


def examples_of(frame: pd.DataFrame, mask: pd.Series[Any]) -> tuple[str, ...]:
    """The first faulty rows in words."""
    rows: list[dict[str, Any]] = frame[mask].head(EXAMPLES).to_dict("records")  # type: ignore[assignment]
    return tuple(f"{row['at']} {row['expiry']:%Y-%m-%d} {row['right']} {row['strike']:g} bid {row['bid']:g} ask {row['ask']:g}" for row in rows)


def missing_sessions(days: Sequence[date]) -> list[date]:
    """Sessions of the New York exchange between the first and last day that have no row."""
    calendar = exchange_calendars.get_calendar("XNYS", start=str(days[0]), end=str(days[-1])) if days[0] < days[-1] else None
    if calendar is None:
        return []
    have = set(days)
    return [session.date() for session in calendar.sessions_in_range(str(days[0]), str(days[-1])) if session.date() not in have]


def possible_splits(frame: pd.DataFrame, limits: QualityLimits) -> list[str]:
    """Days on which the underlying moved overnight by about a split ratio."""
    closes = frame.dropna(subset=["spot"]).groupby(frame["at"].dt.normalize())["spot"].last()
    ratios = (closes.shift() / closes).dropna()
    found: list[str] = []
    for day, ratio in ratios.items():
        nearest = min((*SPLIT_RATIOS, *(1 / r for r in SPLIT_RATIOS)), key=lambda r: abs(ratio / r - 1))
        if isfinite(ratio) and abs(ratio / nearest - 1) < limits.split_tolerance:
            found.append(f"{day:%Y-%m-%d}: underlying changed by 1/{ratio:.3g}, near a {nearest:.3g}-for-1 split")
    return found
