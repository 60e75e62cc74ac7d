"""History: what each way of asking gives, at ten o'clock of the second of two days on which two stocks have known prices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import pytest

from leanlocal.algorithm.qc_algorithm import QCAlgorithm
from leanlocal.enums import Resolution
from leanlocal.indicators.averages import SimpleMovingAverage
from leanlocal.indicators.ranges import BollingerBands
from leanlocal.slices.bars import OpenInterest, QuoteBar, TradeBar
from leanlocal.slices.events import Dividend
from leanlocal.symbol_book import ArgumentException
from leanlocal.testing import AlgorithmTest, InMemoryMarket

FIRST, SECOND = date(2024, 7, 1), date(2024, 7, 2)
NOON = time(12)


class Asking(QCAlgorithm):
    def initialize(self) -> None:
        self.set_start_date(2024, 7, 2)
        self.set_end_date(2024, 7, 2)
        self.one = self.add_equity("ONE", Resolution.MINUTE).symbol
        self.two = self.add_equity("TWO", Resolution.MINUTE).symbol


@pytest.fixture(scope="module")
def algorithm() -> Iterator[Any]:
    market = InMemoryMarket()
    for ticker, base in (("ONE", 100.0), ("TWO", 50.0)):
        market.stock(ticker, FIRST, [(time(9, 30), base), (time(15, 0), base + 1)])
        market.stock(ticker, SECOND, [(time(9, 30), base + 2), (time(9, 45), base + 3)])
    with AlgorithmTest(Asking, market) as test:
        test.run_to(datetime(2024, 7, 2, 10, 0))
        yield test.algorithm


def test_a_count_goes_back_through_the_night(algorithm: Any) -> None:
    frame = algorithm.history(algorithm.one, 45, Resolution.MINUTE)
    ends = [index[1] for index in frame.index]
    assert len(frame) == 45
    assert ends[0] == pd.Timestamp(2024, 7, 1, 15, 46)
    assert ends[14:16] == [pd.Timestamp(2024, 7, 1, 16, 0), pd.Timestamp(2024, 7, 2, 9, 31)]
    assert frame["close"].iloc[0] == 101
    assert frame["close"].iloc[-1] == 103


def test_daily_bars_are_those_of_closed_sessions(algorithm: Any) -> None:
    frame = algorithm.history(algorithm.one, 5, Resolution.DAILY)
    assert [index[1] for index in frame.index] == [pd.Timestamp(2024, 7, 1, 16)]
    assert (frame["open"].iloc[0], frame["close"].iloc[0]) == (100, 101)


def test_a_timedelta_is_clock_time_and_counts_what_is_in_it(algorithm: Any) -> None:
    assert len(algorithm.history(algorithm.one, timedelta(minutes=40))) == 30
    assert len(algorithm.history(algorithm.one, timedelta(days=1), Resolution.MINUTE)) == 30 + 360


def test_start_and_end_bound_the_ends_of_bars(algorithm: Any) -> None:
    frame = algorithm.history(algorithm.one, datetime(2024, 7, 1, 14, 59), datetime(2024, 7, 1, 15, 2), Resolution.MINUTE)
    assert list(frame["close"]) == [100, 101, 101]


def test_the_future_is_cut_off(algorithm: Any) -> None:
    frame = algorithm.history(algorithm.one, datetime(2024, 7, 2, 9, 58), datetime(2024, 7, 5), Resolution.MINUTE)
    assert len(frame) == 2
    assert any("future history" in line for line in algorithm._run.log.messages)


def test_several_symbols_share_a_frame_and_can_be_asked_by_symbol_or_ticker(algorithm: Any) -> None:
    frame = algorithm.history([algorithm.one, "TWO"], 3, Resolution.MINUTE)
    assert list(frame.index.names) == ["symbol", "time"]
    for key in (algorithm.two, "TWO"):
        assert list(frame.loc[key]["close"]) == [53, 53, 53]
        assert list(frame["close"].unstack(level=0)[key]) == [53, 53, 53]
    assert "ONE" in frame.index
    with pytest.raises(KeyError):
        frame.loc["THREE"]


def test_without_symbols_everything_subscribed_is_meant(algorithm: Any) -> None:
    assert {str(symbol) for symbol, _ in algorithm.history(2).index} == {"ONE", "TWO"}


def test_a_type_asks_for_its_columns_only(algorithm: Any) -> None:
    assert sorted(algorithm.history(TradeBar, algorithm.one, 2).columns) == ["close", "high", "low", "open", "volume"]
    assert "bidclose" in algorithm.history(QuoteBar, algorithm.one, 2).columns
    assert "volume" not in algorithm.history(QuoteBar, algorithm.one, 2).columns


def test_typed_history_of_one_symbol_is_its_bars(algorithm: Any) -> None:
    bars = algorithm.history[TradeBar](algorithm.one, 3)
    assert [(bar.end_time, bar.close) for bar in bars] == [(datetime(2024, 7, 2, 9, 58 + i), 103.0) for i in range(2)] + [(datetime(2024, 7, 2, 10), 103.0)]
    quote = algorithm.history[QuoteBar](algorithm.one, 1)[0]
    assert (quote.bid.close, quote.ask.close) == (102.99, 103.01)


@pytest.mark.parametrize("given", [lambda a: ([a.one, a.two], 3), lambda a: (timedelta(minutes=3),)])
def test_typed_history_of_several_symbols_is_a_dictionary_per_moment(algorithm: Any, given: Callable[[Any], tuple[Any, ...]]) -> None:
    moments = algorithm.history[TradeBar](*given(algorithm))
    assert len(moments) == 3
    assert [bars["TWO"].close - bars[algorithm.one].close for bars in moments] == [-50] * 3


def test_options_may_follow_the_resolution_by_position(algorithm: Any) -> None:
    by_name = algorithm.history(algorithm.one, 3, Resolution.MINUTE, fill_forward=False, extended_market_hours=True)
    assert algorithm.history(algorithm.one, 3, Resolution.MINUTE, False, True).equals(by_name)


@pytest.mark.parametrize(
    "ask",
    [
        lambda a: a.history(a.one, 3, Resolution.TICK),
        lambda a: a.history(a.one, 3, Resolution.SECOND),
        lambda a: a.history[Dividend](a.one, timedelta(days=3)),
        lambda a: a.history(Dividend, a.one, timedelta(days=3)),
        lambda a: a.history(a.one, 3, contract_depth_offset=1),
    ],
)
def test_what_is_not_there_is_refused_by_name(algorithm: Any, ask: Callable[[Any], Any]) -> None:
    with pytest.raises(NotImplementedError, match="not in leanlocal"):
        ask(algorithm)


@pytest.mark.parametrize(
    "ask", [lambda a: a.history(a.one), lambda a: a.history("NOBODY", 3), lambda a: a.history(a.one, 3, colour="red"), lambda a: a.history(a.one, 3, 7.5)]
)
def test_a_request_that_makes_no_sense_is_an_argument_error(algorithm: Any, ask: Callable[[Any], Any]) -> None:
    with pytest.raises(ArgumentException):
        ask(algorithm)


def test_rows_that_do_not_exist_are_an_empty_answer(algorithm: Any) -> None:
    assert algorithm.history(algorithm.one, 3, Resolution.HOUR).shape == (0, 0)
    assert algorithm.history[OpenInterest](algorithm.one, 3) == []


def test_last_known_prices_of_one_and_of_several(algorithm: Any) -> None:
    assert algorithm.get_last_known_price(algorithm.one).end_time == datetime(2024, 7, 2, 10)
    assert algorithm.get_last_known_prices([algorithm.one, algorithm.two])["TWO"][-1].ask.close == 53.01


@pytest.mark.parametrize("window", [(5,), (timedelta(minutes=5),), (datetime(2024, 7, 2, 9, 55), datetime(2024, 7, 2, 10))])
def test_indicator_history_has_a_value_for_every_moment_asked_for(algorithm: Any, window: tuple[Any, ...]) -> None:
    values = algorithm.indicator_history(SimpleMovingAverage(20), algorithm.one, *window, Resolution.MINUTE)
    assert len(values) == 5
    assert [point.value for point in values.current] == [102.55, 102.6, 102.65, 102.7, 102.75]
    assert values.current[-1].end_time == datetime(2024, 7, 2, 10)
    assert [point.value for point in values] == [point.value for point in values.current]


def test_indicator_history_keeps_inner_indicators_and_makes_a_frame(algorithm: Any) -> None:
    values = algorithm.indicator_history(BollingerBands(5, 2), algorithm.one, 3, Resolution.MINUTE)
    assert [point.value for point in values.upper_band] == [103, 103, 103]
    assert [entry["UpperBand"].value for entry in values] == [103, 103, 103]
    frame = values.data_frame
    assert list(frame.columns) == sorted(frame.columns)
    assert {"current", "upperband", "lowerband", "middleband"} <= set(frame.columns)
    assert list(frame.index) == [pd.Timestamp(2024, 7, 2, 9, 58), pd.Timestamp(2024, 7, 2, 9, 59), pd.Timestamp(2024, 7, 2, 10)]
