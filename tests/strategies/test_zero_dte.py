"""0DTE: when it asks, what it sells, why it refuses, how it is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from risk.parameters import PhaseParameters
from strategies.protocol import Purpose
from strategies.zero_dte import ZeroDte, ZeroDteParameters
from strategies.zero_dte.exits import AfternoonReview
from tests.priced_world import PlainBook, PricedWorld, marks_of, opened_by
from vocabulary.contracts import StructureKind
from vocabulary.decisions import Action
from vocabulary.errors import BadInput
from vocabulary.market import AccountView

FRIDAY = date(2024, 6, 14)


def friday(moment: time = time(10, 30)) -> PricedWorld:
    return PricedWorld(volatility=0.28).at(FRIDAY, moment)


def strategy(**changes: object) -> ZeroDte:
    return ZeroDte(ZeroDteParameters(**changes), PhaseParameters())  # type: ignore[arg-type]


def test_asked_at_half_past_ten_and_never_before() -> None:
    due = strategy().due(friday().now, friday())
    assert [entry.at.time() for entry in due if entry.purpose is Purpose.PROPOSE] == [time(10, 30), time(10, 35), time(10, 40)]
    assert min(entry.at.time() for entry in due) == time(9, 45)


@pytest.mark.parametrize("day", [date(2024, 3, 29), date(2024, 6, 13)])
def test_no_appointment_on_good_friday_or_a_thursday(day: date) -> None:
    world = friday().at(day)
    assert strategy().due(world.now, world) == []


def test_an_early_close_friday_still_has_its_entry() -> None:
    world = friday().at(date(2024, 11, 29))
    assert [entry.at.time() for entry in strategy().due(world.now, world)][:2] == [time(9, 45), time(10, 30)]


def test_a_quiet_day_gets_an_iron_condor_at_seven_tenths_of_the_range() -> None:
    world = friday()
    (decision,) = strategy().propose(world, PlainBook())
    assert decision.action is Action.OPEN and decision.structure is not None
    assert decision.structure.kind is StructureKind.IRON_CONDOR
    strikes = [leg.contract.strike for leg in decision.structure.legs]
    assert strikes == [4935.0, 4965.0, 5035.0, 5065.0]  # 5000 -/+ 0.7 x 50, wings 30
    assert all(leg.contract.expiry == FRIDAY for leg in decision.structure.legs)
    assert abs(float(decision.inputs["leg2_delta"] or 0)) < 0.30
    assert decision.limit is not None and decision.limit > 0.1


def test_everything_proposed_was_registered_in_the_morning() -> None:
    world = friday(time(9, 45))
    registered = set(strategy().prepare(world, PlainBook()))
    world.at(FRIDAY, time(10, 30)).prices["SPX"] = 5020.0
    (decision,) = strategy().propose(world, PlainBook())
    assert decision.structure is not None
    assert {leg.contract for leg in decision.structure.legs} <= registered


@pytest.mark.parametrize(("opened", "kind"), [(4950.0, StructureKind.CALL_SPREAD), (5050.0, StructureKind.PUT_SPREAD)])
def test_a_day_that_has_moved_is_faded(opened: float, kind: StructureKind) -> None:
    world = friday()
    world.opens["SPX"] = opened
    (decision,) = strategy().propose(world, PlainBook())
    assert decision.structure is not None and decision.structure.kind is kind


def test_a_small_account_takes_the_next_smaller_symbol() -> None:
    world = friday()
    world.account = AccountView("USD", 45_000.0, 45_000.0, 0.0, 45_000.0)
    first, *_ = strategy().propose(world, PlainBook())
    assert first.action is Action.OPEN and first.structure is not None and first.structure.underlying == "SPY"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"vix": None}, "vix_missing"),
        ({"vix": 45.0}, "vix_high"),
        ({"prices": {}}, "no_expiry_today"),
        ({"account": AccountView("USD", 100_000.0, 0.0, 99_000.0, 1_000.0)}, "buying_power"),
        ({"account": AccountView("USD", 30_000.0, 0.0, 0.0, 30_000.0)}, "account_small"),
        ({"account": AccountView("JPY", 1e7, 0.0, 0.0, 1e7)}, "pound_rate_missing"),
        ({"volatility": 0.01}, "credit_low"),
    ],
)
def test_every_gate_refuses_with_its_own_code(change: dict[str, object], code: str) -> None:
    world = friday()
    for name, value in change.items():
        setattr(world, name, value)
    decisions = strategy().propose(world, PlainBook())
    assert decisions and all(decision.action is Action.HOLD for decision in decisions)
    assert f"zero_dte.{code}" in {decision.rule for decision in decisions}


def test_a_short_delta_of_thirty_is_refused() -> None:
    world = friday()
    world.volatility = 1.20  # the same distance is a quarter of a sigma now
    assert {decision.rule for decision in strategy(max_loss_share=1.0).propose(world, PlainBook())} == {"zero_dte.delta_high"}


def test_one_opening_a_day() -> None:
    world, book = friday(), PlainBook()
    (decision,) = strategy().propose(world, book)
    book.opened.append(opened_by(world, decision))
    assert strategy().propose(world, book) == []
    book.opened, book.ended = [], [replace(book.opened[0], closed=world.now)]
    assert strategy().propose(world, book) == []


def test_a_leg_without_a_quote_is_a_refusal_not_an_invented_price() -> None:
    world = friday()
    chain = world.chain("SPX")
    assert chain is not None
    world.hidden = {contract for contract in chain.contracts if (contract.strike or 0) < 5000}
    assert "zero_dte.no_quote" in {decision.rule for decision in strategy(symbols=("SPX",)).propose(world, PlainBook())}


def test_the_review_takes_a_small_profit_earlier_before_an_early_close() -> None:
    world = PricedWorld(volatility=0.28).at(date(2024, 11, 29), time(10, 30))
    (decision,) = strategy().propose(world, PlainBook())
    position = opened_by(world, decision)
    rule = AfternoonReview(time(14, 30), 90, 0.10)
    assert rule.evaluate(position, marks_of(world.at(date(2024, 11, 29), time(11, 29)), position), world) is None
    world.at(date(2024, 11, 29), time(11, 30)).volatility = 0.10
    closing = rule.evaluate(position, marks_of(world, position), world)
    assert closing is not None and closing.action is Action.CLOSE


def test_everything_is_flat_an_hour_before_the_close() -> None:
    world = friday()
    (decision,) = strategy().propose(world, PlainBook())
    position = opened_by(world, decision)
    world.at(FRIDAY, time(15, 0))
    answers = [rule.evaluate(position, marks_of(world, position), world) for rule in strategy().exit_plan().rules]
    assert any(answer is not None and answer.action is Action.CLOSE for answer in answers)


def test_parameters_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(BadInput, match="prepare_time"):
        ZeroDteParameters(prepare_time=time(11, 0))
