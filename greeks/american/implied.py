"""American implied volatility over arrays, with a status for every option.

A safeguarded secant search per option, all options at once: it starts at the European volatility, which the American one never exceeds, and keeps a
bracket. The value is taken from the same scheme as `greeks.american.price`, so that a price from there comes back as its volatility.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks import european
from greeks.american.pricing import price as american_price
from greeks.american.schemes import FAST, Scheme
from greeks.implied import ImpliedVolatility, implied_volatility
from greeks.rows import as_rows
from greeks.status import Status, Statuses

Floats = NDArray[np.float64]
LOWEST = 1e-3
HIGHEST = 20.0
ROUNDS = 60
TOLERANCE = 1e-8
"""Of spot plus strike: once a price is this near, the secant step from there is the answer; its error is of the order of the tolerance to the power 1.6."""


def american_implied_volatility(
    call: ArrayLike,
    price: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike,
    dividend_yield: ArrayLike,
    scheme: Scheme = FAST,
    threads: int = 1,
) -> ImpliedVolatility:
    """Volatility between 0.001 and 20 at which the American value is `price`.

    BELOW_INTRINSIC: under immediate exercise. NO_INFORMATION: at immediate exercise or at the value of
    vanishing volatility, to rounding. ABOVE_MAXIMUM: over the value at volatility 20.
    """
    rows, shape = as_rows((call, price, spot, strike, years, rate, dividend_yield))
    status = _first_status(rows)
    volatility = np.full(rows[0].size, np.nan)
    open_rows = np.flatnonzero(status == Status.OK)
    found, verdict = _search([row[open_rows] for row in rows], scheme, threads)
    status[open_rows], volatility[open_rows] = verdict, found
    return ImpliedVolatility(volatility.reshape(shape), status.reshape(shape))


def _first_status(rows: list[Floats]) -> Statuses:
    call, price, s, k, t, r, q = rows
    with np.errstate(invalid="ignore"):
        bad = ~(np.isfinite(call + price + s + k + t + r + q) & (s > 0.0) & (k > 0.0) & (price >= 0.0))
        payoff = np.maximum(np.where(call != 0.0, s - k, k - s), 0.0)
        rounding = 4.0 * np.finfo(np.float64).eps * (s + k)
        tests = [bad, t <= 0.0, price < payoff - rounding, price <= payoff + np.where(payoff > 0.0, rounding, 0.0)]
    return np.select(tests, [Status.BAD_INPUT, Status.EXPIRED, Status.BELOW_INTRINSIC, Status.NO_INFORMATION], Status.OK).astype(np.int8)


@dataclass(slots=True)
class _Search:
    """State of the search, one entry per option still looked for: bracket, last point and its error, next point, slope to get there."""

    low: Floats
    high: Floats
    last: Floats
    last_gap: Floats
    sigma: Floats
    slope: Floats

    def advance(self, gap: Floats) -> None:
        """Take in the price error at `sigma` and choose the next point: secant inside the bracket, else its geometric middle."""
        with np.errstate(divide="ignore", invalid="ignore"):
            secant = (gap - self.last_gap) / (self.sigma - self.last)
        self.slope = np.where(np.isfinite(secant) & (secant > 0.0), secant, self.slope)
        self.low = np.where(gap < 0.0, self.sigma, self.low)
        self.high = np.where(gap > 0.0, self.sigma, self.high)
        moved = self.sigma - gap / self.slope
        self.last, self.last_gap = self.sigma, gap
        self.sigma = np.where((moved > self.low) & (moved < self.high), moved, np.sqrt(self.low * self.high))

    def keep(self, rows: NDArray[np.bool_]) -> _Search:
        """The search for these options only."""
        return _Search(self.low[rows], self.high[rows], self.last[rows], self.last_gap[rows], self.sigma[rows], self.slope[rows])


def _search(rows: list[Floats], scheme: Scheme, threads: int) -> tuple[Floats, Statuses]:
    call, target, s, k, t, r, q = rows

    def excess(sigma: Floats, at: NDArray[np.intp]) -> Floats:
        return american_price(call[at], s[at], k[at], t[at], r[at], q[at], sigma, scheme, threads).value - target[at]

    low, high = np.full(target.size, LOWEST), np.full(target.size, HIGHEST)
    start = np.clip(np.nan_to_num(implied_volatility(*rows, threads=threads).volatility, nan=1.0), 2.0 * LOWEST, 0.5 * HIGHEST)
    slope = np.maximum(european.greeks(call, s, k, t, r, q, start).vega, 1e-12 * s)
    never = np.full(target.size, np.nan)
    found, active = never.copy(), np.arange(target.size)
    search = _Search(low, high, never, never, start, slope)
    for _ in range(ROUNDS):
        if active.size == 0:
            break
        gap = excess(search.sigma, active)
        search.advance(gap)
        done = (np.abs(gap) <= TOLERANCE * (s[active] + k[active])) & (np.abs(search.sigma - search.last) < 1e-3 * search.last)
        done |= search.high - search.low <= 1e-14 * search.high
        found[active[done]] = search.sigma[done]
        active, search = active[~done], search.keep(~done)
    found[active] = search.sigma
    status = np.select([found <= 1.01 * LOWEST, found >= 0.99 * HIGHEST], [Status.NO_INFORMATION, Status.ABOVE_MAXIMUM], Status.OK).astype(np.int8)
    return np.where(status == Status.OK, found, np.nan), status
