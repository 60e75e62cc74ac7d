"""The Black-Scholes-Merton formula as arithmetic without branches: value and derivatives of one row, for NumPy blocks and compiled loops alike.

All of it is built on the out-of-the-money value, written with Mills ratios R as `body x (R(y1) - R(y2))`, where y1 and y2 are the distances of the log
strike from the forward in standard deviations, less and plus half the width. That form neither cancels nor underflows early, so prices keep their relative
precision far from the money; in-the-money values add the discounted intrinsic value, formed from spot - strike and e**-qt - 1, so that it is exact near
expiry. Once the width passes the distance by 0.7 the complement is computed instead.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from greeks.compiled import jitable, select
from greeks.elementary import INV_SQRT_2PI, LOWEST_MILLS, exponential, growth, log_ratio, mills_step

NARROWEST = 1e-150
"""Stands for a width of zero in divisions; every distance then is infinite for practical purposes, except at the forward itself."""


@jitable
def tails(low: Any, high: Any, distance: Any, width: Any) -> Any:
    """(N(-y1), N(y1), N(-y2), body, value, y1, y2) of the option out of the money.

    low <= high: discounted spot and strike, sorted. distance: ln(high / low). width: volatility x sqrt(years). body: discounted spot x n(d1). value: its price.
    """
    wide = select(width > NARROWEST, width, NARROWEST)
    h = distance / wide
    half = 0.5 * width
    y1 = h - half
    y2 = h + half
    reflected = y1 < LOWEST_MILLS
    ratio, gap = mills_step(select(reflected, -y1, y1), select(reflected, 2.0 * h, width))
    outer_ratio = ratio - gap
    g = INV_SQRT_2PI * exponential(-0.5 * (h * h + half * half))
    slope = np.sqrt(high / low)
    body = np.sqrt(low) * np.sqrt(high) * g
    tail = g * slope * ratio
    inner = select(reflected, 1.0 - tail, tail)
    inner_rest = select(reflected, tail, 1.0 - tail)
    value = select(reflected, low - body * (ratio + outer_ratio), body * gap)
    return inner, inner_rest, g / slope * outer_ratio, body, value, y1, y2


@jitable
def row_is_bad(call: Any, spot: Any, strike: Any, years: Any, rate: Any, dividend_yield: Any, volatility: Any) -> Any:
    """True where an input is NaN, infinite or outside its range."""
    finite = (call + spot + strike + years + rate + dividend_yield + volatility) * 0.0 == 0.0
    return np.logical_not(finite & (spot > 0.0) & (strike > 0.0) & (years >= 0.0) & (volatility >= 0.0))


@jitable
def value_and_greeks(call: Any, spot: Any, strike: Any, years: Any, rate: Any, dividend_yield: Any, volatility: Any) -> Any:
    """(price, delta, gamma, theta, vega, rho, vanna, charm, vomma); call is 1.0 or 0.0. NaN in a bad row."""
    t, r, q = years, rate, dividend_yield
    is_call = call != 0.0
    sign = select(is_call, 1.0, -1.0)
    root = np.sqrt(t)
    width = volatility * root
    spot_discount, spot_growth = growth(-q * t)
    cash_discount, cash_growth = growth(-r * t)
    asset, cash = spot * spot_discount, strike * cash_discount
    forward_value = (spot - strike) + (spot * spot_growth - strike * cash_growth)
    x = log_ratio(spot, strike) + (r - q) * t
    below = x <= 0.0
    low, high = select(below, asset, cash), select(below, cash, asset)
    inner, inner_rest, outer, body, value, y1, y2 = tails(low, high, np.abs(x), width)
    n1 = select(below, select(is_call, inner, inner_rest), select(is_call, 1.0 - outer, outer))
    n2 = select(below, select(is_call, outer, 1.0 - outer), select(is_call, inner_rest, inner))
    d1, d2 = select(below, -y1, y2), select(below, -y2, y1)
    some = width > 0.0
    wide, vol, spread = select(some, width, 1.0), select(some, volatility, 1.0), select(some, body, 0.0)
    time = select(t > 0.0, t, 1.0)
    intrinsic = select(below, -forward_value, forward_value)
    price = value + select((is_call == below) | (intrinsic < 0.0), 0.0, intrinsic)
    density = spread / spot
    carry = sign * (q * asset * n1 - r * cash * n2)
    theta = carry - 0.5 * spread * width / time
    vega = body * root
    charm = sign * q * spot_discount * n1 - density * ((r - q) / wide - 0.5 * d2 / time)
    bad = select(row_is_bad(call, spot, strike, years, rate, dividend_yield, volatility), np.nan, 0.0)
    return (
        price + bad,
        sign * spot_discount * n1 + bad,
        density / (spot * wide) + bad,
        theta + bad,
        vega + bad,
        sign * t * cash * n2 + bad,
        -density * d2 / vol + bad,
        charm + bad,
        select(some, vega, 0.0) * d1 * d2 / vol + bad,
    )
