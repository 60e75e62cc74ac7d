"""What runs when on one trading day, as a plain sorted list. One wake-up per minute runs everything due in it: exits before entries, always.

Times come from the session's own open and close, so early closes move or drop them. An engine's scheduler only has to wake the desk at `wakes(...)`; it
never decides an order of its own between two things due at the same minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from vocabulary.decisions import Strategy
from vocabulary.exits import ExitPlan
from vocabulary.market import Session
from vocabulary.parameters import setting


class Task(IntEnum):
    """Kinds of work; the number is the order within a minute."""

    EXITS = 1
    EXITS_OF_STRATEGY = 2
    PREPARE = 3
    PROPOSE = 4
    GREEKS = 5
    CLOSE_OF_DAY = 6


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One piece of work. strategy: its value for work of one strategy, "" for work of the whole desk."""

    at: datetime
    task: Task
    strategy: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleSettings:
    """The desk's own rhythm: `schedule.<field>`."""

    exits_every: int = setting(30, "minutes", "S002 schedule", "distance of the exit rounds, on the clock", 1, 390)
    first_exits: int = setting(5, "minutes after the open", "deliveries and gaps cannot wait for 10:00", "extra exit round; 0 for none", 0, 60)
    greeks_every: int = setting(120, "minutes", "S002 schedule", "distance of the Greeks reports", 1, 390)


def day_plan(session: Session, exit_plans: Mapping[Strategy, ExitPlan], appointments: Iterable[Slot], settings: ScheduleSettings) -> list[Slot]:
    """Everything due in one session, sorted. Appointments outside the session are dropped."""
    slots = {Slot(at, Task.EXITS) for at in _rounds(session, settings.exits_every)}
    if settings.first_exits:
        slots.add(Slot(session.open + timedelta(minutes=settings.first_exits), Task.EXITS))
    slots |= {Slot(at, Task.GREEKS) for at in _rounds(session, settings.exits_every)[:: max(1, settings.greeks_every // settings.exits_every)]}
    slots |= {Slot(at, Task.EXITS_OF_STRATEGY, strategy.value) for strategy, plan in exit_plans.items() for at in _checks(session, plan)}
    slots |= {slot for slot in appointments if session.open < slot.at < session.close}
    slots.add(Slot(session.close, Task.CLOSE_OF_DAY))
    return sorted(slots)


def _rounds(session: Session, every: int) -> list[datetime]:
    """Clock times divisible by `every` minutes strictly inside the session, from half an hour after the open."""
    midnight = session.open.replace(hour=0, minute=0)
    first = session.open + timedelta(minutes=min(every, 30))
    times = (midnight + timedelta(minutes=every * step) for step in range(24 * 60 // every + 1))
    return [at for at in times if first <= at < session.close]


def _checks(session: Session, plan: ExitPlan) -> set[datetime]:
    fixed = {session.open.replace(hour=at.hour, minute=at.minute, second=0) for at in plan.check_times}
    moving = {session.close - timedelta(minutes=minutes) for minutes in plan.before_close}
    return {at for at in fixed | moving if session.open < at < session.close}


def wakes(plan: Iterable[Slot]) -> list[datetime]:
    """Distinct times of a plan, ascending."""
    return sorted({slot.at for slot in plan})
