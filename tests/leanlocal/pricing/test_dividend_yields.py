"""A trailing dividend yield counts what was paid in the year before, on the split scale of the day that is asked about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from leanlocal.rates.curves import DividendYields
from leanlocal.rates.surface import ConstantDividendYieldModel, DividendYieldProvider, FuncRiskFreeRateInterestRateModel, InterestRateProvider, yield_by
from marketdata.port import FactorRow
from vocabulary.errors import BadInput

AAPL = [
    ("20130508", "0.8740796", "0.03571430", "463.84"),
    ("20130807", "0.8798652", "0.03571430", "464.98"),
    ("20131105", "0.8856747", "0.03571430", "525.62"),
    ("20140205", "0.8908440", "0.03571430", "512.59"),
    ("20140507", "0.8961764", "0.03571430", "592.33"),
    ("20140606", "0.9011818", "0.03571430", "645.57"),
    ("20140806", "0.9011818", "0.25", "94.97"),
    ("20141105", "0.9056639", "0.25", "108.86"),
]


def yields() -> DividendYields:
    return DividendYields([FactorRow(date(int(d[:4]), int(d[4:6]), int(d[6:])), Decimal(p), Decimal(s), Decimal(r)) for d, p, s, r in AAPL])


def test_four_dividends_of_the_year_over_the_price_before_the_split() -> None:
    assert yields().at(date(2014, 6, 6), Decimal("647.86")) == pytest.approx(Decimal("12.44") / Decimal("647.86"), abs=Decimal("1e-12"))


def test_dividends_before_a_split_count_at_the_new_scale_after_it() -> None:
    scale = Decimal("0.03571430") / Decimal("0.25")
    assert yields().at(date(2014, 6, 9), Decimal("92.62")) == pytest.approx(Decimal("12.44") * scale / Decimal("92.62"), abs=Decimal("1e-12"))


def test_no_dividend_yet_no_price_and_no_rows_give_no_yield() -> None:
    assert yields().at(date(2013, 5, 1), Decimal(400)) == 0
    assert yields().at(date(2014, 6, 9), Decimal(0)) == 0
    assert DividendYields([]).at(date(2014, 6, 9), Decimal(100)) == 0


def test_without_a_price_the_close_before_the_last_dividend_is_taken() -> None:
    assert yields().at(date(2014, 6, 6), None) == yields().at(date(2014, 6, 6), Decimal("592.33"))


def test_models_of_ones_own_may_take_the_date_alone() -> None:
    class Flat:
        def get_dividend_yield(self, when: object) -> float:
            return 0.02

    when = date(2014, 6, 6)
    assert yield_by(Flat(), when, Decimal(100)) == Decimal("0.02")  # pyright: ignore[reportArgumentType]
    assert yield_by(ConstantDividendYieldModel(0.015), when, Decimal(100)) == Decimal("0.015")  # pyright: ignore[reportArgumentType]
    assert FuncRiskFreeRateInterestRateModel(lambda _: 0.03).get_interest_rate(when) == 0.03


def test_providers_read_the_files_of_a_run_and_say_so_outside_of_one() -> None:
    with pytest.raises(BadInput, match="outside of a run"):
        InterestRateProvider().get_interest_rate(date(2020, 1, 6))
    with pytest.raises(BadInput, match="outside of a run"):
        DividendYieldProvider().get_dividend_yield(date(2020, 1, 6), 3000.0)
