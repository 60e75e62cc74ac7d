"""The state of an underlying at instants of one session, and what an option on it needs for its expiry.

An instant set is either many nodes of a session (one contract through the day) or one node (a chain); arrays broadcast, so that the same code prices both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Kind
from marketdata.synthetic.calendar import EVENING, OPEN, sessions
from marketdata.synthetic.clock import variance_clock
from marketdata.synthetic.dividends import ExDay, ex_days
from marketdata.synthetic.drivers import DRIVERS, Driver
from marketdata.synthetic.pricing import Horizon
from marketdata.synthetic.rates import rate_on
from marketdata.synthetic.surface import VolState
from marketdata.synthetic.underlyings import INDEX_YIELD, Underlying

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DAYS_PER_YEAR = 365.0


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


def instants(paths: PathSource, underlying: Underlying, index: int, nodes: Ints, delivery: float | None = None) -> Instants:
    """The state at nodes of a session. delivery: last trading moment of a future, calendar days since 1970."""
    log_price, log_vol = paths.session(underlying.driver, index)
    days = float(sessions().days[index]) + (nodes - EVENING) / 1440.0
    rate = rate_on(sessions().date(index))
    years = np.maximum((delivery if delivery is not None else 0.0) - days, 0.0) / DAYS_PER_YEAR
    spot = underlying.price(log_price[nodes], index, years, rate)
    slow = float(paths.slow_levels[underlying.driver][index])
    return Instants(underlying, DRIVERS[underlying.driver], index, variance_clock().at(index, nodes), days, spot, VolState(log_vol[nodes], slow), rate)


@dataclass(frozen=True, slots=True)
class Moment:
    """A fixed instant in the future: session and node, as clock and calendar readings."""

    index: int
    time: float
    days: float

    @classmethod
    def at(cls, index: int, node: int) -> Moment:
        """The instant of a node; on a half-day nodes after its close count as its close."""
        calendar = sessions()
        return cls(index, float(variance_clock().at(index, node)), calendar.calendar_days(index, node))


def expiry_moment(expiry: date, settle_node: int) -> Moment:
    """When an option expires; three hours early on a half-day unless it settles at the open."""
    calendar = sessions()
    index = calendar.on_or_before(expiry)
    return Moment.at(index, settle_node if settle_node <= OPEN else calendar.close_node(index, settle_node))


def horizon(now: Instants, moment: Moment, paid: Sequence[ExDay]) -> Horizon:
    """Forward, discount and variance time to a moment. paid: dividends with ex-day after this session and up to the moment."""
    years = np.maximum(moment.days - now.days, 0.0) / DAYS_PER_YEAR
    time = np.maximum(moment.time - now.time, 0.0)
    discount = np.exp(-now.rate * years)
    return Horizon(time, forward_price(now, years, discount, paid), discount, moment.time > now.time)


def forward_price(now: Instants, years: Floats, discount: Floats, paid: Sequence[ExDay]) -> Floats:
    """Index: continuous yield; future: its own price; fund: spot less the value of its dividends, carried."""
    kind = now.underlying.kind
    if kind is Kind.FUTURE:
        return now.spot
    if kind is Kind.INDEX:
        return now.spot * np.exp((now.rate - INDEX_YIELD) * years)
    escrowed = now.spot
    for one in paid:
        until = np.maximum(ex_moment(one).days - now.days, 0.0) / DAYS_PER_YEAR
        escrowed = escrowed - one.amount * np.exp(-now.rate * until)
    return escrowed / discount


def ex_moment(one: ExDay) -> Moment:
    """First instant without the dividend: the start of the ex-day's session."""
    return Moment.at(one.index, 0)


def dividends_until(ticker: str, after: int, until: int) -> list[ExDay]:
    """Dividends with ex-day later than session `after`, not later than session `until`."""
    return [one for one in ex_days(ticker) if after < one.index <= until]
