"""Each generic exit rule on both sides of its threshold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import nan

import pytest

from tests.trading.plain_market import CALL_560, NEW_YORK, PUT_530, PUT_540, SHARES, STRANGLE, TODAY, PlainMarket, option
from trading.exits import AssignmentRisk, DaysToExpiryExit, ExDividend, FlattenDelivery, OrphanedLongs, ProfitTarget, StopLoss, TimeStop, VixSpike
from vocabulary.contracts import Contract, Style
from vocabulary.decisions import Action, Strategy
from vocabulary.errors import BadInput
from vocabulary.exits import ExitRule
from vocabulary.market import Dividend
from vocabulary.positions import Holding, Marks, Position, PositionState


def position(*held: tuple[Contract, int], credit: float = 840.0, days: int | None = 37) -> Position:
    holdings = tuple(Holding(contract, quantity, Decimal(1)) for contract, quantity in held or ((PUT_540, -1), (CALL_560, -1)))
    zero, cash = Decimal(0), Decimal(str(credit))
    opened = datetime(2024, 7, 9, 10, 0, tzinfo=NEW_YORK)
    return Position(
        "P1", Strategy.STRANGLE, STRANGLE, 1, PositionState.OPEN, opened, None, holdings, cash, cash, zero, days, mfe=0.0, mae=0.0, rolls=0, exit_rule=""
    )


def marks(profit: float, complete: bool = True) -> Marks:
    return Marks(0.0, 0.0, profit, profit, complete, 0.0, None)


def fires(rule: ExitRule, held: Position | None = None, profit: float = 0.0, market: PlainMarket | None = None, complete: bool = True) -> Action | None:
    decision = rule.evaluate(held or position(), marks(profit, complete), market or PlainMarket())
    return decision.action if decision else None


@pytest.mark.parametrize(("profit", "expected"), [(419.9, None), (420.0, Action.CLOSE), (-5000.0, None)])
def test_profit_target_is_half_the_credit(profit: float, expected: Action | None) -> None:
    assert fires(ProfitTarget(0.5), profit=profit) is expected


@pytest.mark.parametrize(("profit", "expected"), [(-1679.9, None), (-1680.0, Action.CLOSE)])
def test_stop_is_a_loss_of_twice_the_credit(profit: float, expected: Action | None) -> None:
    assert fires(StopLoss(2.0), profit=profit) is expected


def test_money_rules_are_silent_on_incomplete_marks_and_without_premium() -> None:
    for rule in (ProfitTarget(0.5), StopLoss(2.0)):
        assert fires(rule, profit=9e9 if isinstance(rule, ProfitTarget) else -9e9, complete=False) is None
        assert fires(rule, position(credit=0.0), profit=nan) is None


def test_a_debit_takes_its_profit_on_what_was_paid() -> None:
    assert fires(ProfitTarget(0.5), position(credit=-300.0), profit=150.0) is Action.CLOSE


@pytest.mark.parametrize("fraction", [0.0, -1.0, nan])
def test_thresholds_must_be_positive(fraction: float) -> None:
    with pytest.raises(BadInput):
        ProfitTarget(fraction)
    with pytest.raises(BadInput):
        StopLoss(fraction)


def test_twenty_one_days_applies_only_to_what_was_opened_beyond() -> None:
    market = PlainMarket(datetime(2024, 7, 26, 10, 0, tzinfo=NEW_YORK))  # 21 days before 16 August
    assert fires(DaysToExpiryExit(), market=market) is Action.CLOSE
    assert fires(DaysToExpiryExit(), position(days=21), market=market) is None
    market.now -= timedelta(days=1)
    assert fires(DaysToExpiryExit(), market=market) is None


def test_the_time_stop_moves_with_an_early_close() -> None:
    rule, market = TimeStop(time(15, 0), 30), PlainMarket()
    market.now = datetime(2024, 7, 10, 14, 59, tzinfo=NEW_YORK)
    assert fires(rule, market=market) is None
    market.pass_minutes(1)
    assert fires(rule, market=market) is Action.CLOSE
    early = TimeStop(time(15, 45), 30)
    market.now = datetime(2024, 7, 10, 15, 30, tzinfo=NEW_YORK)
    assert fires(early, market=market) is Action.CLOSE


@pytest.mark.parametrize(("spot", "days", "expected"), [(528.0, 7, Action.CLOSE), (530.0, 7, None), (528.0, 8, None), (568.0, 7, Action.CLOSE)])
def test_assignment_risk_near_expiry(spot: float, days: int, expected: Action | None) -> None:
    market = PlainMarket(datetime(2024, 8, 16, 10, 0, tzinfo=NEW_YORK) - timedelta(days=days))
    market.prices["SPY"] = spot
    assert fires(AssignmentRisk(), market=market) is expected


def test_a_european_short_counts_only_on_its_expiry_day() -> None:
    held = position((option("P", 540.0, style=Style.EUROPEAN), -1))
    market = PlainMarket(datetime(2024, 8, 15, 10, 0, tzinfo=NEW_YORK))
    market.prices["SPY"] = 500.0
    assert fires(AssignmentRisk(), held, market=market) is None
    market.now += timedelta(days=1)
    assert fires(AssignmentRisk(), held, market=market) is Action.CLOSE


def test_only_the_threatened_short_goes_when_asked_so() -> None:
    market = PlainMarket(datetime(2024, 8, 12, 10, 0, tzinfo=NEW_YORK))
    market.prices["SPY"] = 500.0
    decision = AssignmentRisk(only_short_legs=True).evaluate(position(), marks(0.0), market)
    assert decision is not None and decision.action is Action.REDUCE and decision.structure is not None
    assert [leg.contract for leg in decision.structure.legs] == [PUT_540]


@pytest.mark.parametrize(("ask", "amount", "day", "expected"), [(9.0, 1.8, 12, Action.CLOSE), (9.0, 0.5, 12, None), (9.0, 1.8, 14, None), (9.0, 1.8, 10, None)])
def test_ex_dividend_compares_time_value_with_the_dividend(ask: float, amount: float, day: int, expected: Action | None) -> None:
    market = PlainMarket()
    market.prices["SPY"] = 568.0  # call 560: 8.00 inside
    market.set_quote(CALL_560, ask - 0.2, ask)
    market.dividend = Dividend(date(2024, 7, day), amount, False)
    assert fires(ExDividend(), market=market) is expected


@pytest.mark.parametrize(("vix", "before", "expected"), [(34.9, 25.0, None), (35.0, 30.0, Action.CLOSE), (24.0, 15.9, Action.CLOSE), (None, 15.0, None)])
def test_vix_spike_by_level_or_by_daily_rise(vix: float | None, before: float, expected: Action | None) -> None:
    market = PlainMarket()
    market.vix, market.closes = vix, {"VIX": {TODAY - timedelta(days=1): before}}
    assert fires(VixSpike(), market=market) is expected


def test_vix_spike_leaves_bought_positions_alone() -> None:
    market = PlainMarket()
    market.vix = 60.0
    assert fires(VixSpike(), position((CALL_560, 1)), market=market) is None
    assert fires(VixSpike(profitable_only=True), profit=-1.0, market=market) is None


def test_delivered_shares_go_first_and_orphans_follow() -> None:
    held = position((PUT_530, 1), (SHARES, 100))
    decision = FlattenDelivery().evaluate(held, marks(nan, False), PlainMarket())
    assert decision is not None and decision.structure is not None
    assert (decision.action, decision.units, decision.structure.legs[0].contract) == (Action.REDUCE, 100, SHARES)
    assert fires(FlattenDelivery()) is None
    assert fires(OrphanedLongs(), position((PUT_530, 1))) is Action.CLOSE
    assert fires(OrphanedLongs()) is None
    assert fires(OrphanedLongs(), replace(position(), holdings=())) is None
