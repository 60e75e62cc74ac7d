"""What becomes of options at and before expiry, on two days of a market in memory."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from leanlocal.engine.context import RunContext
from leanlocal.enums import OptionRight, OptionStyle, OrderStatus, OrderType
from leanlocal.runtime.exports import exported
from leanlocal.symbols import Symbol
from tests.leanlocal.memory_market import DAY, NEXT_DAY, MemoryMarket, every_minute, run_on

QCAlgorithm = exported()["QCAlgorithm"]
D = Decimal


def market(share: float = 100.0) -> MemoryMarket:
    rows = {DAY: every_minute(share), NEXT_DAY: every_minute(share)}
    made = MemoryMarket(shares=rows)
    for right, strike in (("put", 102.0), ("put", 98.0), ("call", 98.0), ("put", 110.0)):
        inside = max(strike - share if right == "put" else share - strike, 0.0)
        made.options[right, strike] = {DAY: every_minute(inside + 0.5, 0.1)}
    return made


class Holder(QCAlgorithm):  # type: ignore[misc,valid-type]
    """Trades options that expire today at ten."""

    plan: tuple[tuple[str, float, int], ...] = ()

    def initialize(self) -> None:
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 2)
        self.set_cash(100_000)
        self.share = self.add_equity("ABC", data_normalization_mode=exported()["DataNormalizationMode"].RAW).symbol
        self.assigned: list[str] = []
        self.contracts = [self.contract(right, strike) for right, strike, _ in self.plan]
        self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(10, 0), self.act)

    def contract(self, right: str, strike: float) -> Symbol:
        kind = OptionRight.CALL if right == "call" else OptionRight.PUT
        symbol = Symbol.create_option(self.share, "usa", OptionStyle.AMERICAN, kind, strike, datetime(2024, 7, 1))
        option = self.add_option_contract(symbol)
        option.set_option_assignment_model(exported()["NullOptionAssignmentModel"]())
        return option.symbol

    def act(self) -> None:
        for symbol, (_, _, quantity) in zip(self.contracts, self.plan, strict=True):
            self.market_order(symbol, quantity)

    def on_assignment_order_event(self, event: Any) -> None:
        self.assigned.append(event.message)


def held(run: RunContext) -> dict[str, Decimal]:
    return {security.symbol.value: security.holding.quantity for security in run.ledger.invested()}


def last_messages(run: RunContext) -> list[str]:
    return [event.message for event in run.handler.events if event.order.kind == OrderType.OPTION_EXERCISE]


def test_short_put_in_the_money_is_assigned_and_delivers_shares_at_the_strike(tmp_path: Path) -> None:
    class Short(Holder):
        plan = (("put", 102.0, -2),)

    run = run_on(market(), Short, tmp_path)
    assert held(run) == {"ABC": D(200)}
    assert run.securities[run.algorithm.share].holding.average_price == 102
    assert last_messages(run) == ["Assigned. Underlying: 100.0000. Profit: +490.00", "Option Assignment"]
    assert len(run.algorithm.assigned) == 1
    assert run.ledger.cash_book["USD"].amount == D(100_000) + 490 - D("1.30") - 20_400


def test_long_put_is_exercised_and_a_worthless_one_vanishes(tmp_path: Path) -> None:
    class Long(Holder):
        plan = (("put", 102.0, 1), ("put", 98.0, 1))

    run = run_on(market(), Long, tmp_path)
    assert held(run) == {"ABC": D(-100)}
    exercises = [order for order in run.handler.orders.values() if order.kind == OrderType.OPTION_EXERCISE]
    assert [(order.price, order.tag, order.broker_ids) for order in exercises] == [(D(0), None, []), (D(102), None, [])]
    assert last_messages(run)[0].startswith("OTM. Underlying: 100.0000. Loss: -")


def test_settlement_at_the_strike_is_out_of_the_money(tmp_path: Path) -> None:
    class Short(Holder):
        plan = (("call", 98.0, -1),)

    run = run_on(market(98.0), Short, tmp_path)
    assert held(run) == {}
    assert last_messages(run)[0].startswith("OTM")


def test_manual_exercise_delivers_at_once_and_ignores_the_sign(tmp_path: Path) -> None:
    class Exercises(Holder):
        plan = (("call", 98.0, 2),)

        def act(self) -> None:
            super().act()
            ticket = self.exercise_option(self.contracts[0], -1)
            assert ticket.status == OrderStatus.FILLED
            assert (ticket.quantity_filled, ticket.average_fill_price) == (100, 98)
            assert self.exercise_option(self.contracts[0], 5).order_id == -10

    run = run_on(market(), Exercises, tmp_path)
    assert run.handler.orders[2].status == OrderStatus.FILLED
    assert held(run) == {"ABC": D(200)}


def test_deep_short_is_assigned_early_with_the_default_model(tmp_path: Path) -> None:
    class Early(Holder):
        plan = (("put", 110.0, -1),)

        def contract(self, right: str, strike: float) -> Symbol:
            symbol = super().contract(right, strike)
            self.securities[symbol].set_option_assignment_model(exported()["DefaultOptionAssignmentModel"]())
            return symbol

    run = run_on(market(), Early, tmp_path)
    order = next(order for order in run.handler.orders.values() if order.kind == OrderType.OPTION_EXERCISE)
    assert order.tag == "Simulated option assignment before expiration"
    assert order.time < run.end
    assert held(run) == {"ABC": D(100)}


def test_open_orders_on_an_expired_contract_are_cancelled(tmp_path: Path) -> None:
    class Rests(Holder):
        plan = (("put", 98.0, 1),)

        def act(self) -> None:
            self.limit_order(self.contracts[0], 1, 0.05)

    run = run_on(market(), Rests, tmp_path)
    assert [event.status.name for event in run.handler.events] == ["SUBMITTED", "CANCEL_PENDING", "CANCELED"]
