"""Marks and Greeks of the desk: current, once per minute, unknown where a price is missing."""

from __future__ import annotations

from datetime import timedelta
from math import isnan, nan

import numpy as np
import pytest

from conductor.tables import amount, percent, table
from conductor.valuation import Valuation
from tests.trading.exits.test_rules import position
from tests.trading.plain_market import CALL_560, PUT_540, SHARES, TODAY, quoted_market
from trading.book import Book
from trading.marks import mark
from vocabulary.positions import Position


def valued(*held: tuple[object, int]) -> tuple[Position, Valuation, Book]:
    one, book = position(*held), Book()  # pyright: ignore[reportArgumentType]
    book.positions[one.id] = one
    book._set(one)  # pyright: ignore[reportPrivateUsage]
    return one, Valuation(quoted_market(), book, 3600.0), book


def test_shorts_are_marked_at_the_ask_and_longs_at_the_bid() -> None:
    marks = mark(position((PUT_540, -1), (CALL_560, 2), credit=-400.0), quoted_market())
    assert marks.natural == pytest.approx(-410.0 + 880.0)
    assert marks.mid == pytest.approx(-405.0 + 890.0)
    assert marks.profit_natural == pytest.approx(70.0)


def test_a_long_without_bid_is_worth_nothing_and_a_short_without_ask_is_unknown() -> None:
    market = quoted_market()
    market.set_quote(PUT_540, nan, 0.05)
    assert mark(position((PUT_540, 1)), market).natural == 0.0
    market.set_quote(PUT_540, 0.05, nan)
    assert not mark(position((PUT_540, -1)), market).complete


def test_an_old_quote_prices_no_short() -> None:
    market = quoted_market()
    market.set_quote(PUT_540, 4.0, 4.1, age=3601.0)
    assert not mark(position((PUT_540, -1)), market, max_age=3600.0).complete
    assert mark(position((PUT_540, 1)), market, max_age=3600.0).complete


def test_greeks_have_the_signs_of_what_is_held() -> None:
    short, valuation, _ = valued((PUT_540, -1))
    greeks = valuation.portfolio([short]).total.native
    assert greeks.delta > 0 and greeks.gamma < 0 and greeks.theta > 0 and greeks.vega < 0
    shares, valuation, _ = valued((SHARES, 100))
    assert valuation.portfolio([shares]).total.weighted.delta == pytest.approx(100.0)


def test_the_whole_is_the_sum_of_its_positions() -> None:
    one, valuation, _ = valued((PUT_540, -1), (CALL_560, -1))
    parts = [valuation.greeks_of(contract, valuation._view) for contract in (PUT_540, CALL_560)]  # pyright: ignore[reportPrivateUsage]
    total = valuation.portfolio([one]).total.native
    assert np.isclose(-sum(part.delta for part in parts if part), total.delta) and np.isclose(-sum(part.vega for part in parts if part), total.vega)


def test_a_missing_price_makes_the_total_unknown_and_names_the_contract() -> None:
    one, valuation, _ = valued((PUT_540, -1))
    del valuation._view.quotes[PUT_540]  # pyright: ignore
    found = valuation.portfolio([one])
    assert isnan(found.total.native.delta) and found.unknown == (PUT_540.key,)


def test_beta_is_estimated_from_half_a_year_of_returns() -> None:
    market = quoted_market()
    rng, level = np.random.default_rng(1), [100.0]
    for step in rng.normal(0, 0.01, 130):
        level.append(level[-1] * (1 + step))
    days = [TODAY - timedelta(days=131 - index) for index in range(131)]
    market.closes = {"SPY": dict(zip(days, level, strict=True)), "QQQ": dict(zip(days, [value**1.5 for value in level], strict=True))}
    assert Valuation(market, Book(), 1.0)._beta("QQQ") == pytest.approx(1.5, abs=1e-9)  # pyright: ignore[reportPrivateUsage]
    assert isnan(Valuation(quoted_market(), Book(), 1.0)._beta("QQQ"))  # pyright: ignore[reportPrivateUsage]


def test_tables_align_and_unknown_is_a_dash() -> None:
    text = table("T", ("", "x"), (("row", amount(1234.5)), ("longer row", amount(nan))))
    assert text.splitlines() == ["T", "                  x", "  row         1,234", "  longer row      -"]
    assert percent(nan) == "-" and percent(0.256) == "26%"
