"""European implied volatility over arrays, with a status for every option.

The answer is a pair of arrays: the volatility, NaN where there is none, and a `Status`. Nothing raises in batch and no clamp is returned as if it were a root.
How exact the volatility can be at all is set by the last bit of the price: half of it divided by vega. Deep in the money that floor is far above machine
precision; `conditioning_floor` says how far.

Source of the method: `greeks.black_inverse`; of the bounds: Merton (1973).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks.black_inverse import volatility_and_status
from greeks.compiled import compiled
from greeks.rows import Kernel, evaluate
from greeks.status import Statuses

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ImpliedVolatility:
    """volatility: per square root of a year, NaN unless status is OK. status: `Status` codes as int8, same shape."""

    volatility: Floats
    status: Statuses


@compiled
def _loop(call: Any, price: Any, spot: Any, strike: Any, years: Any, rate: Any, dividend_yield: Any, out: Any) -> None:
    for i in range(out.shape[1]):
        out[0, i], out[1, i] = volatility_and_status(call[i], price[i], spot[i], strike[i], years[i], rate[i], dividend_yield[i])


VOLATILITY = Kernel(volatility_and_status, _loop, 2)


def implied_volatility(
    call: ArrayLike,
    price: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike,
    dividend_yield: ArrayLike,
    threads: int = 1,
) -> ImpliedVolatility:
    """Black-Scholes-Merton volatility that gives `price`; arguments broadcast. call: True for calls. rate, dividend_yield: continuous, per year."""
    volatility, status = evaluate(VOLATILITY, (call, price, spot, strike, years, rate, dividend_yield), threads)
    return ImpliedVolatility(volatility, status.astype(np.int8))


def black76_implied_volatility(
    call: ArrayLike, price: ArrayLike, forward: ArrayLike, strike: ArrayLike, years: ArrayLike, rate: ArrayLike, threads: int = 1
) -> ImpliedVolatility:
    """Black-76 volatility that gives `price`; rate discounts the payment at expiry."""
    return implied_volatility(call, price, forward, strike, years, rate, rate, threads)


def conditioning_floor(price: ArrayLike, vega: ArrayLike) -> Floats:
    """Volatility error that half a unit in the last place of `price` alone causes; infinite where vega is zero. vega: per 1.00 volatility."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return 0.5 * np.spacing(np.asarray(price, dtype=np.float64)) / np.asarray(vega, dtype=np.float64)
