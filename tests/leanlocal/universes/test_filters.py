"""Filters: which contracts of yesterday's file are selected."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from leanlocal.clock import EngineClock
from leanlocal.enums import OptionRight, SecurityType
from leanlocal.feeds.loading import BlockLoader
from leanlocal.market_hours import HoursDatabase
from leanlocal.securities.registry import SecurityRegistry
from leanlocal.symbol_book import SymbolBook, canonical_option
from leanlocal.symbols import Symbol, expiry_of, strike_of
from leanlocal.testing import InMemoryMarket
from leanlocal.universes.files import ChainFiles
from leanlocal.universes.filters import OptionFilterUniverse, strike_range
from leanlocal.universes.future_expiries import future_expiry

DAY = date(2024, 7, 1)
EXPIRIES = (date(2024, 7, 5), date(2024, 7, 19), date(2024, 8, 16))
STRIKES = (530.0, 535.0, 540.0, 545.0)


def universe() -> OptionFilterUniverse:
    market = InMemoryMarket().stock("SPY", DAY, [(time(9, 30), 541.0)])
    for expiry in EXPIRIES:
        for strike in STRIKES:
            for right in OptionRight:
                market.option("SPY", DAY, expiry, strike, right, [(time(9, 30), 2.0)])
    hours = HoursDatabase(market.market_hours())
    registry = SecurityRegistry(market, BlockLoader(market), hours, EngineClock(), SymbolBook())
    security = registry.create(canonical_option(Symbol.create("SPY", SecurityType.EQUITY, "usa")))
    table = ChainFiles(market, registry.hours_of).of_day(security.symbol, DAY)
    assert table is not None
    return OptionFilterUniverse(table, security.hours, datetime(2024, 7, 2), security)


def strikes(selected: list[Symbol]) -> list[float]:
    return sorted({float(strike_of(symbol)) for symbol in selected})


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(-2, 2, (747.5 - 2.5, 752.5)), (-1, 1, (747.5, 750.0)), (0, 2, (750.0, 755.0)), (-5, 0, (742.5, 750.0)), (1, 1, (750.0, 750.0))],
)
def test_steps_count_from_the_next_higher_strike_when_the_price_is_none(low: int, high: int, expected: tuple[float, float]) -> None:
    ladder = [742.5, 745.0, 747.5, 750.0, 752.5, 755.0]
    assert strike_range(ladder, 748.54, low, high) == expected


def test_steps_count_from_the_strike_itself_when_the_price_is_one() -> None:
    assert strike_range([740.0, 745.0, 750.0], 745.0, -1, 1) == (740.0, 750.0)


def test_no_strike_above_the_price_selects_nothing() -> None:
    assert strike_range([740.0, 745.0], 750.0, -1, 1) == (1.0, 0.0)


def test_strike_ladder_is_what_earlier_filters_have_left() -> None:
    chosen = universe().contracts(lambda rows: [row for row in rows if row.strike != 545.0])
    assert strikes(chosen.strikes(-1, 1).selected()) == []
    assert strikes(universe().strikes(-1, 1).selected()) == [540.0, 545.0]


def test_expiration_counts_days_from_the_selection_date_inclusive() -> None:
    selected = universe().expiration(3, 17).selected()
    assert {expiry_of(symbol) for symbol in selected} == {date(2024, 7, 5), date(2024, 7, 19)}


def test_weeklies_are_in_unless_standards_are_asked_for() -> None:
    assert len({expiry_of(symbol) for symbol in universe().selected()}) == 3
    assert {expiry_of(symbol) for symbol in universe().standards_only().selected()} == {date(2024, 7, 19), date(2024, 8, 16)}
    assert {expiry_of(symbol) for symbol in universe().weeklys_only().selected()} == {date(2024, 7, 5)}


def test_front_and_back_months_split_the_expiries() -> None:
    assert {expiry_of(symbol) for symbol in universe().front_month().selected()} == {EXPIRIES[0]}
    assert {expiry_of(symbol) for symbol in universe().back_months().selected()} == set(EXPIRIES[1:])
    assert {expiry_of(symbol) for symbol in universe().back_month().selected()} == {EXPIRIES[1]}


def test_rights_and_chained_filters_narrow_in_place() -> None:
    made = universe()
    made.puts_only()
    made.expiration(0, 5)
    selected = made.selected()
    assert {symbol.id.option_right for symbol in selected} == {OptionRight.PUT}
    assert len(selected) == len(STRIKES)


def test_rows_show_the_files_figures() -> None:
    row = next(iter(universe().calls_only()))
    assert (row.close, row.expiry, row.right, row.strike) == (2.0, datetime(2024, 7, 5), OptionRight.CALL, 530.0)
    bar = universe().underlying
    assert bar is not None
    assert bar.close == 541.0


@pytest.mark.parametrize(
    ("ticker", "month", "expected"),
    [
        ("ES", date(2024, 9, 1), date(2024, 9, 20)),
        ("GC", date(2020, 4, 1), date(2020, 4, 28)),
        ("CL", date(2024, 8, 1), date(2024, 7, 22)),
        ("NG", date(2024, 8, 1), date(2024, 7, 29)),
    ],
)
def test_last_trading_day_of_a_contract_month(ticker: str, month: date, expected: date) -> None:
    hours = HoursDatabase(InMemoryMarket().market_hours()).hours(SecurityType.EQUITY, "usa", "SPY")
    assert future_expiry(ticker, month, hours) == expected


def test_future_without_a_rule_is_refused_by_name() -> None:
    hours = HoursDatabase(InMemoryMarket().market_hours()).hours(SecurityType.EQUITY, "usa", "SPY")
    with pytest.raises(NotImplementedError, match="XYZ"):
        future_expiry("XYZ", date(2024, 8, 1), hours)


def test_strikes_stay_exact() -> None:
    assert Decimal("530.0") in {strike_of(symbol) for symbol in universe().selected()}
