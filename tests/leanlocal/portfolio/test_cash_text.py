"""The cash book in words."""

from __future__ import annotations

from decimal import Decimal

from leanlocal.portfolio.cash import CashBookCore
from leanlocal.portfolio.cash_surface import CashBook


def test_cash_book_lists_amounts_rates_and_values() -> None:
    core = CashBookCore("GBP")
    core["GBP"].add(Decimal(100000))
    dollars = core.ensure("USD")
    dollars.add(Decimal("-11420.324891"))
    dollars.source = lambda: Decimal("0.5928385108")
    book = CashBook(core, lambda: None)
    assert str(book).splitlines() == [
        "Symbol      Quantity    Conversion = Value in GBP",
        "GBP: ₤      100000.00 @       1.00 = ₤100000",
        "USD: $      -11420.32 @    0.59284 = ₤-6770.41",
        "-------------------------------------------------",
        "CashBook Total Value:                ₤93229.59",
    ]
    assert str(book["USD"]) == "USD: $      -11420.32 @    0.59284 = $-6770.41"
