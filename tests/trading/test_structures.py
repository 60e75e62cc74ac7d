"""Cover and nakedness of structures."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.plain_market import CALL_560, CALL_570, CONDOR, LT112, PUT_500, PUT_530, PUT_540, SHARES, STRANGLE, option
from trading.structures import (
    Uncovered,
    check_declared_risk,
    check_never_more_naked,
    check_reduces,
    combined,
    quantities,
    structure_of,
    uncovered_shorts,
)
from vocabulary.contracts import Leg, Structure, StructureKind
from vocabulary.errors import BadInput, InvariantBroken


def test_condor_leaves_nothing_uncovered() -> None:
    assert uncovered_shorts(quantities(CONDOR, 3)) == Uncovered(0, 0)


def test_lt112_leaves_two_puts_per_unit_uncovered() -> None:
    assert uncovered_shorts(quantities(LT112, 2)) == Uncovered(0, 4)


def test_a_long_that_expires_first_covers_nothing() -> None:
    near, far = option("P", 540.0, date(2024, 7, 19)), option("P", 540.0, date(2024, 8, 16))
    assert uncovered_shorts({near: 1, far: -1}) == Uncovered(0, 1)
    assert uncovered_shorts({near: -1, far: 1}) == Uncovered(0, 0)


def test_shares_cover_calls_and_short_shares_cover_puts() -> None:
    assert uncovered_shorts({SHARES: 200, CALL_560: -3}) == Uncovered(1, 0)
    assert uncovered_shorts({SHARES: -100, PUT_540: -2}) == Uncovered(0, 1)
    assert uncovered_shorts({SHARES: -100, CALL_560: -1}) == Uncovered(1, 0)


def test_a_structure_more_naked_than_its_kind_is_refused() -> None:
    check_declared_risk(STRANGLE)
    with pytest.raises(BadInput, match="1 calls and 1 puts uncovered"):
        check_declared_risk(Structure(StructureKind.IRON_CONDOR, STRANGLE.legs))


def test_a_lone_short_call_is_never_opened() -> None:
    with pytest.raises(BadInput, match="1 calls"):
        check_declared_risk(Structure(StructureKind.SHORT_CALL, (Leg(CALL_560, -1),)))


def test_selling_the_long_leg_of_a_spread_alone_is_unsafe() -> None:
    held = quantities(CONDOR, 1)
    with pytest.raises(InvariantBroken, match="1 calls"):
        check_never_more_naked(held, combined(held, {CALL_570: -1}), Uncovered(0, 0))
    check_never_more_naked(held, combined(held, {CALL_560: 1}), Uncovered(0, 0))


def test_a_closing_trade_may_not_cross_zero() -> None:
    check_reduces({PUT_540: -2}, {PUT_540: 2})
    for trade in ({PUT_540: 3}, {PUT_540: -1}, {PUT_530: 1}):
        with pytest.raises(InvariantBroken, match="does not reduce"):
            check_reduces({PUT_540: -2}, trade)


books = st.dictionaries(
    st.sampled_from([PUT_500, PUT_530, PUT_540, CALL_560, CALL_570, option("P", 520.0, date(2024, 7, 19)), option("C", 580.0, date(2024, 9, 20)), SHARES]),
    st.integers(-5, 5).filter(bool),
    min_size=1,
)


@given(books)
def test_structure_of_a_book_gives_the_book_back(book: dict[object, int]) -> None:
    structure, units = structure_of(StructureKind.CUSTOM, book)  # pyright: ignore[reportArgumentType]
    assert quantities(structure, units) == book


@given(books)
def test_buying_back_shorts_never_uncovers_anything(book: dict[object, int]) -> None:
    shorts = {contract: -quantity for contract, quantity in book.items() if quantity < 0 and contract is not SHARES}
    before, after = uncovered_shorts(book), uncovered_shorts(combined(book, shorts))  # pyright: ignore[reportArgumentType]
    assert after.within(before)
