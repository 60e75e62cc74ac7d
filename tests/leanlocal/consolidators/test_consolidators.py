"""Consolidators: where bars begin and end, what goes into them, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.algorithm.qc_algorithm import QCAlgorithm
from leanlocal.consolidators.base import IdentityDataConsolidator, QuoteBarConsolidator, TradeBarConsolidator
from leanlocal.consolidators.chained import PythonConsolidator, SequentialConsolidator
from leanlocal.consolidators.periods import Calendar, fixed_span
from leanlocal.consolidators.renko import DollarVolumeRenkoConsolidator, RenkoConsolidator, VolumeRenkoConsolidator
from leanlocal.enums import Resolution, SecurityType, TickType
from leanlocal.exact import exact_arithmetic
from leanlocal.feeds.blocks import Ohlc, QuoteFacts, TradeFacts
from leanlocal.slices.bars import QuoteBar, TradeBar, quote_bar, trade_bar
from leanlocal.symbol_book import ArgumentException, SymbolBook, using
from leanlocal.symbols import Symbol
from leanlocal.testing import AlgorithmTest, InMemoryMarket

MORNING = datetime(2024, 7, 1, 9, 30)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def exact() -> Iterator[None]:
    with exact_arithmetic(), using(SymbolBook()):
        yield


def spy(ticker: str = "SPY") -> Symbol:
    return Symbol.create(ticker, SecurityType.EQUITY, "usa")


def bar(minute: int, price: float, volume: float = 10, length: timedelta = MINUTE, ticker: str = "SPY", start: datetime = MORNING) -> TradeBar:
    exact = Decimal(str(price))
    begin = start + minute * MINUTE
    return trade_bar(spy(ticker), TradeFacts(0, 0, exact, exact, exact, exact, Decimal(str(volume))), begin, begin + length)


def fed(consolidator: Any, bars: list[Any]) -> list[Any]:
    got: list[Any] = []
    consolidator.data_consolidated += lambda _, made: got.append(made)
    for one in bars:
        consolidator.update(one)
    return got


def test_a_bar_by_time_is_handed_out_when_a_later_one_begins() -> None:
    got = fed(TradeBarConsolidator(timedelta(minutes=5)), [bar(i, 100 + i) for i in range(7)])
    assert [(one.time, one.end_time) for one in got] == [(MORNING, MORNING + 5 * MINUTE)]
    assert (got[0].open, got[0].high, got[0].low, got[0].close, got[0].volume) == (100, 104, 100, 104, 50)


def test_the_clock_hands_out_a_bar_without_new_data() -> None:
    consolidator = TradeBarConsolidator(timedelta(minutes=5))
    got = fed(consolidator, [bar(0, 100), bar(1, 99)])
    consolidator.scan(MORNING + 4 * MINUTE)
    assert not got
    assert consolidator.working_data.close == 99
    consolidator.scan(MORNING + 5 * MINUTE)
    assert [one.end_time for one in got] == [MORNING + 5 * MINUTE]
    assert consolidator.working_data is None
    assert consolidator.consolidated is got[0]


def test_bars_of_a_length_that_does_not_divide_the_day_begin_at_another_time_each_day() -> None:
    starts = [fixed_span(timedelta(minutes=7)).of(datetime(2024, 7, day, 10)).start for day in (1, 2)]
    assert [(start - datetime(1, 1, 1)) % timedelta(minutes=7) for start in starts] == [timedelta(0)] * 2
    assert starts[0].time() != starts[1].time()


@given(st.integers(1, 24 * 60), st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)))
def test_every_moment_lies_in_its_period(minutes: int, moment: datetime) -> None:
    info = fixed_span(timedelta(minutes=minutes)).of(moment)
    assert info.start <= moment < info.end


@pytest.mark.parametrize(
    ("calendar", "start", "end"),
    [
        (Calendar.WEEKLY, datetime(2024, 7, 1), datetime(2024, 7, 8)),
        (Calendar.MONTHLY, datetime(2024, 7, 1), datetime(2024, 8, 1)),
        (Calendar.QUARTERLY, datetime(2024, 7, 1), datetime(2024, 10, 1)),
        (Calendar.YEARLY, datetime(2024, 1, 1), datetime(2025, 1, 1)),
    ],
)
def test_calendar_periods(calendar: Callable[[datetime], Any], start: datetime, end: datetime) -> None:
    info = calendar(datetime(2024, 7, 3, 15, 7))
    assert (info.start, info.end) == (start, end)
    got = fed(TradeBarConsolidator(calendar), [bar(0, 100, start=end - timedelta(hours=1)), bar(0, 101, start=end)])
    assert [(one.time, one.end_time) for one in got] == [(start, end)]


def test_a_count_hands_out_with_the_last_bar() -> None:
    got = fed(TradeBarConsolidator(3), [bar(i, 100 + i) for i in range(7)])
    assert [(one.time, one.end_time, one.close) for one in got] == [(MORNING, MORNING + 3 * MINUTE, 102), (MORNING + 3 * MINUTE, MORNING + 6 * MINUTE, 105)]


def test_a_count_within_a_period_hands_out_at_whichever_comes_first() -> None:
    got = fed(TradeBarConsolidator(3, timedelta(minutes=10)), [bar(0, 100), bar(10, 101), bar(11, 102), bar(12, 103)])
    assert [one.close for one in got] == [101, 102], "the count goes on when the period hands out"


def quote(minute: int, bid: float | None, ask: float | None) -> QuoteBar:
    sides = [None if price is None else Ohlc(*[Decimal(str(price))] * 4) for price in (bid, ask)]
    begin = MORNING + minute * MINUTE
    return quote_bar(spy(), QuoteFacts(0, 0, sides[0], sides[1], Decimal(5), Decimal(6)), begin, begin + MINUTE)


def test_a_quote_bar_opens_at_the_close_before() -> None:
    got = fed(QuoteBarConsolidator(timedelta(minutes=2)), [quote(0, 10, 11), quote(1, 12, 13), quote(2, 9, 14), quote(3, 9.5, 13), quote(4, 1, 2)])
    assert [(one.bid.open, one.bid.high, one.bid.low, one.bid.close) for one in got] == [(10, 12, 10, 12), (12, 12, 9, 9.5)]
    assert [(one.ask.open, one.ask.close) for one in got] == [(11, 13), (13, 13)]


def test_a_missing_side_is_taken_from_the_rows_that_have_it() -> None:
    got = fed(QuoteBarConsolidator(2), [quote(0, None, 11), quote(1, 10, None)])
    assert (got[0].bid.close, got[0].ask.close) == (10, 11)


def test_identity_hands_every_bar_on_once() -> None:
    one, two = bar(0, 100), bar(1, 101)
    assert fed(IdentityDataConsolidator(), [one, one, two]) == [one, two]


def test_a_consolidator_serves_one_symbol_and_rows_no_longer_than_itself() -> None:
    with pytest.raises(ArgumentException, match="single symbol"):
        fed(TradeBarConsolidator(timedelta(minutes=5)), [bar(0, 100), bar(1, 50, ticker="QQQ")])
    with pytest.raises(ArgumentException, match="can not consolidate"):
        fed(TradeBarConsolidator(timedelta(minutes=5)), [bar(0, 100, length=timedelta(hours=1))])
    with pytest.raises(NotImplementedError, match="start_time"):
        TradeBarConsolidator(timedelta(minutes=5), timedelta(hours=9))


def test_reset_forgets_the_bar_in_the_making() -> None:
    consolidator = TradeBarConsolidator(3)
    got = fed(consolidator, [bar(0, 100), bar(1, 101)])
    consolidator.reset()
    fed(consolidator, [bar(2, 102), bar(3, 103), bar(4, 104, ticker="SPY")])
    assert [one.open for one in got] == [102]


def test_sequential_consolidators_hand_bars_from_one_to_the_next() -> None:
    got = fed(SequentialConsolidator(timedelta(minutes=2), TradeBarConsolidator(2)), [bar(i, 100 + i) for i in range(6)])
    assert [(one.time, one.end_time, one.close, one.volume) for one in got] == [(MORNING, MORNING + 4 * MINUTE, 103, 40)]


def test_volume_bars_carry_over_what_is_too_much() -> None:
    got = fed(VolumeRenkoConsolidator(25), [bar(0, 100), bar(1, 102), bar(2, 101), bar(3, 99, 45)])
    assert [(one.open, one.high, one.low, one.close, one.volume) for one in got] == [(100, 102, 100, 101, 25), (101, 101, 99, 99, 25), (99, 99, 99, 99, 25)]
    with pytest.raises(ArgumentException, match="TradeBar"):
        VolumeRenkoConsolidator(25).update(quote(0, 1, 2))


@given(st.lists(st.tuples(st.integers(90, 110), st.integers(1, 400)), min_size=1, max_size=40))
def test_volume_bars_lose_no_volume(rows: list[tuple[int, int]]) -> None:
    with exact_arithmetic(), using(SymbolBook()):
        for kind, weigh in ((VolumeRenkoConsolidator, lambda p, v: v), (DollarVolumeRenkoConsolidator, lambda p, v: p * v)):
            size = 100 if kind is VolumeRenkoConsolidator else 10_000
            got = fed(kind(size), [bar(i, price, volume) for i, (price, volume) in enumerate(rows)])
            assert len(got) == sum(weigh(price, volume) for price, volume in rows) // size


def test_renko_bars_have_the_height_asked_for() -> None:
    got = fed(RenkoConsolidator(1), [bar(i, price) for i, price in enumerate((100, 101.2, 102.5, 100.9, 99.5))])
    assert [(one.open, one.close) for one in got] == [(100, 101), (101, 102), (101, 100)]


class Halves(PythonConsolidator):
    """Every second bar; does not call the base's constructor."""

    def __init__(self) -> None:
        self.seen = 0
        self.input_type = TradeBar
        self.output_type = TradeBar

    def update(self, data: Any) -> None:
        self.seen += 1
        self.working_data = data
        if self.seen % 2 == 0:
            self.on_data_consolidated(self, data)


