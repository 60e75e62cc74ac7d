"""Margin to the last recorded digit, and what hedges do to it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal import symbol_book
from leanlocal.clock import micros_of
from leanlocal.engine.context import RunContext
from leanlocal.enums import OptionRight, OptionStyle
from leanlocal.exact import add, exact_arithmetic, text
from leanlocal.feeds.blocks import Ohlc, QuoteFacts
from leanlocal.portfolio.groups import resolve_groups
from leanlocal.portfolio.margin import naked_option_margin
from leanlocal.run import make_run
from leanlocal.securities.core import SecurityCore
from leanlocal.symbols import Symbol
from tests.leanlocal.memory_market import MemoryMarket

D = Decimal
EXPIRY = datetime(2024, 7, 19)


@contextmanager
def account() -> Generator[RunContext, None, None]:
    """A run that never starts: securities with prices set by hand."""
    run = make_run(MemoryMarket(), {}, Path("unused"))
    run.clock.now = micros_of(datetime(2024, 7, 1, 15, 0))
    with symbol_book.using(run.symbols), exact_arithmetic():
        yield run


def share(run: RunContext, price: str) -> SecurityCore:
    security = run.securities.create(Symbol.create("ABC", 1, "usa"))  # type: ignore[arg-type]
    security.set_price(D(price))
    return security


def option(run: RunContext, right: str, strike: int, price: str) -> SecurityCore:
    kind = OptionRight.CALL if right == "C" else OptionRight.PUT
    symbol = Symbol.create_option(Symbol.create("ABC", 1, "usa"), "usa", OptionStyle.AMERICAN, kind, strike, EXPIRY)  # type: ignore[arg-type]
    security = run.securities.create(symbol)
    value = D(price)
    side = Ohlc(value, value, value, value)
    security.set_price(value, quote=QuoteFacts(run.clock.now - 60_000_000, run.clock.now, side, side, D(1), D(1)))
    return security


@pytest.mark.parametrize(
    ("strike", "price", "quantity", "margin"),
    [
        (730, "7.5500", 1, "14003.799999999999999999999999"),
        (740, "14.7500", 1, "15723.800000000000000000000001"),
    ],
)
def test_naked_put_margin_has_the_recorded_digits(strike: int, price: str, quantity: int, margin: str) -> None:
    with account() as run:
        share(run, "746.8900")
        put = option(run, "P", strike, price)
        need = -naked_option_margin(put, put.holding.value_of(D(-quantity), put.price), D(-quantity))
        assert need == D(margin), text(need)


def test_margin_of_three_short_puts_has_the_recorded_digits() -> None:
    with account() as run:
        share(run, "546.7600")
        book = [(option(run, "P", strike, price), -3) for strike, price in ((530, "2.2800"), (515, "1.1700"), (520, "4.0400"))]
        assert text(need(run, *book)) == "78079.799999999999999999999995"


def need(run: RunContext, *positions: tuple[SecurityCore, int]) -> Decimal:
    total = D(0)
    for group in resolve_groups({security: D(quantity) for security, quantity in positions}):
        total = add(total, group.need().maintenance)
    return total


def test_figures_of_recorded_strategies() -> None:
    with account() as run:
        stock = share(run, "749.23")
        assert need(run, (stock, 100), (option(run, "P", 735, "8.25"), 1)) == 8773
    with account() as run:
        stock = share(run, "748.08")
        call = option(run, "C", 760, "8.30")
        assert need(run, (stock, 200), (call, -2)) == 74808
        assert resolve_groups({stock: D(200), call: D(-2)})[0].need().initial == 76136
    with account() as run:
        share(run, "748.45")
        pair = ((option(run, "C", 770, "5.05"), -2), (option(run, "P", 730, "6.90"), -2))
        assert round(need(run, *pair), 10) == 28638


def test_covered_call_in_the_money_is_margined_at_the_strike_without_rounding() -> None:
    with account() as run:
        stock = share(run, "556.89")
        assert text(need(run, (stock, 200), (option(run, "C", 555, "9.16"), -2))) == "55878.00"


def test_debit_spreads_and_longs_tie_up_nothing() -> None:
    with account() as run:
        share(run, "100")
        higher, lower = option(run, "P", 100, "3"), option(run, "P", 95, "1")
        assert need(run, (higher, 2), (lower, -2)) == 0
        assert need(run, (higher, 3)) == 0
        assert need(run, (higher, -2), (lower, 2)) == 1000


@given(st.integers(70, 99), st.integers(1, 20), st.integers(1, 5), st.decimals("0.05", 5, places=2))
def test_a_wing_within_reach_never_raises_the_margin_of_a_short_put(strike: int, width: int, quantity: int, price: Decimal) -> None:
    with account() as run:
        share(run, "100")
        short, wing = option(run, "P", strike, str(price)), option(run, "P", strike - min(width, strike // 20), "0.05")
        naked, hedged = need(run, (short, -quantity)), need(run, (short, -quantity), (wing, quantity))
        assert round(hedged, 10) <= round(naked, 10)
        assert hedged >= 0


@given(st.integers(80, 120), st.integers(80, 120), st.integers(1, 4))
def test_short_strangle_ties_up_no_more_than_its_legs(call_strike: int, put_strike: int, quantity: int) -> None:
    with account() as run:
        share(run, "100")
        call, put = option(run, "C", call_strike, "2.10"), option(run, "P", put_strike, "1.90")
        together = need(run, (call, -quantity), (put, -quantity))
        alone = need(run, (call, -quantity)) + need(run, (put, -quantity))
        assert round(together, 10) <= round(alone, 10)
