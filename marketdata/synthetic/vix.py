"""The volatility index from the SPX strip, by the published method.

Cboe, Volatility Index Methodology (2014 form, Fridays more than 23 and less than 37 days away): out-of-the-money mids down and up from the first strike below
the forward, options without a bid left out, contributions interval * price / strike squared, two terms interpolated to 30 days in minutes. At an instant the
surface of the market is known up to its log volatility, so that a session needs the strip at a few values of it; in between, the logarithm of the index is a
parabola in log volatility to better than a hundredth of a point.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from marketdata.synthetic.calendar import LATE_CLOSE, NODES, node_at, session_on_or_before, sessions, third_friday
from marketdata.synthetic.clock import variance_clock
from marketdata.synthetic.drivers import MARKET
from marketdata.synthetic.liquidity import Nearness, Unrest, full_width, quoted
from marketdata.synthetic.listings import LastClose, strikes_of
from marketdata.synthetic.pricing import Horizon, european, vega_per_point
from marketdata.synthetic.rates import rate_on
from marketdata.synthetic.roots import ROOTS
from marketdata.synthetic.states import DAYS_PER_YEAR, Moment, expiry_moment
from marketdata.synthetic.surface import VolState
from marketdata.synthetic.underlyings import INDEX_YIELD

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
THIRTY_DAYS = 30.0
SHORTEST, LONGEST = 23, 37
FIRST_NODE = node_at(3, 15)
"""The index is published from 03:15 New York time."""
LATTICE, DEGREE = 4, 3
WILD_VOL, WILD_PRICE, WILD_STOPS, WILD_LATTICE, WILD_DEGREE = 0.2, 0.035, 12, 13, 7
"""On a day with a larger range of log volatility or log price the strip is worked out at more minutes and levels."""
PROBES = 9
LOWEST, HIGHEST = np.log(0.04), np.log(2.5)


@dataclass(frozen=True, slots=True)
class StripState:
    """Where the strip is wanted: a node of a session, log index level there, slow volatility level, last close (strike lists hang on it)."""

    index: int
    node: int
    log_price: float
    slow: float
    last: LastClose


@cache
def terms(day: date) -> tuple[date, date]:
    """Near and next Friday expiry."""
    first = day + timedelta(days=(4 - day.weekday()) % 7)
    fridays = [one for i in range(8) if SHORTEST <= ((one := first + timedelta(days=7 * i)) - day).days < LONGEST]
    near = max(one for one in fridays if (one - day).days < THIRTY_DAYS)
    following = min(one for one in fridays if (one - day).days >= THIRTY_DAYS)
    return session_on_or_before(near), session_on_or_before(following)


def vix_at(state: StripState, log_vol: Floats) -> Floats:
    """Index level for each value of the market's log volatility, (n,)."""
    calendar = sessions()
    day = calendar.date(state.index)
    total = np.zeros_like(log_vol)
    moments = [term_moment(expiry) for expiry in terms(day)]
    left = [moment.days - calendar.calendar_days(state.index, state.node) for moment in moments]
    for i, (expiry, moment) in enumerate(zip(terms(day), moments, strict=True)):
        weight = (left[1] - THIRTY_DAYS) / (left[1] - left[0]) if i == 0 else (THIRTY_DAYS - left[0]) / (left[1] - left[0])
        total += weight * strip_variance(state, log_vol, expiry, moment) * left[i]
    return 100.0 * np.sqrt(total / THIRTY_DAYS)


def term_moment(expiry: date) -> Moment:
    """Third Fridays settle at the open, other Fridays at the close."""
    root = ROOTS["spx" if expiry == third_friday(expiry.year, expiry.month) else "spxw"]
    return expiry_moment(expiry, root.settle_node(expiry))


