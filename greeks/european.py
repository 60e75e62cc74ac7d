"""European options: price and eight Greeks under Black-Scholes-Merton and Black-76.

Every function takes arrays (or numbers) that broadcast like NumPy and answers in float64. Greeks are the mathematical derivatives: theta per year of
calendar time (negative for most long options), vega and vomma per 1.00 of volatility, rho per 1.00 of rate, charm per year. `greeks.units.to_desk` turns them
into the desk's units. Nothing raises on a bad row: NaN, negative or infinite input gives NaN in that row. With no time left, or zero volatility, the value is
the discounted intrinsic value, delta is the discounted step function (half of it exactly at the forward) and the other Greeks follow from it.

Source: Black and Scholes (1973), Merton (1973), Black (1976).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]

INV_SQRT_2PI = 0.3989422804014327


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


def price(call: ArrayLike, spot: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike, dividend_yield: ArrayLike, volatility: ArrayLike) -> Floats:
    """Black-Scholes-Merton value. call: True for calls. years: to expiry. rate, dividend_yield: continuous, per year. volatility: per 1.00."""
    return greeks(call, spot, strike, years, rate, dividend_yield, volatility).price


def greeks(
    call: ArrayLike, spot: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike, dividend_yield: ArrayLike, volatility: ArrayLike
) -> EuropeanGreeks:
    """Black-Scholes-Merton value and Greeks; arguments as in `price`."""
    is_call, s, k, t, r, q, v = np.broadcast_arrays(*(np.asarray(a, dtype=np.float64) for a in (call, spot, strike, years, rate, dividend_yield, volatility)))
    sign = np.where(is_call != 0.0, 1.0, -1.0)
    with np.errstate(all="ignore"):
        root = np.sqrt(t)
        width = v * root
        tiny = 1e-150
        d1 = (np.log(s / k) + (r - q) * t) / np.maximum(width, tiny) + 0.5 * width
        d2 = d1 - width
        spot_discount = np.exp(-q * t)
        cash_discount = np.exp(-r * t)
        n1, n2 = ndtr(sign * d1), ndtr(sign * d2)
        density = spot_discount * INV_SQRT_2PI * np.exp(-0.5 * d1 * d1)
        value = sign * (s * spot_discount * n1 - k * cash_discount * n2)
        value = np.maximum(value, 0.0)
        delta = sign * spot_discount * n1
        gamma = np.where(width > 0, density / (s * np.maximum(width, tiny)), 0.0)
        vega = s * density * root
        decay = np.where(t > 0, -0.5 * s * density * v / np.maximum(root, tiny), 0.0)
        theta = decay + sign * (q * s * spot_discount * n1 - r * k * cash_discount * n2)
        rho = sign * k * t * cash_discount * n2
        vanna = np.where(width > 0, -density * d2 / np.maximum(v, tiny), 0.0)
        drift = np.where(width > 0, (2.0 * (r - q) * t - d2 * width) / (2.0 * np.maximum(t * width, tiny)), 0.0)
        charm = sign * q * spot_discount * n1 - density * drift
        vomma = np.where(width > 0, vega * d1 * d2 / np.maximum(v, tiny), 0.0)
    bad = ~((s > 0) & (k > 0) & (t >= 0) & (v >= 0) & np.isfinite(s + k + t + r + q + v + is_call))
    return EuropeanGreeks(*(np.where(bad, np.nan, a) for a in (value, delta, gamma, theta, vega, rho, vanna, charm, vomma)))


def black76_price(call: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike, volatility: ArrayLike) -> Floats:
    """Black-76 value of an option on a future or forward; rate discounts the payment at expiry."""
    return price(call, forward, strike, years, rate, rate, volatility)


def black76_greeks(call: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike, volatility: ArrayLike) -> EuropeanGreeks:
    """Black-76 value and Greeks; delta, gamma, vanna, charm are per unit of the forward, rho with the forward held (-years x price)."""
    result = greeks(call, forward, strike, years, rate, rate, volatility)
    rho = -np.asarray(years, dtype=np.float64) * result.price
    return EuropeanGreeks(result.price, result.delta, result.gamma, result.theta, result.vega, rho, result.vanna, result.charm, result.vomma)
