"""European options: price and eight Greeks under Black-Scholes-Merton and Black-76.

Every function takes arrays (or numbers) that broadcast like NumPy and answers in float64. Greeks are the mathematical derivatives: theta per year of
calendar time (negative for most long options), vega and vomma per 1.00 of volatility, rho per 1.00 of rate, charm per year. `greeks.units.to_desk` turns them
into the desk's units. Nothing raises on a bad row: NaN, infinite or negative input gives NaN in that row. With no time left, or zero volatility, the value is
the discounted intrinsic value, delta is the discounted step function (half of it exactly at the forward), and what the density contributes is zero.

Sources: Black and Scholes (1973), Merton (1973), Black (1976); the arithmetic is described in `greeks.black`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks.black import value_and_greeks
from greeks.compiled import compiled
from greeks.rows import Kernel, evaluate

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EuropeanGreeks:
    """Price and derivatives of one unit of option, arrays of one shape.

    theta: dV/dt per year of calendar time. vega: per 1.00 volatility. rho: per 1.00 rate, spot (or, for Black-76, the forward) held.
    vanna: d delta / d volatility. charm: d delta / dt per year. vomma: d vega / d volatility.
    """

    price: Floats
    delta: Floats
    gamma: Floats
    theta: Floats
    vega: Floats
    rho: Floats
    vanna: Floats
    charm: Floats
    vomma: Floats


@compiled
def _loop(call: Any, spot: Any, strike: Any, years: Any, rate: Any, dividend_yield: Any, volatility: Any, out: Any) -> None:
    for i in range(out.shape[1]):
        row = value_and_greeks(call[i], spot[i], strike[i], years[i], rate[i], dividend_yield[i], volatility[i])
        out[0, i], out[1, i], out[2, i], out[3, i], out[4, i], out[5, i], out[6, i], out[7, i], out[8, i] = row


@compiled
def _price_loop(call: Any, spot: Any, strike: Any, years: Any, rate: Any, dividend_yield: Any, volatility: Any, out: Any) -> None:
    for i in range(out.shape[1]):
        out[0, i] = value_and_greeks(call[i], spot[i], strike[i], years[i], rate[i], dividend_yield[i], volatility[i])[0]


GREEKS = Kernel(value_and_greeks, _loop, 9)
PRICE = Kernel(lambda *rows: value_and_greeks(*rows)[:1], _price_loop, 1)


def price(
    call: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike,
    dividend_yield: ArrayLike,
    volatility: ArrayLike,
    threads: int = 1,
) -> Floats:
    """Black-Scholes-Merton value. call: True for calls. years: to expiry. rate, dividend_yield: continuous, per year. volatility: per 1.00."""
    return evaluate(PRICE, (call, spot, strike, years, rate, dividend_yield, volatility), threads)[0]


def greeks(
    call: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike,
    dividend_yield: ArrayLike,
    volatility: ArrayLike,
    threads: int = 1,
) -> EuropeanGreeks:
    """Black-Scholes-Merton value and Greeks; arguments as in `price`."""
    return EuropeanGreeks(*evaluate(GREEKS, (call, spot, strike, years, rate, dividend_yield, volatility), threads))


def black76_price(call: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike, volatility: ArrayLike, threads: int = 1) -> Floats:
    """Black-76 value of an option on a future or forward; rate discounts the payment at expiry."""
    return price(call, forward, strike, years, rate, rate, volatility, threads)


def black76_greeks(
    call: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike, volatility: ArrayLike, threads: int = 1
) -> EuropeanGreeks:
    """Black-76 value and Greeks; delta, gamma, vanna, charm are per unit of the forward, rho with the forward held (-years x price)."""
    g = greeks(call, forward, strike, years, rate, rate, volatility, threads)
    rho = -np.asarray(years, dtype=np.float64) * g.price
    return EuropeanGreeks(g.price, g.delta, g.gamma, g.theta, g.vega, rho, g.vanna, g.charm, g.vomma)
