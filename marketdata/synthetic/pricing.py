"""Option mid prices on a surface.

European prices are Black's (1976) on the forward. American ones are Black's (1975) pseudo-American value: the best of exercising now, at expiry, or at one
of a few fixed instants (just before an ex-day for a call, just after one or on a quarterly expiry for a put), each of them a European value. It is a
lower bound of the true American value, chosen because it keeps every no-arbitrage property: a maximum of prices that are convex and monotone in the
strike is convex and monotone, and put-call bounds hold term by term.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketdata.synthetic.drivers import Driver
from marketdata.synthetic.surface import Smile, Surface, VolState

Floats = NDArray[np.float64]
ROOT_TWO_PI = np.sqrt(2.0 * np.pi)


@dataclass(frozen=True, slots=True)
class Horizon:
    """One instant at which an option may be exercised, seen from the pricing instants (arrays broadcast with them).

    time: variance time to it; forward: forward price of the underlying for it; discount: value now of 1 paid then. Instants gone by have `live` False.
    """

    time: Floats
    forward: Floats
    discount: Floats
    live: NDArray[np.bool_] | bool = True


@dataclass(frozen=True, slots=True)
class Priced:
    """Mids with what spreads and chain files need: total_vol to expiry, Black's first argument, forward and discount to expiry."""

    mid: Floats
    total_vol: Floats
    first: Floats
    forward: Floats
    discount: Floats


def black(forward: Floats, strike: Floats, total_vol: Floats, sign: Floats) -> Floats:
    """Undiscounted Black value; sign 1 for calls, -1 for puts."""
    safe, first = standardised(forward, strike, total_vol)
    return black_value(forward, strike, safe, first, sign)


def standardised(forward: Floats, strike: Floats, total_vol: Floats) -> tuple[Floats, Floats]:
    """Total volatility kept above zero, and Black's first argument."""
    safe = np.maximum(total_vol, 1e-9)
    return safe, np.log(forward / strike) / safe + 0.5 * safe


def black_value(forward: Floats, strike: Floats, safe: Floats, first: Floats, sign: Floats) -> Floats:
    """Undiscounted Black value. Out-of-the-money side first, so that nothing cancels."""
    from scipy.special import ndtr  # a quarter of a second: only when something is priced

    side = np.where(strike >= forward, 1.0, -1.0)
    outside = side * (forward * ndtr(side * first) - strike * ndtr(side * (first - safe)))
    return np.maximum(outside, 0.0) + np.maximum(sign * (forward - strike), 0.0)


def european(driver: Driver, state: VolState, horizon: Horizon, strike: Floats, sign: Floats) -> Priced:
    """Discounted European value."""
    return european_on(Surface.of(driver, state).smile(horizon.time), horizon, strike, sign)


def european_on(smile: Smile, horizon: Horizon, strike: Floats, sign: Floats) -> Priced:
    """The same where the smile towards the horizon is known."""
    total_vol = smile.total_volatility(np.log(strike / horizon.forward))
    safe, first = standardised(horizon.forward, strike, total_vol)
    value = horizon.discount * black_value(horizon.forward, strike, safe, first, sign)
    return Priced(value, total_vol, first, horizon.forward, horizon.discount)


def vega_per_point(priced: Priced, root_time: Floats) -> Floats:
    """Change of the value for one volatility point; root_time is the square root of the time the volatility is quoted in."""
    return 0.01 * priced.discount * priced.forward * np.exp(-0.5 * priced.first**2) / ROOT_TWO_PI * root_time
