"""The price models must give every digit LEAN logged for a chain of American options, and obey what any option price obeys."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.pricing import black_scholes
from leanlocal.pricing.black_scholes import Inputs
from leanlocal.pricing.models import NOTHING, PricingFormula, evaluate, implied_volatility, option_price
from leanlocal.pricing.root import find_root
from leanlocal.universes.rows import Greeks

SPOT = {931: 748.54, 1030: 748.47, 1300: 748.4}
ROW = re.compile(r"\S+ \S+ contract\|(\d+)\|GOOG  (\d{6})([CP])(\d{8})\|(.*)")
Key = tuple[int, str, str, float]


def recorded_rows(shared: Path, case: str) -> dict[Key, dict[str, str]]:
    rows: dict[Key, dict[str, str]] = {}
    for line in (shared / "parity/sample" / case / "expected/log.txt").read_text().splitlines():
        if found := ROW.match(line):
            rows[int(found[1]), found[2], found[3], int(found[4]) / 1000] = dict(part.split("=") for part in found[5].split("|"))
    return rows


def mark(row: dict[str, str] | None) -> float | None:
    if row is None:
        return None
    bid, ask = float(row["bid"]), float(row["ask"])
    return (bid + ask) / 2 if bid and ask else bid or ask


@pytest.mark.shared
@pytest.mark.parametrize(
    ("case", "formula"),
    [
        ("10_greeks_equity", PricingFormula.FORWARD_TREE),
        ("10_greeks_equity_crr", PricingFormula.COX_ROSS_RUBINSTEIN),
        ("10_greeks_equity_black_scholes", PricingFormula.BLACK_SCHOLES),
    ],
)
def test_chain_greeks_equal_every_logged_digit(shared: Path, case: str, formula: PricingFormula) -> None:
    rows = recorded_rows(shared, case)
    assert len(rows) == 120
    for (clock, expiry, right, strike), row in rows.items():
        settlement = datetime.fromisoformat("20" + expiry) + timedelta(hours=13 if expiry == "151224" else 16)
        years = (settlement - datetime(2015, 12, 24, clock // 100, clock % 100)) / timedelta(days=365)
        x = Inputs(SPOT[clock], strike, years, 0.01, 0.0, right == "C")
        other = rows.get((clock, expiry, "P" if right == "C" else "C", strike))
        found = evaluate(formula, x, mark(row) or 0.0, mark(other))
        shown = [found.implied_volatility, found.delta, found.gamma, found.vega, found.theta, found.rho, found.theoretical_price]
        expected = [row[name] for name in ("iv", "delta", "gamma", "vega", "theta_day", "rho", "theo")]
        assert [f"{value:.10g}" for value in shown] == expected, (clock, expiry, right, strike)


contracts = st.builds(
    Inputs,
    spot=st.floats(50, 500),
    strike=st.floats(50, 500),
    years=st.floats(0.01, 2),
    rate=st.floats(0, 0.08),
    dividend=st.floats(0, 0.05),
    call=st.booleans(),
)


@given(contracts, st.floats(0.05, 1.5))
def test_black_scholes_obeys_put_call_parity(x: Inputs, sigma: float) -> None:
    call, put = (black_scholes.price(x._replace(call=call), sigma) for call in (True, False))
    forward = x.spot * 2.718281828459045 ** (-x.dividend * x.years) - x.strike * 2.718281828459045 ** (-x.rate * x.years)
    assert call - put == pytest.approx(forward, abs=1e-9 * x.spot)


@given(contracts, st.floats(0.1, 1.5))
def test_implied_volatility_prices_the_option_within_the_solver_tolerance(x: Inputs, sigma: float) -> None:
    market = black_scholes.price(x, sigma)
    found = implied_volatility(PricingFormula.BLACK_SCHOLES, x, market)
    if found is not None:
        accuracy = max(1e-4, 1e-4 * market)
        slope = max(black_scholes.greeks(x, s).vega * 100 for s in (found, sigma, (found + sigma) / 2))
        assert abs(black_scholes.price(x, found) - market) <= accuracy * (1 + slope)


@given(contracts.map(lambda x: x._replace(dividend=0.0)), st.floats(0.15, 0.8))
def test_trees_agree_with_black_scholes_without_dividends(x: Inputs, sigma: float) -> None:
    exact = black_scholes.price(x, sigma)
    for formula in (PricingFormula.COX_ROSS_RUBINSTEIN,):
        assert option_price(formula, x, sigma) == pytest.approx(exact, abs=0.02 * x.spot * sigma * x.years**0.5 / 10 + 0.02)


def test_option_without_a_price_or_underlying_says_nothing() -> None:
    x = Inputs(100.0, 100.0, 0.5, 0.02, 0.0, True)
    assert evaluate(PricingFormula.FORWARD_TREE, x, 0.0, 5.0) == NOTHING
    assert evaluate(PricingFormula.FORWARD_TREE, x._replace(spot=0.0), 5.0, 5.0) == NOTHING


def test_in_the_money_call_takes_the_volatility_of_its_out_of_the_money_put() -> None:
    x = Inputs(100.0, 80.0, 0.5, 0.02, 0.0, True)
    put = black_scholes.price(x._replace(call=False), 0.4)
    found = evaluate(PricingFormula.BLACK_SCHOLES, x, black_scholes.price(x, 0.2), put)
    assert found.implied_volatility == pytest.approx(0.4, abs=2e-3)


@given(st.floats(-5, 5), st.floats(0.1, 3))
def test_root_finder_finds_a_bracketed_root_and_refuses_others(root: float, slope: float) -> None:
    found = find_root(lambda v: slope * (v - root), root - 1.7, root + 2.9, 1e-9)
    assert found is not None
    assert found == pytest.approx(root, abs=2e-8)
    assert find_root(lambda v: v * v + 1, -1.0, 2.0, 1e-9) is None


def test_daily_decay_of_minus_nothing_stays_minus_nothing_over_a_year() -> None:
    assert str(Greeks(theta_per_day=-0.0).theta) == "-0.0"
    assert Greeks(theta_per_day=-0.0123457).theta == -4.5061805


@pytest.mark.parametrize("formula", PricingFormula)
def test_contract_without_a_volatility_has_greeks_that_are_numbers(formula: PricingFormula) -> None:
    x = Inputs(92.0, 650.0, 0.03, 0.0075, 0.019, False)
    found = evaluate(formula, x, 2.0, None)
    assert found.implied_volatility == 0
    assert found.theoretical_price == 0
    assert all(abs(value) < 1e6 for value in (found.delta, found.gamma, found.vega, found.theta, found.rho))
