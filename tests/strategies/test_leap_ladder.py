"""LEAP ladder: rungs by week and side, and how each side is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from risk.parameters import PhaseParameters
from strategies.leap_ladder import LadderSide, LeapLadder, LeapLadderParameters
from strategies.leap_ladder.exits import BoughtLoss, RungRoll
from tests.priced_world import NEW_YORK, PlainBook, PricedWorld, marks_of, opened_by
from trading.exits import DaysToExpiryExit, StopLoss
from vocabulary.decisions import Action
from vocabulary.errors import BadInput
from vocabulary.positions import Position

MONDAY = date(2024, 6, 10)


def world_on(day: date = MONDAY, moment: time = time(10, 0)) -> PricedWorld:
    return PricedWorld(volatility=0.18).at(day, moment)


def strategy(**changes: object) -> LeapLadder:
    return LeapLadder(LeapLadderParameters(**changes), PhaseParameters())  # type: ignore[arg-type]


def rung(world: PricedWorld, **changes: object) -> Position:
    (decision,) = strategy(**changes).propose(world, PlainBook())
    assert decision.action is Action.OPEN, decision.reason
    return opened_by(world, decision)


def test_monday_or_the_next_session_after_a_holiday() -> None:
    world = world_on()
    asked = {day: len(strategy().due(world.at(date(2024, 1, day)).now, world)) for day in (8, 9, 15, 16, 17)}
    assert asked == {8: 4, 9: 1, 15: 0, 16: 4, 17: 1}


@pytest.mark.parametrize(("day", "delta"), [(3, 0.12), (10, 0.13), (17, 0.14), (24, 0.12)])
def test_the_sold_put_follows_the_week_of_the_month(day: int, delta: float) -> None:
    (decision,) = strategy().propose(world_on(date(2024, 6, day)), PlainBook())
    assert abs(float(decision.inputs["leg1_delta"] or 0)) == pytest.approx(delta, abs=0.01)
    assert decision.structure is not None and decision.structure.legs[0].ratio == -1
    assert 305 <= int(decision.inputs["dte"] or 0) <= 425


@pytest.mark.parametrize(("vix", "code"), [(14.0, "vix_low"), (41.0, "vix_high"), (None, "vix_missing")])
def test_vix_gates(vix: float | None, code: str) -> None:
    world = world_on()
    world.vix = vix
    (decision,) = strategy().propose(world, PlainBook())
    assert decision.rule == f"leap_ladder.{code}"


def test_above_twenty_the_sold_rung_is_doubled() -> None:
    world = world_on()
    world.vix = 22.0
    (decision,) = strategy().propose(world, PlainBook())
    assert decision.units == 2


@pytest.mark.parametrize(("side", "ratio"), [(LadderSide.LONG_PUT, 1), (LadderSide.LONG_CALL, 1)])
def test_bought_rungs_come_once_a_quarter(side: LadderSide, ratio: int) -> None:
    world = world_on(date(2024, 7, 1))
    ladder = strategy(side=side)
    assert len(ladder.due(world.now, world)) == 4
    assert len(ladder.due(world.at(date(2024, 7, 8)).now, world)) == 1
    assert len(ladder.due(world.at(date(2024, 8, 5)).now, world)) == 1
    (decision,) = ladder.propose(world.at(date(2024, 7, 1)), PlainBook())
    assert decision.structure is not None and decision.structure.legs[0].ratio == ratio


def test_a_bought_ladder_has_neither_the_stop_nor_the_21_day_rule() -> None:
    rules = strategy(side=LadderSide.LONG_PUT).exit_plan().rules
    assert not any(isinstance(rule, StopLoss) for rule in rules)
    assert [rule.days for rule in rules if isinstance(rule, DaysToExpiryExit)] == [90]
    sold = strategy().exit_plan().rules
    assert not any(isinstance(rule, DaysToExpiryExit) for rule in sold)


def test_a_sold_rung_is_rolled_at_150_days_for_a_credit_then_closed() -> None:
    world = world_on()
    position = rung(world)
    expiry = position.nearest_expiry()
    assert expiry is not None
    rule = RungRoll(LeapLadderParameters())
    world.now = datetime.combine(date.fromordinal(expiry.toordinal() - 151), time(10), NEW_YORK)
    assert rule.evaluate(position, marks_of(world, position), world) is None
    world.now = datetime.combine(date.fromordinal(expiry.toordinal() - 150), time(10), NEW_YORK)
    assert set(strategy().prepare(world, PlainBook([position])))
    decision = rule.evaluate(position, marks_of(world, position), world)
    assert decision is not None and decision.action is Action.ROLL and decision.replacement is not None
    assert decision.limit is not None and decision.limit > 0
    assert (decision.replacement.legs[0].contract.expiry or expiry) > expiry
    worn = replace(position, rolls=2)
    closing = rule.evaluate(worn, marks_of(world, worn), world)
    assert closing is not None and closing.action is Action.CLOSE


def test_a_bought_rung_is_closed_at_half_its_debit() -> None:
    world = world_on(date(2024, 7, 1))
    position = rung(world, side=LadderSide.LONG_PUT)
    rule = BoughtLoss(0.5)
    assert rule.evaluate(position, marks_of(world, position), world) is None
    world.prices["SPY"] = 580.0
    decision = rule.evaluate(position, marks_of(world, position), world)
    assert decision is not None and decision.action is Action.CLOSE


def test_one_rung_a_day() -> None:
    world, book = world_on(), PlainBook()
    book.opened.append(rung(world))
    assert strategy().propose(world, book) == []
    (later,) = strategy().propose(world.at(date(2024, 6, 17)), book)
    assert later.action is Action.OPEN


def test_a_roll_day_beyond_the_target_is_refused() -> None:
    with pytest.raises(BadInput, match="roll_dte"):
        LeapLadderParameters(roll_dte=400)
