"""Crash levels, black-swan days, crowding, and what they want closed."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.crash import next_level, observe_crowding, observe_index, observe_vix
from risk.demands import meet_demand
from risk.exposure import exposures
from risk.parameters import CrashParameters
from risk.state import CrashLevel, Demand, DemandKind, DeskState, RiskEvent, RiskState
from tests.priced_world import PlainBook, PricedWorld, marks_of, position_of
from tests.risk.cases import long_put, rich_world, spread, strangle
from vocabulary.decisions import Action, Strategy
from vocabulary.positions import Position, PositionState

CRASH = CrashParameters()


def calm(closes: float = 16.0) -> PricedWorld:
    world = rich_world()
    world.closes["VIX"] = [closes] * 5
    return world


def levels(*readings: float, yesterday: float = 16.0) -> list[str]:
    state, world, found = RiskState(), calm(yesterday), list[str]()
    for reading in readings:
        world.vix = reading
        state, _ = observe_vix(state, world, CRASH)
        found.append(state.crash.value)
    return found


def test_the_levels_follow_the_vix_with_recovery_only_below_thirty_and_twenty_three() -> None:
    found = levels(16, 25.5, 24.0, 36, 33, 31, 29, 26, 24, 22.9, yesterday=24.0)
    assert found == ["preventive", "defensive", "defensive", "emergency", "emergency", "emergency", "recovery", "recovery", "recovery", "preventive"]


@pytest.mark.parametrize(("vix", "level"), [(20.9, CrashLevel.PREVENTIVE), (21.0, CrashLevel.DEFENSIVE), (26.0, CrashLevel.EMERGENCY)])
def test_jumps_since_yesterday_count_below_the_levels(vix: float, level: CrashLevel) -> None:
    assert next_level(CrashLevel.PREVENTIVE, [vix], 16.0, CRASH) is level


def test_the_fifth_of_august_is_an_emergency_at_the_first_look() -> None:
    assert levels(38.57, yesterday=23.39) == ["emergency"]


def test_half_up_over_five_readings_above_thirty_is_an_emergency() -> None:
    assert next_level(CrashLevel.DEFENSIVE, [20, 22, 24, 28, 30.5], 28.0, CRASH) is CrashLevel.EMERGENCY
    assert next_level(CrashLevel.DEFENSIVE, [22, 24, 28, 30.5], 28.0, CRASH) is CrashLevel.DEFENSIVE


def test_a_missing_vix_changes_nothing() -> None:
    world = calm()
    world.vix = None
    state = RiskState(crash=CrashLevel.EMERGENCY)
    assert observe_vix(state, world, CRASH) == (state, ())


@given(st.lists(st.floats(9, 80), min_size=1, max_size=20))
def test_emergency_is_never_left_straight_into_calm(readings: list[float]) -> None:
    found = levels(*readings)
    for before, after in itertools.pairwise(found):
        assert not (before == "emergency" and after in ("preventive", "defensive"))


def test_reaching_a_level_demands_its_share_once() -> None:
    state, world = RiskState(), calm(24.0)
    shares: list[float] = []
    for reading in (26.0, 27.0, 36.0, 37.0, 29.0):
        world.vix = reading
        state, events = observe_vix(state, world, CRASH)
        shares += [event.demand.share for event in events if event.demand is not None]
    assert shares == [0.15, 0.40]


def test_a_flickering_vix_demands_nothing_again_until_days_have_passed() -> None:
    state, world = RiskState(), calm(24.0)
    shares: list[float] = []
    for day, reading in ((12, 26.0), (12, 22.0), (12, 26.0), (14, 22.0), (14, 26.0), (17, 22.0), (17, 26.0)):
        world.at(date(2024, 6, day)).vix = reading
        state, events = observe_vix(RiskState.from_text(state.to_text()), world, CRASH)
        shares += [event.demand.share for event in events if event.demand is not None]
    assert shares == [0.15, 0.15]


def test_a_single_position_is_not_sold_to_meet_a_small_share() -> None:
    world = rich_world()
    book = PlainBook([position_of(world, Strategy.STRANGLE, strangle("GLD"))])
    assert ask(world, book, Demand(DemandKind.CLOSE_SHARE, 0.15)) == []
    assert ask(world, book, Demand(DemandKind.CLOSE_SHARE, 0.60)) == ["p1"]


def test_a_black_swan_day_stops_new_risk_until_the_session_after_next() -> None:
    world = calm().at(date(2024, 8, 2))
    world.closes["SPY"] = [500.0] * 5
    world.prices["SPY"] = 474.0
    state, events = observe_index(RiskState(), world, CRASH)
    assert state.desk_state() is DeskState.REDUCE_ONLY and state.latches[0].until == date(2024, 8, 6)
    assert events[0].demand is not None and set(events[0].demand.strategies) == {"zero_dte", "strangle"}
    assert observe_index(state, world, CRASH) == (state, ())
    world.prices["SPY"] = 476.0
    assert observe_index(RiskState(), world, CRASH)[1] == ()


def book_of(world: PricedWorld) -> PlainBook:
    structures = [
        (Strategy.STRANGLE, strangle("GLD")),
        (Strategy.LT112, spread("SPY")),
        (Strategy.LEAP_LADDER, long_put("SPY")),
        (Strategy.STRANGLE, strangle("CL")),
    ]
    return PlainBook([position_of(world, strategy, structure, number=number) for number, (strategy, structure) in enumerate(structures)])


def ask(world: PricedWorld, book: PlainBook, demand: Demand) -> list[str | None]:
    event = RiskEvent(world.now, "TEST", "test", {}, demand)
    decisions = meet_demand(event, book, world, lambda position: marks_of(world, position), lambda ticker: 10_000.0)
    assert all(decision.action is Action.CLOSE for decision in decisions)
    return [decision.position_id for decision in decisions]


def test_demands_close_all_some_or_a_share_with_losers_first() -> None:
    world = rich_world()
    book = book_of(world)
    assert set(ask(world, book, Demand(DemandKind.CLOSE_ALL))) == {"p0", "p1", "p2", "p3"}
    assert set(ask(world, book, Demand(DemandKind.CLOSE_STRATEGIES, strategies=("strangle",)))) == {"p0", "p3"}
    share = ask(world, book, Demand(DemandKind.CLOSE_SHARE, 0.4))
    assert 1 <= len(share) < 4
    world.prices["SPY"] = 440.0  # now the LT112 loses most and the put gains
    assert ask(world, book, Demand(DemandKind.CLOSE_ALL))[-1] == "p2"


def test_a_position_already_closing_is_left_alone() -> None:
    world = rich_world()
    book = book_of(world)
    book.opened = [replace(position, state=PositionState.CLOSING) for position in book.opened]
    assert ask(world, book, Demand(DemandKind.CLOSE_ALL)) == []


def test_crowding_warns_once_while_it_lasts() -> None:
    world = rich_world()
    positions: list[Position] = [position_of(world, Strategy.LT112, spread("SPY", level=0.90 + number / 100), number=number) for number in range(4)]
    state, events = observe_crowding(RiskState(), world, exposures(PlainBook(positions), ()), CRASH)
    assert {str(event.inputs["where"]) for event in events} == {"group equity_index", "expiry 2024-09-20", "bullish"}
    state, again = observe_crowding(state, world, exposures(PlainBook(positions), ()), CRASH)
    assert again == ()
    state, _ = observe_crowding(state, world, (), CRASH)
    world.now += timedelta(days=1)
    assert len(observe_crowding(state, world, exposures(PlainBook(positions), ()), CRASH)[1]) == 3
