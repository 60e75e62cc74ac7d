"""Closed approximations of American options: Barone-Adesi and Whaley (1987) and Bjerksund and Stensland (1993), in QuantLib's form.

Where early exercise never pays (a call without dividends, a put without interest) both are Black's formula.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from leanlocal.pricing.quantlib.black import black_of
from leanlocal.pricing.quantlib.normal import EPSILON, cumulative, density
from leanlocal.pricing.quantlib.terms import NotPriceable, Terms, discount

TOLERANCE = 1e-6
NEARLY_ONE = 1000 * EPSILON
MOST_ITERATIONS = 10_000


@dataclass(frozen=True, slots=True)
class _Quadratic:
    """What the quadratic approximation needs besides the contract: discount factors, variance, carry and the root for this right."""

    terms: Terms
    sign: float
    paid: float
    earned: float
    variance: float
    carry: float
    root: float

    def d1(self, price: float) -> float:
        forward = price * self.earned / self.paid
        return (math.log(forward / self.terms.strike) + 0.5 * self.variance) / math.sqrt(self.variance)

    def european(self, price: float) -> float:
        """Value of the European option at another price of the underlying."""
        forward, deviation = price * self.earned / self.paid, math.sqrt(self.variance)
        d1 = math.log(forward / self.terms.strike) / deviation + 0.5 * deviation
        above, below = cumulative(self.sign * d1), cumulative(self.sign * (d1 - deviation))
        value = 1.0 * self.sign * (forward * above - self.terms.strike * below)
        if value < 0.0:
            raise NotPriceable("a negative European value")
        return value * self.paid


def _quadratic_root(terms: Terms, carry: float, interest: float) -> float:
    spread = math.sqrt(((carry - 1.0) * (carry - 1.0)) + 4.0 * interest)
    return (-(carry - 1.0) + (spread if terms.call else -spread)) / 2.0


def _quadratic(terms: Terms) -> _Quadratic:
    paid, earned, variance = discount(terms.rate, terms.years), discount(terms.dividend, terms.years), terms.variance
    carry = 2.0 * math.log(earned / paid) / variance
    flat = abs(paid - 1.0) <= NEARLY_ONE * min(1.0, paid)
    interest = 2.0 / variance if flat else -2.0 * math.log(paid) / (variance * (1.0 - paid))
    return _Quadratic(terms, 1.0 if terms.call else -1.0, paid, earned, variance, carry, _quadratic_root(terms, carry, interest))


def _seed(q: _Quadratic) -> float:
    """First estimate of the critical price, from the boundary of the perpetual option."""
    strike, growth = q.terms.strike, math.log(q.earned / q.paid)
    perpetual = strike / (1.0 - 1.0 / _quadratic_root(q.terms, q.carry, -2.0 * math.log(q.paid) / q.variance))
    if q.terms.call:
        h = -(growth + 2.0 * math.sqrt(q.variance)) * strike / (perpetual - strike)
        return strike + (perpetual - strike) * (1.0 - math.exp(h))
    h = (growth - 2.0 * math.sqrt(q.variance)) * strike / (strike - perpetual)
    return perpetual + (strike - perpetual) * math.exp(h)


def _sides(q: _Quadratic, price: float) -> tuple[float, float, float]:
    """Exercise value, continuation value and slope of the latter at a trial critical price."""
    signed = q.sign * q.d1(price)
    spread = q.sign * (1 - q.earned * cumulative(signed)) * price / q.root
    exercise = q.sign * (price - q.terms.strike)
    bend = q.earned * density(signed) / math.sqrt(q.variance)
    if q.terms.call:
        slope = q.earned * cumulative(signed) * (1 - 1 / q.root) + (1 - bend) / q.root
    else:
        slope = -q.earned * cumulative(signed) * (1 - 1 / q.root) - (1 + bend) / q.root
    return exercise, q.european(price) + spread, slope


def critical_price(q: _Quadratic) -> float:
    """Price from which exercise is better, by Newton's method. Raises NotPriceable when that does not settle."""
    strike, price = q.terms.strike, _seed(q)
    for _ in range(MOST_ITERATIONS):
        exercise, continuation, slope = _sides(q, price)
        if not abs(exercise - continuation) / strike > TOLERANCE:
            return price
        if q.terms.call:
            price = (strike + continuation - slope * price) / (1 - slope)
        else:
            price = (strike - continuation + slope * price) / (1 + slope)
    raise NotPriceable("no critical price")


