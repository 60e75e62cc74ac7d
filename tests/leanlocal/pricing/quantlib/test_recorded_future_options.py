"""Every digit LEAN logged of options on futures: ten of whole chains in January 2020, fifteen of single contracts in summer 2024."""

from __future__ import annotations

import math
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from leanlocal.pricing.quantlib.engines import Method, run_engine
from leanlocal.pricing.quantlib.evaluation import Figures, Quoted, estimated_volatility, evaluated, newton_volatility, shown, solved_volatility
from leanlocal.pricing.quantlib.grid import american_price, grid_prices, stepping
from leanlocal.pricing.quantlib.lattice import Tree
from leanlocal.pricing.quantlib.marching import Marcher, compiled
from leanlocal.pricing.quantlib.solver import bracketed_root
from leanlocal.pricing.quantlib.terms import NotPriceable, Terms, years_between

ROW = re.compile(r"contract\|\d+\|\S+ +\S+\|(\d+)\|.*\|(CALL|PUT)\|bid=(\S+?)\|ask=(\S+?)\|.*(iv=.*)")
SINGLE = [
    ("P", 5200.0, 49.75, 5458.375, 84, "0.158683823997655 -0.204721611538737 -193.56613727011"),
    ("C", 5700.0, 47.875, 5458.375, 84, "0.106652335191102 0.273636856427196 -274.203861596294"),
    ("P", 4950.0, 83.5, 5218.375, 47, "0.273745733738718 -0.25707242821432 -557.442491523009"),
    ("C", 5450.0, 82.5, 5218.375, 47, "0.211647670214796 0.326201726375136 -632.16414654116"),
]


def quoted(call: bool, strike: float, premium: float, spot: float, days: int, rate: float) -> Quoted:
    return Quoted(Terms(spot, strike, call, True, days / 365, 1 / 365, rate, 0.0, 0.0), premium, days / 365, None)


def figures_of(asked: Quoted) -> Figures:
    return evaluated(Tree.COX_ROSS_RUBINSTEIN, asked, Marcher())


@pytest.mark.parametrize(("right", "strike", "premium", "spot", "days", "expected"), SINGLE)
def test_all_fifteen_digits_of_single_contracts(right: str, strike: float, premium: float, spot: float, days: int, expected: str) -> None:
    found = figures_of(quoted(right == "C", strike, premium, spot, days, 0.055))
    assert " ".join(f"{value:.15g}" for value in (found.implied_volatility, found.delta, found.theta)) == expected


@pytest.mark.shared
def test_whole_chains_equal_every_logged_digit(shared: Path) -> None:
    spot, compared = 0.0, 0
    for line in (shared / "parity/sample/11_future_options/expected/log.txt").read_text().splitlines():
        if "|under=" in line:
            spot = float(line.split("under=")[1])
        if (row := ROW.search(line)) and compared < 24:
            premium = (float(row[3]) + float(row[4])) / 2
            found = figures_of(quoted(row[2] == "CALL", float(row[1]), premium, spot, years(date(2020, 1, 6), date(2020, 3, 23)), 0.0225))
            ours = f"iv={found.implied_volatility:.10g}|delta={found.delta:.10g}|theta={found.theta:.10g}|theo={found.theoretical_price:.10g}"
            assert ours == row[5], line
            compared += 1
    assert compared == 24


def years(start: date, end: date) -> int:
    return round(years_between(start, end) * 365)


@pytest.mark.parametrize("sigma", [0.02, 0.2, 4.0])
def test_plain_and_compiled_solves_are_the_same_bits(sigma: float) -> None:
    if compiled() is None:
        pytest.skip("numba is not installed")
    for call in (True, False):
        terms = Terms(100.0, 104.0, call, True, 0.3, 1 / 365, 0.05, 0.01, sigma)
        step = stepping(terms, grid_prices(terms, 100))
        for plain, fast in zip(Marcher(1).march(step, 100), Marcher(0).march(step, 100), strict=True):
            assert np.array_equal(plain, fast)


def test_volatility_solved_for_prices_the_option_again() -> None:
    marcher = Marcher()
    for call in (True, False):
        for sigma in (0.12, 0.45):
            terms = Terms(100.0, 97.0, call, True, 0.4, 1 / 365, 0.03, 0.0, sigma)
            asked = Quoted(terms, american_price(terms, marcher), 0.4, None)
            assert solved_volatility(asked, marcher) == pytest.approx(sigma, abs=2e-4)


def test_price_below_intrinsic_value_is_left_to_newtons_method() -> None:
    asked = quoted(True, 100.0, 5.0, 120.0, 30, 0.02)
    with pytest.raises(NotPriceable):
        solved_volatility(asked, Marcher())
    sigma, _ = newton_volatility(asked)
    found = figures_of(asked)
    assert found.implied_volatility == pytest.approx(sigma, rel=1e-14)


def test_theoretical_price_is_the_engines_at_the_estimate_from_the_premium() -> None:
    asked = quoted(True, 105.0, 3.0, 100.0, 60, 0.02)
    at_estimate = run_engine(Tree.COX_ROSS_RUBINSTEIN, asked.terms.at(estimated_volatility(asked)), Marcher()).value
    assert figures_of(asked).theoretical_price == pytest.approx(at_estimate, rel=1e-14)
    given = Quoted(asked.terms, asked.premium, asked.years, 0.3)
    assert figures_of(given).theoretical_price == pytest.approx(run_engine(Tree.COX_ROSS_RUBINSTEIN, asked.terms.at(0.3), Marcher()).value, rel=1e-14)


def test_greeks_an_engine_lacks_are_approximated_unless_told_not_to() -> None:
    asked = quoted(False, 105.0, 8.0, 100.0, 60, 0.02)
    for engine, absent in ((Tree.COX_ROSS_RUBINSTEIN, ("vega", "rho", "elasticity")), (Method.BARONE_ADESI_WHALEY, ("delta", "gamma", "theta"))):
        approximated, bare = evaluated(engine, asked, Marcher()), evaluated(engine, asked, Marcher(), approximate=False)
        assert all(getattr(approximated, name) != 0 and getattr(bare, name) == 0 for name in absent)


def test_engine_without_volatility_or_time_is_not_priceable() -> None:
    for engine in (*Tree, Method.CRANK_NICOLSON, Method.INTEGRAL):
        with pytest.raises(NotPriceable):
            run_engine(engine, Terms(100.0, 100.0, True, True, 0.0, 0.0, 0.01, 0.0, 0.2), Marcher())
    for engine in (Tree.COX_ROSS_RUBINSTEIN, Tree.TIAN, Tree.LEISEN_REIMER, Tree.JOSHI, Method.CRANK_NICOLSON, Method.INTEGRAL):
        with pytest.raises(NotPriceable):
            run_engine(engine, Terms(100.0, 100.0, False, False, 0.5, 0.0, 0.01, 0.0, 0.0), Marcher())


def test_figures_that_are_no_numbers_are_zero_and_too_large_ones_the_largest_decimal() -> None:
    assert shown(math.nan) == 0
    assert shown(-math.inf) == 0
    assert shown(1e40) == 2**96 - 1


def test_solver_refuses_what_is_not_bracketed() -> None:
    assert bracketed_root(lambda x: x - 0.25, 1e-7, 4.0, 1e-4) == pytest.approx(0.25, abs=1e-4)
    with pytest.raises(NotPriceable):
        bracketed_root(lambda x: x * x + 1, 1e-7, 4.0, 1e-4)
