"""The forward of an expiry from American quotes: put-call parity after the right of early exercise has been taken off both sides.

American mids obey parity only as an inequality; a deep put holds an exercise premium that would read as a lower forward. The premium of each quote is its
American value less its European value at the volatility the quote implies, which itself needs the carry; so forward, carry and premiums are solved in
turns until the forward stands still.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greeks import american, european
from greeks.forward import ForwardFit, ForwardStatus, Parity, fit_forward

Floats = NDArray[np.float64]

TURNS = 12
STILL = 1e-7
"""Relative move of the forward below which it is accepted."""


def fit_american_forward(pairs: Parity, years: float, spot: float, discount: float, tick: float = 0.005) -> ForwardFit:
    """Robust parity fit of one expiry of American options on a spot that pays a continuous yield; the discount factor is given.

    Quotes that imply no volatility (below exercise value) are left out of the turn. Status as in `fit_forward`.
    """
    rate = -float(np.log(discount)) / years if years > 0 else 0.0
    fit = fit_forward(pairs, years, discount, tick)
    for _ in range(TURNS):
        if fit.status is not ForwardStatus.OK:
            return fit
        before = fit.forward
        european_pairs = without_premium(pairs, years, spot, rate, fit.dividend_yield(spot))
        fit = fit_forward(european_pairs, years, discount, tick)
        if abs(fit.forward - before) <= STILL * before:
            break
    return fit


def without_premium(pairs: Parity, years: float, spot: float, rate: float, dividend_yield: float) -> Parity:
    """The pairs at European value: each mid less its early-exercise premium; pairs where one side implies no volatility are dropped."""
    call, put = (_european_value(right, mid, pairs.strike, years, spot, rate, dividend_yield) for right, mid in ((True, pairs.call), (False, pairs.put)))
    both = np.isfinite(call) & np.isfinite(put)
    return Parity(pairs.strike[both], call[both], put[both], pairs.noise[both])


def _european_value(right: bool, mid: Floats, strike: Floats, years: float, spot: float, rate: float, dividend_yield: float) -> Floats:
    volatility = american.implied_volatility(right, mid, spot, strike, years, rate, dividend_yield).volatility
    return european.price(right, spot, strike, years, rate, dividend_yield, volatility)
