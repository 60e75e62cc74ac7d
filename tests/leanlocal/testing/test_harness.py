"""Algorithms under test are stepped, looked at and given prices from outside."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from leanlocal.runtime.AlgorithmImports import (
    DataNormalizationMode,
    Market,
    OptionRight,
    OptionStyle,
    OrderStatus,
    QCAlgorithm,
    Resolution,
    Symbol,
)
from leanlocal.testing import AlgorithmTest, InMemoryMarket
from vocabulary.errors import BadInput

DAY, EXPIRY = date(2024, 7, 1), date(2024, 7, 5)


def market() -> InMemoryMarket:
    """One quiet day: SPY falls from 540 to 530 at noon."""
    made = InMemoryMarket()
    made.stock("SPY", DAY, [(time(9, 30), 540.0), (time(12, 0), 530.0)])
    return made.option("SPY", DAY, EXPIRY, 535.0, OptionRight.PUT, [(time(9, 30), 2.0), (time(12, 0), 6.0)])


class BuysAtTen(QCAlgorithm):
    """Buys ten shares at ten o'clock, and protects them with a stop."""

    def initialize(self):
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 1)
        self.set_cash(10_000)
        self.spy = self.add_equity("SPY", Resolution.MINUTE).symbol
        self.schedule.on(self.date_rules.every_day(self.spy), self.time_rules.at(10, 0), self.buy)

    def buy(self):
        self.market_order(self.spy, 10)
        self.stop_market_order(self.spy, -10, 520)


class SellsAPut(QCAlgorithm):
    """Sells one put when asked to."""

    def initialize(self):
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 1)
        spy = self.add_equity("SPY", Resolution.MINUTE, data_normalization_mode=DataNormalizationMode.RAW).symbol
        contract = Symbol.create_option(spy, Market.USA, OptionStyle.AMERICAN, OptionRight.PUT, 535, datetime(2024, 7, 5))
        self.put = self.add_option_contract(contract).symbol


def test_nothing_has_happened_before_the_scheduled_time() -> None:
    with AlgorithmTest(BuysAtTen, market()) as test:
        test.run_to(datetime(2024, 7, 1, 9, 59))
        assert test.orders == []
        assert test.algorithm.portfolio.cash == 10_000


def test_shares_are_bought_at_the_ask_at_the_scheduled_time() -> None:
    with AlgorithmTest(BuysAtTen, market()) as test:
        test.run_to(datetime(2024, 7, 1, 10, 0))
        first = test.orders[0]
        assert (first.status, first.quantity, first.price) == (OrderStatus.FILLED, 10, 540.01)
        assert test.algorithm.portfolio[test.algorithm.spy].quantity == 10


def test_time_stands_still_between_calls_and_follows_the_market_when_advanced() -> None:
    with AlgorithmTest(BuysAtTen, market()) as test:
        test.run_to(datetime(2024, 7, 1, 11, 59))
        assert test.algorithm.securities["SPY"].price == 540
        test.advance(minutes=2)
        assert test.time == datetime(2024, 7, 1, 12, 1)
        assert test.algorithm.securities["SPY"].price == 530


def test_injected_trade_triggers_the_resting_stop() -> None:
    with AlgorithmTest(BuysAtTen, market()) as test:
        test.run_to(datetime(2024, 7, 1, 11, 0))
        assert test.orders[1].status == OrderStatus.SUBMITTED
        test.inject_trade("SPY", 515.0)
        assert test.orders[1].status == OrderStatus.FILLED
        assert test.algorithm.portfolio["SPY"].quantity == 0


def test_injected_quote_is_what_an_option_sale_fills_at() -> None:
    with AlgorithmTest(SellsAPut, market()) as test:
        test.run_to(datetime(2024, 7, 1, 10, 0))
        test.inject_quote(test.algorithm.put, 3.10, 3.30)
        ticket = test.algorithm.market_order(test.algorithm.put, -1)
        assert ticket.average_fill_price == 3.10


def test_whole_run_gives_the_result_of_the_day() -> None:
    with AlgorithmTest(BuysAtTen, market()) as test:
        result = test.run_to_end()
    assert result.statistics["Total Orders"] == "2"
    assert result.statistics["End Equity"] == "9898.9"


def test_going_back_in_time_is_refused() -> None:
    with AlgorithmTest(BuysAtTen, market()) as test:
        test.run_to(datetime(2024, 7, 1, 11, 0))
        with pytest.raises(BadInput, match="is over"):
            test.run_to(datetime(2024, 7, 1, 10, 0))


def test_unknown_security_is_named() -> None:
    with AlgorithmTest(BuysAtTen, market()) as test, pytest.raises(BadInput, match="TSLA"):
        test.inject_trade("TSLA", 1.0)


def test_path_without_a_price_at_the_opening_is_refused() -> None:
    with pytest.raises(ValueError, match="09:30"):
        InMemoryMarket().stock("SPY", DAY, [(time(10, 0), 540.0)])
