"""How far a run has come, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RunProgress:
    """time: algorithm's clock; equity: account value; positions: securities held; data_points: rows so far; share: part of the calendar time done, 0..1."""

    time: datetime
    equity: float
    positions: int
    data_points: int
    share: float