def early_exercise_never_pays(terms: Terms) -> bool:
    """A call on something that pays nothing."""
    return terms.call and discount(terms.dividend, terms.years) >= 1.0


def barone_adesi_whaley(terms: Terms) -> float:
    """Value of an American option for which exercise can pay, in currency."""
    q = _quadratic(terms)
    critical = critical_price(q)
    premium = q.sign * (critical / q.root) * (1.0 - q.earned * cumulative(q.sign * q.d1(critical)))
    if q.sign * (terms.spot - critical) < 0:
        return black_of(terms).value + premium * math.pow(terms.spot / critical, q.root)
    return q.sign * (terms.spot - terms.strike)


def as_call(terms: Terms) -> Terms:
    """The call that is worth as much as a put: price and strike, interest and dividends change places."""
    if terms.call:
        return terms
    return replace(terms, spot=terms.strike, strike=terms.spot, rate=terms.dividend, dividend=terms.rate, call=True)


@dataclass(frozen=True, slots=True)
class _FlatBoundary:
    """Bjerksund and Stensland's call, exercised at one boundary for all times."""

    spot: float
    interest: float
    carry: float
    variance: float
    boundary: float

    def phi(self, power: float, level: float) -> float:
        """Value of spot^power received at maturity below `level` when the boundary was not reached, per unit of spot^power."""
        deviation = math.sqrt(self.variance)
        drift = -self.interest + power * self.carry + 0.5 * power * (power - 1.0) * self.variance
        d = -(math.log(self.spot / level) + (self.carry + (power - 0.5) * self.variance)) / deviation
        kappa = 2.0 * self.carry / self.variance + (2.0 * power - 1.0)
        reached = math.pow(self.boundary / self.spot, kappa) * cumulative(d - 2.0 * math.log(self.boundary / self.spot) / deviation)
        return math.exp(drift) * (cumulative(d) - reached)


def bjerksund_stensland(terms: Terms) -> float:
    """Value of an American call on something that pays (see `as_call`), in currency. Raises NotPriceable where the method does not apply."""
    strike, variance = terms.strike, terms.variance
    paid, earned = discount(terms.rate, terms.years), discount(terms.dividend, terms.years)
    carry, interest = math.log(earned / paid), math.log(1.0 / paid)
    beta = (0.5 - carry / variance) + math.sqrt(math.pow(carry / variance - 0.5, 2.0) + 2.0 * interest / variance)
    perpetual = beta / (beta - 1.0) * strike
    earliest = max(strike, interest / (interest - carry) * strike)
    h = -(carry + 2.0 * math.sqrt(variance)) * earliest / (perpetual - earliest)
    boundary = earliest + (perpetual - earliest) * (1 - math.exp(h))
    if not boundary >= strike:
        raise NotPriceable("Bjerksund and Stensland's approximation with a boundary below the strike")
    if terms.spot >= boundary:
        return terms.spot - strike
    phi = _FlatBoundary(terms.spot, interest, carry, variance, boundary).phi
    return (
        (boundary - strike) * math.pow(terms.spot / boundary, beta) * (1 - phi(beta, boundary))
        + terms.spot * phi(1.0, boundary)
        - terms.spot * phi(1.0, strike)
        - strike * phi(0.0, boundary)
        + strike * phi(0.0, strike)
    )
