"""Black's 1976 formula with its sensitivities in spot terms, kept in the form QuantLib differentiates it.

Divisions by a vanished deviation give what floating-point hardware gives (an infinity or no number), because LEAN turns just these into zeros.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

from leanlocal.pricing.quantlib.normal import EPSILON, cumulative, density
from leanlocal.pricing.quantlib.terms import NotPriceable, Terms, discount


def quotient(over: float, under: float) -> float:
    """over / under; an infinity or no number where that divides by zero."""
    if under:
        return over / under
    return math.nan if not over or math.isnan(over) else math.copysign(math.inf, over) * math.copysign(1.0, under)


@dataclass(frozen=True, slots=True)
class Black:
    """An option on a forward: value = discount * (forward * alpha + strike * beta).

    deviation: standard deviation of the logarithm at maturity. alpha, beta: signed exercise probabilities; their slopes are in d1 and d2.
    """

    strike: float
    forward: float
    deviation: float
    discount: float
    d1: float
    d2: float
    alpha: float
    alpha_slope: float
    beta: float
    beta_slope: float

    @property
    def value(self) -> float:
        """Present value."""
        return self.discount * (self.forward * self.alpha + self.strike * self.beta)

    def _per_price(self, spot: float) -> tuple[float, float]:
        scale = self.deviation * spot
        return quotient(self.alpha_slope, scale), quotient(self.beta_slope, scale)

    def delta(self, spot: float) -> float:
        """Per 1.00 of the spot price."""
        alpha, beta = self._per_price(spot)
        return self.discount * (alpha * self.forward + self.alpha * (self.forward / spot) + beta * self.strike)

    def gamma(self, spot: float) -> float:
        """Of delta per 1.00 of the spot price."""
        alpha, beta = self._per_price(spot)
        bend_alpha = -alpha / spot * (1 + quotient(self.d1, self.deviation))
        bend_beta = -beta / spot * (1 + quotient(self.d2, self.deviation))
        return self.discount * (bend_alpha * self.forward + 2.0 * alpha * (self.forward / spot) + bend_beta * self.strike)

    def theta(self, spot: float, years: float) -> float:
        """Per year."""
        if years == 0.0:
            return 0.0
        carried = math.log(self.discount) * self.value + math.log(self.forward / spot) * spot * self.delta(spot)
        return -(carried + 0.5 * (self.deviation * self.deviation) * spot * spot * self.gamma(spot)) / years

    def vega(self, years: float) -> float:
        """Per 1.00 of volatility."""
        shift = quotient(math.log(self.strike / self.forward), self.deviation * self.deviation)
        slope = self.alpha_slope * (shift + 0.5) * self.forward + self.beta_slope * (shift - 0.5) * self.strike
        return self.discount * math.sqrt(years) * slope

    def rho(self, years: float) -> float:
        """Per 1.00 of the interest rate."""
        alpha, beta = quotient(self.alpha_slope, self.deviation), quotient(self.beta_slope, self.deviation)
        slope = alpha * self.forward + self.alpha * self.forward + beta * self.strike
        return years * (self.discount * slope - self.value)

    def elasticity(self, spot: float) -> float:
        """Relative change of the value per relative change of the spot price."""
        value, delta = self.value, self.delta(spot)
        if value > EPSILON:
            return delta / value * spot
        if abs(delta) < EPSILON:
            return 0.0
        return sys.float_info.max if delta > 0.0 else -sys.float_info.max


def black(strike: float, call: bool, forward: float, deviation: float, discount_factor: float) -> Black:
    """The formula's state. Raises NotPriceable for a forward price or discount factor that is not positive."""
    if not (forward > 0.0 and deviation >= 0.0 and discount_factor > 0.0):
        raise NotPriceable(f"Black's formula with forward {forward}, deviation {deviation}, discount {discount_factor}")
    if deviation >= EPSILON:
        d1 = math.log(forward / strike) / deviation + 0.5 * deviation
        d2 = d1 - deviation
        below1, below2, slope1, slope2 = cumulative(d1), cumulative(d2), density(d1), density(d2)
    else:
        d1 = d2 = slope1 = slope2 = 0.0
        below1 = below2 = 1.0 if forward > strike else 0.0
    if call:
        return Black(strike, forward, deviation, discount_factor, d1, d2, below1, slope1, -below2, -slope2)
    return Black(strike, forward, deviation, discount_factor, d1, d2, -1.0 + below1, slope1, 1.0 - below2, -slope2)


def black_of(terms: Terms) -> Black:
    """The formula for the European form of a contract."""
    return black(terms.strike, terms.call, terms.forward, math.sqrt(terms.variance), discount(terms.rate, terms.years))
