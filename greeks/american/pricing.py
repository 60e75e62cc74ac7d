"""American prices, exercise boundaries and Greeks over arrays, with a status for every option.

Arguments broadcast like NumPy: call (True for calls), spot, strike, years to expiry, continuous rate and dividend yield per year, volatility per 1.00. For
an option on a future pass the future's price as spot and the rate as dividend yield. Delta, gamma and theta come from the derivatives of the premium
integral and the pricing equation; vega and rho are central differences of the whole solution, boundary included. Greeks are mathematical derivatives: theta
per year, vega per 1.00, rho per 1.00.

Statuses: OK; BAD_INPUT (NaN, infinite, not positive, volatility zero); EXPIRED (no time left: the value is the payoff, the Greeks are NaN). In the two-
boundary region (see `greeks.american.puts`) values come from `greeks.american.tree`, one option at a time, and Greeks are differences of them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks import european
from greeks.american.puts import Puts, Regime, Solved, as_puts, solve, system_choice
from greeks.american.schemes import FAST, Scheme
from greeks.american.tree import tree_price
from greeks.status import Status, Statuses

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
VOLATILITY_BUMP = 3e-4
"""Relative: far above rounding, far below curvature."""
RATE_BUMP = 1e-5
SPOT_BUMP = 1e-2
"""Relative, for the tree only, whose values are smooth on no smaller scale."""


@dataclass(frozen=True, slots=True)
class AmericanValue:
    """value: NaN for bad input. boundary: spot where exercise becomes optimal now, NaN where there is none or two. status: `Status`."""

    value: Floats
    boundary: Floats
    status: Statuses


@dataclass(frozen=True, slots=True)
class AmericanGreeks:
    """theta: per year of calendar time. vega: per 1.00 volatility. rho: per 1.00 rate. Where immediate exercise is optimal: delta +1 or -1, the others 0."""

    price: Floats
    delta: Floats
    gamma: Floats
    theta: Floats
    vega: Floats
    rho: Floats
    status: Statuses


def price(
    call: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike,
    dividend_yield: ArrayLike,
    volatility: ArrayLike,
    scheme: Scheme = FAST,
    threads: int = 1,
) -> AmericanValue:
    """Value and exercise boundary."""
    puts = as_puts(call, spot, strike, years, rate, dividend_yield, volatility)
    value, boundary = np.full(puts.years.shape, np.nan), np.full(puts.years.shape, np.nan)
    rows = puts.solvable()
    found = _solve_rows(puts, rows, puts.rate[rows], puts.dividend_yield[rows], puts.volatility[rows], scheme, threads)
    value[rows] = _in_currency(puts, rows, found)
    boundary[rows] = puts.scale[rows] * np.where(puts.call[rows], puts.moneyness[rows] / found.boundary, found.boundary)
    _fill_other_values(puts, value)
    return AmericanValue(value.reshape(puts.shape), boundary.reshape(puts.shape), _status(puts))


def greeks(
    call: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike,
    dividend_yield: ArrayLike,
    volatility: ArrayLike,
    scheme: Scheme = FAST,
    threads: int = 1,
) -> AmericanGreeks:
    """Value and Greeks: five solutions per option. rho: with the yield held."""
    return _greeks(as_puts(call, spot, strike, years, rate, dividend_yield, volatility), scheme, threads, on_future=False)


def future_greeks(
    call: ArrayLike,
    future: ArrayLike,
    strike: ArrayLike,
    years: ArrayLike,
    rate: ArrayLike,
    volatility: ArrayLike,
    scheme: Scheme = FAST,
    threads: int = 1,
) -> AmericanGreeks:
    """Value and Greeks of an option on a future: delta and gamma per unit of the future, rho with the future's price held."""
    return _greeks(as_puts(call, future, strike, years, rate, rate, volatility), scheme, threads, on_future=True)


