"""LEAN's indicator-based price models: one pricing formula for the volatility, the Greeks and the theoretical price, rounded to 7 decimals.

The implied volatility of an in-the-money contract is its out-of-the-money mirror's when that one has a price, so a call and its put share one volatility.
"""

from __future__ import annotations

import math
from collections.abc import Callable
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


Smoothing = Callable[[float, float], float]
"""A choice of one volatility from a contract's own and its mirror's."""


def smoothed_volatility(formula: PricingFormula, x: Inputs, market: float, mirror_market: float | None, smoothing: Smoothing | None = None) -> float:
    """The contract's volatility, or its mirror's when that one is out of the money or the only one; 0 when neither exists.

    smoothing: used instead of that choice when both exist.
    """
    if not mirror_market:
        return _rounded(implied_volatility(formula, x, market))
    mirror = x._replace(call=not x.call)
    if smoothing is not None:
        own, other = implied_volatility(formula, x, market), implied_volatility(formula, mirror, mirror_market)
        return _rounded(smoothing(own, other) if own is not None and other is not None else own if other is None else other)
    mirrored = (x.strike > x.spot) if not x.call else (x.strike < x.spot)
    candidates = [(mirror, mirror_market), (x, market)] if mirrored else [(x, market), (mirror, mirror_market)]
    for inputs, price in candidates:
        sigma = implied_volatility(formula, inputs, price)
        if sigma is not None:
            return _rounded(sigma)
    return 0.0


def _rounded(sigma: float | None) -> float:
    return 0.0 if sigma is None else round(sigma, PLACES)


def theoretical_price(formula: PricingFormula, x: Inputs, sigma: float) -> float:
    """What the model says the contract is worth: by the forward tree Black-Scholes at its volatility; 0 at or after settlement or without volatility."""
    valued = PricingFormula.BLACK_SCHOLES if formula is PricingFormula.FORWARD_TREE else formula
    return option_price(valued, x, sigma) if x.years > 0 and sigma else 0.0


def evaluate(formula: PricingFormula, x: Inputs, market: float, mirror_market: float | None, volatility_formula: PricingFormula | None = None) -> Evaluation:
    """Volatility, Greeks and theoretical price; nothing without a price of the option and its underlying. volatility_formula: where it is another."""
    if not market or not x.spot:
        return NOTHING
    of_volatility = volatility_formula or formula
    sigma = smoothed_volatility(of_volatility, x, market, mirror_market)
    found = option_greeks(formula, x, sigma)
    return Evaluation(theoretical_price(of_volatility, x, sigma), sigma, *(shown(value) for value in found))


def shown(value: float) -> float:
    """A figure as the models report it: 7 decimals, 0 for what is no number or too small for a decimal."""
    return round(value, PLACES) if math.isfinite(value) and abs(value) >= SMALLEST else 0.0
