"""Every engine must give what QuantLib itself gives with the same settings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from leanlocal.pricing.quantlib.black import black_of
from leanlocal.pricing.quantlib.engines import Method, run_engine
from leanlocal.pricing.quantlib.grid import american_price
from leanlocal.pricing.quantlib.lattice import Tree, lattice_value
from leanlocal.pricing.quantlib.marching import Marcher
from leanlocal.pricing.quantlib.normal import cumulative, error_function
from leanlocal.pricing.quantlib.terms import Terms, is_bank_day, reference_date, years_between

ql: Any = pytest.importorskip("QuantLib", reason="the QuantLib wheel of requirements/dev.lock is the oracle here")

TODAY = date(2024, 7, 1)
NAMES = {
    Tree.COX_ROSS_RUBINSTEIN: "crr",
    Tree.JARROW_RUDD: "jr",
    Tree.ADDITIVE_EQUAL_PROBABILITIES: "eqp",
    Tree.TRIGEORGIS: "trigeorgis",
    Tree.TIAN: "tian",
    Tree.LEISEN_REIMER: "lr",
    Tree.JOSHI: "j4",
}
CONTRACTS = [
    (spot, strike, call, days, rate, dividend, sigma)
    for spot, strike in ((5458.375, 5200.0), (100.0, 112.5), (748.5, 735.0))
    for call in (True, False)
    for days, rate, dividend, sigma in ((84, 0.055, 0.0, 0.16), (9, 0.01, 0.0, 0.35), (400, 0.03, 0.02, 0.25))
]


def terms_of(contract: tuple[float, float, bool, int, float, float, float], american: bool) -> Terms:
    spot, strike, call, days, rate, dividend, sigma = contract
    return Terms(spot, strike, call, american, days / 365.0, 1 / 365.0, rate, dividend, sigma)


def on(day: date) -> Any:
    return ql.Date(day.day, day.month, day.year)


def theirs(terms: Terms) -> tuple[Any, Any]:
    """QuantLib's option and process for a contract."""
    today = on(TODAY)
    ql.Settings.instance().evaluationDate = today
    days = ql.Actual365Fixed()
    maturity = today + round(terms.years * 365)
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(terms.spot)),
        ql.YieldTermStructureHandle(ql.FlatForward(today, terms.dividend, days)),
        ql.YieldTermStructureHandle(ql.FlatForward(today, terms.rate, days)),
        ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), terms.sigma, days)),
    )
    exercise = ql.AmericanExercise(today + 1, maturity) if terms.american else ql.EuropeanExercise(maturity)
    return ql.VanillaOption(ql.PlainVanillaPayoff(ql.Option.Call if terms.call else ql.Option.Put, terms.strike), exercise), process


@pytest.mark.parametrize("tree", Tree)
@pytest.mark.parametrize("american", [True, False])
def test_trees_give_quantlibs_values(tree: Tree, american: bool) -> None:
    for contract in CONTRACTS:
        terms = terms_of(contract, american)
        option, process = theirs(terms)
        option.setPricingEngine(ql.BinomialVanillaEngine(process, NAMES[tree], 100))
        assert lattice_value(tree, terms).value == pytest.approx(option.NPV(), rel=1e-9, abs=1e-9), contract


@pytest.mark.parametrize("method", [Method.ANALYTIC, Method.INTEGRAL])
def test_european_engines_give_quantlibs_values(method: Method) -> None:
    for contract in CONTRACTS:
        terms = terms_of(contract, False)
        option, process = theirs(terms)
        option.setPricingEngine(ql.AnalyticEuropeanEngine(process) if method is Method.ANALYTIC else ql.IntegralEngine(process))
        assert run_engine(method, terms, Marcher()).value == pytest.approx(option.NPV(), rel=1e-9, abs=1e-9), contract


def test_blacks_greeks_are_quantlibs() -> None:
    for contract in CONTRACTS:
        terms = terms_of(contract, False)
        option, process = theirs(terms)
        option.setPricingEngine(ql.AnalyticEuropeanEngine(process))
        found = run_engine(Method.ANALYTIC, terms, Marcher())
        ours = (found.delta, found.gamma, found.vega, found.theta, found.rho)
        assert ours == pytest.approx((option.delta(), option.gamma(), option.vega(), option.theta(), option.rho()), rel=1e-9, abs=1e-12), contract


def test_barone_adesi_whaley_gives_quantlibs_values() -> None:
    for contract in CONTRACTS:
        terms = terms_of(contract, True)
        option, process = theirs(terms)
        option.setPricingEngine(ql.BaroneAdesiWhaleyApproximationEngine(process))
        assert run_engine(Method.BARONE_ADESI_WHALEY, terms, Marcher()).value == pytest.approx(option.NPV(), rel=1e-9, abs=1e-9), contract


def test_bjerksund_stensland_gives_quantlibs_values_where_they_are_above_the_european_ones() -> None:
    """The wheel's later version never falls below the European value; LEAN's does."""
    for contract in CONTRACTS:
        terms = terms_of(contract, True)
        option, process = theirs(terms)
        option.setPricingEngine(ql.BjerksundStenslandApproximationEngine(process))
        ours = max(run_engine(Method.BJERKSUND_STENSLAND, terms, Marcher()).value, black_of(terms).value)
        assert ours == pytest.approx(option.NPV(), rel=1e-9, abs=1e-9), contract


def test_grid_is_near_quantlibs_fine_grid() -> None:
    for contract in CONTRACTS:
        terms = terms_of(contract, True)
        option, process = theirs(terms)
        option.setPricingEngine(ql.FdBlackScholesVanillaEngine(process, 400, 800))
        assert american_price(terms, Marcher()) == pytest.approx(option.NPV(), rel=2e-3, abs=2e-3 * terms.spot / 100), contract


def test_distribution_function_is_quantlibs_to_the_last_digits() -> None:
    theirs_at = ql.CumulativeNormalDistribution()
    for step in range(-120, 121):
        x = step / 10 + 0.0123
        assert cumulative(x) == pytest.approx(theirs_at(x), rel=1e-13)
        assert error_function(-x) == -error_function(x)


def test_bank_holidays_are_the_settlement_calendars_without_juneteenth() -> None:
    calendar = ql.UnitedStates(ql.UnitedStates.Settlement)
    for offset in range(4000):
        day = date.fromordinal(date(2013, 1, 1).toordinal() + offset)
        if day.month != 6 or not 18 <= day.day <= 20:
            assert is_bank_day(day) == calendar.isBusinessDay(on(day)), day
    assert reference_date(date(2024, 10, 14)) == date(2024, 10, 15)


def test_call_without_dividends_is_never_exercised_early() -> None:
    terms = Terms(100.0, 95.0, True, True, 0.5, 1 / 365, 0.04, 0.0, 0.3)
    assert american_price(terms, Marcher()) == black_of(terms).value
    assert years_between(date(2024, 1, 1), date(2024, 12, 31)) == 1.0
