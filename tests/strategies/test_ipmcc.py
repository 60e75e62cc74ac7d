"""IPMCC: the LEAP, the weekly calls, the safe invariant, rolls and exits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.parameters import PhaseParameters
from strategies.ipmcc import CalledAway, EntryLevel, Ipmcc, IpmccParameters, SafeInvariant
from strategies.ipmcc.exits import LeapAlert, LeapLoss, LeapRoll, NoWeeklyCall, WeeklyRoll, WeeklySale
from strategies.ipmcc.holdings import parts_of
from tests.priced_world import NEW_YORK, PlainBook, PricedWorld, marks_of, opened_by, quoted_mid
from trading.exits.manager import ExitManager
from vocabulary.contracts import Right
from vocabulary.decisions import Action, Decision, Strategy
from vocabulary.market import AccountView
from vocabulary.positions import Holding, Position

TUESDAY, FRIDAY = date(2024, 6, 11), date(2024, 6, 14)


def world_on(day: date = TUESDAY, moment: time = time(10, 0)) -> PricedWorld:
    return PricedWorld(volatility=0.2, strikes=(0.6, 1.2), half_spread=0.004).at(day, moment)


def strategy(**changes: object) -> Ipmcc:
    return Ipmcc(IpmccParameters(**{"symbols": ("IWM",), **changes}), PhaseParameters())  # type: ignore[arg-type]


def with_leap(world: PricedWorld, **changes: object) -> Position:
    *_, decision = strategy(**changes).propose(world, PlainBook())
    assert decision.action is Action.OPEN, decision.reason
    return opened_by(world, decision)


def with_call(world: PricedWorld, position: Position, decision: Decision) -> Position:
    """The position after a weekly sale filled at the bid."""
    assert decision.replacement is not None
    contract, quote = decision.replacement.legs[0].contract, world.quote(decision.replacement.legs[0].contract)
    assert quote is not None
    price = Decimal(str(round(quote.bid, 4)))
    short = Holding(contract, -decision.units, price)
    kept = tuple(held for held in position.holdings if held.quantity > 0)
    return replace(position, holdings=(*kept, short), net_cash=position.net_cash + price * 100 * decision.units)


def evaluate(world: PricedWorld, position: Position, rule: object) -> Decision | None:
    return rule.evaluate(position, marks_of(world, position), world)  # type: ignore[attr-defined]


def sold(world: PricedWorld, position: Position, **changes: object) -> Decision:
    decision = evaluate(world, position, WeeklySale(IpmccParameters(**changes)))  # type: ignore[arg-type]
    assert decision is not None
    return decision


def test_the_leap_is_deep_a_year_out_and_bought_alone() -> None:
    position = with_leap(world_on())
    (leap,) = position.holdings
    assert leap.contract.right is Right.CALL and leap.quantity == 1
    assert 180 <= leap.contract.days_to_expiry(TUESDAY) <= 730
    assert 0.7 < (leap.contract.strike or 0) / 200 < 0.95


def test_symbols_too_large_for_the_account_are_refused_and_the_next_is_taken() -> None:
    world = world_on()
    world.account = AccountView("USD", 50_000.0, 0.0, 0.0, 50_000.0)
    first, second = strategy(symbols=("QQQ", "IWM")).propose(world, PlainBook())
    assert first.rule == "ipmcc.unit_too_large"
    bound, *_ = strategy(symbols=("IWM",), max_bound=0.1).propose(world, PlainBook())
    assert bound.rule == "ipmcc.unit_too_large" and "short call" in bound.reason
    assert second.action is Action.OPEN and second.structure is not None and second.structure.underlying == "IWM"


@pytest.mark.parametrize(
    ("changes", "prepare", "code"),
    [
        ({}, {"vix": 36.0}, "vix_high"),
        ({}, {"closes": {"IWM": [150.0] * 300}}, "at_year_high"),
        ({}, {"closes": {"IWM": [230.0] * 250 + [180.0] * 60}}, "no_pullback"),
        ({"max_extrinsic": 0.001}, {}, "leap_extrinsic"),
        ({"max_spread": 0.001}, {}, "leap_spread"),
        ({"leap_dte": 800, "leap_dte_low": 800, "leap_dte_high": 801}, {}, "no_leap"),
        ({"min_volume": 1e6}, {}, "no_leap"),
        ({}, {"account": AccountView("USD", 20_000.0, 0.0, 0.0, 20_000.0)}, "unit_too_large"),
    ],
)
def test_every_gate_refuses_with_its_own_code(changes: dict[str, object], prepare: dict[str, object], code: str) -> None:
    world = world_on()
    for name, value in prepare.items():
        setattr(world, name, value)
    (decision,) = strategy(**changes).propose(world, PlainBook())
    assert (decision.action, decision.rule) == (Action.HOLD, f"ipmcc.{code}")


@pytest.mark.parametrize(
    ("level", "price", "enters"), [(EntryLevel.ANY, 203.0, True), (EntryLevel.AVERAGE_50, 200.0, False), (EntryLevel.LOWER_BAND, 203.0, False)]
)
def test_the_entry_level_is_a_parameter(level: EntryLevel, price: float, enters: bool) -> None:
    world = world_on()
    world.prices["IWM"] = price
    (decision,) = strategy(entry_level=level, entry_tolerance=0.02).propose(world, PlainBook())
    assert (decision.action is Action.OPEN) is enters


def test_the_weekly_call_is_sold_on_the_weeks_last_session_only() -> None:
    world = world_on()
    position = with_leap(world)
    assert evaluate(world.at(date(2024, 6, 13)), position, WeeklySale(IpmccParameters())) is None
    assert evaluate(world.at(FRIDAY, time(9, 45)), position, WeeklySale(IpmccParameters())) is None
    decision = sold(world.at(FRIDAY), position)
    assert decision.action is Action.ROLL and decision.structure is None and decision.replacement is not None
    (leg,) = decision.replacement.legs
    assert leg.ratio == -1 and leg.contract.expiry == date(2024, 6, 21)


def test_before_good_friday_the_call_is_sold_on_thursday() -> None:
    world = PricedWorld(volatility=0.2, strikes=(0.6, 1.2), half_spread=0.004).at(date(2024, 3, 26))
    position = with_leap(world)
    decision = sold(world.at(date(2024, 3, 28)), position)
    assert decision.replacement is not None and decision.replacement.legs[0].contract.expiry == date(2024, 4, 5)


@settings(max_examples=40, deadline=None)
@given(st.floats(170, 230), st.floats(0.12, 0.5), st.floats(1.0, 2.0))
def test_a_called_away_exit_never_locks_a_loss(price: float, volatility: float, rise: float) -> None:
    world = world_on()
    position = with_leap(world)
    world.at(FRIDAY).prices["IWM"] = price
    world.volatility = volatility
    decision = evaluate(world, position, WeeklySale(IpmccParameters()))
    if decision is None:
        return
    after = with_call(world, position, decision)
    parts = parts_of(after)
    assert parts is not None and parts.short is not None
    # whatever the price above the strike and however low the volatility, selling the LEAP and buying the call back at expiry leaves no loss
    world.at(date(2024, 6, 21), time(16, 0)).prices["IWM"] = (parts.short.contract.strike or 0) * rise
    world.volatility = 0.01
    assert marks_of(world, after).profit_mid > -1.0


def test_the_literal_invariant_asks_for_a_higher_strike_than_the_discounted_one() -> None:
    world = world_on()
    position = with_leap(world)
    parts = parts_of(position)
    assert parts is not None
    assert parts.safe_strike(position, 0.5, 1.0) > parts.safe_strike(position, 0.5, 0.96)
    assert evaluate(world.at(FRIDAY), position, WeeklySale(IpmccParameters(safe_invariant=SafeInvariant.LITERAL))) is None
    assert sold(world, position).replacement is not None


def test_everything_sold_was_registered_in_the_morning() -> None:
    world, book = world_on(), PlainBook()
    book.opened.append(with_leap(world))
    registered = set(strategy().prepare(world.at(FRIDAY, time(9, 35)), book))
    decision = sold(world.at(FRIDAY), book.opened[0])
    assert decision.replacement is not None and decision.replacement.legs[0].contract in registered


def weekly(world: PricedWorld) -> Position:
    """A LEAP with a weekly call sold on Friday, expiring the next."""
    position = with_leap(world)
    return with_call(world, position, sold(world.at(FRIDAY), position))


def test_an_expiring_call_out_of_the_money_is_rolled_for_a_credit_as_one_order() -> None:
    world = world_on()
    position = weekly(world)
    rule = WeeklyRoll(IpmccParameters())
    world.at(date(2024, 6, 21), time(15, 29)).prices["IWM"] = 203.0
    early = evaluate(world, position, rule)
    assert early is None or early.action is Action.REDUCE
    decision = evaluate(world.at(date(2024, 6, 21), time(15, 30)), position, rule)
    assert decision is not None and decision.action is Action.ROLL and decision.structure is not None and decision.replacement is not None
    assert decision.limit is not None and decision.limit > 0
    assert decision.replacement.legs[0].contract.expiry == date(2024, 6, 28)


def test_a_deep_call_without_a_credit_roll_is_called_away_and_the_whole_position_closed() -> None:
    world = world_on()
    position = weekly(world)
    world.at(date(2024, 6, 21), time(15, 30)).prices["IWM"] = 240.0
    decision = evaluate(world, position, WeeklyRoll(IpmccParameters()))
    assert decision is not None and decision.action is Action.CLOSE and decision.rule == "A4 called away"
    assert marks_of(world, position).profit_natural > 0


def test_a_call_in_the_money_is_rolled_to_the_highest_strike_that_still_brings_a_credit() -> None:
    world = world_on()
    position = weekly(world)
    parts = parts_of(position)
    assert parts is not None and parts.short is not None
    strike = parts.short.contract.strike or 0.0
    world.at(date(2024, 6, 21), time(15, 30)).prices["IWM"] = strike * 1.015
    decision = evaluate(world, position, WeeklyRoll(IpmccParameters()))
    assert decision is not None and decision.action is Action.ROLL and decision.replacement is not None
    fresh = decision.replacement.legs[0].contract
    assert fresh.strike is not None and strike <= fresh.strike < strike * 1.015
    assert decision.limit is not None and decision.limit >= IpmccParameters().min_short_credit
    higher, old = world.quote(replace(fresh, strike=fresh.strike + 1)), world.quote(parts.short.contract)
    assert higher is not None and old is not None and higher.bid - old.ask < IpmccParameters().min_short_credit


def test_before_its_end_a_call_is_called_away_only_when_deep_in_the_money() -> None:
    world = world_on()
    position = weekly(world)
    parts = parts_of(position)
    assert parts is not None and parts.short is not None
    strike = parts.short.contract.strike or 0.0
    world.volatility, world.half_spread = 0.02, 0.0  # no time value is left, and no later call brings a credit
    world.at(date(2024, 6, 20), time(15, 0)).prices["IWM"] = strike * 1.03
    assert evaluate(world, position, WeeklyRoll(IpmccParameters(min_short_credit=2.0))) is None
    world.prices["IWM"] = strike * 1.05
    decision = evaluate(world, position, WeeklyRoll(IpmccParameters(min_short_credit=2.0)))
    assert decision is not None and (decision.action, decision.rule) == (Action.CLOSE, "A4 called away")


def test_on_its_last_morning_a_call_in_the_money_is_left_to_the_afternoon_roll() -> None:
    world = world_on()
    position = weekly(world)
    parts = parts_of(position)
    assert parts is not None and parts.short is not None
    world.at(date(2024, 6, 21), time(10, 0)).prices["IWM"] = (parts.short.contract.strike or 0.0) * 1.025
    world.volatility = 0.8  # time value is left, so nothing is spent yet
    plan = ExitManager({Strategy.IPMCC: strategy().exit_plan()})
    morning = plan.review([position], lambda held: marks_of(world, held), world).decisions
    assert [decision for decision in morning if decision.action is not Action.ALERT] == []
    world.at(date(2024, 6, 21), time(15, 30))
    afternoon = plan.review([position], lambda held: marks_of(world, held), world).decisions
    assert afternoon[0].action in (Action.ROLL, Action.CLOSE) and afternoon[0].rule in ("A4 weekly call roll", "A4 called away")


def test_a_week_without_a_safe_call_is_said_and_not_passed_over_in_silence() -> None:
    world = world_on()
    position = with_leap(world)
    world.at(FRIDAY).prices["IWM"] = 185.0
    assert evaluate(world, position, WeeklySale(IpmccParameters())) is None
    alert = evaluate(world, position, NoWeeklyCall(IpmccParameters()))
    assert alert is not None and alert.action is Action.ALERT
    assert float(alert.inputs["safe_strike"] or 0) > float(alert.inputs["highest"] or 0) == pytest.approx(185.0 * 1.04)
    assert evaluate(world.at(date(2024, 6, 13)), position, NoWeeklyCall(IpmccParameters())) is None
    world.at(FRIDAY).prices["IWM"] = 200.0
    assert evaluate(world, weekly(world), NoWeeklyCall(IpmccParameters())) is None


def test_weekly_calls_are_registered_only_when_one_may_be_sold_or_rolled() -> None:
    world, book = world_on(), PlainBook()
    book.opened.append(with_leap(world))
    assert strategy().prepare(world.at(date(2024, 6, 12), time(9, 35)), book) == ()
    book.opened[0] = weekly(world)
    assert strategy().prepare(world.at(date(2024, 6, 18), time(9, 35)), book)


def test_called_away_can_be_chosen_over_rolling() -> None:
    world = world_on()
    position = weekly(world)
    parts = parts_of(position)
    assert parts is not None and parts.short is not None
    world.at(date(2024, 6, 21), time(15, 30)).prices["IWM"] = (parts.short.contract.strike or 0) + 0.5
    rolled = evaluate(world, position, WeeklyRoll(IpmccParameters()))
    closed = evaluate(world, position, WeeklyRoll(IpmccParameters(called_away=CalledAway.CLOSE)))
    assert rolled is not None and rolled.action is Action.ROLL
    assert closed is not None and closed.action is Action.CLOSE


def test_a_call_whose_time_value_is_gone_is_bought_back() -> None:
    world = world_on()
    position = weekly(world)
    world.at(date(2024, 6, 18)).prices["IWM"] = 190.0
    decision = evaluate(world, position, WeeklyRoll(IpmccParameters()))
    assert decision is not None and decision.action is Action.REDUCE and decision.structure is not None
    assert decision.structure.legs[0].ratio == -1


def test_a_short_leap_is_rolled_as_one_order() -> None:
    world = world_on()
    position = with_leap(world)
    expiry = position.nearest_expiry()
    assert expiry is not None
    rule = LeapRoll(IpmccParameters())
    world.now = datetime.combine(date.fromordinal(expiry.toordinal() - 90), time(10), NEW_YORK)
    assert evaluate(world, position, rule) is None
    world.now = datetime.combine(date.fromordinal(expiry.toordinal() - 89), time(10), NEW_YORK)
    decision = evaluate(world, position, rule)
    assert decision is not None and decision.action is Action.ROLL and decision.structure is not None and decision.replacement is not None
    assert decision.replacement.legs[0].ratio == decision.structure.legs[0].ratio == 1


def test_leap_losses_alert_halve_and_close() -> None:
    world = world_on()
    position = with_leap(world)
    two = replace(position, units=2, holdings=(replace(position.holdings[0], quantity=2),), net_cash=position.net_cash * 2)
    bought = quoted_mid(world, position.holdings[0].contract)

    def fall_to(share: float) -> None:
        while quoted_mid(world, position.holdings[0].contract) > bought * share:
            world.prices["IWM"] -= 0.1

    parameters = IpmccParameters()
    fall_to(0.84)
    halved = evaluate(world, two, LeapLoss(parameters))
    assert halved is not None and halved.action is Action.REDUCE and halved.units == 1
    assert evaluate(world, position, LeapLoss(parameters)) is None
    assert evaluate(world, position, LeapAlert(0.2)) is None
    fall_to(0.79)
    assert (alert := evaluate(world, position, LeapAlert(0.2))) is not None and alert.action is Action.ALERT
    fall_to(0.69)
    assert (closing := evaluate(world, position, LeapLoss(parameters))) is not None and closing.action is Action.CLOSE
