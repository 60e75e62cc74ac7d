"""Stress of a book read from a market view."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from greeks.book_stress import stress_book, stress_rows, worst
from greeks.exposure import LegTable
from greeks.stress import CRASHES, StressParameters
from tests.greeks.plain_view import PlainView, spy
from vocabulary.contracts import Contract, Right
from vocabulary.decisions import Strategy
from vocabulary.market import Dividend, Quote

PUT, CALL = spy(570, Right.PUT), spy(630, Right.CALL)
QUOTES = {PUT: Quote(3.4, 3.6, 3.5, 1.0), CALL: Quote(2.0, 2.2, 2.1, 1.0)}
STRANGLE = LegTable(("s1", "s1"), (Strategy.STRANGLE,) * 2, (PUT, CALL), np.array([-2.0, -2.0]))
AXES = StressParameters(spot=(-0.1, 0.0, 0.1), volatility=(0.0, 0.2), days=(0.0, 7.0))


def view(quotes: dict[Contract, Quote]) -> PlainView:
    return PlainView(quotes, Dividend(date(2024, 12, 20), 1.9, False))


def test_short_strangle_is_worth_its_mark_without_a_shock_and_loses_on_both_sides() -> None:
    stressed = stress_book(STRANGLE, view(QUOTES), {"SPY": 1.0}, AXES)
    total = stressed.grid.total()
    assert stressed.unknown == ()
    assert total[1, 0, 0] == pytest.approx(0.0, abs=1e-9)
    assert total[0, 0, 0] < -5000 > total[2, 0, 0]
    assert total[1, 1, 0] < 0 < total[1, 0, 1]
    assert [one.crash for one in stressed.crashes] == list(CRASHES)
    assert all(one.profit == pytest.approx(one.by_label["s1"]) for one in stressed.crashes)


def test_rows_list_every_point_and_the_worst_is_among_them() -> None:
    stressed = stress_book(STRANGLE, view(QUOTES), {"SPY": 1.0}, AXES)
    rows = stress_rows(stressed.grid)
    assert len(rows) == 12
    assert (rows[0].spot, rows[0].volatility, rows[1].days) == (-0.1, 0.0, 7.0)
    bottom = worst(stressed.grid)
    assert bottom is not None
    assert bottom.profit == np.min(stressed.grid.total())


@pytest.mark.parametrize(("quotes", "betas"), [({PUT: QUOTES[PUT]}, {"SPY": 1.0}), (QUOTES, {})])
def test_a_missing_quote_or_beta_leaves_the_book_unknown_and_names_the_contracts(quotes: dict[Contract, Quote], betas: dict[str, float]) -> None:
    stressed = stress_book(STRANGLE, view(quotes), betas, AXES)
    assert CALL.key in stressed.unknown
    assert worst(stressed.grid) is None
    assert np.isnan(stressed.crashes[0].profit)
