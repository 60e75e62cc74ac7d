"""How rows and events of a slice read as text, and which texts mean a symbol."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from leanlocal import symbol_book
from leanlocal.enums import DelistingType, SecurityType, SplitType
from leanlocal.mappings import as_symbol
from leanlocal.slices.bars import BaseData, OpenInterest
from leanlocal.slices.events import Delisting, Dividend, Split
from leanlocal.symbol_book import SymbolBook
from leanlocal.symbols import Symbol

NOON = datetime(2024, 7, 1, 12)
SHARE = Symbol.create("ABC", SecurityType.EQUITY, "usa")
D = Decimal


@pytest.fixture(autouse=True)
def known() -> object:
    book = SymbolBook()
    book.learn(SHARE)
    with symbol_book.using(book):
        yield book


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (OpenInterest(NOON, SHARE, 1118), "ABC: ¤1,118.00"),
        (Split(SHARE, NOON, D("0.1428572"), D("645.57"), SplitType.SPLIT_OCCURRED), "Split: ABC: 0.1428572 | 645.57"),
        (Split(SHARE, NOON, D("0.5"), D(10), SplitType.WARNING), "Split Warning: ABC: 0.5 | 10"),
        (Dividend(SHARE, NOON, D("1.75"), D("538.20")), "Dividend: ABC: 1.75 | 538.20"),
        (Delisting(SHARE, NOON, lambda: D(0), DelistingType.WARNING), "Delisting Warning: ABC 2024-07-01 12:00:00"),
        (Delisting(SHARE, NOON, lambda: D(0), DelistingType.DELISTED), "Delisting: ABC 2024-07-01 12:00:00"),
    ],
)
def test_rows_and_events_say_what_they_are(row: BaseData, words: str) -> None:
    assert str(row) == words


def test_a_known_symbol_is_meant_by_its_ticker_and_by_its_identity() -> None:
    assert as_symbol("abc") is SHARE
    assert as_symbol(str(SHARE.id)) is SHARE
    assert as_symbol("XYZ 2T") is None
