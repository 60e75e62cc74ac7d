"""The day's plain list: clock rounds, strategy checks, early closes."""

from __future__ import annotations

from datetime import date, datetime, time

from tests.trading.plain_market import NEW_YORK
from trading.schedule import ScheduleSettings, Slot, Task, day_plan, wakes
from vocabulary.decisions import Strategy
from vocabulary.exits import ExitPlan
from vocabulary.market import Session

PLAN = {Strategy.ZERO_DTE: ExitPlan((), (time(10, 45), time(15, 0)), (10,))}


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2024, 7, 3, hour, minute, tzinfo=NEW_YORK)


def session(close: int) -> Session:
    return Session(date(2024, 7, 3), at(9, 30), at(close))


def test_exit_rounds_every_half_hour_and_once_after_the_open() -> None:
    plan = day_plan(session(16), {}, (), ScheduleSettings())
    rounds = [slot.at for slot in plan if slot.task is Task.EXITS]
    assert rounds[:3] == [at(9, 35), at(10), at(10, 30)] and rounds[-1] == at(15, 30)
    assert [slot.at for slot in plan if slot.task is Task.GREEKS] == [at(10), at(12), at(14)]
    assert plan[-1] == Slot(at(16), Task.CLOSE_OF_DAY)


def test_an_early_close_drops_what_is_later_and_moves_what_counts_from_it() -> None:
    plan = day_plan(session(13), PLAN, (), ScheduleSettings())
    checks = [slot.at for slot in plan if slot.task is Task.EXITS_OF_STRATEGY]
    assert checks == [at(10, 45), at(12, 50)]
    assert max(wakes(plan)) == at(13)


def test_within_a_minute_exits_come_first_and_wakes_are_distinct() -> None:
    proposal = Slot(at(10, 30), Task.PROPOSE, "lt112")
    plan = day_plan(session(16), PLAN, (proposal, Slot(at(16, 30), Task.PROPOSE, "lt112")), ScheduleSettings())
    minute = [slot.task for slot in plan if slot.at == at(10, 30)]
    assert minute == [Task.EXITS, Task.PROPOSE]
    assert len(wakes(plan)) == len({slot.at for slot in plan})
    assert proposal in plan and all(slot.at <= at(16) for slot in plan)
