"""Grouping of option books into strategies."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from leanlocal.enums import OptionRight, OptionStyle
from leanlocal.portfolio.strategy_matcher import OptionLot, match_strategies
from leanlocal.portfolio.strategy_shapes import StrategyName, strategy_shapes
from leanlocal.symbols import Symbol

NEAR, FAR = date(2024, 7, 19), date(2024, 8, 16)
NAME = StrategyName


def lot(right: str, strike: int, quantity: int, expiry: date = NEAR) -> OptionLot:
    kind = OptionRight.CALL if right == "C" else OptionRight.PUT
    moment = datetime(expiry.year, expiry.month, expiry.day)
    symbol = Symbol.create_option("ABC", "usa", OptionStyle.AMERICAN, kind, strike, moment)
    return OptionLot(symbol, right == "C", Decimal(strike), expiry, quantity)


def names(options: list[OptionLot], lots: int = 0) -> list[tuple[StrategyName, int]]:
    return [(match.shape.name, match.units) for match in match_strategies(options, lots)]


def test_put_ratio_1_1_2_is_a_ladder_and_a_naked_put() -> None:
    assert names([lot("P", 745, 1), lot("P", 740, -1), lot("P", 700, -2)]) == [(NAME.BEAR_PUT_LADDER, 1), (NAME.NAKED_PUT, 1)]


def test_iron_condor_beats_its_spreads() -> None:
    book = [lot("P", 90, 2), lot("P", 95, -2), lot("C", 105, -2), lot("C", 110, 2)]
    assert names(book) == [(NAME.IRON_CONDOR, 2)]


def test_uneven_strangle_leaves_naked_puts() -> None:
    assert names([lot("C", 110, -1), lot("P", 90, -3)]) == [(NAME.SHORT_STRANGLE, 1), (NAME.NAKED_PUT, 2)]


def test_diagonals_are_not_recognised() -> None:
    assert sorted(name.value for name, _ in names([lot("P", 95, 1, FAR), lot("P", 100, -1, NEAR)])) == ["Inverse Naked Put", "Naked Put"]


def test_calendars_need_one_strike_and_a_later_long() -> None:
    assert names([lot("P", 95, 1, FAR), lot("P", 95, -1, NEAR)]) == [(NAME.PUT_CALENDAR_SPREAD, 1)]
    assert names([lot("P", 95, -1, FAR), lot("P", 95, 1, NEAR)]) == [(NAME.SHORT_PUT_CALENDAR_SPREAD, 1)]


def test_shares_cover_calls_before_spreads_of_two() -> None:
    assert names([lot("C", 110, -2)], lots=1) == [(NAME.COVERED_CALL, 1), (NAME.NAKED_CALL, 1)]


def test_nearest_wing_is_taken_first() -> None:
    groups = match_strategies([lot("P", 100, -1), lot("P", 95, 1), lot("P", 60, 1), lot("C", 110, -1), lot("C", 115, 1)], 0)
    condor = next(group for group in groups if group.shape.name == NAME.IRON_CONDOR)
    assert sorted(leg.strike for leg in condor.legs) == [95, 100, 110, 115]


def test_shapes_are_tried_from_most_to_fewest_legs() -> None:
    sizes = [shape.size for shape in strategy_shapes()]
    assert sizes == sorted(sizes, reverse=True)


BOOK = st.dictionaries(
    st.tuples(st.sampled_from("CP"), st.integers(8, 14).map(lambda n: n * 10), st.sampled_from((NEAR, FAR))),
    st.integers(-4, 4).filter(bool),
    min_size=1,
    max_size=7,
)


@given(BOOK, st.integers(-3, 3))
def test_every_contract_ends_up_in_exactly_one_group(book: dict[tuple[str, int, date], int], lots: int) -> None:
    options = [lot(right, strike, quantity, expiry) for (right, strike, expiry), quantity in book.items()]
    groups = match_strategies(options, lots)
    for option in options:
        assert sum(leg.quantity for group in groups for leg in group.legs if leg.symbol == option.symbol) == option.quantity
    used = sum(group.lots for group in groups)
    assert abs(used) <= abs(lots)
    assert used * lots >= 0


@given(BOOK, st.integers(-3, 3), st.randoms())
def test_grouping_does_not_depend_on_the_order_of_the_book(book: dict[tuple[str, int, date], int], lots: int, random: object) -> None:
    options = [lot(right, strike, quantity, expiry) for (right, strike, expiry), quantity in book.items()]
    shuffled = list(options)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert names(options, lots) == names(shuffled, lots)


def test_a_book_asked_again_is_grouped_alike_and_the_answer_may_be_changed() -> None:
    options = [lot("P", 100, -1), lot("P", 95, 1)]
    first = match_strategies(options, 0)
    found = list(first)
    first.clear()
    assert match_strategies(options, 0) == found
    assert len(match_strategies([lot("P", 100, -2), lot("P", 95, 1)], 0)) == 2
