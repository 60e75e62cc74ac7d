"""Every engine behind one question: value and, where the engine has them, Greeks of a contract at a volatility.

None stands for a figure an engine does not give; LEAN then takes Black's formula. Theta per year, vega per 1.00 of volatility, rho per 1.00 of rate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from leanlocal.pricing.quantlib.approximations import as_call, barone_adesi_whaley, bjerksund_stensland, early_exercise_never_pays
from leanlocal.pricing.quantlib.black import Black, black_of
from leanlocal.pricing.quantlib.grid import american_value, european_value
from leanlocal.pricing.quantlib.lattice import Tree, lattice_value
from leanlocal.pricing.quantlib.marching import Marcher
from leanlocal.pricing.quantlib.terms import NotPriceable, Terms, discount

GRID_POINTS = 99
SEGMENTS = 5000
DEVIATIONS = 10.0


class Method(Enum):
    """Engines that are no trees; values are the names of QuantLib's classes."""

    ANALYTIC = "AnalyticEuropeanEngine"
    BARONE_ADESI_WHALEY = "BaroneAdesiWhaleyApproximationEngine"
    BJERKSUND_STENSLAND = "BjerksundStenslandApproximationEngine"
    INTEGRAL = "IntegralEngine"
    CRANK_NICOLSON = "FDAmericanEngine"


Engine = Method | Tree
EUROPEAN_ONLY: frozenset[Engine] = frozenset({Method.ANALYTIC, Method.INTEGRAL})
AMERICAN_ONLY: frozenset[Engine] = frozenset({Method.BARONE_ADESI_WHALEY, Method.BJERKSUND_STENSLAND})


@dataclass(frozen=True, slots=True)
class EngineResult:
    """Value in currency and the Greeks an engine gives."""

    value: float
    delta: float | None = None
    gamma: float | None = None
    vega: float | None = None
    theta: float | None = None
    rho: float | None = None
    elasticity: float | None = None


def _from_black(formula: Black, terms: Terms) -> EngineResult:
    spot, years = terms.spot, terms.years
    figures = (formula.delta(spot), formula.gamma(spot), formula.vega(years), formula.theta(spot, years), formula.rho(years), formula.elasticity(spot))
    return EngineResult(formula.value, *figures)


def integral_value(terms: Terms) -> float:
    """Expected payoff by the trapezoidal rule on 5,000 segments over ten deviations to either side."""
    variance = terms.variance
    if not variance:
        raise NotPriceable("an integral without volatility")
    centre = math.log(discount(terms.dividend, terms.years) / discount(terms.rate, terms.years)) - 0.5 * variance
    reach = DEVIATIONS * math.sqrt(variance)
    low, high = centre - reach, centre + reach

    def weighed(x: float) -> float:
        return terms.payoff(terms.spot * math.exp(x)) * math.exp(-(x - centre) * (x - centre) / (2.0 * variance))

    step = (high - low) / SEGMENTS
    total, x, end = 0.5 * (weighed(low) + weighed(high)), low + step, high - 0.5 * step
    while x < end:
        total += weighed(x)
        x += step
    return discount(terms.rate, terms.years) / math.sqrt(2.0 * math.pi * variance) * (total * step)


def _approximated(method: Method, terms: Terms) -> EngineResult:
    if method is Method.BARONE_ADESI_WHALEY:
        return _from_black(black_of(terms), terms) if early_exercise_never_pays(terms) else EngineResult(barone_adesi_whaley(terms))
    call = as_call(terms)
    return _from_black(black_of(call), call) if early_exercise_never_pays(call) else EngineResult(bjerksund_stensland(call))


def _by_grid(terms: Terms, marcher: Marcher) -> EngineResult:
    found = american_value(terms, marcher, GRID_POINTS) if terms.american else european_value(terms, marcher, GRID_POINTS)
    return EngineResult(found.value, found.delta, found.gamma, theta=found.theta)


def run_engine(engine: Engine, terms: Terms, marcher: Marcher) -> EngineResult:
    """Value and Greeks. Raises NotPriceable when the engine's conditions do not hold."""
    try:
        if isinstance(engine, Tree):
            found = lattice_value(engine, terms)
            return EngineResult(found.value, found.delta, found.gamma, theta=found.theta)
        if engine is Method.ANALYTIC:
            return _from_black(black_of(terms), terms)
        if engine is Method.INTEGRAL:
            return EngineResult(integral_value(terms))
        return _by_grid(terms, marcher) if engine is Method.CRANK_NICOLSON else _approximated(engine, terms)
    except (OverflowError, ZeroDivisionError, ValueError) as failed:
        raise NotPriceable(f"{engine.value}: {failed}") from failed
