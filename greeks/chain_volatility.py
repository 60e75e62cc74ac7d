"""At-the-money and thirty-day volatility of a daily chain, from the volatilities the chain carries.

At the money is where the forward is: the forward comes from put-call parity where both sides are quoted, from the spot else. The volatility there is
interpolated between the two strikes around it, out-of-the-money side of each; an expiry without volatilities on both sides of its forward has none.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from greeks.forward import ForwardStatus, fit_forward, near_the_money, pair_quotes
from greeks.iv_rank import TERM_DAYS, constant_maturity_iv
from greeks.units import DAYS_PER_YEAR
from vocabulary.market import Chain

Floats = NDArray[np.float64]

NEAR = 0.1
"""Log-moneyness within which parity is fitted."""
WIDEST_GAP = 0.1
"""Two strikes further apart than this (log) do not bracket the money."""


def chain_iv(chain: Chain, today: date, rate: float, term: float = TERM_DAYS) -> float:
    """At-the-money volatility of the chain at `term` calendar days; NaN when no two expiries with a volatility bracket the term."""
    days, volatilities = at_the_money(chain, today, rate)
    return constant_maturity_iv(days, volatilities, term)


def at_the_money(chain: Chain, today: date, rate: float) -> tuple[Floats, Floats]:
    """Calendar days and at-the-money volatility (NaN where unknown) of every expiry after today, ascending. rate: continuous, for the parity forward."""
    expiries = [day for day in chain.expiries() if day > today]
    days = np.array([(day - today).days for day in expiries], dtype=np.float64)
    return days, np.array([_expiry_iv(chain.on(day), (day - today).days / DAYS_PER_YEAR, rate) for day in expiries], dtype=np.float64)


def _expiry_iv(one: Chain, years: float, rate: float) -> float:
    forward = _forward(one, years, rate)
    out = (one.is_call == (one.strike >= forward)) & np.isfinite(one.iv) & (one.iv > 0)
    k, iv = np.log(one.strike[out] / forward), one.iv[out]
    below, above = np.flatnonzero(k < 0), np.flatnonzero(k >= 0)
    if not below.size or not above.size:
        return float("nan")
    low, high = below[np.argmax(k[below])], above[np.argmin(k[above])]
    if k[high] - k[low] > WIDEST_GAP:
        return float("nan")
    return float(np.interp(0.0, [k[low], k[high]], [iv[low], iv[high]]))


def _forward(one: Chain, years: float, rate: float) -> float:
    """Parity forward of one expiry; the spot where no pair is quoted near it."""
    pairs = near_the_money(pair_quotes(one.strike, one.is_call, one.bid, one.ask), one.spot, NEAR)
    fit = fit_forward(pairs, years, float(np.exp(-rate * years)))
    return fit.forward if fit.status is ForwardStatus.OK else one.spot
