"""LEAN's use of an engine: theoretical price at a guessed volatility, implied volatility at the market price, Greeks at that volatility.

The theoretical price is the engine's value at the underlying's volatility, or at Brenner and Subrahmanyam's estimate (1988) when it has none: it is not near
the market. The implied volatility comes from an engine of its own (the grid for American options, Black's formula for European ones), or from Newton's
method where that finds no root. Greeks the engine does not give come from Black's formula with the volatility in place of the deviation: both are LEAN's
choices, kept. Every figure passes through a decimal of fifteen digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from leanlocal.exact import ZERO, div, from_float, to_float
from leanlocal.pricing.quantlib.black import Black, black, black_of, quotient
from leanlocal.pricing.quantlib.engines import Engine, EngineResult, run_engine
from leanlocal.pricing.quantlib.grid import american_price
from leanlocal.pricing.quantlib.marching import Marcher
from leanlocal.pricing.quantlib.solver import bracketed_root
from leanlocal.pricing.quantlib.terms import NotPriceable, Terms, discount

LOWEST, HIGHEST = 1e-7, 4.0
ACCURACY = 1e-4
NEWTON_TOLERANCE, NEWTON_ITERATIONS = 1e-3, 10
HUNDRED, DAYS = Decimal(100), Decimal(365)
LARGEST = Decimal(2**96 - 1)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A contract and its market price; `years` counts from the evaluation date, as LEAN does, the terms' from the reference date. terms.sigma is not read."""

    terms: Terms
    premium: float
    years: float
    underlying_volatility: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What LEAN shows: theta per year and per day, vega per volatility point, rho per percent."""

    theoretical_price: float = 0.0
    implied_volatility: float = 0.0
    delta: float = 0.0
    gamma: float = 0.0
    vega: float = 0.0
    theta: float = 0.0
    theta_per_day: float = 0.0
    rho: float = 0.0
    elasticity: float = 0.0


def shown(value: float) -> Decimal:
    """A figure as a decimal; 0 for what is no number, the largest decimal for what does not fit."""
    if not math.isfinite(value):
        return ZERO
    return LARGEST.copy_sign(Decimal(value)) if abs(value) >= LARGEST else from_float(value)


def estimated_volatility(quoted: Quoted) -> float:
    """Brenner and Subrahmanyam's at-the-money estimate."""
    return math.sqrt(2 * math.pi / quoted.years) * quoted.premium / quoted.terms.spot


def _european_by(quoted: Quoted, deviation: float) -> Black:
    paid, earned = discount(quoted.terms.rate, quoted.years), discount(quoted.terms.dividend, quoted.years)
    return black(quoted.terms.strike, quoted.terms.call, quoted.terms.spot * earned / paid, deviation, paid)


def newton_volatility(quoted: Quoted) -> tuple[float, Black]:
    """Newton's search on Black's formula with volatility for deviation, within [1e-7, 4]; 0 when ten steps do not settle. Also the last formula tried."""
    sigma, before, left = estimated_volatility(quoted), math.nan, NEWTON_ITERATIONS
    formula = _european_by(quoted, sigma)
    while left and (left == NEWTON_ITERATIONS or abs(sigma - before) / sigma > NEWTON_TOLERANCE):
        before, formula = sigma, _european_by(quoted, sigma)
        sigma = _within(before - quotient(formula.value - quoted.premium, formula.vega(quoted.years)))
        left -= 1
    return (sigma if left else 0.0), formula


def _within(sigma: float) -> float:
    return LOWEST if sigma < LOWEST else HIGHEST if sigma > HIGHEST else sigma


def solved_volatility(quoted: Quoted, marcher: Marcher) -> float:
    """Volatility at which the market price is right, to 1e-4. Raises NotPriceable when there is none in [1e-7, 4]."""
    terms = quoted.terms

    def excess(sigma: float) -> float:
        at = terms.at(sigma)
        return (american_price(at, marcher) if terms.american else black_of(at).value) - quoted.premium

    try:
        return bracketed_root(excess, LOWEST, HIGHEST, ACCURACY)
    except (OverflowError, ZeroDivisionError) as failed:
        raise NotPriceable(str(failed)) from failed


def _implied(quoted: Quoted, marcher: Marcher) -> tuple[float, Black | None]:
    try:
        return solved_volatility(quoted, marcher), None
    except NotPriceable:
        return newton_volatility(quoted)


def _attempted(engine: Engine, terms: Terms, marcher: Marcher) -> EngineResult | None:
    try:
        return run_engine(engine, terms, marcher)
    except NotPriceable:
        return None


def _theoretical(engine: Engine, quoted: Quoted, marcher: Marcher) -> float:
    sigma = quoted.underlying_volatility if quoted.underlying_volatility is not None else estimated_volatility(quoted)
    found = _attempted(engine, quoted.terms.at(sigma), marcher)
    return to_float(max(ZERO, shown(found.value))) if found is not None else 0.0


def evaluated(engine: Engine, quoted: Quoted, marcher: Marcher, approximate: bool = True) -> Figures:
    """Everything LEAN shows of a contract with a positive market price and time left; zeros for what the engine does not give unless approximated."""
    sigma, newton = _implied(quoted, marcher)
    found = _attempted(engine, quoted.terms.at(sigma), marcher)
    fallback = newton if newton is not None else _european_by(quoted, sigma)
    spot, years = quoted.terms.spot, quoted.years

    def figure(given: float | None, otherwise: Callable[[], float]) -> Decimal:
        return shown(given) if given is not None else shown(otherwise()) if approximate else ZERO

    result = found if found is not None else EngineResult(0.0)
    theta = figure(result.theta, lambda: fallback.theta(spot, years))
    return Figures(
        _theoretical(engine, quoted, marcher),
        to_float(shown(sigma)),
        to_float(figure(result.delta, lambda: fallback.delta(spot))),
        to_float(figure(result.gamma, lambda: fallback.gamma(spot))),
        to_float(div(figure(result.vega, lambda: fallback.vega(years)), HUNDRED)),
        to_float(theta),
        to_float(div(theta, DAYS)),
        to_float(div(figure(result.rho, lambda: fallback.rho(years)), HUNDRED)),
        to_float(figure(result.elasticity, lambda: fallback.elasticity(spot))),
    )
