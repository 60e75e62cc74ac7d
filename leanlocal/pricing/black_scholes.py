"""Black-Scholes price and Greeks in LEAN's form (reference: lean-fidelity §7.2): per-day theta, vega per volatility point, rho per percent.

Quirks kept: d1 is 10 when sigma * sqrt(T) is 0; gamma and theta never divide by less than one volatility point and gamma carries no dividend factor.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Inputs(NamedTuple):
    """One contract at one instant: spot, strike, years to settlement (365-day), rate and dividend yield as fractions, right."""

    spot: float
    strike: float
    years: float
    rate: float
    dividend: float
    call: bool


class Greeks(NamedTuple):
    """Greeks of one contract: theta per day, vega per volatility point, rho per percent."""

    delta: float
    gamma: float
    vega: float
    theta: float
    rho: float


def normal(value: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-value / math.sqrt(2))


def density(value: float) -> float:
    """Standard normal density."""
    return math.exp(-0.5 * value * value) / math.sqrt(2 * math.pi)


def d1_d2(x: Inputs, sigma: float) -> tuple[float, float]:
    """The two arguments of the formula."""
    spread = sigma * math.sqrt(x.years)
    d1 = (math.log(x.spot / x.strike) + (x.rate - x.dividend + sigma * sigma / 2) * x.years) / spread if spread else 10.0
    return d1, d1 - spread


def price(x: Inputs, sigma: float) -> float:
    """Value of the European option."""
    d1, d2 = d1_d2(x, sigma)
    spot, strike = x.spot * math.exp(-x.dividend * x.years), x.strike * math.exp(-x.rate * x.years)
    return spot * normal(d1) - strike * normal(d2) if x.call else strike * normal(-d2) - spot * normal(-d1)


def greeks(x: Inputs, sigma: float) -> Greeks:
    """All Greeks of the European option."""
    d1, d2 = d1_d2(x, sigma)
    root = math.sqrt(x.years)
    carried, discounted = math.exp(-x.dividend * x.years), math.exp(-x.rate * x.years)
    steady = max(sigma, 0.01)
    sign = 1.0 if x.call else -1.0
    hedge, exercise = sign * normal(sign * d1), sign * normal(sign * d2)
    decay = -x.spot * steady * density(d1) * carried / (2 * root) if root else -math.inf
    carry = x.dividend * x.spot * carried * hedge - x.rate * x.strike * discounted * exercise
    return Greeks(
        delta=carried * hedge,
        gamma=density(d1) / (x.spot * steady * root) if root else math.inf,
        vega=x.spot * root * density(d1) * carried / 100,
        theta=(decay + carry) / 365,
        rho=x.strike * x.years * discounted * exercise / 100,
    )