class Using(QCAlgorithm):
    def initialize(self) -> None:
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 2)
        self.one = self.add_equity("ONE", Resolution.MINUTE).symbol
        self.got: dict[str, list[Any]] = {}
        self.halves = Halves()
        self.halves.data_consolidated += lambda _, made: self.note("halves", made)
        self.subscription_manager.add_consolidator(self.one, self.halves)
        self.consolidate(self.one, timedelta(minutes=30), lambda made: self.note("half hours", made))
        self.consolidate(self.one, Resolution.DAILY, lambda made: self.note("daily", made))
        self.consolidate(self.one, timedelta(minutes=1), lambda made: self.note("own", made))
        self.consolidate(self.one, Resolution.HOUR, TickType.QUOTE, lambda made: self.note("quotes", made))

    def note(self, name: str, made: Any) -> None:
        self.got.setdefault(name, []).append((self.time, made))


@pytest.fixture(scope="module")
def using_them() -> Any:
    market = InMemoryMarket()
    for day in (date(2024, 7, 1), date(2024, 7, 2)):
        market.stock("ONE", day, [(time(9, 30), 100.0), (time(15), 101.0)])
    with AlgorithmTest(Using, market) as test:
        test.run_to_end()
        return test.algorithm.got


def test_an_algorithms_own_consolidator_is_fed_every_bar(using_them: Any) -> None:
    assert len(using_them["halves"]) == 390
    moment, made = using_them["halves"][0]
    assert moment == made.end_time == datetime(2024, 7, 1, 9, 32)


