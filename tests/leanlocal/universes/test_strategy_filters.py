"""Strategy filters: which contracts of a chain file make up a strategy around the money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest

from leanlocal.clock import EngineClock
from leanlocal.enums import OptionRight, SecurityType
from leanlocal.feeds.loading import BlockLoader
from leanlocal.market_hours import HoursDatabase
from leanlocal.securities.registry import SecurityRegistry
from leanlocal.symbol_book import ArgumentException, SymbolBook, canonical_option
from leanlocal.symbols import Symbol
from leanlocal.testing import InMemoryMarket
from leanlocal.universes.files import ChainFiles
from leanlocal.universes.filters import OptionFilterUniverse

DAY = date(2024, 7, 1)
NEAR, FAR = date(2024, 8, 2), date(2024, 9, 20)
STRIKES = (530.0, 535.0, 540.0, 545.0, 550.0, 560.0)
PRICE = 541.0


def universe(price: float = PRICE) -> OptionFilterUniverse:
    market = InMemoryMarket().stock("SPY", DAY, [(time(9, 30), price)])
    for expiry in (date(2024, 7, 5), NEAR, FAR):
        for strike in STRIKES:
            for right in OptionRight:
                market.option("SPY", DAY, expiry, strike, right, [(time(9, 30), 2.0)])
    hours = HoursDatabase(market.market_hours())
    registry = SecurityRegistry(market, BlockLoader(market), hours, EngineClock(), SymbolBook())
    security = registry.create(canonical_option(Symbol.create("SPY", SecurityType.EQUITY, "usa")))
    table = ChainFiles(market, registry.hours_of).of_day(security.symbol, DAY)
    assert table is not None
    return OptionFilterUniverse(table, security.hours, datetime(2024, 7, 2), security)


def legs(chosen: OptionFilterUniverse) -> set[str]:
    return {f"{s.id.date:%m%d}{'C' if s.id.option_right == OptionRight.CALL else 'P'}{s.id.strike_price:g}" for s in chosen.selected()}


@pytest.mark.parametrize(
    ("choose", "expected"),
    [
        (lambda u: u.naked_put(30, -5), "0802P535"),
        (lambda u: u.naked_call(), "0802C540"),
        (lambda u: u.call_spread(30, 5), "0802C535 0802C545"),
        (lambda u: u.put_spread(30, 10, 0), "0802P540 0802P550"),
        (lambda u: u.put_calendar_spread(0, 30, 60), "0802P540 0920P540"),
        (lambda u: u.strangle(30, 5, -5), "0802C545 0802P535"),
        (lambda u: u.straddle(), "0802C540 0802P540"),
        (lambda u: u.conversion(30, 5), "0802C545 0802P545"),
        (lambda u: u.protective_collar(30, 5, -5), "0802C545 0802P535"),
        (lambda u: u.call_butterfly(30, 5), "0802C535 0802C540 0802C545"),
        (lambda u: u.iron_butterfly(30, 5), "0802C540 0802C545 0802P540 0802P535"),
        (lambda u: u.iron_condor(30, 5, 10), "0802C545 0802C550 0802P535 0802P530"),
        (lambda u: u.box_spread(30, 5), "0802C545 0802P545 0802C535 0802P535"),
        (lambda u: u.jelly_roll(0, 30, 60), "0802C540 0802P540 0920C540 0920P540"),
        (lambda u: u.put_ladder(30, 10, 0, -10), "0802P530 0802P540 0802P550"),
        (lambda u: u.naked_call(1), "0705C540"),
    ],
)
def test_a_strategy_filter_leaves_the_legs_of_its_strategy(choose: Callable[[Any], OptionFilterUniverse], expected: str) -> None:
    assert legs(choose(universe())) == set(expected.split())


@pytest.mark.parametrize(
    "choose",
    [
        lambda u: u.iron_condor(30, 5, 19),  # the put as far below does not exist
        lambda u: u.iron_butterfly(30, 20),  # nor does that one
        lambda u: u.naked_call(200),
        lambda u: u.call_calendar_spread(0, 60, 90),
        lambda u: u.calls_only().straddle(),
        lambda u: u.call_spread(30, 60, 40),  # nothing above the highest strike
    ],
)
def test_a_shape_that_cannot_be_completed_leaves_nothing(choose: Callable[[Any], OptionFilterUniverse]) -> None:
    assert legs(choose(universe())) == set()


@pytest.mark.parametrize(
    "choose",
    [
        lambda u: u.call_spread(30, -5, 5),
        lambda u: u.strangle(30, -5, -5),
        lambda u: u.strangle(30, 5, 5),
        lambda u: u.iron_condor(30, 10, 5),
        lambda u: u.iron_condor(30, 0, 5),
        lambda u: u.put_calendar_spread(0, 60, 30),
        lambda u: u.jelly_roll(0, -1, 30),
        lambda u: u.call_ladder(30, 0, 5, 10),
        lambda u: u.protective_collar(30, -5, 5),
        lambda u: u.box_spread(30, -1),
    ],
)
def test_distances_in_the_wrong_order_are_refused(choose: Callable[[Any], OptionFilterUniverse]) -> None:
    with pytest.raises(ArgumentException):
        choose(universe())


def test_of_two_strikes_equally_near_the_contract_with_the_first_identifier_is_taken() -> None:
    chosen = universe(542.5).calls_only().naked_call().selected()
    others = [symbol for symbol in universe(542.5).calls_only().selected() if symbol.id.strike_price in (540, 545) and symbol.id.date == datetime(2024, 8, 2)]
    assert str(chosen[0].id) == min(str(symbol.id) for symbol in others)


@pytest.mark.parametrize(
    ("choose", "expected"),
    [
        (lambda u: u.expiration(0, 10).strikes_above(550).calls_only(), "0705C560"),
        (lambda u: u.expiration([NEAR]).strikes([540, 545]).puts_only(), "0802P540 0802P545"),
        (lambda u: u.expiring_after(NEAR).strikes_below(535), "0920C530 0920P530"),
        (lambda u: u.expiring_before(NEAR).strikes(-1, 1).otm(), "0705P540 0705C545"),
        (lambda u: u.front_month().strikes(-1, 1).in_the_money(), "0705C540 0705P545"),
        (lambda u: u.farthest_expiration().strikes(0, 0).calls_only(), "0920C545"),
        (lambda u: u.zero_dte(), ""),
        (lambda u: u.volume(10**9, 10**10), ""),
    ],
)
def test_plain_filters_by_expiry_strike_and_money(choose: Callable[[Any], OptionFilterUniverse], expected: str) -> None:
    assert legs(choose(universe())) == set(expected.split())