def _greeks(puts: Puts, scheme: Scheme, threads: int, on_future: bool) -> AmericanGreeks:
    table = np.full((6, puts.years.size), np.nan)
    rows = puts.solvable()
    table[:, rows] = _boundary_greeks(puts, rows, scheme, threads, on_future)
    _fill_european_greeks(puts, table, on_future)
    _fill_tree_greeks(puts, table)
    expired = puts.regime == Regime.EXPIRED
    table[0, expired] = puts.payoff()[expired]
    value, delta, gamma, theta, vega, rho = (line.reshape(puts.shape) for line in table)
    return AmericanGreeks(value, delta, gamma, theta, vega, rho, _status(puts))


def _in_currency(puts: Puts, rows: Rows, found: Solved) -> Floats:
    """Value of the options as given: exactly the payoff where exercised, never below it."""
    payoff = puts.payoff()[rows]
    return np.where(found.exercised(puts.moneyness[rows]), payoff, np.maximum(puts.scale[rows] * found.value, payoff))


def _solve_rows(puts: Puts, rows: Rows, rate: Floats, dividend_yield: Floats, volatility: Floats, scheme: Scheme, threads: int = 1) -> Solved:
    """Solve with rate, yield and volatility in place of those in `puts`, by the boundary system that suits the unchanged ones."""
    use_a = system_choice(puts.rate[rows], puts.dividend_yield[rows], puts.volatility[rows], puts.years[rows])

    def share(bounds: tuple[int, int]) -> Solved:
        part = slice(*bounds)
        return solve(puts.moneyness[rows][part], puts.years[rows][part], rate[part], dividend_yield[part], volatility[part], use_a[part], scheme)

    if threads <= 1 or rows.size < 512:
        return share((0, rows.size))
    bounds = np.linspace(0, rows.size, threads + 1).astype(int)
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(share, pairwise(bounds)))
    columns = zip(*((part.value, part.slope, part.bend, part.boundary) for part in parts), strict=True)
    value, slope, bend, boundary = (np.concatenate(column) for column in columns)
    return Solved(value, slope, bend, boundary)


def _boundary_greeks(puts: Puts, rows: Rows, scheme: Scheme, threads: int, on_future: bool) -> Floats:
    """(price, delta, gamma, theta, vega, rho) of the rows with one boundary; on_future: rho moves rate and yield together."""
    rate, dividend_yield, volatility = puts.rate[rows], puts.dividend_yield[rows], puts.volatility[rows]
    call, scale, m, spot = puts.call[rows], puts.scale[rows], puts.moneyness[rows], puts.spot[rows]

    one, none = np.ones(call.shape), np.zeros(call.shape)
    along = (one, one) if on_future else (np.where(call, none, one), np.where(call, one, none))
    up, down = _rate_steps(rate, dividend_yield, along)
    bump = VOLATILITY_BUMP * volatility
    rates = np.concatenate([rate, rate, rate, rate + up * along[0], rate + down * along[0]])
    yields = np.concatenate([dividend_yield] * 3 + [dividend_yield + up * along[1], dividend_yield + down * along[1]])
    volatilities = np.concatenate([volatility, volatility + bump, volatility - bump, volatility, volatility])
    solved = _solve_rows(puts, np.tile(rows, 5), rates, yields, volatilities, scheme, threads)
    value, slope, bend, boundary = (column.reshape(5, -1) for column in (solved.value, solved.slope, solved.bend, solved.boundary))
    base = Solved(value[0], slope[0], bend[0], boundary[0])
    vega, rho = scale * (value[1] - value[2]) / (2.0 * bump), scale * (value[3] - value[4]) / (up - down)
    value = _in_currency(puts, rows, base)
    delta = np.where(call, base.value - m * base.slope, base.slope)
    gamma = base.bend * np.where(call, m * m, 1.0) / scale
    own_rate, own_yield = (column[rows] for column in puts.own_rates())
    theta = own_rate * value - (own_rate - own_yield) * spot * delta - 0.5 * volatility**2 * spot**2 * gamma
    live = np.where(base.exercised(m), 0.0, 1.0)
    return np.array([value, delta, gamma, theta * live, vega * live, rho * live])


