"""European implied volatility over arrays, with a status for every option.

The answer is a pair of arrays: the volatility, NaN where there is none, and a `Status`. Nothing raises in batch and no clamp is returned as if it were a root.

Source of the bounds: Merton (1973).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr

from greeks.status import Status, Statuses

Floats = NDArray[np.float64]
BISECTIONS = 200


@dataclass(frozen=True, slots=True)
class ImpliedVolatility:
    """volatility: per square root of a year, NaN unless status is OK. status: `Status` codes as int8, same shape."""

    volatility: Floats
    status: Statuses


def implied_volatility(
    call: ArrayLike, price: ArrayLike, spot: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike, dividend_yield: ArrayLike
) -> ImpliedVolatility:
    """Black-Scholes-Merton volatility that gives `price`; arguments broadcast. call: True for calls. rate, dividend_yield: continuous, per year."""
    arrays = np.broadcast_arrays(*(np.asarray(a, dtype=np.float64) for a in (call, price, spot, strike, years, rate, dividend_yield)))
    is_call, p, s, k, t, r, q = arrays
    with np.errstate(all="ignore"):
        asset: Floats = s * np.exp(-q * t)
        cash: Floats = k * np.exp(-r * t)
        status, time_value = _classify(is_call, p, asset, cash, t)
        status = np.where((s > 0) & (k > 0) & (p >= 0) & np.isfinite(is_call + p + s + k + t + r + q), status, Status.BAD_INPUT).astype(np.int8)
        ok = status == Status.OK
        volatility = np.full(p.shape, np.nan)
        volatility[ok] = _root(time_value[ok], asset[ok], cash[ok]) / np.sqrt(t[ok])
    return ImpliedVolatility(volatility, status)


def black76_implied_volatility(
    call: ArrayLike, price: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike
) -> ImpliedVolatility:
    """Black-76 volatility that gives `price`; rate discounts the payment at expiry."""
    return implied_volatility(call, price, forward, strike, years, rate, rate)


def _classify(call: Floats, price: Floats, asset: Floats, cash: Floats, years: Floats) -> tuple[Statuses, Floats]:
    forward_value = np.where(call != 0.0, asset - cash, cash - asset)
    intrinsic = np.maximum(forward_value, 0.0)
    time_value = price - intrinsic
    rounding = np.where(intrinsic > 0.0, 4.0 * np.finfo(np.float64).eps * (asset + cash), 0.0)
    codes = np.select(
        [years <= 0.0, price >= np.where(call != 0.0, asset, cash), time_value < -rounding, time_value <= rounding],
        [Status.EXPIRED, Status.ABOVE_MAXIMUM, Status.BELOW_INTRINSIC, Status.NO_INFORMATION],
        Status.OK,
    )
    return codes.astype(np.int8), time_value


def _root(time_value: Floats, asset: Floats, cash: Floats) -> Floats:
    x = -np.abs(np.log(asset / cash))
    target = np.log(time_value / np.sqrt(asset * cash))
    low, high = np.full(x.shape, 1e-12), np.full(x.shape, 100.0)
    for _ in range(BISECTIONS):
        middle = np.where(high > 4.0 * low, np.sqrt(low * high), 0.5 * (low + high))
        over = _log_black(x, middle) > target
        low, high = np.where(over, low, middle), np.where(over, middle, high)
        if np.all(high - low <= 4e-16 * high):
            break
    return 0.5 * (low + high)


def _log_black(x: Floats, s: Floats) -> Floats:
    upper = 0.5 * x + log_ndtr(x / s + 0.5 * s)
    lower = -0.5 * x + log_ndtr(x / s - 0.5 * s)
    return upper + np.log(-np.expm1(lower - upper))
