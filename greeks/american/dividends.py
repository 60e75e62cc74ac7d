"""American options on a share that pays cash dividends, over arrays.

Method: escrowed dividends on the tree of `greeks.american.tree`. The part of the spot above the present value of the dividends still to come is lognormal, and
early exercise pays on the whole spot; `volatility` is that of the part above the escrow. Shortcuts were measured and refused: boundary equations on the spot
less all dividends overvalue puts (an early exercise would deliver a share without dividends it still has), and Black's best-of-the-ex-dates undervalues calls;
benchmarks/greeks_accuracy.py prints both beside the error of this method against a tree eight times as fine.

Greeks are differences of values: spot by 1 %, volatility by 2 % of itself, rate by 0.001, and theta from the next tenth of a day, in the units of
`greeks.american.pricing`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks.american.pricing import AmericanGreeks
from greeks.american.tree import STEPS, Dividends, tree_price
from greeks.rows import as_rows
from greeks.status import Status, Statuses

Floats = NDArray[np.float64]
SPOT_BUMP = 0.01
VOLATILITY_BUMP = 0.02
RATE_BUMP = 1e-3
TIME_STEP = 0.1 / 365.0


def price(
    call: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike,
    dividends: Dividends,
    volatility: ArrayLike,
    steps: int = STEPS,
) -> tuple[Floats, Statuses]:
    """(value, status). dividends: of the one underlying, the same for all rows. BAD_INPUT also where they are worth more than the spot."""
    rows, shape = as_rows((call, spot, strike, years, rate, volatility))
    status = _status(rows, dividends)
    value = np.full(rows[0].size, np.nan)
    for i in np.flatnonzero(status == Status.OK):
        value[i] = _value([float(row[i]) for row in rows], dividends, steps)
    expired = status == Status.EXPIRED
    value[expired] = np.maximum(np.where(rows[0] != 0.0, rows[1] - rows[2], rows[2] - rows[1]), 0.0)[expired]
    return value.reshape(shape), status.reshape(shape)


def greeks(
    call: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike,
    dividends: Dividends,
    volatility: ArrayLike,
    steps: int = STEPS,
) -> AmericanGreeks:
    """Value and Greeks; eight trees per option. An expired row has its payoff and NaN Greeks."""
    value, status = price(call, spot, strike, years, rate, dividends, volatility, steps)
    rows, shape = as_rows((call, spot, strike, years, rate, volatility))
    table = np.full((5, rows[0].size), np.nan)
    for i in np.flatnonzero(status.reshape(-1) == Status.OK):
        table[:, i] = _differences([float(row[i]) for row in rows], float(value.reshape(-1)[i]), dividends, steps)
    delta, gamma, theta, vega, rho = (line.reshape(shape) for line in table)
    return AmericanGreeks(value, delta, gamma, theta, vega, rho, status)


def _status(rows: list[Floats], dividends: Dividends) -> Statuses:
    call, s, k, t, r, v = rows
    with np.errstate(all="ignore"):
        escrow = sum((np.where((at > 0.0) & (at <= t), amount * np.exp(-r * at), 0.0) for at, amount in dividends), np.zeros(s.size))
        good = np.isfinite(call + s + k + t + r + v + escrow) & (s > escrow) & (k > 0.0) & (t >= 0.0) & (v > 0.0)
    return np.select([~good, t <= 0.0], [Status.BAD_INPUT, Status.EXPIRED], Status.OK).astype(np.int8)


def _value(row: list[float], dividends: Dividends, steps: int) -> float:
    call, spot, strike, years, rate, volatility = row
    return tree_price(call != 0.0, spot, strike, years, rate, 0.0, volatility, dividends, steps)


def _differences(row: list[float], middle: float, dividends: Dividends, steps: int) -> tuple[float, float, float, float, float]:
    """(delta, gamma, theta, vega, rho) by bumps of one row."""
    call, spot, strike, years, rate, volatility = row

    def at(s: float = spot, t: float = years, r: float = rate, v: float = volatility, cash: Dividends = dividends) -> float:
        return _value([call, s, strike, t, r, v], cash, steps)

    width, bump, step = SPOT_BUMP * spot, VOLATILITY_BUMP * volatility, min(TIME_STEP, 0.5 * years)
    up, down = at(s=spot + width), at(s=spot - width)
    theta = (at(t=years - step, cash=[(when - step, amount) for when, amount in dividends]) - middle) / step
    vega = (at(v=volatility + bump) - at(v=volatility - bump)) / (2.0 * bump)
    rho = (at(r=rate + RATE_BUMP) - at(r=rate - RATE_BUMP)) / (2.0 * RATE_BUMP)
    return (up - down) / (2.0 * width), (up - 2.0 * middle + down) / width**2, theta, vega, rho
