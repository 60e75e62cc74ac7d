"""What must hold whatever happens: cash is conserved, nothing is ever more naked than its structure, closings only reduce, replay gives the same state."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from math import isnan
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

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
    paper,
    quoted_market,
)
from trading.book import Book
from trading.execution import ExecutionEngine
from trading.exits import FlattenDelivery, close_all, reduce_to
from trading.journal import Journal
from trading.ledger import Ledger
from trading.liquidity import DEFAULT_LIMITS, LiquidityLimits
from trading.marks import mark
from trading.settings import ExecutionSettings
from trading.structures import combined, holdings_map, quantities, uncovered_shorts
from vocabulary.contracts import AssetClass
from vocabulary.decisions import Action, Decision, Strategy
from vocabulary.orders import OrderStyle
from vocabulary.positions import PositionState

LIMITS = {**DEFAULT_LIMITS, AssetClass.EQUITY_OPTION: LiquidityLimits(0.30, 0.10, 0.0, 900.0)}
CONTRACTS = (PUT_500, PUT_530, PUT_540, CALL_560, CALL_570)
STRUCTURES = (CONDOR, PUT_SPREAD, STRANGLE, LT112)


class Desk(RuleBasedStateMachine):
    """Openings, closings, component exits, quotes that move or vanish, minutes and expiries in any order, at market or with walking limits."""

    def __init__(self) -> None:
        super().__init__()
        self.market = quoted_market()
        self.gateway = paper(self.market)
        self.ledger = Ledger(Journal())
        self.engines = {style: ExecutionEngine(self.ledger, self.gateway, ExecutionSettings(), style, LIMITS) for style in OrderStyle}
        self.engine = self.engines[OrderStyle.COMBO_MARKET]

    @rule(structure=st.sampled_from(STRUCTURES), units=st.integers(1, 3), style=st.sampled_from(OrderStyle))
    def open(self, structure: object, units: int, style: OrderStyle) -> None:
        self.engine = self.engines[style]
        decision = Decision(Action.OPEN, Strategy.LT112, "entry", "test", structure, units)  # pyright: ignore[reportArgumentType]
        self.engine.plan(decision, self.ledger.next_decision_id(), units, self.market)
        self.engine.step(self.market)

    @rule(which=st.integers(0, 9), part=st.integers(0, 3))
    def leave(self, which: int, part: int) -> None:
        held = [position for position in self.ledger.book.open_positions() if position.holdings]
        if not held:
            return
        position = held[which % len(held)]
        leg = position.holdings[part % len(position.holdings)]
        whole = close_all(position, "close", "test", {})
        decision = whole if part == 0 else reduce_to(position, {leg.contract: leg.quantity}, "reduce", "test", {})
        self.engine.plan(decision, self.ledger.next_decision_id(), decision.units, self.market)
        self.engine.step(self.market)

    @rule(which=st.sampled_from(CONTRACTS), bid=st.integers(0, 900), width=st.integers(1, 30), vanish=st.sampled_from(["", "bid", "ask"]))
    def quote(self, which: object, bid: int, width: int, vanish: str) -> None:
        low = float("nan") if vanish == "bid" or bid == 0 else bid / 100
        high = float("nan") if vanish == "ask" else (bid + width) / 100
        self.market.set_quote(which, low, high)  # pyright: ignore[reportArgumentType]

    @rule(minutes=st.integers(1, 20))
    def wait(self, minutes: int) -> None:
        self.market.pass_minutes(minutes)
        self.gateway.advance()
        self.engine.step(self.market)

    @rule(spot=st.integers(480, 620))
    def expire(self, spot: int) -> None:
        self.market.prices["SPY"] = float(spot)
        self.market.set_quote(SHARES, spot - 0.01, spot + 0.01)
        before = self.market.now
        self.market.now = datetime(2024, 8, 16, 16, 0, tzinfo=NEW_YORK)
        self.gateway.settle_expiries()
        self.engine.step(self.market)
        self.market.now = before
        for position in self.ledger.book.open_positions():
            decision = FlattenDelivery().evaluate(position, mark(position, self.market), self.market)
            if decision is not None:
                self.engine.plan(decision, self.ledger.next_decision_id(), decision.units, self.market)
        self.engine.step(self.market)

    @invariant()
    def cash_is_conserved(self) -> None:
        booked = sum((position.net_cash - position.fees for position in self.ledger.book.positions.values()), Decimal(0))
        assert self.gateway.cash - 100_000 == booked

    @invariant()
    def the_ledger_holds_what_the_account_holds(self) -> None:
        assert self.ledger.book.net_holdings() == self.gateway.book

    @invariant()
    def equity_is_cash_plus_marks(self) -> None:
        marks = [mark(position, self.market).natural for position in self.ledger.book.open_positions() if position.holdings]
        equity = self.gateway.account().equity
        if not isnan(equity) and not any(isnan(value) for value in marks):
            assert abs(equity - float(self.gateway.cash) - sum(marks)) < 1e-6

    @invariant()
    def nothing_is_more_naked_than_its_structure(self) -> None:
        for position in self.ledger.book.open_positions():
            if any(held.contract.right is None for held in position.holdings):
                continue  # an exchange delivered shares: what is left is the flattening rule's work
            own = uncovered_shorts(quantities(position.structure, position.units))
            assert uncovered_shorts(holdings_map(position.holdings)).within(own)

    @invariant()
    def closed_positions_hold_nothing(self) -> None:
        for position in self.ledger.book.positions.values():
            assert bool(position.holdings) or position.state is not PositionState.OPEN
            assert not (position.holdings and position.state is PositionState.CLOSED)

    def teardown(self) -> None:
        again = Book()
        for event in self.ledger.journal.events():
            again.apply(event)
        assert again.positions == self.ledger.book.positions
        assert again.tickets == self.ledger.book.tickets
        self.ledger.journal.close()


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 60))
def test_a_killed_process_continues_from_its_journal(kept: int) -> None:
    market = quoted_market()
    ledger = Ledger(Journal())
    engine = ExecutionEngine(ledger, paper(market), ExecutionSettings(), OrderStyle.COMBO_MARKET, LIMITS)
    for structure in STRUCTURES:
        engine.plan(Decision(Action.OPEN, Strategy.LT112, "entry", "t", structure, 1), ledger.next_decision_id(), 1, market)
        engine.step(market)
    for position in list(ledger.book.open_positions())[:2]:
        engine.plan(close_all(position, "x", "t", {}), ledger.next_decision_id(), 1, market)
        engine.step(market)
    events = list(ledger.journal.events())[:kept]
    survivor = Journal()
    for event in events:
        survivor.append(event)
    again, straight = Ledger(survivor), Book()
    for event in events:
        straight.apply(event)
    assert again.book.positions == straight.positions and again.book.tickets == straight.tickets
    assert again.next_ticket_id() not in straight.tickets and again.next_position_id() not in straight.positions


def test_the_replayed_file_gives_the_same_state(tmp_path: Path) -> None:
    market = quoted_market()
    ledger = Ledger(Journal(tmp_path / "journal.sqlite"))
    engine = ExecutionEngine(ledger, paper(market), ExecutionSettings(), OrderStyle.COMBO_MARKET, LIMITS)
    engine.plan(Decision(Action.OPEN, Strategy.LT112, "entry", "t", LT112, 2), "D1", 2, market)
    engine.step(market)
    head = ledger.journal.head
    ledger.journal.close()
    again = Ledger(Journal(tmp_path / "journal.sqlite"))
    assert again.journal.head == head
    assert again.book.positions == ledger.book.positions
    assert combined(again.book.net_holdings(), {}) == quantities(LT112, 2)
