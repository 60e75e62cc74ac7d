"""LEAN's indicator-based price models: one pricing formula for the volatility, the Greeks and the theoretical price, rounded to 7 decimals.

The implied volatility of an in-the-money contract is its out-of-the-money mirror's when that one has a price, so a call and its put share one volatility.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from leanlocal.pricing import black_scholes, tree
from leanlocal.pricing.black_scholes import Greeks, Inputs
from leanlocal.pricing.root import find_root

PLACES = 7
SMALLEST = 5e-29
LOWEST_SIGMA, HIGHEST_SIGMA = 1e-7, 4.0


class PricingFormula(Enum):
    """Which of LEAN's option pricing formulas (values of its OptionPricingModelType)."""

    BLACK_SCHOLES = 0
    COX_ROSS_RUBINSTEIN = 1
    FORWARD_TREE = 2


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a price model says of a contract. theta per day; everything zero when nothing can be said."""

    theoretical_price: float = 0.0
    implied_volatility: float = 0.0
    delta: float = 0.0
    gamma: float = 0.0
    vega: float = 0.0
    theta: float = 0.0
    rho: float = 0.0


NOTHING = Evaluation()


def option_price(formula: PricingFormula, x: Inputs, sigma: float) -> float:
    """Price by the formula."""
    if formula is PricingFormula.BLACK_SCHOLES:
        return black_scholes.price(x, sigma)
    return tree.price(x, sigma, formula is PricingFormula.FORWARD_TREE)


def option_greeks(formula: PricingFormula, x: Inputs, sigma: float) -> Greeks:
    """Greeks by the formula."""
    if formula is PricingFormula.BLACK_SCHOLES:
        return black_scholes.greeks(x, sigma)
    return tree.greeks(x, sigma, formula is PricingFormula.FORWARD_TREE)


def implied_volatility(formula: PricingFormula, x: Inputs, market: float) -> float | None:
    """Volatility at which the formula gives the market price; None when there is none in the search range.

    Trees search around the Black-Scholes volatility only.
    """
    if x.years <= 0:
        return None
    accuracy = max(1e-4, 1e-4 * market)
    guess = find_root(lambda sigma: black_scholes.price(x, sigma) - market, LOWEST_SIGMA, HIGHEST_SIGMA, accuracy)
    if formula is PricingFormula.BLACK_SCHOLES:
        return guess
    low, high = max(LOWEST_SIGMA, 0.5 * (guess or 0.0)), min(HIGHEST_SIGMA, 1.5 * (guess or 0.0))
    return find_root(lambda sigma: option_price(formula, x, sigma) - market, low, high, accuracy)


def smoothed_volatility(formula: PricingFormula, x: Inputs, market: float, mirror_market: float | None) -> float:
    """The contract's volatility, or its mirror's when that one is out of the money or the only one; 0 when neither exists."""
    mirrored = (x.strike > x.spot) if not x.call else (x.strike < x.spot)
    mirror = x._replace(call=not x.call)
    candidates = [(x, market)] if not mirror_market else [(mirror, mirror_market), (x, market)] if mirrored else [(x, market), (mirror, mirror_market)]
    for inputs, price in candidates:
        sigma = implied_volatility(formula, inputs, price)
        if sigma is not None:
            return round(sigma, PLACES)
    return 0.0


def evaluate(formula: PricingFormula, x: Inputs, market: float, mirror_market: float | None) -> Evaluation:
    """Volatility, Greeks and theoretical price; nothing without a price of the option and its underlying.

    The forward tree's theoretical price is the Black-Scholes one at the tree's volatility; at or after settlement it is 0.
    """
    if not market or not x.spot:
        return NOTHING
    sigma = smoothed_volatility(formula, x, market, mirror_market)
    found = option_greeks(formula, x, sigma)
    valued = PricingFormula.BLACK_SCHOLES if formula is PricingFormula.FORWARD_TREE else formula
    theoretical = option_price(valued, x, sigma) if x.years > 0 and sigma else 0.0
    return Evaluation(theoretical, sigma, *(shown(value) for value in found))


def shown(value: float) -> float:
    """A figure as the models report it: 7 decimals, 0 for what is no number or too small for a decimal."""
    return round(value, PLACES) if math.isfinite(value) and abs(value) >= SMALLEST else 0.0
