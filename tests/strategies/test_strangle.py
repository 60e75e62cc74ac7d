"""Strangles: symbols by phase, delta strikes, gates, and the ladder 16/20/25/30."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from risk.parameters import PhaseParameters
from strategies.strangle import IvRankSource, StrangleParameters, StrangleStrategy
from strategies.strangle.exits import DeltaLadder, sides
from tests.priced_world import PlainBook, PricedWorld, marks_of, opened_by
from vocabulary.contracts import AssetClass, Right
from vocabulary.decisions import Action, Decision
from vocabulary.errors import BadInput
from vocabulary.market import AccountView
from vocabulary.positions import Position

ENTRY = date(2024, 6, 11)  # second Tuesday
SMALL = AccountView("GBP", 35_000.0, 0.0, 0.0, 35_000.0)


def world_on(day: date = ENTRY, moment: time = time(9, 35)) -> PricedWorld:
    world = PricedWorld().at(day, moment)
    world.prices |= {"ES": 5400.0, "CL": 80.0, "GC": 2350.0}
    world.closes["VIX"] = [12.0 + number % 8 for number in range(300)]
    world.volatility = 0.25
    return world


def strategy(**changes: object) -> StrangleStrategy:
    return StrangleStrategy(StrangleParameters(**changes), PhaseParameters())  # type: ignore[arg-type]


def position_in(world: PricedWorld, symbol: str = "GLD", **changes: object) -> Position:
    world.account = SMALL
    (decision,) = strategy(funds=(symbol,), **changes).propose(world, PlainBook())
    assert decision.action is Action.OPEN, decision.reason
    return opened_by(world, decision)


def test_second_tuesday_enters_and_every_session_prepares_rolls() -> None:
    world = world_on()
    assert len(strategy().due(world.now, world)) == 5
    world.at(date(2024, 6, 12))
    assert len(strategy().due(world.now, world)) == 1
    world.at(date(2024, 3, 29))
    assert strategy().due(world.now, world) == []


def test_a_large_account_sells_futures_options_and_a_small_one_funds() -> None:
    world = world_on()
    large = [decision.structure for decision in strategy().propose(world, PlainBook())]
    assert [found.underlying for found in large if found] == ["CL", "GC", "ES", "TLT", "GLD"]
    assert all(leg.contract.asset is AssetClass.FUTURE_OPTION for found in large[:3] if found for leg in found.legs)
    alone = strategy(funds_beside_futures=False).propose(world, PlainBook())
    assert [decision.structure.underlying for decision in alone if decision.structure] == ["CL", "GC", "ES"]
    world.account = SMALL
    assert [decision.structure.underlying for decision in strategy().propose(world, PlainBook()) if decision.structure] == ["TLT", "GLD"]


def test_the_strikes_have_the_wanted_deltas() -> None:
    world = world_on()
    world.account = SMALL
    first, *_ = strategy().propose(world, PlainBook())
    assert -0.075 < float(first.inputs["leg1_delta"] or 0) < -0.045
    assert 0.04 < float(first.inputs["leg2_delta"] or 0) < 0.07
    assert 65 <= int(first.inputs["dte"] or 0) <= 115


def test_everything_proposed_was_registered() -> None:
    world = world_on(moment=time(9, 31))
    registered = set(strategy().prepare(world, PlainBook()))
    for decision in strategy().propose(world.at(ENTRY, time(9, 35)), PlainBook()):
        assert decision.structure is not None and {leg.contract for leg in decision.structure.legs} <= registered


@pytest.mark.parametrize(
    ("changes", "prepare", "code"),
    [
        ({}, {"vix": 12.0}, "vix_low"),
        ({}, {"vix": 41.0}, "vix_high"),
        ({}, {"vix": None}, "vix_missing"),
        ({}, {"vix": 13.5}, "iv_rank_low"),
        ({}, {"closes": {"VIX": [15.0] * 100}}, "iv_rank_unknown"),
        ({"iv_rank_source": IvRankSource.REALISED}, {"closes": {"GLD": [200.0] * 30}}, "iv_rank_unknown"),
        ({"event_dates": (date(2024, 7, 5),)}, {}, "event_near"),
        ({"min_credit": 99.0}, {}, "credit_low"),
        ({"target_dte": 12, "dte_tolerance": 1}, {}, "no_expiry"),
    ],
)
def test_every_gate_refuses_with_its_own_code(changes: dict[str, object], prepare: dict[str, object], code: str) -> None:
    world = world_on()
    world.account = SMALL
    for name, value in prepare.items():
        setattr(world, name, value)
    (decision,) = strategy(funds=("GLD",), **changes).propose(world, PlainBook())
    assert (decision.action, decision.rule) == (Action.HOLD, f"strangle.{code}")


def test_an_event_that_is_over_or_far_refuses_nothing() -> None:
    world = world_on()
    events = (date(2024, 6, 10), date(2024, 8, 1))
    assert all(decision.action is Action.OPEN for decision in strategy(event_dates=events).propose(world, PlainBook()))


def test_one_strangle_per_symbol() -> None:
    world, book = world_on(), PlainBook()
    book.opened.append(position_in(world))
    assert strategy(funds=("GLD",)).propose(world, book) == []
    (again,) = strategy(funds=("GLD",)).propose(world.at(date(2024, 7, 9)), book)
    assert again.rule == "strangle.already_held"


@pytest.mark.parametrize(("vix", "units"), [(13.0, 2), (20.0, 2), (30.0, 3), (60.0, 4)])
def test_units_follow_the_vix_up_to_the_cap(vix: float, units: int) -> None:
    assert strategy(base_units=2).units(vix) == max(units if vix >= 20 else 1, 1)


def ladder(world: PricedWorld, position: Position, **changes: object) -> Decision | None:
    return DeltaLadder(StrangleParameters(**changes)).evaluate(position, marks_of(world, position), world)  # type: ignore[arg-type]


def put_delta_to(world: PricedWorld, position: Position, wanted: float) -> None:
    """Let the price fall until the put's delta is there."""
    while (found := sides(position, world)) is not None and found[0].delta < wanted:
        world.prices["GLD"] -= 0.25


