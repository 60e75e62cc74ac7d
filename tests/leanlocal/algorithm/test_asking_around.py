"""What an algorithm can ask about its securities, their hours, its chains and itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from leanlocal.algorithm.qc_algorithm import QCAlgorithm
from leanlocal.enums import AlgorithmStatus, MarketHoursState, OptionRight, Resolution, SecurityType, SeriesType, TickType
from leanlocal.schedule.surface import FuncDateRule, FuncTimeRule
from leanlocal.slices.bars import QuoteBar, TradeBar
from leanlocal.slices.events import Dividend
from leanlocal.symbol_book import ArgumentException
from leanlocal.symbols import Symbol
from leanlocal.system_types import DayOfWeek
from leanlocal.testing import AlgorithmTest, InMemoryMarket
from vocabulary.errors import MissingData

FIRST, SECOND = date(2024, 7, 1), date(2024, 7, 2)
EXPIRIES = (date(2024, 7, 2), date(2024, 7, 19))


class Curious(QCAlgorithm):
    def initialize(self) -> None:
        self.set_start_date(2024, 7, 2)
        self.set_end_date(2024, 7, 2)
        self.set_name("curious")
        self.one = self.add_security(SecurityType.EQUITY, "ONE", Resolution.MINUTE).symbol
        self.fired: list[datetime] = []
        days = FuncDateRule("given days", lambda first, last: [datetime(2024, 7, 2)])
        moments = FuncTimeRule("given moments", lambda dates: [day + timedelta(hours=14) for day in dates])
        self.schedule.on(days, moments, lambda: self.fired.append(self.time))


@pytest.fixture(scope="module")
def algorithm() -> Iterator[Any]:
    market = InMemoryMarket()
    for day, price in ((FIRST, 100.0), (SECOND, 102.0)):
        market.stock("ONE", day, [(time(9, 30), price)])
        for expiry in EXPIRIES:
            for right in OptionRight:
                market.option("ONE", day, expiry, 100, right, [(time(9, 30), 2.0)])
    with AlgorithmTest(Curious, market) as test:
        test.run_to(datetime(2024, 7, 2, 10, 30))
        yield test.algorithm


def test_an_algorithm_knows_its_name_id_and_state(algorithm: Any) -> None:
    assert (algorithm.name, algorithm.algorithm_id, algorithm.project_id, algorithm.status) == ("curious", "Curious", 0, AlgorithmStatus.RUNNING)


def test_rules_made_of_functions_name_days_and_utc_moments(algorithm: Any) -> None:
    assert algorithm.fired == [datetime(2024, 7, 2, 10)]


def test_the_cache_keeps_the_last_bar_of_each_type(algorithm: Any) -> None:
    cache = algorithm.securities["ONE"].cache
    assert cache.get_data().end_time == datetime(2024, 7, 2, 10, 30)
    assert cache.get_data[QuoteBar]().ask.close == 102.01
    assert cache.get_data[TradeBar]().close == cache.price == 102
    assert cache.has_data(TradeBar)
    with pytest.raises(NotImplementedError, match="get_data of Dividend"):
        cache.get_data[Dividend]()


def test_a_security_lists_its_subscriptions_and_currency(algorithm: Any) -> None:
    security = algorithm.securities["ONE"]
    assert [one.tick_type for one in security.subscriptions] == [TickType.TRADE, TickType.QUOTE]
    assert algorithm.subscription_manager.count >= 2
    assert (security.quote_currency.symbol, security.quote_currency.conversion_rate) == ("USD", 1.0)
    assert algorithm.shortable("ONE", 10_000)


def test_hours_of_a_date_are_segments_from_midnight(algorithm: Any) -> None:
    hours = algorithm.securities["ONE"].exchange.hours
    day = hours.get_market_hours(datetime(2024, 7, 2))
    (segment,) = day.segments
    assert (segment.start, segment.end, segment.state) == (timedelta(hours=9, minutes=30), timedelta(hours=16), MarketHoursState.MARKET)
    assert day.day_of_week == DayOfWeek.TUESDAY
    assert day.market_duration == hours.regular_market_duration == timedelta(hours=6, minutes=30)
    assert hours.get_market_hours(datetime(2024, 7, 6)).is_closed_all_day
    assert hours.get_previous_market_open(datetime(2024, 7, 2, 9, 30), False) == datetime(2024, 7, 1, 9, 30)


def test_chain_providers_list_what_has_not_expired_on_the_date(algorithm: Any) -> None:
    listed = algorithm.option_chain_provider.get_option_contract_list(algorithm.one, algorithm.time)
    assert [symbol.id.date.date() for symbol in listed] == [EXPIRIES[0]] * 2 + [EXPIRIES[1]] * 2
    later = algorithm.option_chain_provider.get_option_contract_list(algorithm.one, datetime(2024, 7, 3))
    assert {symbol.id.date.date() for symbol in later} == {EXPIRIES[1]}
    assert algorithm.option_chain_provider.get_option_contract_list(algorithm.one, date(2024, 1, 1)) == []
    assert algorithm.option_chain([algorithm.one][0]).count == 4


def test_any_symbol_can_be_added_by_add_security(algorithm: Any) -> None:
    contract = algorithm.option_chain_provider.get_option_contract_list(algorithm.one, algorithm.time)[-1]
    with pytest.raises(ArgumentException, match="Adjusted"):
        algorithm.add_security(contract)
    with pytest.raises(NotImplementedError, match="add_security"):
        algorithm.add_security(Symbol.create("EURUSD", SecurityType.FOREX, "oanda"))


def test_series_can_be_made_before_they_have_points(algorithm: Any) -> None:
    algorithm.add_series("Mine", "dots", SeriesType.SCATTER, "%")
    algorithm.plot("Mine", "dots", 1.5)
    series = algorithm._run.charts.charts["Mine"].series["dots"]
    assert (series.unit, series.kind) == ("%", SeriesType.SCATTER)


def test_hours_of_markets_nobody_added_can_be_asked_for(algorithm: Any) -> None:
    database = algorithm.market_hours_database
    entry = database.get_entry("usa", "NOBODY", SecurityType.EQUITY)
    assert entry.exchange_hours.is_open(datetime(2024, 7, 2, 9, 30))
    assert not entry.exchange_hours.is_open(datetime(2024, 7, 2, 16))
    assert (str(entry.data_time_zone), str(entry.exchange_hours.time_zone)) == ("America/New_York", "America/New_York")
    assert database.get_exchange_hours("usa", algorithm.one, SecurityType.EQUITY).is_open(datetime(2024, 7, 2, 12))
    assert database.get_exchange_hours(algorithm.subscription_manager.subscriptions[0]).is_open(datetime(2024, 7, 2, 12))
    assert str(database.get_data_time_zone("usa", "ONE", SecurityType.EQUITY)) == "America/New_York"
    with pytest.raises(MissingData, match="market-hours-database"):
        database.get_entry("nowhere", "ONE", SecurityType.EQUITY)


class Initializing(QCAlgorithm):
    def initialize(self) -> None:
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 1)
        self.called: list[str] = []
        self.set_security_initializer(lambda security: self.called.append(f"first {security.symbol}"))
        self.add_security_initializer(lambda security: self.called.append(f"second {security.symbol}"))
        self.add_equity("ONE")


def test_initializers_are_called_in_the_order_they_were_added() -> None:
    market = InMemoryMarket()
    market.stock("ONE", FIRST, [(time(9, 30), 100.0)])
    with AlgorithmTest(Initializing, market) as test:
        assert test.algorithm.called[:2] == ["first ONE", "second ONE"]


def test_notifications_are_not_sent(algorithm: Any) -> None:
    assert not algorithm.notify.ftp("host", "user", "word", "path", "content")
    assert algorithm.utc_time.tzinfo is UTC
