"""A share that changes its ticker while it and an option on it are held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leanlocal.enums import OptionRight, OptionStyle
from leanlocal.feeds.feed import names_between
from leanlocal.runtime.exports import exported
from leanlocal.symbols import Symbol
from marketdata.port import Columns, Instrument, Kind, MapRow, Step, Tick
from tests.leanlocal.memory_market import DAY, NEXT_DAY, MemoryMarket, every_minute, run_on
from tests.leanlocal.orders.test_trading_day import EXPIRY

QCAlgorithm = exported()["QCAlgorithm"]
ROWS = (MapRow(date(2010, 1, 4), "old", "Q"), MapRow(DAY, "old", "Q"), MapRow(date(2050, 12, 31), "new", "Q"))


@dataclass
class RenamingMarket(MemoryMarket):
    """OLD until the first day, NEW from the second on; each ticker has only its own days."""

    def map_rows(self, ticker: str, market: str, kind: Kind) -> Sequence[Any]:
        return ROWS if ticker.lower() in ("old", "new") else ()

    def bars(self, instrument: Instrument, step: Step, tick: Tick, day: date | None) -> Columns | None:
        if day is None or instrument.ticker != ("old" if day <= DAY else "new"):
            return None
        return super().bars(replace(instrument, ticker="abc"), step, tick, day)


class Holder(QCAlgorithm):  # type: ignore[misc,valid-type]
    """Holds the share and a put of it over the change, with orders resting."""

    def initialize(self) -> None:
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 2)
        self.share = self.add_equity("NEW", data_normalization_mode=exported()["DataNormalizationMode"].RAW).symbol
        self.put = self.add_option_contract(Symbol.create_option(self.share, "usa", OptionStyle.AMERICAN, OptionRight.PUT, 95, EXPIRY)).symbol
        self.texts = [str(self.share)]
        self.told: list[tuple[str, str, str]] = []
        self.prices: dict[int, float] = {}
        self.schedule.on(self.date_rules.on(2024, 7, 1), self.time_rules.at(10, 0), self.trade)

    def trade(self) -> None:
        self.market_order(self.share, 10)
        self.market_order(self.put, 1)
        self.resting = [self.limit_order(self.share, 1, 50), self.limit_order(self.put, 1, 0.1)]

    def on_symbol_changed_events(self, events: Any) -> None:
        for pair in events:
            self.told.append((pair.value.symbol.value, pair.value.old_symbol, pair.value.new_symbol))
        self.moment = self.time

    def on_end_of_day(self, symbol: Any) -> None:
        self.prices[self.time.day] = self.securities[self.share].price
        self.texts.append(str(self.share))


@pytest.fixture
def held(tmp_path: Path) -> Any:
    made: list[Any] = []

    class Kept(Holder):
        def on_end_of_algorithm(self) -> None:
            made.append((self, [ticket.status.name for ticket in self.resting], [ticket.tag for ticket in self.resting]))

    market = RenamingMarket(shares={DAY: every_minute(100.0), NEXT_DAY: every_minute(110.0)})
    market.options = {("put", 95.0): {DAY: every_minute(1.0, 0.1), NEXT_DAY: every_minute(0.5, 0.1)}}
    run_on(market, Kept, tmp_path)
    return made[0]


def test_share_and_option_are_told_of_at_the_next_sessions_midnight(held: Any) -> None:
    algorithm, _, _ = held
    assert algorithm.told == [("NEW", "OLD", "NEW"), ("NEW   240719P00095000", "OLD", "NEW")]
    assert (algorithm.moment.day, algorithm.moment.hour) == (2, 0)


def test_prices_go_on_under_the_new_ticker_and_the_text_follows(held: Any) -> None:
    algorithm, _, _ = held
    assert algorithm.prices == {1: 100.0, 2: 110.0}
    assert algorithm.texts[0] == "OLD"
    assert algorithm.texts[-1] == "NEW"
    assert str(algorithm.share.id).startswith("OLD ")


def test_open_orders_are_cancelled_by_the_change(held: Any) -> None:
    _, statuses, tags = held
    assert statuses == ["CANCELED", "CANCELED"]
    assert tags == ["Open order cancelled on symbol changed event"] * 2


def test_names_of_a_series_are_cut_where_the_ticker_changes() -> None:
    def name(day: date) -> Instrument:
        return Instrument(Kind.EQUITY, "usa", "old" if day <= DAY else "new")

    spans = names_between(name, date(2020, 1, 1), date(2025, 1, 1))
    assert [(one.ticker, first, last) for one, first, last in spans] == [("old", date(2020, 1, 1), DAY), ("new", NEXT_DAY, date(2025, 1, 1))]
