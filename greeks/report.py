"""The Greeks table of the two-hourly report (S002-25) as plain rows; who prints, mails or draws it is not this room's business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time

from greeks.limits import LimitParameters, LimitState, limit_states
from greeks.portfolio import Exposure, PortfolioGreeks
from greeks.score import Score, ScoreParameters, risk_score

REPORT_HOURS = (time(10, 0), time(12, 0), time(14, 0), time(16, 0))
"""Wall-clock New York times of the two-hourly report inside a regular session (S002 schedule: Greeks every 2 hours)."""


@dataclass(frozen=True, slots=True)
class GreeksRow:
    """One line. part: "total", "group", "underlying", "strategy" or "position"; delta in own shares, the rest in the desk's units."""

    part: str
    name: str
    delta: float
    spy_delta: float
    spy_gamma: float
    theta: float
    vega: float
    rho: float


@dataclass(frozen=True, slots=True)
class GreeksReport:
    """The table, the limits with their use, the score, and what could not be included."""

    at: datetime
    rows: tuple[GreeksRow, ...]
    limits: tuple[LimitState, ...]
    score: Score
    unknown: tuple[str, ...]
    unweighted: tuple[str, ...]


def greeks_report(at: datetime, book: PortfolioGreeks, phase: int, limits: LimitParameters | None = None, score: ScoreParameters | None = None) -> GreeksReport:
    """Total first, then groups, underlyings, strategies and positions. Own-share delta is shown (not NaN) where all legs share an underlying."""
    parts: tuple[tuple[str, Mapping[str, Exposure]], ...] = (
        ("group", book.by_group),
        ("underlying", book.by_underlying),
        ("strategy", book.by_strategy),
        ("position", book.by_position),
    )
    total = _row("total", "book", book.total)
    rows = [total, *(_row(part, name, exposure) for part, table in parts for name, exposure in table.items())]
    weighted = book.total.weighted
    return GreeksReport(at, tuple(rows), limit_states(weighted, phase, limits), risk_score(weighted, score), book.unknown, book.unweighted)


def _row(part: str, name: str, exposure: Exposure) -> GreeksRow:
    native, weighted = exposure.native, exposure.weighted
    own = native.delta if part in ("underlying", "position") else float("nan")
    return GreeksRow(part, name, own, weighted.delta, weighted.gamma, native.theta, native.vega, native.rho)
