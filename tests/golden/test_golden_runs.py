"""Orders and statistics of pinned runs do not change unnoticed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.golden.runs import RUNS, GoldenRun, difference, play, recorded

EXAMPLE = GoldenRun("example", "Completed", {"OrderListHash": "abc"}, ["1 a", "2 b"])


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_run_equals_its_pinned_orders_and_statistics(name: str) -> None:
    assert not (found := difference(recorded(name), play(name))), found


def test_a_changed_order_is_shown_beside_the_pinned_one() -> None:
    text = difference(EXAMPLE, replace(EXAMPLE, orders=["1 a", "2 c"]))
    assert text == "example: order 2 of 2 differs\n  pinned: 2 b\n  now:    2 c"


def test_an_extra_order_and_a_changed_statistic_are_named() -> None:
    assert "the first extra one: 3 d" in difference(EXAMPLE, replace(EXAMPLE, orders=["1 a", "2 b", "3 d"]))
    assert difference(EXAMPLE, replace(EXAMPLE, statistics={"OrderListHash": "abd"})) == "example: OrderListHash was abc, is abd"
    assert difference(EXAMPLE, EXAMPLE) == ""
