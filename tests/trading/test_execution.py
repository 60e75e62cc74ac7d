"""The execution engine against the paper gateway: whole combos, liquidity, walks, timeouts, duplicates, closes that only reduce."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.plain_market import (
    CALL_560,
    CALL_570,
    CONDOR,
    LT112,
    NEW_YORK,
    PUT_500,
    PUT_530,
    PUT_540,
    PUT_SPREAD,
    SHARES,
    STRANGLE,
    PlainMarket,
    paper,
    quoted_market,
)
from trading.events import Ending, Noted, Purpose, Settlement
from trading.execution import ExecutionEngine
from trading.exits import close_all, reduce_to
from trading.intents import Intent, Refusal, tradable_part
from trading.journal import Journal
from trading.ledger import Ledger
from trading.liquidity import DEFAULT_LIMITS, LiquidityLimits
from trading.paper_gateway import PaperGateway
from trading.pricing import tick_of, walked_limit
from trading.settings import ExecutionSettings
from trading.tickets import Ticket
from vocabulary.contracts import AssetClass, Contract, Leg, Structure, StructureKind
from vocabulary.decisions import Action, Decision, Strategy
from vocabulary.orders import Fill, OrderState, OrderStyle
from vocabulary.positions import Position, PositionState

LIMITS = {**DEFAULT_LIMITS, AssetClass.EQUITY_OPTION: LiquidityLimits(0.10, 0.10, 0.0, 900.0)}


class Bench:
    """Market, paper account, ledger and engine wired together."""

    def __init__(self, style: OrderStyle = OrderStyle.COMBO_MARKET, market: PlainMarket | None = None) -> None:
        self.market = market or quoted_market()
        self.gateway: PaperGateway = paper(self.market)
        self.ledger = Ledger(Journal())
        self.engine = ExecutionEngine(self.ledger, self.gateway, ExecutionSettings(), style, LIMITS)

    def open(self, structure: Structure = CONDOR, units: int = 2) -> Ticket | Refusal:
        decision = Decision(Action.OPEN, Strategy.STRANGLE, "entry", "test", structure, units)
        planned = self.engine.plan(decision, self.ledger.next_decision_id(), units, self.market)
        self.engine.step(self.market)
        return planned

    def act(self, decision: Decision) -> Ticket | Refusal:
        planned = self.engine.plan(decision, self.ledger.next_decision_id(), decision.units, self.market)
        self.engine.step(self.market)
        return planned

    def position(self) -> Position:
        return self.ledger.book.positions["P00001"]

    def minutes(self, count: int) -> None:
        for _ in range(count):
            self.market.pass_minutes(1)
            self.gateway.advance()
            self.engine.step(self.market)


def code_of(result: Ticket | Refusal) -> str:
    assert isinstance(result, Refusal)
    return result.code


def test_a_quoted_condor_fills_whole_at_bid_and_ask() -> None:
    bench = Bench()
    bench.open()
    position = bench.position()
    assert position.state is PositionState.OPEN
    assert position.entry_credit == Decimal("860.0")  # 2 x 100 x (4.0 + 4.4 - 2.1 - 2.0)
    assert {held.contract: held.quantity for held in position.holdings} == bench.gateway.book
    assert not bench.engine.busy


def test_an_order_waits_for_quotes_and_is_dropped_when_none_come() -> None:
    market = quoted_market()
    del market.quotes[CALL_570]
    bench = Bench(market=market)
    bench.open()
    bench.minutes(10)
    assert bench.position().state is PositionState.PENDING
    bench.minutes(5)
    assert bench.position().state is PositionState.CLOSED
    assert "ILLIQUID" in bench.position().exit_rule and "no ask" in bench.position().exit_rule
    assert bench.gateway.book == {}


def test_an_order_leaves_as_soon_as_the_last_leg_is_quoted() -> None:
    market = quoted_market()
    quote = market.quotes.pop(CALL_570)
    bench = Bench(market=market)
    bench.open()
    bench.minutes(3)
    market.quotes[CALL_570] = quote
    bench.minutes(1)
    assert bench.position().state is PositionState.OPEN


def test_wide_old_and_unwanted_contracts_are_not_opened() -> None:
    for bid, ask, age in ((1.0, 2.0, 0.0), (1.9, 2.0, 901.0)):
        bench = Bench()
        bench.market.set_quote(CALL_570, bid, ask, age)
        bench.open()
        bench.minutes(15)
        assert bench.position().exit_rule.startswith("never filled: ILLIQUID")


def test_nothing_is_sent_after_the_close() -> None:
    bench = Bench()
    bench.market.now = datetime(2024, 7, 10, 16, 0, tzinfo=NEW_YORK)
    bench.open()
    bench.minutes(15)
    assert bench.gateway.book == {}
    assert "CLOSED" in bench.position().exit_rule


def test_the_same_opening_is_not_planned_twice() -> None:
    market = quoted_market()
    del market.quotes[CALL_570]
    bench = Bench(market=market)
    bench.open()
    assert code_of(bench.open()) == "DUPLICATE"


def test_a_leg_held_the_other_way_is_not_netted() -> None:
    bench = Bench()
    bench.open(PUT_SPREAD)
    assert code_of(bench.open(LT112)) == "NETTING"


def test_a_naked_structure_is_refused() -> None:
    assert code_of(Bench().open(replace(CONDOR, legs=CONDOR.legs[1:]))) == "NAKED"


def test_too_many_legs_for_a_limit_combo_are_refused() -> None:
    wide = Structure(StructureKind.CUSTOM, (*CONDOR.legs, Leg(PUT_500, 1)))
    assert code_of(Bench(OrderStyle.COMBO_LIMIT).open(wide)) == "TOO_MANY_LEGS"


def test_a_limit_walks_from_near_the_mid_to_one_tick_beyond_natural() -> None:
    bench = Bench(OrderStyle.COMBO_LIMIT)
    bench.market.set_quote(PUT_540, 4.0, 4.4)
    bench.market.set_quote(CALL_560, 4.4, 4.8)
    ticket = bench.open(STRANGLE, 1)
    assert isinstance(ticket, Ticket)
    limits = [bench.ledger.book.tickets[ticket.id].limit]
    while bench.position().state is PositionState.PENDING and len(limits) < 10:
        bench.minutes(1)
        limits.append(bench.ledger.book.tickets[ticket.id].limit)
    assert limits == [-8.64, -8.56, -8.48, -8.39]
    assert bench.position().state is PositionState.OPEN


@given(st.floats(-50, 50), st.floats(0.01, 5), st.sampled_from([0.01, 0.05]))
def test_each_step_of_a_walk_concedes_and_passes_the_natural_price(mid: float, spread: float, tick: float) -> None:
    limits = [walked_limit(mid, mid + spread, 0.4 + 0.2 * step, tick) for step in range(11)]
    assert limits == sorted(limits) and 0.0 not in limits
    assert all(abs(limit / tick - round(limit / tick)) < 1e-6 for limit in limits)
    assert limits[3] >= mid + spread + tick / 2 - 1e-9 and limits[-1] >= mid + 2 * spread


def test_index_options_are_priced_in_nickels() -> None:
    spxw = replace(CONDOR, legs=tuple(replace(leg, contract=replace(leg.contract, asset=AssetClass.INDEX_OPTION)) for leg in CONDOR.legs))
    assert (tick_of(spxw), tick_of(CONDOR)) == (0.05, 0.01)


def test_an_unfilled_limit_is_cancelled_after_the_timeout() -> None:
    bench = Bench(OrderStyle.COMBO_LIMIT)
    bench.market.set_quote(PUT_540, 4.0, 4.4)
    bench.open(STRANGLE, 1)
    bench.market.quotes = {}
    bench.minutes(10)
    assert bench.position().state is PositionState.CLOSED
    assert bench.gateway.book == {}


def test_closing_reduces_and_ends_the_position() -> None:
    bench = Bench()
    bench.open()
    bench.act(close_all(bench.position(), "rule", "because", {}))
    assert bench.position().state is PositionState.CLOSED
    assert bench.gateway.book == {}
    assert bench.position().net_cash - bench.position().fees == bench.gateway.cash - 100_000


def test_longs_nobody_bids_for_are_left_out_of_the_closing_combo() -> None:
    bench = Bench()
    bench.open()
    bench.market.set_quote(PUT_530, nan, 0.05)
    bench.act(close_all(bench.position(), "rule", "because", {}))
    assert bench.gateway.book == {PUT_530: 2}
    assert bench.position().state is PositionState.OPEN
    assert code_of(bench.act(close_all(bench.position(), "rule", "because", {}))) == "NO_BID"


@pytest.mark.parametrize(("style", "kept"), [(OrderStyle.COMBO_MARKET, set[Contract]()), (OrderStyle.COMBO_LIMIT, {PUT_530})])
def test_a_limit_leaves_out_the_long_that_has_gone_silent(style: OrderStyle, kept: set[Contract]) -> None:
    bench = Bench()
    bench.open(PUT_SPREAD, 1)
    quote = bench.market.quotes[PUT_530]
    bench.market.quotes[PUT_530] = replace(quote, age=1_000.0)
    intent = Intent(Purpose.CLOSE, PUT_SPREAD.reversed(), 1, bench.position().id)
    part = tradable_part(intent, bench.position(), bench.market, ExecutionSettings().usable_age(style))
    assert isinstance(part, Intent)
    assert {PUT_540, PUT_530} - {leg.contract for leg in part.trade.legs} == kept


def test_a_component_exit_keeps_the_rest_and_a_naked_rest_is_refused() -> None:
    bench = Bench()
    bench.open(LT112, 1)
    assert code_of(bench.act(reduce_to(bench.position(), {PUT_540: 1}, "rule", "because", {}))) == "UNSAFE"
    bench.act(reduce_to(bench.position(), {PUT_500: -2}, "rule", "because", {}))
    assert bench.gateway.book == {PUT_540: 1, PUT_530: -1}


def test_a_second_order_on_a_position_waits_for_the_first() -> None:
    bench = Bench(OrderStyle.COMBO_LIMIT)
    bench.market.set_quote(PUT_540, 4.0, 4.1)
    bench.open(STRANGLE, 1)
    bench.minutes(10)
    assert bench.position().state is PositionState.OPEN
    bench.market.set_quote(PUT_540, 4.0, 6.0)
    bench.act(close_all(bench.position(), "rule", "because", {}))
    assert bench.position().state is PositionState.CLOSING
    assert code_of(bench.act(close_all(bench.position(), "rule", "because", {}))) == "DUPLICATE"


def test_a_roll_is_one_combo_and_a_join_adds_legs() -> None:
    bench = Bench()
    bench.open(Structure(StructureKind.LONG_CALL, (Leg(CALL_560, 1),)), 1)
    sale = Structure(StructureKind.SHORT_CALL, (Leg(CALL_570, -1),))
    bench.act(Decision(Action.ROLL, Strategy.IPMCC, "sale", "weekly", None, 1, "P00001", sale))
    assert bench.gateway.book == {CALL_560: 1, CALL_570: -1}
    assert bench.position().rolls == 0
    naked = Structure(StructureKind.SHORT_PUT, (Leg(PUT_540, -1),))
    assert code_of(bench.act(Decision(Action.ROLL, Strategy.IPMCC, "r", "naked", sale, 1, "P00001", naked))) == "UNSAFE"


def test_an_assignment_delivers_shares_to_the_position_that_was_short() -> None:
    bench = Bench()
    bench.open(PUT_SPREAD, 1)
    shares = Fill("", SHARES, 100, Decimal(540), Decimal(0), bench.market.now, "e2")
    bench.gateway._news.append(Settlement(PUT_540, 1, Decimal(0), Ending.ASSIGNED, bench.market.now, "e1", shares))  # pyright: ignore[reportPrivateUsage]
    bench.engine.hear()
    assert {held.contract: held.quantity for held in bench.position().holdings} == {PUT_530: 1, SHARES: 100}


def test_a_settlement_nobody_holds_is_written_down() -> None:
    bench = Bench()
    bench.gateway._news.append(Settlement(PUT_540, 1, Decimal(0), Ending.EXPIRED, bench.market.now, "e1"))  # pyright: ignore[reportPrivateUsage]
    bench.engine.hear()
    last = list(bench.ledger.journal.events())[-1]
    assert isinstance(last, Noted) and last.topic == "unclaimed settlement"


def test_an_unpriced_short_is_waited_for_and_the_closing_given_up() -> None:
    bench = Bench()
    bench.open()
    bench.market.set_quote(PUT_540, 4.0, nan)
    bench.act(close_all(bench.position(), "rule", "because", {}))
    assert bench.position().state is PositionState.CLOSING
    bench.minutes(15)
    assert bench.position().state is PositionState.OPEN
    assert bench.ledger.book.tickets["T000002"].state is OrderState.CANCELLED
    assert bench.market.now - bench.ledger.book.tickets["T000002"].planned == timedelta(minutes=15)


def test_a_dead_leg_stays_with_its_cover_and_the_rest_is_left() -> None:
    bench = Bench()
    bench.open()
    bench.market.set_quote(CALL_560, 0.05, 0.10, age=4000.0)
    bench.act(close_all(bench.position(), "rule", "because", {}))
    assert bench.gateway.book == {CALL_560: -2, CALL_570: 2}
    assert bench.position().state is PositionState.OPEN
    bench.market.set_quote(CALL_560, 0.05, 0.10)
    bench.act(close_all(bench.position(), "rule", "because", {}))
    assert bench.position().state is PositionState.CLOSED


def test_nothing_is_sent_while_every_leg_is_dead() -> None:
    bench = Bench()
    bench.open()
    for contract in (PUT_530, PUT_540, CALL_560, CALL_570):
        bench.market.set_quote(contract, 1.0, 1.1, age=4000.0)
    assert code_of(bench.act(close_all(bench.position(), "rule", "because", {}))) == "NO_QUOTE"