def test_bars_are_handed_out_at_their_end(using_them: Any) -> None:
    assert [moment for moment, _ in using_them["half hours"][:2]] == [datetime(2024, 7, 1, 10), datetime(2024, 7, 1, 10, 30)]
    assert len(using_them["half hours"]) == 26
    assert len(using_them["own"]) == 780
    assert [moment.hour for moment, _ in using_them["quotes"][:2]] == [10, 11]


def test_the_daily_bar_is_the_session(using_them: Any) -> None:
    assert [(moment, made.time, made.end_time, made.close) for moment, made in using_them["daily"]] == [
        (datetime(2024, 7, day, 16), datetime(2024, 7, day, 9, 30), datetime(2024, 7, day, 16), 101.0) for day in (1, 2)
    ]


class TooFine(QCAlgorithm):
    def initialize(self) -> None:
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 2)
        one = self.add_equity("ONE", Resolution.DAILY).symbol
        self.consolidate(one, timedelta(hours=1), lambda _: None)


def test_finer_bars_than_the_subscription_cannot_be_made() -> None:
    with (
        pytest.raises(ArgumentException, match="registered for Daily data"),
        AlgorithmTest(TooFine, InMemoryMarket().stock("ONE", date(2024, 7, 1), [(time(9, 30), 1)])),
    ):
        pass
