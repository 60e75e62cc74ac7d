"""The state of an underlying at instants of one session, and what an option on it needs for its expiry.

An instant set is either many nodes of a session (one contract through the day) or one node (a chain); arrays broadcast, so that the same code prices both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Kind
from marketdata.synthetic.calendar import EVENING, OPEN, sessions
from marketdata.synthetic.clock import variance_clock
from marketdata.synthetic.dividends import ex_days
from marketdata.synthetic.drivers import DRIVERS, Driver
from marketdata.synthetic.pricing import Horizon
from marketdata.synthetic.rates import rate_on
from marketdata.synthetic.surface import VolState
from marketdata.synthetic.underlyings import INDEX_YIELD, Underlying

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DAYS_PER_YEAR = 365.0
LOOKED_AHEAD = 760


class PathSource(Protocol):
    """Where minute paths come from (`paths.Paths`)."""

    @property
    def slow_levels(self) -> Mapping[str, Floats]:
        """By driver, (sessions,) log level that volatility reverts to."""
        ...

    def session(self, name: str, index: int) -> tuple[Floats, Floats]:
        """Log price and log volatility at the nodes of one session."""
        ...


@dataclass(frozen=True, slots=True)
class Instants:
    """Nodes of one session with what is known there. time: variance clock; days: calendar days since 1970
    as fractions; spot: of the underlying (of the delivery month for a future); vol: surface state; rate: per year.
    """

    underlying: Underlying
    driver: Driver
    index: int
    time: Floats
    days: Floats
    spot: Floats
    vol: VolState
    rate: float
    escrowed: Floats


def instants(paths: PathSource, underlying: Underlying, index: int, nodes: Ints, delivery: float | None = None) -> Instants:
    """The state at nodes of a session. delivery: last trading moment of a future, calendar days since 1970."""
    log_price, log_vol = paths.session(underlying.driver, index)
    days = float(sessions().days[index]) + (nodes - EVENING) / 1440.0
    rate = rate_on(sessions().date(index))
    years = np.maximum((delivery if delivery is not None else 0.0) - days, 0.0) / DAYS_PER_YEAR
    spot = underlying.price(log_price[nodes], index, years, rate)
    slow = float(paths.slow_levels[underlying.driver][index])
    vol = VolState(log_vol[nodes], slow)
    held = escrow(underlying.ticker, index, days, rate)
    return Instants(underlying, DRIVERS[underlying.driver], index, variance_clock().at(index, nodes), days, spot, vol, rate, held)


def at_nodes(now: Instants, rows: Ints) -> Instants:
    """The same at some of the nodes."""
    vol = VolState(now.vol.log_vol[rows], now.vol.slow)
    return replace(now, time=now.time[rows], days=now.days[rows], spot=now.spot[rows], vol=vol, escrowed=now.escrowed[:, rows])


@dataclass(frozen=True, slots=True)
class Moment:
    """A fixed instant in the future: session and node, as clock and calendar readings."""

    index: int
    time: float
    days: float

    @staticmethod
    def at(index: int, node: int) -> Moment:
        """The instant of a node; on a half-day nodes after its close count as its close."""
        return moment_at(index, node)


@lru_cache(maxsize=16_384)
def moment_at(index: int, node: int) -> Moment:
    """`Moment.at`, remembered: the same closes are ahead of every day."""
    return Moment(index, float(variance_clock().at(index, node)), sessions().calendar_days(index, node))


def expiry_moment(expiry: date, settle_node: int) -> Moment:
    """When an option expires; three hours early on a half-day unless it settles at the open."""
    calendar = sessions()
    index = calendar.on_or_before(expiry)
    return Moment.at(index, settle_node if settle_node <= OPEN else calendar.close_node(index, settle_node))


def horizon(now: Instants, moment: Moment) -> Horizon:
    """Forward, discount and variance time to a moment."""
    years = np.maximum(moment.days - now.days, 0.0) / DAYS_PER_YEAR
    time = np.maximum(moment.time - now.time, 0.0)
    discount = np.exp(-now.rate * years)
    return Horizon(time, forward_price(now, years, discount, moment.index), discount, moment.time > now.time)


def forward_price(now: Instants, years: Floats, discount: Floats, until: int) -> Floats:
    """Index: continuous yield; future: its own price; fund: spot less the value of its dividends up to session `until`, carried."""
    kind = now.underlying.kind
    if kind is Kind.FUTURE:
        return now.spot
    if kind is Kind.INDEX:
        return now.spot * np.exp((now.rate - INDEX_YIELD) * years)
    paid = dividends_by(now.underlying.ticker, until) - dividends_by(now.underlying.ticker, now.index)
    escrowed: Floats = now.spot - now.escrowed[paid]
    return np.asarray(escrowed / discount, dtype=np.float64)


def escrow(ticker: str, index: int, days: Floats, rate: float) -> Floats:
    """(dividends to come + 1, nodes) present value of the first 0, 1, 2 … dividends after a session, three years ahead."""
    coming = [one for one in ex_days(ticker) if index < one.index <= index + LOOKED_AHEAD]
    if not coming:
        return np.zeros((1, len(days)))
    until = np.array([Moment.at(one.index, 0).days for one in coming])[:, None] - days
    values = np.array([one.amount for one in coming])[:, None] * np.exp(-rate * until / DAYS_PER_YEAR)
    summed: Floats = np.zeros((len(coming) + 1, len(days)))
    summed[1:] = np.cumsum(values, axis=0)
    return summed


@lru_cache(maxsize=65_536)
def dividends_by(ticker: str, index: int) -> int:
    """How many dividends of a fund have their ex-day on or before a session."""
    return sum(one.index <= index for one in ex_days(ticker))
