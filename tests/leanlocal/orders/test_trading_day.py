"""Orders from the call to the last event, on one day of a market in memory."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from leanlocal.enums import OptionRight, OptionStyle, OrderStatus, OrderType
from leanlocal.runtime.exports import exported
from leanlocal.symbol_book import InvalidCastException
from leanlocal.symbols import Symbol
from tests.leanlocal.memory_market import DAY, NEXT_DAY, MemoryMarket, every_minute, run_on

QCAlgorithm = exported()["QCAlgorithm"]
Leg = exported()["Leg"]
D = Decimal
EXPIRY = datetime(2024, 7, 19)


def market(**changes: Any) -> MemoryMarket:
    made = MemoryMarket(shares={DAY: every_minute(100.0)})
    made.options = {("put", 95.0): {DAY: every_minute(1.0, 0.1)}, ("put", 90.0): {DAY: every_minute(0.4, 0.1)}, ("call", 105.0): {DAY: every_minute(0.8, 0.1)}}
    for name, value in changes.items():
        setattr(made, name, value)
    return made


class Desk(QCAlgorithm):  # type: ignore[misc,valid-type]
    """Adds the share and its options; subclasses act at 10:00."""

    def initialize(self) -> None:
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 1)
        self.set_cash(100_000)
        self.share = self.add_equity("ABC", data_normalization_mode=exported()["DataNormalizationMode"].RAW).symbol
        self.low, self.lower, self.high = (self.option(right, strike) for right, strike in (("P", 95), ("P", 90), ("C", 105)))
        self.seen: list[Any] = []
        self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(10, 0), self.act)

    def option(self, right: str, strike: float) -> Symbol:
        kind = OptionRight.CALL if right == "C" else OptionRight.PUT
        symbol = Symbol.create_option(self.share, "usa", OptionStyle.AMERICAN, kind, strike, EXPIRY)
        return self.add_option_contract(symbol).symbol

    def act(self) -> None:
        raise NotImplementedError

    def on_order_event(self, event: Any) -> None:
        self.seen.append(event)


def statuses(run: Any) -> list[tuple[int, str]]:
    return [(event.order.id, event.status.name) for event in run.handler.events]


def test_market_order_fills_inside_the_call_at_the_side_of_the_quote(tmp_path: Path) -> None:
    class Buys(Desk):
        def act(self) -> None:
            ticket = self.market_order(self.low, 2)
            assert ticket.status == OrderStatus.FILLED
            assert ticket.average_fill_price == 1.05

    run = run_on(market(), Buys, tmp_path)
    assert statuses(run) == [(1, "SUBMITTED"), (1, "FILLED")]
    assert run.ledger.cash_book["USD"].amount == D(100_000) - 210 - D("1.30")


def test_limit_is_never_tried_in_the_step_it_was_sent(tmp_path: Path) -> None:
    class Limits(Desk):
        def act(self) -> None:
            self.limit_order(self.low, 1, 1.50)

    run = run_on(market(), Limits, tmp_path)
    fill = run.handler.events[-1]
    assert fill.status == OrderStatus.FILLED
    assert fill.fill_price == D("1.05")
    assert fill.time - run.handler.orders[1].time == 60_000_000


def test_limit_at_the_quote_does_not_fill(tmp_path: Path) -> None:
    class Limits(Desk):
        def act(self) -> None:
            self.limit_order(self.low, 1, 1.05)

    run = run_on(market(), Limits, tmp_path)
    assert statuses(run) == [(1, "SUBMITTED")]


def test_combo_fills_all_legs_after_all_are_submitted(tmp_path: Path) -> None:
    class Spread(Desk):
        def act(self) -> None:
            self.combo_market_order([Leg.create(self.low, -1), Leg.create(self.lower, 1)], 3)

    run = run_on(market(), Spread, tmp_path)
    assert statuses(run) == [(1, "SUBMITTED"), (2, "SUBMITTED"), (1, "FILLED"), (2, "FILLED")]
    assert [order.quantity for order in run.handler.orders.values()] == [D(-3), D(3)]


def test_cancelling_one_leg_cancels_the_combo(tmp_path: Path) -> None:
    class Rests(Desk):
        def act(self) -> None:
            tickets = self.combo_limit_order([Leg.create(self.low, -1), Leg.create(self.lower, 1)], 1, -5.0)
            tickets[1].cancel("enough")

    run = run_on(market(), Rests, tmp_path)
    assert statuses(run)[2:] == [(2, "CANCEL_PENDING"), (1, "CANCELED"), (2, "CANCELED")]
    assert run.handler.orders[2].tag == "enough"


def test_order_without_buying_power_is_invalid_and_keeps_its_number(tmp_path: Path) -> None:
    class Sells(Desk):
        def act(self) -> None:
            ticket = self.market_order(self.low, -100)
            assert ticket.status == OrderStatus.INVALID
            self.market_order(self.low, 1)

    run = run_on(market(), Sells, tmp_path)
    assert statuses(run) == [(1, "INVALID"), (2, "SUBMITTED"), (2, "FILLED")]
    assert run.handler.events[0].message.startswith(
        "Order Error: ids: [1], Insufficient buying power to complete orders (Value:[-10000]), Reason: Id: 1, Initial"
    )


def test_refused_request_takes_no_number(tmp_path: Path) -> None:
    class Nothing(Desk):
        def act(self) -> None:
            assert self.market_order(self.low, 0).order_id == -10
            assert self.market_on_open_order(self.share, 1).order_id == -10
            self.market_order(self.share, 1)

    run = run_on(market(), Nothing, tmp_path)
    assert list(run.handler.orders) == [1]


def test_market_order_on_a_quote_older_than_an_hour_waits_for_the_next_row(tmp_path: Path) -> None:
    sparse = market()
    sparse.options["put", 95.0] = {DAY: [(571, 0.95, 1.05), (700, 1.95, 2.05)]}

    class Waits(Desk):
        def initialize(self) -> None:
            super().initialize()
            self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(11, 0), self.late)

        def act(self) -> None:
            """Nothing at ten."""

        def late(self) -> None:
            assert self.market_order(self.low, 1).status == OrderStatus.SUBMITTED

    run = run_on(sparse, Waits, tmp_path)
    assert run.handler.events[-1].fill_price == D("2.05")


def test_orders_sent_from_an_event_handler_are_executed_inside_it(tmp_path: Path) -> None:
    class Hedges(Desk):
        def act(self) -> None:
            self.market_order(self.low, -1)

        def on_order_event(self, event: Any) -> None:
            if event.status == OrderStatus.FILLED and event.symbol == self.low:
                self.market_order(self.share, -30)

    run = run_on(market(), Hedges, tmp_path)
    assert statuses(run) == [(1, "SUBMITTED"), (1, "FILLED"), (2, "SUBMITTED"), (2, "FILLED")]


def test_day_order_expires_at_the_close(tmp_path: Path) -> None:
    class Days(Desk):
        def act(self) -> None:
            properties = exported()["OrderProperties"]()
            properties.time_in_force = exported()["TimeInForce"].DAY
            self.limit_order(self.low, 1, 0.10, order_properties=properties)

    run = run_on(market(), Days, tmp_path)
    last = run.handler.events[-1]
    assert (last.status, last.message) == (OrderStatus.CANCELED, "The order has expired.")


def test_closed_market_turns_a_market_order_into_one_for_the_open(tmp_path: Path) -> None:
    class Night(Desk):
        def initialize(self) -> None:
            super().initialize()
            self.set_end_date(2024, 7, 2)
            self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(18, 0), self.night)

        def act(self) -> None:
            """Nothing at ten."""

        def night(self) -> None:
            assert self.market_order(self.share, 5).order_type == OrderType.MARKET_ON_OPEN

    run = run_on(market(shares={DAY: every_minute(100.0), NEXT_DAY: every_minute(101.0)}), Night, tmp_path)
    assert run.handler.events[-1].fill_price == D(101)


@pytest.mark.parametrize(("legs", "text"), [(((1, 2), (0, -2)), "should be reduced from 1x"), ((), "cannot be empty")])
def test_combo_ratios_must_be_coprime(tmp_path: Path, legs: tuple[tuple[int, int], ...], text: str) -> None:
    errors: list[str] = []

    class Wrong(Desk):
        def act(self) -> None:
            options = (self.low, self.lower)
            try:
                self.combo_market_order([Leg.create(options[index], quantity) for index, quantity in legs], 1)
            except ValueError as error:
                errors.append(str(error))

    run_on(market(), Wrong, tmp_path)
    assert text in errors[0]


def test_exercising_shares_raises_the_cast_error_and_makes_no_order(tmp_path: Path) -> None:
    class Exercises(Desk):
        def act(self) -> None:
            with pytest.raises(InvalidCastException, match=r"Equity\.Equity' to type 'QuantConnect\.Securities\.Option\.Option'"):
                self.exercise_option(self.share, 1)

    assert statuses(run_on(market(), Exercises, tmp_path)) == []


def test_ticker_nobody_added_is_added_by_the_order_and_refused_for_want_of_a_price(tmp_path: Path) -> None:
    class Unknown(Desk):
        def act(self) -> None:
            codes.append(self.market_order("XYZ", 5).submit_request.response.error_code.name)

    codes: list[str] = []
    run = run_on(market(), Unknown, tmp_path)
    assert codes == ["SECURITY_PRICE_ZERO"]
    assert "XYZ" in [symbol.value for symbol in run.securities]


def test_exercise_while_the_exchange_is_closed_is_refused_in_leans_words(tmp_path: Path) -> None:
    class Exercises(Desk):
        def initialize(self) -> None:
            super().initialize()
            self.set_end_date(2024, 7, 2)
            self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(17, 0), self.exercise)

        def act(self) -> None:
            self.market_order(self.low, 1)

        def exercise(self) -> None:
            ticket = self.exercise_option(self.low, 1)
            answers.append(ticket.submit_request.response.error_message)

    answers: list[str] = []
    run_on(market(shares={DAY: every_minute(100.0), NEXT_DAY: every_minute(100.0)}), Exercises, tmp_path)
    assert answers == ["OptionExercise order and exchange not open."]


def test_targets_without_anything_close_the_rest_and_their_tag_is_on_the_closing_orders(tmp_path: Path) -> None:
    class Swaps(Desk):
        def act(self) -> None:
            self.market_order(self.share, 10)
            said.extend((ticket.tag, ticket.quantity) for ticket in self.set_holdings([], True))
            self.market_order(self.share, 5)
            said.extend((ticket.tag, ticket.quantity) for ticket in self.set_holdings(self.low, 0, True, tag="swap"))

    said: list[tuple[str, float]] = []
    run_on(market(), Swaps, tmp_path)
    assert said == [("Liquidated", -10), ("swap", -5)]