def strip_variance(state: StripState, log_vol: Floats, expiry: date, moment: Moment) -> Floats:
    """Variance per year of one term for each log volatility."""
    calendar, root = sessions(), ROOTS["spx"]
    day = calendar.date(state.index)
    strike = strikes_of(root, state.last, (expiry - day).days).values
    years = (moment.days - calendar.calendar_days(state.index, state.node)) / DAYS_PER_YEAR
    rate = rate_on(day)
    forward = float(np.exp(state.log_price + (rate - INDEX_YIELD) * years))
    time = moment.time - float(variance_clock().at(state.index, state.node))
    horizon = Horizon(np.asarray(time), np.asarray(forward), np.exp(-rate * np.asarray(years)))
    return log_strip(strike, forward, horizon, VolState(log_vol[:, None], state.slow), state.node, years)


def log_strip(strike: Floats, forward: float, horizon: Horizon, vol: VolState, node: int, years: float) -> Floats:
    """The published sum over the strikes that have a bid."""
    root = ROOTS["spx"]
    pivot = max(int(np.searchsorted(strike, forward, side="right")) - 1, 0)
    sign = np.where(np.arange(len(strike)) > pivot, 1.0, -1.0)
    priced = european(MARKET, vol, horizon, strike, sign)
    mid = priced.mid
    other = european(MARKET, vol, horizon, strike[pivot : pivot + 1], np.ones(1)).mid
    unrest = Unrest.of(root, vol.log_vol, np.asarray(max(node, root.opens + 60)))
    width = full_width(root, mid, vega_per_point(priced, np.sqrt(horizon.time)), Nearness.of(np.asarray(years)), unrest)
    bid = quoted(root, mid, width).bid > 0.0
    mid[:, pivot] = 0.5 * (mid[:, pivot] + other[:, 0])
    interval = np.gradient(strike)
    total = np.sum(np.where(bid, interval / strike**2 * mid / horizon.discount, 0.0), axis=1)
    return (2.0 * total - (forward / strike[pivot] - 1.0) ** 2) / years


def log_vol_for(state: StripState, vix: float) -> float:
    """The market's log volatility at which the strip gives `vix`."""
    probes = np.linspace(LOWEST, HIGHEST, PROBES)
    levels = vix_at(state, probes)
    for _ in range(2):
        at = int(np.clip(np.searchsorted(levels, vix), 1, PROBES - 1))
        probes = np.linspace(probes[at - 1], probes[at], PROBES)
        levels = vix_at(state, probes)
    return float(np.interp(np.log(vix), np.log(levels), probes))


def vix_path(index: int, log_price: Floats, log_vol: Floats, slow: float, last: LastClose) -> Floats:
    """(NODES + 1,) index level at every node of a session; NaN before the first and after the last published minute."""
    path = np.full(NODES + 1, np.nan)
    last_node = sessions().close_node(index, LATE_CLOSE)
    nodes = np.arange(FIRST_NODE, last_node + 1)
    inside = log_vol[nodes]
    wild = float(np.ptp(inside)) > WILD_VOL or float(np.ptp(log_price[nodes])) > WILD_PRICE
    lattice = np.linspace(float(inside.min()) - 0.02, float(inside.max()) + 0.02, WILD_LATTICE if wild else LATTICE)
    stops = np.linspace(FIRST_NODE, last_node, WILD_STOPS if wild else 2).astype(np.int64)
    levels = [fitted(StripState(index, int(node), float(log_price[node]), slow, last), lattice, inside) for node in stops]
    path[nodes] = np.exp(between(nodes, stops, np.stack(levels)))
    return path


def between(nodes: Ints, stops: Ints, levels: Floats) -> Floats:
    """Value at every node, straight in time between the stops at which `levels` (stops, nodes) were worked out."""
    left = np.clip(np.searchsorted(stops, nodes, side="right") - 1, 0, len(stops) - 2)
    along = (nodes - stops[left]) / (stops[left + 1] - stops[left])
    column = np.arange(len(nodes))
    return (1.0 - along) * levels[left, column] + along * levels[left + 1, column]


def fitted(state: StripState, lattice: Floats, wanted: Floats) -> Floats:
    """Log index level at `wanted` log volatilities from the strip at the lattice's."""
    centre = float(lattice.mean())
    return np.polyval(np.polyfit(lattice - centre, np.log(vix_at(state, lattice)), WILD_DEGREE if len(lattice) > LATTICE else DEGREE), wanted - centre)
