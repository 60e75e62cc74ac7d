"""Cash and positions are conserved whatever is traded."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from leanlocal.enums import OrderStatus
from leanlocal.exact import exact_arithmetic
from tests.leanlocal.memory_market import DAY, every_minute, run_on
from tests.leanlocal.orders.test_trading_day import Desk, market

D = Decimal
TRADES = st.lists(st.tuples(st.integers(0, 3), st.integers(-3, 3)), min_size=1, max_size=8)


def moving() -> Any:
    made = market(shares={DAY: every_minute(lambda minute: 100 + (minute % 37) / 10)})
    made.options["put", 95.0] = {DAY: every_minute(lambda minute: 1.0 + (minute % 11) / 20, 0.1)}
    return made


@settings(max_examples=15)
@given(TRADES)
def test_cash_changes_by_fills_and_fees_and_equity_is_cash_plus_marks(trades: list[tuple[int, int]]) -> None:
    class Trades(Desk):
        def act(self) -> None:
            for index, quantity in trades:
                symbol = (self.share, self.low, self.lower, self.high)[index]
                if quantity:
                    self.market_order(symbol, quantity * (10 if symbol == self.share else 1))

    with tempfile.TemporaryDirectory() as folder, exact_arithmetic():
        run = run_on(moving(), Trades, Path(folder))
        fills = [event for event in run.handler.events if event.status == OrderStatus.FILLED]
        spent = sum((event.fill_quantity * event.fill_price * event.order.security.multiplier for event in fills), D(0))
        fees = sum((event.fee.amount for event in fills), D(0))
        ledger = run.ledger
        assert ledger.cash_book["USD"].amount == D(100_000) - spent - fees
        marks = sum((security.holding.holdings_value for security in ledger.invested()), D(0))
        assert ledger.total_value == ledger.cash_book["USD"].amount + marks
        for security in run.securities.values():
            assert security.holding.quantity == sum((event.fill_quantity for event in fills if event.symbol == security.symbol), D(0))
        assert ledger.sum_of(lambda holding: holding.total_fees) == fees


@settings(max_examples=10)
@given(TRADES)
def test_going_flat_leaves_the_realised_profit_and_no_margin(trades: list[tuple[int, int]]) -> None:
    class Flat(Desk):
        def act(self) -> None:
            for index, quantity in trades:
                if quantity:
                    self.market_order((self.share, self.low, self.lower, self.high)[index], quantity)
            for _ in range(3):
                self.liquidate()

    with tempfile.TemporaryDirectory() as folder, exact_arithmetic():
        run = run_on(moving(), Flat, Path(folder))
        ledger = run.ledger
        assert not ledger.invested()
        assert run.handler.account.margin_used() == 0
        assert ledger.total_value == D(100_000) + ledger.sum_of(lambda holding: holding.net_profit)


def test_profit_of_a_holding_counts_the_dividends_received() -> None:
    class Buys(Desk):
        def act(self) -> None:
            self.market_order(self.share, 10)

    with tempfile.TemporaryDirectory() as folder, exact_arithmetic():
        run = run_on(moving(), Buys, Path(folder))
        security = next(iter(run.ledger.invested()))
        fees, paid = security.holding.total_fees, D("1.75")
        run.ledger.apply_dividend(security, paid)
        assert security.holding.profit == 10 * paid
        assert security.holding.net_profit == 10 * paid - fees