def test_ladder_holds_then_rolls_then_closes_the_side_then_everything() -> None:
    world = world_on()
    position = position_in(world)
    assert ladder(world, position) is None
    put_delta_to(world, position, 0.17)
    assert ladder(world, position) is None
    put_delta_to(world, position, 0.205)
    rolled = ladder(world, position)
    assert rolled is not None and rolled.action is Action.ROLL and rolled.structure is not None and rolled.replacement is not None
    assert rolled.structure.legs[0].contract.right is Right.CALL
    assert (rolled.replacement.legs[0].contract.strike or 0) < (rolled.structure.legs[0].contract.strike or 0)
    put_delta_to(world, position, 0.255)
    side = ladder(world, position)
    assert side is not None and side.action is Action.REDUCE and side.structure is not None
    assert side.structure.legs[0].contract.right is Right.PUT and side.inputs["rung"] == "close_side"
    put_delta_to(world, position, 0.305)
    everything = ladder(world, position)
    assert everything is not None and everything.action is Action.CLOSE


def test_rolls_are_limited() -> None:
    world = world_on()
    position = replace(position_in(world), rolls=2)
    put_delta_to(world, position, 0.205)
    assert ladder(world, position) is None


def test_roll_candidates_are_registered_once_the_tested_side_passes_the_hold_line() -> None:
    world, book = world_on(), PlainBook()
    book.opened.append(position_in(world))
    world.at(date(2024, 6, 20), time(9, 31))
    assert strategy().prepare(world, book) == []
    put_delta_to(world, book.opened[0], 0.21)
    registered = set(strategy().prepare(world, book))
    rolled = ladder(world, book.opened[0])
    assert rolled is not None and rolled.replacement is not None
    assert rolled.replacement.legs[0].contract in registered


def test_without_a_quote_the_ladder_uses_the_chain_and_without_both_it_is_silent() -> None:
    world = world_on()
    position = position_in(world)
    marks = marks_of(world, position)
    world.hidden = {held.contract for held in position.holdings}
    assert DeltaLadder(StrangleParameters(ladder_hold=0.01, ladder_roll=0.01, ladder_close_side=0.01, ladder_close_all=0.02)).evaluate(position, marks, world)
    world.prices.pop("GLD")
    assert DeltaLadder(StrangleParameters()).evaluate(position, marks, world) is None


def test_a_ladder_out_of_order_is_refused() -> None:
    with pytest.raises(BadInput, match="ladder"):
        StrangleParameters(ladder_roll=0.5)
