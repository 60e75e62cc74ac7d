"""A recombining tree for American options: cash dividends, two exercise boundaries, and a second opinion on everything else.

Binomial steps of Cox, Ross and Rubinstein, the last one replaced by the Black-Scholes value, extrapolated from half the steps (Broadie and Detemple 1996).
Cash dividends are escrowed: the part of the spot above their present value is lognormal, the payoff on early exercise is on the whole spot. Slow (about a
millisecond an option) and exact to about 1e-5 of the strike at 1,000 steps; the boundary equations are for everything that has no cash dividend.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greeks import european
from greeks.compiled import compiled

Floats = NDArray[np.float64]
Dividends = Sequence[tuple[float, float]]
"""(years from now, cash amount) of each ex-date."""
STEPS = 512


@compiled
def _roll_back(values: Any, risky: Any, escrow: Any, sign: float, strike: float, ratio: float, up: float, down: float) -> float:
    """Value at the root; values and risky at step len(escrow) - 1; up and down: discounted probabilities; ratio: size of an up move."""
    for step in range(escrow.size - 2, -1, -1):
        risky = risky[:-1] * ratio
        values = np.maximum(up * values[1:] + down * values[:-1], sign * (risky + (escrow[step] - strike)))
    return values[0]


def _escrow(times: Floats, years: float, rate: float, cash: Dividends) -> Floats:
    """Value at each time of the dividends that go ex after it and not after expiry."""
    total = np.zeros(times.size)
    for at, amount in cash:
        if 0.0 < at <= years:
            total += np.where(times < at, amount * np.exp(-rate * (at - times)), 0.0)
    return total


def _one_tree(
    call: bool, spot: float, strike: float, years: float, rate: float, dividend_yield: float, volatility: float, steps: int, cash: Dividends
) -> float:
    step = years / steps
    times = step * np.arange(steps)
    escrow = _escrow(times, years, rate, cash)
    ratio = float(np.exp(volatility * np.sqrt(step)))
    probability = (np.exp((rate - dividend_yield) * step) - 1.0 / ratio) / (ratio - 1.0 / ratio)
    discount = np.exp(-rate * step)
    risky = (spot - escrow[0]) * ratio ** (2.0 * np.arange(steps) - (steps - 1))
    sign = 1.0 if call else -1.0
    held = european.price(call, risky, strike, step, rate, dividend_yield, volatility)
    values = np.maximum(held, sign * (risky + escrow[-1] - strike))
    return float(_roll_back(values, risky, escrow, sign, strike, ratio, float(discount * probability), float(discount * (1.0 - probability))))


def tree_price(
    call: bool,
    spot: float,
    strike: float,
    years: float,
    rate: float,
    dividend_yield: float,
    volatility: float,
    dividends: Dividends = (),
    steps: int = STEPS,
) -> float:
    """American value of one option. dividends: (years from now, cash amount) of each ex-date. steps: even; accuracy about 10 / steps**1.5 of the strike."""
    fine = _one_tree(call, spot, strike, years, rate, dividend_yield, volatility, steps, dividends)
    coarse = _one_tree(call, spot, strike, years, rate, dividend_yield, volatility, steps // 2, dividends)
    return max(2.0 * fine - coarse, spot - strike if call else strike - spot, 0.0)
