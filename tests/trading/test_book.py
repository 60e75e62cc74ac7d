"""The tracker as a fold over events: fills decide, duplicates and late arrivals do not confuse it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.plain_market import CALL_560, CALL_570, CONDOR, OPEN, PUT_530, PUT_540, SHARES
from trading.book import Book
from trading.bookkeeping import cash_of, profit_of
from trading.events import (
    Ending,
    Event,
    PositionSettled,
    PositionsMarked,
    Purpose,
    TicketDropped,
    TicketPlanned,
    TicketSent,
    UpdateReceived,
)
from vocabulary.contracts import Contract
from vocabulary.decisions import Strategy
from vocabulary.errors import InvariantBroken
from vocabulary.orders import Fill, OrderRequest, OrderState, OrderStyle, OrderUpdate
from vocabulary.positions import PositionState

PRICES = {PUT_530: "2.1", PUT_540: "4.0", CALL_560: "4.4", CALL_570: "2.0"}


def planned(ticket: str = "T1", purpose: Purpose = Purpose.OPEN, units: int = 2) -> TicketPlanned:
    trade = CONDOR if purpose is Purpose.OPEN else CONDOR.reversed()
    return TicketPlanned(OPEN, ticket, "P1", "D1", purpose, Strategy.ZERO_DTE, "rule", trade, units)


def sent(ticket: str = "T1", units: int = 2) -> TicketSent:
    return TicketSent(OPEN, OrderRequest(ticket, CONDOR, units, OrderStyle.COMBO_MARKET, None, False, ticket))


def fill(contract: Contract, quantity: int, price: str, event: str, ticket: str = "T1") -> Fill:
    return Fill(ticket, contract, quantity, Decimal(price), Decimal("1.30"), OPEN, event)


def leg_fills(sign: int = 1, ticket: str = "T1", units: int = 2) -> list[Fill]:
    return [fill(leg.contract, sign * leg.ratio * units, PRICES[leg.contract], f"{ticket}/{leg.contract.key}", ticket) for leg in CONDOR.legs]


def update(state: OrderState, fills: Sequence[Fill] = (), ticket: str = "T1") -> UpdateReceived:
    return UpdateReceived(OrderUpdate(ticket, state, OPEN + timedelta(minutes=1), tuple(fills)))


def folded(*events: Event) -> Book:
    book = Book()
    for event in events:
        book.apply(event)
    return book


def opened() -> list[Event]:
    return [planned(), sent(), update(OrderState.FILLED, leg_fills())]


def test_a_submitted_order_is_no_position_yet() -> None:
    book = folded(planned(), sent(), update(OrderState.WORKING))
    assert book.positions["P1"].state is PositionState.PENDING
    assert book.positions["P1"].holdings == ()


def test_fills_open_the_position_with_its_credit_and_fees() -> None:
    position = folded(*opened()).positions["P1"]
    assert position.state is PositionState.OPEN
    assert position.entry_credit == position.net_cash == Decimal("860.0")
    assert position.fees == Decimal("5.20")
    assert position.entry_days_to_expiry == 37


def test_an_unfilled_opening_is_no_trade() -> None:
    book = folded(planned(), TicketDropped(OPEN, "T1", "ILLIQUID", "too wide"))
    assert book.positions["P1"].state is PositionState.CLOSED
    assert list(book.closed_positions()) == [] and list(book.open_positions()) == []


def test_closing_fills_close_it_and_keep_the_profit() -> None:
    book = folded(*opened(), planned("T2", Purpose.CLOSE), sent("T2"), update(OrderState.FILLED, leg_fills(-1, "T2"), "T2"))
    position = book.positions["P1"]
    assert position.state is PositionState.CLOSED and position.holdings == ()
    assert position.exit_rule == "rule"
    assert profit_of(position) == Decimal("-10.40")


def test_a_cancelled_closing_leaves_the_position_open() -> None:
    book = folded(*opened(), planned("T2", Purpose.CLOSE), sent("T2"))
    assert book.positions["P1"].state is PositionState.CLOSING
    book.apply(update(OrderState.CANCELLED, (), "T2"))
    assert book.positions["P1"].state is PositionState.OPEN


def test_a_fill_after_the_cancel_still_counts() -> None:
    book = folded(planned(), sent(), update(OrderState.CANCELLED), update(OrderState.FILLED, leg_fills()))
    assert book.positions["P1"].state is PositionState.OPEN
    assert book.positions["P1"].exit_rule == ""


def test_a_broker_saying_filled_without_all_legs_is_only_partial() -> None:
    book = folded(planned(), sent(), update(OrderState.FILLED, leg_fills()[:2]))
    assert book.tickets["T1"].state is OrderState.PARTIALLY_FILLED
    assert book.tickets["T1"].is_active


def test_expiry_closes_what_is_left_and_assignment_delivers_shares() -> None:
    book = folded(*opened())
    shares = Fill("", SHARES, 200, Decimal(540), Decimal(0), OPEN, "x2")
    book.apply(PositionSettled(OPEN, "P1", Ending.ASSIGNED, (fill(PUT_540, 2, "0", "x1"), shares)))
    held = {item.contract: item.quantity for item in book.positions["P1"].holdings}
    assert held == {PUT_530: 2, CALL_560: -2, CALL_570: 2, SHARES: 200}
    assert book.positions["P1"].net_cash == Decimal("860.0") - 108_000


def test_excursions_keep_the_extremes() -> None:
    book = folded(*opened(), *(PositionsMarked(OPEN, {"P1": profit}) for profit in (-50.0, 120.0, 10.0)))
    assert (book.positions["P1"].mfe, book.positions["P1"].mae) == (120.0, -50.0)


def test_an_event_about_an_unknown_ticket_breaks_the_book() -> None:
    with pytest.raises(InvariantBroken, match="never planned"):
        folded(update(OrderState.FILLED))


def news() -> list[UpdateReceived]:
    """Four leg fills as four updates, as a broker may report them."""
    return [update(OrderState.PARTIALLY_FILLED, [one]) for one in leg_fills()]


@given(st.permutations(range(4)), st.lists(st.integers(0, 3), max_size=6))
def test_duplicated_and_reordered_fills_give_the_same_position(order: list[int], repeats: list[int]) -> None:
    updates = news()
    book = folded(planned(), sent(), *(updates[index] for index in order), *(updates[index] for index in repeats))
    position = book.positions["P1"]
    assert {held.contract: held.quantity for held in position.holdings} == {leg.contract: leg.ratio * 2 for leg in CONDOR.legs}
    assert position.net_cash == sum((cash_of(one) for one in leg_fills()), Decimal(0))
    assert book.tickets["T1"].state is OrderState.FILLED
    assert replace(position, holdings=()) == replace(folded(*opened()).positions["P1"], holdings=())
