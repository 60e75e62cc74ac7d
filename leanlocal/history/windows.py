"""The span of time a history request means (reference: lean-fidelity §8.3).

A request by count walks back through the market's open hours; a daily one counts sessions that have closed, so that at the close today's bar is the last.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from leanlocal.clock import Micros
from leanlocal.feeds.loading import STEP_LENGTH
from leanlocal.market_hours import ExchangeHours
from marketdata.port import Step

if TYPE_CHECKING:
    from datetime import date

LONGEST_WALK_DAYS = 40_000


def start_of_bars(hours: ExchangeHours, end: Micros, count: int, step: Step, extended: bool) -> Micros:
    """UTC moment before which none of the last `count` bars begins."""
    return _start_of_sessions(hours, end, count) if step is Step.DAILY else _start_of_intraday(hours, end, count, step, extended)


def _start_of_sessions(hours: ExchangeHours, end: Micros, count: int) -> Micros:
    day = hours.local_date(end)
    for _ in range(LONGEST_WALK_DAYS):
        closes = hours.last_close(day)
        if closes is not None and closes <= end:
            count -= 1
            if count <= 0:
                break
        day = _before(day)
    return hours.midnight(day)


def _start_of_intraday(hours: ExchangeHours, end: Micros, count: int, step: Step, extended: bool) -> Micros:
    length = STEP_LENGTH[step]
    day, moment = hours.local_date(end), end // length * length
    for _ in range(LONGEST_WALK_DAYS):
        for opens, closes in reversed(hours.sessions(day, extended)):
            last = min(moment, -(-closes // length) * length)
            first = opens // length * length
            bars = max(0, (last - first) // length)
            if bars >= count:
                return last - count * length
            count -= bars
        day = _before(day)
    return hours.midnight(day)


def _before(day: date) -> date:
    return day - timedelta(days=1)