def _rate_steps(rate: Floats, dividend_yield: Floats, along: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Bumps (up, down) along (d rate, d yield) of the put; one is zero where it would change the regime or cross rate = yield, a kink of X."""
    steps: list[Floats] = []
    for size in (RATE_BUMP, -RATE_BUMP):
        moved_rate, moved_yield = rate + size * along[0], dividend_yield + size * along[1]
        same = ((moved_rate > 0.0) | (moved_rate == rate)) & ((moved_rate < moved_yield) == (rate < dividend_yield))
        steps.append(np.where(same, size, 0.0))
    up, down = steps
    return np.where(up == down, RATE_BUMP, up), down


def _fill_other_values(puts: Puts, value: Floats) -> None:
    rows = np.flatnonzero(puts.regime == Regime.EUROPEAN)
    value[rows] = _european_greeks(puts, rows).price
    for row in np.flatnonzero(puts.regime == Regime.TWO_BOUNDARIES):
        value[row] = _tree_value(puts, row)
    expired = puts.regime == Regime.EXPIRED
    value[expired] = puts.payoff()[expired]


def _fill_european_greeks(puts: Puts, table: Floats, on_future: bool) -> None:
    rows = np.flatnonzero(puts.regime == Regime.EUROPEAN)
    found = _european_greeks(puts, rows)
    table[:, rows] = found.price, found.delta, found.gamma, found.theta, found.vega, -puts.years[rows] * found.price if on_future else found.rho


def _european_greeks(puts: Puts, rows: Rows) -> european.EuropeanGreeks:
    rate, dividend_yield = (column[rows] for column in puts.own_rates())
    return european.greeks(puts.call[rows], puts.spot[rows], puts.strike[rows], puts.years[rows], rate, dividend_yield, puts.volatility[rows])


def _tree_value(puts: Puts, row: int, spot: float = 1.0, volatility: float = 0.0, rate: float = 0.0) -> float:
    """Tree value with the spot multiplied, volatility and rate shifted."""
    r, q = (float(column[row]) for column in puts.own_rates())
    volatility += float(puts.volatility[row])
    return tree_price(bool(puts.call[row]), float(puts.spot[row]) * spot, float(puts.strike[row]), float(puts.years[row]), r + rate, q, volatility)


def _fill_tree_greeks(puts: Puts, table: Floats) -> None:
    for row in np.flatnonzero(puts.regime == Regime.TWO_BOUNDARIES):
        spot, (rate, dividend_yield) = float(puts.spot[row]), (float(column[row]) for column in puts.own_rates())
        middle, up, down = (_tree_value(puts, row, spot=1.0 + shift) for shift in (0.0, SPOT_BUMP, -SPOT_BUMP))
        width = SPOT_BUMP * spot
        delta, gamma = (up - down) / (2.0 * width), (up - 2.0 * middle + down) / width**2
        v = float(puts.volatility[row])
        theta = rate * middle - (rate - dividend_yield) * spot * delta - 0.5 * v * v * spot * spot * gamma
        bump = 0.02 * v
        vega = (_tree_value(puts, row, volatility=bump) - _tree_value(puts, row, volatility=-bump)) / (2.0 * bump)
        rho = (_tree_value(puts, row, rate=1e-3) - _tree_value(puts, row, rate=-1e-3)) / 2e-3
        table[:, row] = middle, delta, gamma, theta, vega, rho


def _status(puts: Puts) -> Statuses:
    codes = np.select([puts.regime == Regime.BAD_INPUT, puts.regime == Regime.EXPIRED], [Status.BAD_INPUT, Status.EXPIRED], Status.OK)
    return codes.astype(np.int8).reshape(puts.shape)
