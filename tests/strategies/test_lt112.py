"""LT112: entry days, strikes, the one-expiry rule, component exits and defence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from risk.parameters import PhaseParameters
from strategies.lt112 import Lt112, Lt112Parameters, Lt112Structure
from strategies.lt112.components import naked_premium, naked_puts, spread_legs
from strategies.lt112.exits import DistanceDefence, DistanceWatch, NakedDecay, ShortDeltaExit, SpreadProfit
from strategies.lt112.parameters import AtrScaling
from strategies.lt112.premium import UnitStop
from tests.priced_world import PlainBook, PricedWorld, marks_of, opened_by
from trading.structures import combined, holdings_map, quantities, uncovered_shorts
from vocabulary.contracts import StructureKind
from vocabulary.decisions import Action, Decision
from vocabulary.market import AccountView
from vocabulary.positions import Position

ENTRY = date(2024, 6, 5)  # first Wednesday


def world_on(day: date = ENTRY, moment: time = time(10, 0)) -> PricedWorld:
    return PricedWorld().at(day, moment)


def strategy(**changes: object) -> Lt112:
    return Lt112(Lt112Parameters(**changes), PhaseParameters())  # type: ignore[arg-type]


def entered(world: PricedWorld, **changes: object) -> Position:
    (decision,) = strategy(**changes).propose(world, PlainBook())
    assert decision.action is Action.OPEN, decision.reason
    return opened_by(world, decision)


def test_first_wednesday_for_every_account_and_further_ones_for_larger() -> None:
    small, large = world_on(), world_on()
    large.account = AccountView("GBP", 160_000.0, 0.0, 0.0, 160_000.0)
    days = [date(2024, 6, day) for day in (5, 12, 19, 20, 26)]
    # 19 June is a holiday, so the third Wednesday's entry is on the 20th
    assert [bool(strategy().due(small.at(day).now, small)) for day in days] == [True, True, False, False, False]
    assert [bool(strategy().due(large.at(day).now, large)) for day in days] == [True, True, False, True, True]


def test_the_one_one_two_is_a_spread_near_seven_percent_and_two_five_delta_puts() -> None:
    (decision,) = strategy().propose(world_on(), PlainBook())
    assert decision.structure is not None and decision.structure.kind is StructureKind.LT112
    (near, far, naked), ratios = [leg.contract for leg in decision.structure.legs], [leg.ratio for leg in decision.structure.legs]
    assert ratios == [1, -1, -2]
    assert 0.90 < (near.strike or 0) / 500 < 0.95
    assert (near.strike or 0) - (far.strike or 0) == pytest.approx(5, abs=1)
    assert -0.07 < float(decision.inputs["leg3_delta"] or 0) < -0.03
    assert 100 <= int(decision.inputs["dte"] or 0) <= 140
    assert naked.expiry == near.expiry == far.expiry


def test_the_literal_distance_lands_near_the_money_and_the_delta_cap_refuses_it() -> None:
    (decision,) = strategy(atr_scaling=AtrScaling.LITERAL, max_spread_delta=0.35).propose(world_on(), PlainBook())
    assert decision.rule == "lt112.delta_high"


def test_the_put_spread_form_sells_the_nearer_put() -> None:
    (decision,) = strategy(structure=Lt112Structure.PUT_SPREAD).propose(world_on(), PlainBook())
    assert decision.structure is not None
    assert [leg.ratio for leg in decision.structure.legs] == [-1, 1]
    assert decision.limit is not None and decision.limit > 0


def test_a_credit_that_exists_only_at_the_mid_is_refused() -> None:
    """The real GOOG case: positive at mid, a debit of 120 at the prices it would trade at."""
    world = world_on()
    (narrow,) = strategy().propose(world, PlainBook())
    assert narrow.action is Action.OPEN and narrow.limit is not None
    world.half_spread = 0.25
    (wide,) = strategy(min_credit=0.0).propose(world, PlainBook())
    assert narrow.limit > 0 and (wide.action, wide.rule) == (Action.HOLD, "lt112.credit_low")
    assert float(wide.inputs["credit"] or 0) < 0 < float(wide.inputs["mid"] or 0)


def plan_says(world: PricedWorld, position: Position, **changes: object) -> Decision | None:
    """The first decision of the plan, component exits and alerts included."""
    marks = marks_of(world, position)
    answers = (rule.evaluate(position, marks, world) for rule in strategy(**changes).exit_plan().rules)
    return next((decision for decision in answers if decision is not None), None)


def test_the_stop_of_the_one_one_two_is_twice_the_premium_of_its_naked_puts() -> None:
    world = world_on()
    position = entered(world)
    naked, premium = naked_puts(position), naked_premium(position)
    assert naked is not None and premium == pytest.approx(200 * position.units * float(naked.average_price))
    loss = 3 * float(position.entry_credit)
    while -marks_of(world, position).profit_natural < loss:  # three times the net, and the naked puts are not yet at three times their premium
        world.prices["SPY"] -= 0.25
    assert plan_says(world, position, component_exits=False) is None
    while quoted(world, position) < 3 * float(naked.average_price):
        world.prices["SPY"] -= 0.25
    decision = plan_says(world, position)
    assert decision is not None and (decision.action, decision.rule) == (Action.CLOSE, "S002-11 stop 200%")
    assert decision.inputs["base"] == "premium of the naked puts"


def quoted(world: PricedWorld, position: Position) -> float:
    naked = naked_puts(position)
    quote = None if naked is None else world.quote(naked.contract)
    assert quote is not None
    return quote.ask


def test_the_target_of_the_one_one_two_is_half_the_premium_of_its_naked_puts() -> None:
    world = world_on()
    position = entered(world)
    premium = naked_premium(position)
    assert premium is not None and premium > 1.5 * float(position.entry_credit)
    while marks_of(world, position).profit_natural < 0.5 * float(position.entry_credit):
        world.prices["SPY"] += 0.25
    assert plan_says(world, position, component_exits=False) is None
    marks = replace(marks_of(world, position), profit_natural=0.5 * premium)
    (decision,) = [found for rule in strategy().exit_plan().rules if rule.rule_id == "S002-9 profit 50%" and (found := rule.evaluate(position, marks, world))]
    assert decision.action is Action.CLOSE and decision.inputs["base"] == "premium of the naked puts"


def test_the_put_spread_form_keeps_stop_and_target_on_its_net_credit() -> None:
    world = world_on()
    position = entered(world, structure=Lt112Structure.PUT_SPREAD)
    credit, marks = float(position.entry_credit), marks_of(world, position)
    for profit, rule in ((0.5 * credit, "S002-9 profit 50%"), (-2 * credit, "S002-11 stop 200%")):
        answers = [found for each in strategy().exit_plan().rules if (found := each.evaluate(position, replace(marks, profit_natural=profit), world))]
        assert [(found.rule, found.inputs["premium"]) for found in answers] == [(rule, pytest.approx(credit))]


def test_a_hedge_left_alone_is_sold_at_its_own_target_and_not_by_the_units() -> None:
    world = world_on()
    position = entered(world)
    naked = naked_puts(position)
    alone = replace(position, holdings=tuple(held for held in position.holdings if held != naked))
    assert plan_says(world, alone) is None
    world.at(date(2024, 8, 20)).prices["SPY"] = 462.0
    decision = plan_says(world, alone)
    assert decision is not None and (decision.action, decision.rule) == (Action.CLOSE, "A2 spread profit 50%")


def test_everything_proposed_was_registered() -> None:
    world = world_on(moment=time(9, 45))
    registered = set(strategy().prepare(world, PlainBook()))
    (decision,) = strategy().propose(world.at(ENTRY), PlainBook())
    assert decision.structure is not None and {leg.contract for leg in decision.structure.legs} <= registered


def test_never_two_on_one_expiry() -> None:
    world, book = world_on(), PlainBook()
    book.opened.append(entered(world))
    taken = book.opened[0].nearest_expiry()
    (second,) = strategy().propose(world.at(date(2024, 6, 12)), book)
    assert second.rule == "lt112.expiry_clash" or (second.structure is not None and second.structure.nearest_expiry != taken)
    narrow = strategy(dte_tolerance=8, target_dte=(taken - date(2024, 6, 12)).days if taken else 0)
    (clash,) = narrow.propose(world, book)
    assert clash.rule == "lt112.expiry_clash"


@pytest.mark.parametrize(
    ("changes", "prepare", "code"),
    [
        ({}, {"vix": 11.0}, "vix_low"),
        ({}, {"vix": 36.0}, "vix_high"),
        ({}, {"account": AccountView("USD", 100_000.0, 0, 0, 7_000.0)}, "buying_power"),
        ({}, {"closes": {"SPY": [400.0 + number / 5 for number in range(400)]}}, "at_year_high"),
        ({"trend_gate": True}, {"closes": {"SPY": [600.0 - number / 5 for number in range(400)]}}, "trend_down"),
        ({}, {"closes": {"SPY": [500.0] * 5}}, "high_unknown"),
        ({"year_high_gate": False}, {"closes": {"SPY": [500.0] * 5}}, "atr_unknown"),
        ({"min_credit": 50.0}, {}, "credit_low"),
        ({"dte_tolerance": 0, "target_dte": 111}, {}, "no_expiry"),
    ],
)
def test_every_gate_refuses_with_its_own_code(changes: dict[str, object], prepare: dict[str, object], code: str) -> None:
    world = world_on()
    for name, value in prepare.items():
        setattr(world, name, value)
    (decision,) = strategy(**changes).propose(world, PlainBook())
    assert (decision.action, decision.rule) == (Action.HOLD, f"lt112.{code}")


def evaluate(world: PricedWorld, position: Position, rule: object) -> Decision | None:
    return rule.evaluate(position, marks_of(world, position), world)  # type: ignore[attr-defined]


def test_naked_puts_are_bought_back_when_decayed_and_the_spread_stays() -> None:
    world = world_on()
    position = entered(world)
    assert evaluate(world, position, NakedDecay(0.9, 30)) is None
    world.at(date(2024, 7, 10)).prices["SPY"] = 560.0
    decision = evaluate(world, position, NakedDecay(0.9, 30))
    naked = naked_puts(position)
    assert decision is not None and decision.action is Action.REDUCE and decision.structure is not None and naked is not None
    assert [(leg.contract, leg.ratio) for leg in decision.structure.legs] == [(naked.contract, -1)]
    assert decision.units == 2 * position.units


def test_naked_puts_are_bought_back_at_thirty_days() -> None:
    world = world_on()
    position = entered(world)
    expiry = position.nearest_expiry()
    assert expiry is not None
    decision = evaluate(world.at(date.fromordinal(expiry.toordinal() - 30)), position, NakedDecay(0.999, 30))
    assert decision is not None and decision.action is Action.REDUCE


def test_the_spread_is_sold_at_half_its_debit() -> None:
    world = world_on()
    position = entered(world)
    assert evaluate(world, position, SpreadProfit(0.5, keep_hedge=False)) is None
    world.at(date(2024, 8, 20)).prices["SPY"] = 462.0
    assert evaluate(world, position, SpreadProfit(0.5)) is None, "the hedge stays while the naked puts are there"
    hedge = replace(position, holdings=spread_legs(position))
    alone = evaluate(world, hedge, SpreadProfit(0.5))
    assert alone is not None and alone.action is Action.CLOSE
    decision = evaluate(world, position, SpreadProfit(0.5, keep_hedge=False))
    assert decision is not None and decision.structure is not None
    assert [leg.ratio for leg in decision.structure.legs] == [1, -1]
    left = combined(holdings_map(position.holdings), quantities(decision.structure.reversed(), decision.units))
    assert uncovered_shorts(left) == uncovered_shorts(quantities(position.structure, position.units)), "no more naked than the structure was born"


def test_defence_closes_the_whole_unit_at_the_line_and_warns_before() -> None:
    world = world_on()
    position = entered(world)
    strike = (naked_puts(position) or position.holdings[0]).contract.strike or 0.0
    watch, close = DistanceWatch(0.015, 0.010), DistanceDefence(0.005)
    stages = {0.02: None, 0.014: "watch", 0.009: "prepare"}
    for distance, stage in stages.items():
        world.prices["SPY"] = strike / (1 - distance)
        alert = evaluate(world, position, watch)
        assert (None if alert is None else alert.inputs["stage"]) == stage
        assert evaluate(world, position, close) is None
    world.prices["SPY"] = strike / (1 - 0.004)
    decision = evaluate(world, position, close)
    assert decision is not None and decision.action is Action.CLOSE


def test_naked_loss_and_delta_close_the_whole_unit() -> None:
    world = world_on()
    position = entered(world)
    assert evaluate(world, position, UnitStop(2.0)) is None
    world.prices["SPY"] = 445.0
    assert (found := evaluate(world, position, UnitStop(2.0))) is not None and found.action is Action.CLOSE
    assert evaluate(world, position, ShortDeltaExit(0.40)) is None
    world.prices["SPY"] = 415.0
    assert (found := evaluate(world, position, ShortDeltaExit(0.40))) is not None and found.action is Action.CLOSE


def test_component_rules_are_silent_once_the_naked_puts_are_gone() -> None:
    world = world_on()
    position = entered(world)
    naked = naked_puts(position)
    left = replace(position, holdings=tuple(held for held in position.holdings if held != naked), net_cash=Decimal(0))
    world.prices["SPY"] = 430.0
    for rule in (NakedDecay(0.0, 400), UnitStop(0.1), DistanceDefence(0.5), ShortDeltaExit(0.01)):
        assert evaluate(world, left, rule) is None


def test_component_exits_can_be_switched_off() -> None:
    rules = {type(rule) for rule in strategy(component_exits=False).exit_plan().rules}
    assert NakedDecay not in rules and DistanceDefence in rules
