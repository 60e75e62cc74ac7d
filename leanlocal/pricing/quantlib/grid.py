"""QuantLib's older finite-difference engines: Crank-Nicolson on a logarithmic grid around the spot price, 100 points by 100 steps.

The American engine marches two solutions at once, one with the exercise condition and one without, and takes the difference as a correction of Black's
formula; LEAN's implied volatilities of American options are found with it. The grid spans four deviations, widened for small ones, and always the strike;
slopes are held at both ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leanlocal.pricing.quantlib.black import black_of
from leanlocal.pricing.quantlib.lattice import black_scholes_theta
from leanlocal.pricing.quantlib.marching import March, Marcher
from leanlocal.pricing.quantlib.terms import NotPriceable, Terms, drift, forward_rate

STEPS = 100
DEVIATIONS = 4.0
SMALL_DEVIATION = 0.02
STRIKE_MARGIN = 1.1
LEAST_POINTS, POINTS_PER_YEAR = 10, 2
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GridValue:
    """Value, delta and gamma at the spot price; theta per year, None where the engine gives none."""

    value: float
    delta: float
    gamma: float
    theta: float | None


def grid_bounds(terms: Terms) -> tuple[float, float]:
    """Lowest and highest price on the grid, with the spot price in the logarithmic middle."""
    deviation = math.sqrt(terms.variance)
    if not deviation:
        raise NotPriceable("a finite-difference grid without volatility")
    span = math.exp(DEVIATIONS * (1.0 + SMALL_DEVIATION / deviation) * deviation)
    low, high = terms.spot / span, terms.spot * span
    if low > terms.strike / STRIKE_MARGIN:
        low = terms.strike / STRIKE_MARGIN
        high = terms.spot / (low / terms.spot)
    if high < terms.strike * STRIKE_MARGIN:
        high = terms.strike * STRIKE_MARGIN
        low = terms.spot / (high / terms.spot)
    return low, high


def grid_prices(terms: Terms, points: int) -> list[float]:
    """Prices of the grid, each a constant factor above the one before; more than `points` for options of many years."""
    count = max(points, int(LEAST_POINTS + (terms.years - 1.0) * POINTS_PER_YEAR) if terms.years > 1 else LEAST_POINTS)
    low, high = grid_bounds(terms)
    factor = math.exp((math.log(high) - math.log(low)) / (count - 1))
    prices = [low]
    for _ in range(count - 1):
        prices.append(prices[-1] * factor)
    return prices


def stepping(terms: Terms, prices: list[float]) -> March:
    """Explicit and implicit half steps of the Black-Scholes operator on the grid, and the payoff they start from."""
    logs = np.array([math.log(price) for price in prices])
    below, above = logs[1:-1] - logs[:-2], logs[2:] - logs[1:-1]
    both = below + above
    variance, trend, rate = terms.sigma * terms.sigma, drift(terms, terms.years), forward_rate(terms.rate, terms.years, terms.years)
    lower, upper = -(variance / below - trend) / both, -(variance / above + trend) / both
    middle = variance / (below * above) + rate
    half = 0.5 * (terms.years / STEPS)
    payoff = np.array([terms.payoff(price) for price in prices])
    return March(lower, middle, upper, half, payoff)


def _centre(values: Floats) -> float:
    middle = len(values) // 2
    return float(values[middle]) if len(values) % 2 else float((values[middle] + values[middle - 1]) / 2.0)


def _slope(prices: list[float], values: Floats) -> float:
    middle = len(values) // 2
    low, high = (middle - 1, middle + 1) if len(values) % 2 else (middle - 1, middle)
    return float((values[high] - values[low]) / (prices[high] - prices[low]))


def _bend(prices: list[float], values: Floats) -> float:
    middle = len(values) // 2

    def slope(low: int, high: int) -> float:
        return float((values[high] - values[low]) / (prices[high] - prices[low]))

    if len(values) % 2:
        return (slope(middle, middle + 1) - slope(middle - 1, middle)) / ((prices[middle + 1] - prices[middle - 1]) / 2.0)
    return (slope(middle - 1, middle + 1) - slope(middle - 2, middle)) / (prices[middle] - prices[middle - 1])


def _solved(terms: Terms, points: int, marcher: Marcher) -> tuple[list[float], Floats, Floats]:
    if terms.years <= 0.0:
        raise NotPriceable("a finite-difference grid without time")
    prices = grid_prices(terms, points)
    exercised, held = marcher.march(stepping(terms, prices), STEPS)
    return prices, exercised, held


def american_price(terms: Terms, marcher: Marcher, points: int = 100) -> float:
    """Value of an American option, in currency."""
    _, exercised, held = _solved(terms, points, marcher)
    return _centre(exercised) - _centre(held) + black_of(terms).value


def american_value(terms: Terms, marcher: Marcher, points: int) -> GridValue:
    """Value, delta and gamma of an American option; the engine gives no theta."""
    prices, exercised, held = _solved(terms, points, marcher)
    formula = black_of(terms)
    return GridValue(
        _centre(exercised) - _centre(held) + formula.value,
        _slope(prices, exercised) - _slope(prices, held) + formula.delta(terms.spot),
        _bend(prices, exercised) - _bend(prices, held) + formula.gamma(terms.spot),
        None,
    )


def european_value(terms: Terms, marcher: Marcher, points: int) -> GridValue:
    """Value and Greeks of a European option, from the unexercised solution alone."""
    prices, _, held = _solved(terms, points, marcher)
    value, delta, gamma = _centre(held), _slope(prices, held), _bend(prices, held)
    return GridValue(value, delta, gamma, black_scholes_theta(terms, value, delta, gamma))
