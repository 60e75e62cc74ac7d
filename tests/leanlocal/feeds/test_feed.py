"""Feeds: what was last known at a moment, by LEAN's rules for subscriptions, hours and missing sides."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pytest

from leanlocal.clock import MINUTE, EngineClock, micros_of, zone
from leanlocal.enums import OptionRight, OptionStyle, SecurityType
from leanlocal.feeds.blocks import QuoteBlock, QuoteFacts, TradeBlock, ascending, carried_sides
from leanlocal.feeds.feed import Feed, Subscription
from leanlocal.feeds.loading import BlockLoader
from leanlocal.market_hours import HoursDatabase
from leanlocal.securities.registry import SecurityRegistry
from leanlocal.symbol_book import SymbolBook
from leanlocal.symbols import Symbol
from leanlocal.testing import InMemoryMarket
from marketdata.port import Instrument, Kind, Step, Tick

DAY, NEXT = date(2024, 7, 1), date(2024, 7, 2)
NEW_YORK = zone("America/New_York")


def utc(day: date, hour: int, minute: int) -> int:
    return NEW_YORK.to_utc(micros_of(datetime.combine(day, time(hour, minute))))


def stock_feed(market: InMemoryMarket, begin: int, tick: Tick = Tick.TRADE) -> Feed[TradeBlock]:
    hours = HoursDatabase(market.market_hours()).hours(SecurityType.EQUITY, "usa", "SPY")
    subscription = Subscription(tick, Step.MINUTE, False, True, begin, date(2024, 7, 31))
    return Feed(BlockLoader(market), subscription, hours, lambda _: Instrument(Kind.EQUITY, "usa", "spy"))


def two_days() -> InMemoryMarket:
    market = InMemoryMarket()
    market.stock("SPY", DAY, [(time(9, 30), 540.0), (time(12, 0), 530.0)])
    return market.stock("SPY", NEXT, [(time(9, 30), 520.0)])


def test_row_counts_from_its_end_and_stays_known_over_night() -> None:
    feed = stock_feed(two_days(), utc(DAY, 0, 0))
    assert feed.row_at(utc(DAY, 9, 30)) is None
    facts = feed.facts_at(utc(DAY, 9, 31))
    assert facts is not None
    assert facts.close == Decimal("540.0000")
    night = feed.facts_at(utc(NEXT, 3, 0))
    assert night is not None
    assert night.close == Decimal("530.0000")


def test_rows_from_before_the_subscription_do_not_exist() -> None:
    feed = stock_feed(two_days(), utc(DAY, 12, 5))
    assert feed.row_at(utc(DAY, 12, 5)) is None
    assert feed.next_end_after(utc(DAY, 12, 5)) == utc(DAY, 12, 6)


def test_next_row_after_the_close_is_the_next_days_first() -> None:
    feed = stock_feed(two_days(), utc(DAY, 0, 0))
    assert feed.next_end_after(utc(DAY, 16, 0)) == utc(NEXT, 9, 31)
    assert feed.next_end_after(utc(NEXT, 16, 0)) is None


def test_reading_many_days_keeps_only_a_few_of_them() -> None:
    market = InMemoryMarket()
    first = date(2024, 7, 1)
    for number in range(12):
        market.stock("SPY", first + timedelta(days=number), [(time(9, 30), 500.0 + number)])
    feed = stock_feed(market, utc(first, 0, 0))
    for number in range(12):
        feed.row_at(utc(first + timedelta(days=number), 12, 0))
    assert len(feed._blocks) <= 3  # pyright: ignore[reportPrivateUsage]


def quotes(bid: list[list[float]], ask: list[list[float]]) -> QuoteBlock:
    ends = np.arange(1, len(bid) + 1, dtype=np.int64) * MINUTE
    none = np.zeros(len(bid))
    return QuoteBlock(ends - MINUTE, ends, np.array(bid), np.array(ask), none, none, 10_000)


def test_missing_side_is_the_whole_side_of_the_row_before() -> None:
    absent, side = [0.0] * 4, [1.0, 2.0, 0.5, 1.5]
    block = carried_sides(quotes([side, absent, absent], [absent, side, absent]), None, None)
    assert block.bid.tolist() == [side, side, side]
    assert block.ask.tolist() == [absent, side, side]


def test_side_known_from_the_day_before_is_carried_in() -> None:
    absent, side, known = [0.0] * 4, [1.0, 2.0, 0.5, 1.5], np.array([9.0] * 4)
    block = carried_sides(quotes([absent, side], [side, side]), known, None)
    assert block.bid.tolist() == [[9.0] * 4, side]


def test_rows_out_of_order_or_twice_are_skipped() -> None:
    ends = np.array([3, 1, 3, 4], dtype=np.int64) * MINUTE
    block = TradeBlock(ends - MINUTE, ends, np.ones((4, 4)), np.ones(4), 1)
    assert ascending(block).ends.tolist() == [3 * MINUTE, 4 * MINUTE]


def registry(market: InMemoryMarket, clock: EngineClock) -> SecurityRegistry:
    hours = HoursDatabase(market.market_hours())
    made = SecurityRegistry(market, BlockLoader(market), hours, clock, SymbolBook())
    made.start(utc(DAY, 0, 0), date(2024, 7, 31))
    return made


def put_option(made: SecurityRegistry) -> Symbol:
    spy = Symbol.create("SPY", SecurityType.EQUITY, "usa")
    return made.create(Symbol.create_option(spy, "usa", OptionStyle.AMERICAN, OptionRight.PUT, 535, datetime(2024, 7, 5))).symbol


def test_price_of_a_stock_is_its_trade_and_of_an_option_the_mid_of_its_quote() -> None:
    clock = EngineClock(utc(DAY, 0, 0))
    market = two_days().option("SPY", DAY, date(2024, 7, 5), 535.0, OptionRight.PUT, [(time(9, 30), 2.0)], spread=0.10)
    made = registry(market, clock)
    put = made[put_option(made)]
    made.subscribe(put, Step.MINUTE)
    stock = made[put.symbol.underlying]
    made.subscribe(stock, Step.MINUTE)
    assert (put.price, put.bid, put.has_data) == (0, 0, False)
    clock.now = utc(DAY, 10, 0)
    assert (put.bid, put.price, put.ask) == (Decimal("1.9500"), Decimal("2.0000"), Decimal("2.0500"))
    assert stock.price == Decimal("540.0000")


def test_prices_of_many_moments_equal_the_price_at_each() -> None:
    clock = EngineClock(utc(DAY, 0, 0))
    made = registry(two_days(), clock)
    stock = made.create(Symbol.create("SPY", SecurityType.EQUITY, "usa"))
    made.subscribe(stock, Step.MINUTE)
    moments = np.array([utc(DAY, 9, 30), utc(DAY, 11, 0), utc(DAY, 14, 0), utc(NEXT, 8, 0), utc(NEXT, 10, 0)])
    one_by_one: list[float] = []
    for moment in moments.tolist():
        clock.now = moment
        one_by_one.append(float(stock.price))
    clock.now = int(moments[-1])
    assert stock.price_array(moments).tolist() == one_by_one == [0.0, 540.0, 530.0, 530.0, 520.0]


def test_price_from_outside_stands_until_a_row_ends() -> None:
    clock = EngineClock(utc(DAY, 0, 0))
    made = registry(two_days(), clock)
    stock = made.create(Symbol.create("SPY", SecurityType.EQUITY, "usa"))
    made.subscribe(stock, Step.MINUTE)
    stock.set_price(Decimal("99"))
    assert stock.price == 99
    clock.now = utc(DAY, 9, 31)
    assert stock.price == Decimal("540.0000")


@pytest.mark.parametrize(("bid", "ask", "value"), [("1", "2", "1.5"), ("0", "2", "2"), ("1", "0", "1")])
def test_value_of_a_quote_is_the_mid_or_the_only_side(bid: str, ask: str, value: str) -> None:
    block = quotes([[float(bid) * 10_000] * 4], [[float(ask) * 10_000] * 4])
    facts = block.facts(0)
    assert isinstance(facts, QuoteFacts)
    assert facts.value == Decimal(value)
    assert block.values.tolist() == [float(value)]
