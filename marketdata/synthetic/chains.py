"""The chain of an option root at a session: the rows of the daily chain file, all contracts at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Kind, UniverseRows
from marketdata.synthetic.activity import Activity, Session
from marketdata.synthetic.calendar import CLOSE, EPOCH, sessions
from marketdata.synthetic.contracts import delivery_of, last_close, spot_before
from marketdata.synthetic.early_exercise import chance_table, chances
from marketdata.synthetic.liquidity import ContractKeys
from marketdata.synthetic.listings import Listing, listing
from marketdata.synthetic.paths import Paths
from marketdata.synthetic.pricing import Horizon, Priced, european_on
from marketdata.synthetic.roots import OptionRoot
from marketdata.synthetic.states import DAYS_PER_YEAR, Instants, Moment, expiry_moment, horizon, instants
from marketdata.synthetic.surface import Smile, Surface

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CHAIN_INSTANTS = 4
"""Instants of a session from which a chain row takes its open, high, low and close."""
FILE_PLACES = 7
"""Places of volatility and Greeks in a chain file: the same numbers whether the file is written first or not."""
SHORTEST = 1.0 / 1440.0 / DAYS_PER_YEAR


@dataclass(frozen=True, slots=True)
class PricedChain:
    """A root's list with its values at some instants of a session. mid and total_vol: (contracts, instants); forward and discount: to each contract's expiry;
    years: (contracts, instants) calendar time to it."""

    now: Instants
    found: Listing
    priced: Priced
    years: Floats


def priced_chain(paths: Paths, root: OptionRoot, index: int, nodes: Ints, month: str | None) -> PricedChain | None:
    """Everything listed on a session, valued at its nodes; None when nothing is."""
    found = listing(root, sessions().date(index), last_close(paths, root, index, month), month)
    if not len(found.strike):
        return None
    now = instants(paths, root.underlying, index, nodes, delivery_of(root, month))
    settles = [expiry_moment(expiry, root.settle_node(expiry)) for expiry in found.expiries]
    ends = [horizon(now, moment) for moment in settles]
    last = Horizon(stacked([end.time for end in ends], found), stacked([end.forward for end in ends], found), stacked([end.discount for end in ends], found))
    smile = Surface.of(now.driver, now.vol).smile(np.stack([end.time for end in ends]))
    each = Smile(smile.half_variance[found.of_expiry], smile.phi[found.of_expiry], smile.rho)
    priced = european_on(each, last, found.strike[:, None], found.sign[:, None])
    if root.style == "american":
        exercise_early(now, found, settles, priced.mid)
    left = np.array([moment.days for moment in settles])[found.of_expiry, None]
    return PricedChain(now, found, priced, np.maximum((left - now.days) / DAYS_PER_YEAR, 0.0))


def stacked(parts: list[Floats], found: Listing) -> Floats:
    """(contracts, instants) from one row per expiry."""
    return np.stack(parts)[found.of_expiry]


def exercise_early(now: Instants, found: Listing, settles: list[Moment], mid: Floats) -> None:
    """Raises European mids to the pseudo-American value of `pricing`, in place."""
    np.maximum(mid, found.sign[:, None] * (now.spot - found.strike[:, None]), out=mid)
    expires = np.array([moment.index for moment in settles])[found.of_expiry]
    strikes, at = np.unique(found.strike, return_inverse=True)
    for sign in (1.0, -1.0):
        moments = chances(now.underlying, now.index, int(expires.max()), sign > 0)
        before = np.searchsorted(np.array([moment.index for moment in moments]), expires)
        rows = np.flatnonzero((found.sign == sign) & (before > 0))
        if len(rows):
            best = chance_table(now, moments, strikes, sign)
            mid[rows] = np.maximum(mid[rows], best[before[rows] - 1, at[rows]])


class Chains:
    """Chain files for one seed."""

    def __init__(self, paths: Paths, activity: Activity) -> None:
        self._paths = paths
        self._activity = activity

    def rows(self, root: OptionRoot, index: int, month: str | None) -> UniverseRows | None:
        """Prices through the day, volume, open interest, volatility and Greeks at the close; None when nothing is listed."""
        nodes = np.linspace(root.opens, sessions().close_node(index, min(root.closes, CLOSE)), CHAIN_INSTANTS).astype(np.int64)
        chain = priced_chain(self._paths, root, index, nodes, month)
        if chain is None:
            return None
        found, spot = chain.found, chain.now.spot
        keys = listing_keys(root, found)
        interest, volume = self._activity.of_list(Session(root, index, month, spot_before(self._paths, root, index, month)), keys)
        tick = root.ticks[0]
        prices = np.maximum(np.rint(chain.priced.mid / tick) * tick, tick).round(4)
        ohlc = (prices[:, 0], prices.max(axis=1), prices.min(axis=1), prices[:, -1])
        none = np.full(len(found.strike), np.nan)
        figures = [none] * 6 if root.kind is Kind.FUTURE_OPTION else [figure.round(FILE_PLACES) for figure in last_greeks(chain)]
        bar = tuple(round(float(value), 4) for value in (spot[0], spot.max(), spot.min(), spot[-1]))
        underlying = (bar[0], bar[1], bar[2], bar[3], 0.0)
        return UniverseRows(sessions().date(index), underlying, found.expiry_dates, found.strikes, found.rights, *ohlc, volume, interest, *figures)


def listing_keys(root: OptionRoot, found: Listing) -> ContractKeys:
    """Rows of a list for hashing."""
    expiry = np.array([(day - EPOCH).days for day in found.expiries])[found.of_expiry]
    return ContractKeys.of(root, expiry, found.strike, found.sign)


def last_greeks(chain: PricedChain) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Volatility, delta, gamma, vega, theta, rho at the last instant, by Black from the surface's own volatility.

    Delta and gamma to the spot, theta per calendar day, vega per volatility point, rho per 1 % of rate. On its last minute an option counts as having one left.
    """
    from scipy.special import ndtr

    now, strike, sign = chain.now, chain.found.strike, chain.found.sign
    years = np.maximum(chain.years[:, -1], SHORTEST)
    forward, discount, spot = chain.priced.forward[:, -1], chain.priced.discount[:, -1], float(now.spot[-1])
    total_vol = np.maximum(chain.priced.total_vol[:, -1], 1e-6)
    first = np.log(forward / strike) / total_vol + 0.5 * total_vol
    worth, owed = discount * forward, discount * strike
    density = np.exp(-0.5 * first**2) / np.sqrt(2.0 * np.pi)
    tail, second = ndtr(sign * first), ndtr(sign * (first - total_vol))
    yield_ = now.rate - np.log(forward / spot) / years
    theta = -worth * density * total_vol / (2.0 * years) + sign * (yield_ * worth * tail - now.rate * owed * second)
    delta, gamma = sign * worth / spot * tail, worth * density / (spot**2 * total_vol)
    vega, rho = worth * density * np.sqrt(years), sign * owed * years * second
    return total_vol / np.sqrt(years), delta, gamma, 0.01 * vega, theta / DAYS_PER_YEAR, 0.01 * rho
