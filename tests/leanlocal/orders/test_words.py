"""What orders, tickets and events say of themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from leanlocal.enums import OrderField
from leanlocal.exact import exact_arithmetic
from leanlocal.symbol_book import ArgumentException
from tests.leanlocal.memory_market import run_on
from tests.leanlocal.orders.test_trading_day import Desk, market


class Speaks(Desk):
    """Places one order of each kind with prices and keeps what they say."""

    def act(self) -> None:
        self.said: list[str] = []
        tickets = [
            self.market_order(self.share, 1, tag="mine"),
            self.limit_order(self.low, 2, 0.55),
            self.stop_limit_order(self.low, 1, 1.5, 1.6, tag="sl"),
            self.limit_if_touched_order(self.low, 1, 0.7, 0.6),
            self.trailing_stop_order(self.share, -1, 0.05, True),
        ]
        tickets[1].update_limit_price(0.5, "lower")
        self.said += [str(ticket) for ticket in tickets]
        self.said.append(str(tickets[1].update_requests[0]))
        self.tickets = tickets


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    made: list[Any] = []

    class Kept(Speaks):
        def on_end_of_algorithm(self) -> None:
            made.append(self)

    run_on(market(), Kept, tmp_path)
    return made[0]


def test_tickets_say_their_order_its_prices_and_their_requests(desk: Any) -> None:
    name = "ABC   240719P00095000"
    assert desk.said[0] == "1: OrderId: 1 (BrokerId: 1) Filled Market order for 1 unit of ABC: mine Request Count: 1 Response Count: 1"
    assert desk.said[1].startswith(f"2: OrderId: 2 (BrokerId: 2) Submitted Limit order for 2 units of {name} at limit $0.55 Request Count: 2")
    assert f"of {name}: sl at stop $1.5 limit $1.6 " in desk.said[2]
    assert f"of {name} at trigger $0.7 limit $0.6 " in desk.said[3]
    assert "of ABC: Trailing Amount: 5.00% at stop $95. Trailing amount: 5.00% " in desk.said[4]


def test_requests_say_what_they_change(desk: Any) -> None:
    assert desk.said[5].startswith("07/01/2024 14:00:00 UTC: Update Order: (2) - LimitPrice: 0.5 lower Status: ")


def test_events_of_a_trailing_stop_say_its_distance(desk: Any) -> None:
    trailing = next(event for event in desk.seen if event.order_id == 5)
    assert " StopPrice: $95 TrailingAmount: 5.00%" in str(trailing)
    assert trailing.trailing_amount == 0.05


def test_fields_an_order_does_not_have_cannot_be_asked_for(desk: Any) -> None:
    with exact_arithmetic():
        assert desk.tickets[4].get(OrderField.TRAILING_AS_PERCENTAGE) is True
        assert desk.tickets[2].get(OrderField.STOP_PRICE) == 1.5
        with pytest.raises(ArgumentException, match="Unable to get field LimitPrice on order of type Market"):
            desk.tickets[0].get(OrderField.LIMIT_PRICE)


def test_arguments_in_the_place_of_asynchronous_are_refused(tmp_path: Path) -> None:
    class Misplaced(Desk):
        def act(self) -> None:
            self.limit_order(self.low, 1, 0.5, "a tag")

    with pytest.raises(TypeError, match="No method matches given arguments"):
        run_on(market(), Misplaced, tmp_path)
