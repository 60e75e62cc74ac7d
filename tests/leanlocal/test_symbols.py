"""Symbols and identifiers: LEAN's texts, both ways."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal import symbol_book
from leanlocal.enums import OptionRight, OptionStyle, OrderType, SecurityType
from leanlocal.symbol_book import SymbolBook
from leanlocal.symbols import SecurityIdentifier, Symbol, strike_of
from marketdata.port import MapRow


def no_change(ticker: str, market: str, kind: SecurityType) -> list[MapRow]:
    return [MapRow(date(1998, 1, 2), ticker.lower(), "P")] if ticker == "SPY" else []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SPY 32K4THDS2CQ06|SPY R735QTJ8XC9X", "SPY   240816P00565000"),
        ("SPXW 32IZK929JVW7I|SPX 31", "SPXW  240705P05460000"),
        ("SPX XL80P3HH8AJY|SPX 31", "SPX   210115C03800000"),
        ("ES 32L3A4L84VRB8|ES YLZ9Z50BJE2P", "ES20U24  240920P05200000"),
        ("OG 31BFX0QKBZZS0|GC XE1Y0ZJ8NQ8T", "OG    200225P01545000"),
        ("ES XCZJLC9NOB29", "ES20H20"),
    ],
)
def test_recorded_identifiers_read_back_and_carry_the_recorded_text(text: str, value: str) -> None:
    sid = SecurityIdentifier.parse(text)
    assert str(sid) == text
    assert symbol_book.from_identifier(sid).value == value


@given(
    expiry=st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    cents=st.integers(50, 999_900),
    right=st.sampled_from(OptionRight),
    style=st.sampled_from(OptionStyle),
)
def test_any_option_identifier_reads_back_as_itself(expiry: date, cents: int, right: OptionRight, style: OptionStyle) -> None:
    strike = Decimal(cents) / 100
    with symbol_book.using(SymbolBook(no_change)):
        spy = Symbol.create("SPY", SecurityType.EQUITY, "usa")
        option = Symbol.create_option(spy, "usa", style, right, float(strike), expiry)
    parsed = SecurityIdentifier.parse(str(option.id))
    assert parsed == option.id
    assert (parsed.date.date(), parsed.option_right, parsed.option_style) == (expiry, right, style)
    assert strike_of(option) == strike


def test_stock_identity_uses_first_ticker_and_listing_day_of_the_map_file() -> None:
    rows = [MapRow(date(2014, 3, 27), "goocv", "Q"), MapRow(date(2050, 12, 31), "goog", "Q")]
    with symbol_book.using(SymbolBook(lambda *_: rows)):
        goog = Symbol.create("GOOG", SecurityType.EQUITY, "usa")
    assert (str(goog.id), goog.value) == ("GOOCV VP83T1ZUHROL", "GOOG")


def test_text_of_a_symbol_is_its_identity_until_the_run_knows_it() -> None:
    with symbol_book.using(SymbolBook(no_change)) as book:
        spy = Symbol.create("SPY", SecurityType.EQUITY, "usa")
        before = str(spy)
        book.learn(spy)
        assert (before, str(spy)) == ("SPY R735QTJ8XC9X", "SPY")


def test_comparison_with_a_ticker_needs_the_run_to_know_it() -> None:
    with symbol_book.using(SymbolBook(no_change)) as book:
        spy = Symbol.create("SPY", SecurityType.EQUITY, "usa")
        unknown = spy == "SPY"
        book.learn(spy)
        assert (unknown, spy == "SPY") == (False, True)


def test_comparison_with_an_identity_text_is_refused() -> None:
    with symbol_book.using(SymbolBook(no_change)):
        spy = Symbol.create("SPY", SecurityType.EQUITY, "usa")
        with pytest.raises(symbol_book.ArgumentException, match="must not contain"):
            assert spy == "SPY R735QTJ8XC9X"


def test_canonical_of_a_contract_is_its_chain() -> None:
    with symbol_book.using(SymbolBook(no_change)):
        spx = Symbol.create("SPX", SecurityType.INDEX, "usa")
        weekly = Symbol.create_option(spx, "SPXW", "usa", OptionStyle.EUROPEAN, OptionRight.PUT, 5000, datetime(2024, 7, 5))
        chain = Symbol.create_canonical_option(spx, "SPXW", "usa", "?SPXW")
    assert weekly.canonical == chain
    assert chain.value == "?SPXW"
    assert chain.is_canonical()
    assert not weekly.is_canonical()


def test_order_of_symbols_is_the_order_of_their_texts() -> None:
    with symbol_book.using(SymbolBook(no_change)):
        spy = Symbol.create("SPY", SecurityType.EQUITY, "usa")
        day = datetime(2024, 7, 5)
        call, put = (Symbol.create_option(spy, "usa", OptionStyle.AMERICAN, right, 500, day) for right in OptionRight)
        later = Symbol.create_option(spy, "usa", OptionStyle.AMERICAN, OptionRight.CALL, 400, day + timedelta(days=1))
    assert sorted([later, put, call, spy]) == [spy, call, put, later]


def test_enumerations_print_and_answer_as_leans_do() -> None:
    assert f"{OrderType.COMBO_MARKET}" == "COMBO_MARKET"
    assert OrderType.MarketOnOpen is OrderType.MARKET_ON_OPEN
    assert OrderType.LIMIT == 1
    with pytest.raises(AttributeError, match="NoSuch"):
        _ = OrderType.NoSuch
