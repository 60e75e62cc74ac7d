"""The capacity estimate: which bars count for how long, what a snapshot forgets, and which of equals limits."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from leanlocal import symbol_book
from leanlocal.engine.context import RunContext
from leanlocal.enums import DataNormalizationMode, OptionRight, OptionStyle, Resolution, SecurityType
from leanlocal.exact import exact_arithmetic
from leanlocal.portfolio.buying_power import reserved_alone
from leanlocal.portfolio.margin import naked_option_margin
from leanlocal.run import make_run
from leanlocal.runtime.exports import exported
from leanlocal.statistics.capacity import Slots, Watched
from leanlocal.symbols import Symbol
from tests.leanlocal.memory_market import DAY, MemoryMarket, every_minute, run_on

QCAlgorithm = exported()["QCAlgorithm"]
SHARES_A_MINUTE = 1000


class BuysAndSells(QCAlgorithm):
    """Ten shares from ten to eleven."""

    def initialize(self) -> None:
        self.set_start_date(DAY.year, DAY.month, DAY.day)
        self.set_end_date(DAY.year, DAY.month, DAY.day)
        self.set_cash(100_000)
        self.abc = self.add_equity("ABC", Resolution.MINUTE, data_normalization_mode=DataNormalizationMode.RAW).symbol
        self.set_benchmark(lambda _: 1)
        for hour, quantity in ((10, 10), (11, -10)):
            self.schedule.on(self.date_rules.today, self.time_rules.at(hour, 0), lambda quantity=quantity: self.market_order(self.abc, quantity))


def test_volume_counts_as_long_as_six_million_dollars_take_to_trade(tmp_path: Path) -> None:
    run = run_on(MemoryMarket(shares={DAY: every_minute(100.0)}), BuysAndSells, tmp_path)
    minute = 100 * SHARES_A_MINUTE  # two minutes' volume over one minute: 200,000 dollars, so thirty minutes and the fill's own
    quickly = Decimal(2 * 60) / 390  # an hour after the first fill, less of the volume is taken
    market = Decimal("0.20") * (31 * minute + 31 * minute * quickly)
    first = market / 2  # two trades; all sales are this share's
    assert run.capacity.estimate().value == round(Decimal("0.99") * first, -3)  # a second closing snapshot without sales and holdings keeps 99 %


def test_a_bar_hours_after_the_last_fill_ends_the_watch_without_counting(tmp_path: Path) -> None:
    quiet = [row for row in every_minute(100.0) if row[0] <= 600 or row[0] >= 900]
    run = run_on(MemoryMarket(shares={DAY: quiet}), BuysAndSells, tmp_path)
    assert run.capacity.estimate().value == round(Decimal("0.99") * Decimal("0.20") * 100 * SHARES_A_MINUTE / 2, -3)


def _watched(run: RunContext, name: str) -> Watched:
    symbol = Symbol.create(name, SecurityType.EQUITY, "usa")
    return Watched(run, run.securities.create(symbol))


def test_a_newcomer_takes_the_slot_freed_last(tmp_path: Path) -> None:
    run = make_run(MemoryMarket(), {}, tmp_path)
    with symbol_book.using(run.symbols), exact_arithmetic():
        first, second, third, fourth, fifth = (_watched(run, name) for name in ("A", "B", "C", "D", "E"))
        slots = Slots()
        assert not slots
        for one in (first, second, third):
            slots.put(one)
        slots.free(first)
        slots.free(second)
        slots.put(fourth)
        assert list(slots) == [fourth, third]
        slots.put(fifth)
        assert list(slots) == [fifth, fourth, third]
        assert slots.of(fourth.security) is fourth
        assert slots.of(first.security) is None


class SellsAPut(QCAlgorithm):
    """One put sold at ten; it loses half of its value after that."""

    def initialize(self) -> None:
        self.set_start_date(DAY.year, DAY.month, DAY.day)
        self.set_end_date(DAY.year, DAY.month, DAY.day)
        self.set_cash(100_000)
        abc = self.add_equity("ABC", Resolution.MINUTE, data_normalization_mode=DataNormalizationMode.RAW).symbol
        self.set_benchmark(lambda _: 1)
        expiry = datetime(DAY.year, DAY.month, DAY.day) + timedelta(days=18)
        put = Symbol.create_option(abc, "usa", OptionStyle.AMERICAN, OptionRight.PUT, 95, expiry)
        self.put = self.add_option_contract(put).symbol
        self.schedule.on(self.date_rules.today, self.time_rules.at(10, 0), lambda: self.market_order(self.put, -1))


@pytest.fixture
def short_put(tmp_path: Path) -> RunContext:
    prices = every_minute(lambda minute: 2.0 if minute <= 600 else 1.0)
    return run_on(MemoryMarket(shares={DAY: every_minute(100.0)}, options={("put", 95.0): {DAY: prices}}), SellsAPut, tmp_path)


def test_a_short_option_asked_about_alone_reserves_its_premium_at_cost(short_put: RunContext) -> None:
    security = next(one for one in short_put.securities.values() if one.holding.quantity)
    with exact_arithmetic():
        assert reserved_alone(security) == abs(naked_option_margin(security, security.holding.holdings_cost, Decimal(-1)))
        at_market = abs(naked_option_margin(security, security.holding.holdings_value, Decimal(-1)))
        assert round(reserved_alone(security) - at_market, 9) == Decimal(99)  # sold at 1.99, worth 1.00 now


def test_a_fill_bears_on_the_estimate_for_thirty_days_or_as_long_as_it_is_held(tmp_path: Path) -> None:
    run = run_on(MemoryMarket(shares={DAY: every_minute(100.0)}), BuysAndSells, tmp_path)
    watched = _watched(run, "ABC")
    sold = next(event for event in reversed(run.handler.events) if event.fill_quantity)
    watched.on_fill(sold)
    month = 30 * 86_400_000_000
    assert not watched.is_over(sold.time + month - 1)
    assert watched.is_over(sold.time + month)
