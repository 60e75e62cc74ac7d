"""The variance clock: how fast variance passes, by minute of the session and by day.

Variance time runs in years of 252 ordinary sessions. A session spends 61 % of it in the 390 minutes of regular trading, most at the open and the close
(U shape: Wood, McInish and Ord 1985; Andersen and Bollerslev 1997), 35 % overnight with small humps at the European open and at 08:30: over 1998 to 2021
SPY's nights held 35 % of its daily variance, measured on LEAN's sample. Weekends and holidays add a little, days of a scheduled Federal Reserve decision a
lot, most of that after 14:00. Implied variance and realised variance share this clock, which is what makes a same-day option lose its value as it does.
Trading is not spread like variance: nights move prices far on little volume, so activity has shares of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from marketdata.synthetic.calendar import CLOSE, HALF_DAY_CUT, NODES, OPEN, Sessions, node_at, sessions

Floats = NDArray[np.float64]
YEAR = 252.0
HALF_DAY = 0.65
EVENT = 1.6
GAP_PER_CLOSED_DAY = 0.04


@dataclass(frozen=True, slots=True)
class DayShares:
    """How an ordinary session is split into the hours before the open, regular trading and the hours after; sums to one."""

    overnight: float
    regular: float
    after: float


VARIANCE = DayShares(0.35, 0.61, 0.04)
ACTIVITY = DayShares(0.18, 0.78, 0.04)

FED_DECISIONS = (
    "2018-01-31 2018-03-21 2018-05-02 2018-06-13 2018-08-01 2018-09-26 2018-11-08 2018-12-19 2019-01-30 2019-03-20 2019-05-01 2019-06-19 2019-07-31 "
    "2019-09-18 2019-10-30 2019-12-11 2020-01-29 2020-04-29 2020-06-10 2020-07-29 2020-09-16 2020-11-05 2020-12-16 2021-01-27 2021-03-17 2021-04-28 "
    "2021-06-16 2021-07-28 2021-09-22 2021-11-03 2021-12-15 2022-01-26 2022-03-16 2022-05-04 2022-06-15 2022-07-27 2022-09-21 2022-11-02 2022-12-14 "
    "2023-02-01 2023-03-22 2023-05-03 2023-06-14 2023-07-26 2023-09-20 2023-11-01 2023-12-13 2024-01-31 2024-03-20 2024-05-01 2024-06-12 2024-07-31 "
    "2024-09-18 2024-11-07 2024-12-18 2025-01-29 2025-03-19 2025-05-07 2025-06-18 2025-07-30 2025-09-17 2025-10-29 2025-12-10 2026-01-28 2026-03-18 "
    "2026-04-29 2026-06-17 2026-07-29 2026-09-16 2026-10-28 2026-12-09"
)
"""Scheduled meetings' second days as the Federal Reserve published them."""


@dataclass(frozen=True, slots=True)
class VarianceClock:
    """Variance time of every node. opened: (n,) clock at each session's node 0, after the gap; gap: (n,) clock spent between the session before and it;
    shape: (3, NODES + 1) share of a session's own time gone by each node, for ordinary, half and event days; kind: (n,) row of `shape`; own: (n,) time of a
    session.
    """

    opened: Floats
    gap: Floats
    shape: Floats
    kind: NDArray[np.int64]
    own: Floats

    def at(self, index: int, node: int | NDArray[np.int64]) -> Floats:
        """Variance time in years of nodes of one session."""
        return self.opened[index] + self.own[index] * self.shape[self.kind[index], node]


@cache
def variance_clock() -> VarianceClock:
    """The clock of the calendar, built once."""
    calendar = sessions()
    kind = day_kinds(calendar)
    own = np.array([1.0, HALF_DAY, EVENT])[kind] / YEAR
    closed = np.diff(calendar.days, prepend=calendar.days[0] - 1) - 1
    gap = GAP_PER_CLOSED_DAY * closed / YEAR
    opened = np.cumsum(gap + own) - own
    return VarianceClock(opened, gap, np.stack([ordinary_shape(), half_day_shape(), event_shape()]), kind, own)


def day_kinds(calendar: Sessions) -> NDArray[np.int64]:
    """0 ordinary, 1 half-day, 2 Federal Reserve decision, per session."""
    decisions = np.array([(date.fromisoformat(text) - date(1970, 1, 1)).days for text in FED_DECISIONS.split()])
    return np.where(calendar.half, 1, np.where(np.isin(calendar.days, decisions), 2, 0))


def activity_weights() -> Floats:
    """Share of an ordinary session's trading in each minute, summing to one."""
    return minute_weights(ACTIVITY)


def minute_weights(split: DayShares = VARIANCE) -> Floats:
    """Weight of each minute of an ordinary session, summing to one."""
    minute = np.arange(NODES)
    quiet = 1.0 + 1.5 * hump(minute, node_at(3), 60) + 6.0 * hump(minute, node_at(8, 30), 12)
    into, left = minute - OPEN, CLOSE - 1 - minute
    regular = 1.0 + 3.0 * np.exp(-into / 25.0) + 1.2 * np.exp(-left / 30.0)
    night, day = minute < OPEN, (minute >= OPEN) & (minute < CLOSE)
    return split.overnight * share(quiet * night) + split.regular * share(regular * day) + split.after * share((minute >= CLOSE).astype(np.float64))


def ordinary_shape() -> Floats:
    """Share of the session's time gone by each node."""
    return gone_by(minute_weights())


def half_day_shape() -> Floats:
    """The same with the regular part ending three hours early and a quarter of an hour after it."""
    weights = minute_weights()
    cut = CLOSE - HALF_DAY_CUT
    weights[cut : cut + 15] = VARIANCE.after / 15.0
    weights[cut + 15 :] = 0.0
    return gone_by(share(weights))


def event_shape() -> Floats:
    """The same with the extra time of a decision between 14:00 and 15:00."""
    minute = np.arange(NODES)
    extra = np.where((minute >= node_at(14)) & (minute < CLOSE), np.exp(-(minute - node_at(14)) / 20.0), 0.0)
    return gone_by(minute_weights() / EVENT + share(extra) * (EVENT - 1.0) / EVENT)


def hump(minute: NDArray[np.int64], centre: int, width: float) -> Floats:
    """Bell around a node."""
    return np.exp(-0.5 * ((minute - centre) / width) ** 2)


def share(weights: Floats) -> Floats:
    """Scaled to sum to one."""
    return weights / weights.sum()


def gone_by(weights: Floats) -> Floats:
    """Running sum with a leading zero, ending at exactly one."""
    return np.minimum(np.concatenate([[0.0], np.cumsum(weights)]), 1.0)
