"""What is known about the market and the account at one instant: quotes, chains, the market view.

A chain is a struct of NumPy arrays in strike order per expiry, never a list of objects. Absent numbers are NaN: the reader must decide, nothing is
filled in with a default. All times are time-zone aware; ages are seconds since the quote's own time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vocabulary.contracts import Contract

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quote:
    """Best bid and ask with the last price. NaN where nobody quoted. age: seconds since the row behind it."""

    bid: float
    ask: float
    last: float
    age: float

    @property
    def mid(self) -> float:
        """Mean of bid and ask, NaN when a side is missing."""
        return (self.bid + self.ask) / 2

    @property
    def spread(self) -> float:
        """Ask less bid, NaN when a side is missing."""
        return self.ask - self.bid


@dataclass(frozen=True, slots=True)
class Chain:
    """All contracts of one underlying at one instant; row i of every array is `contracts[i]`, sorted by (expiry, right, strike).

    contracts may make its members when asked: a chain has thousands of rows, a decision looks at a handful.
    bid, ask, iv, delta, gamma, theta, vega: per contract unit, delta of one option in [-1, 1], theta per calendar day, vega per vol point. oi and volume
    in contracts. spot: the underlying's price; asof: when the numbers were true (a daily chain is yesterday's close).
    """

    underlying: str
    asof: datetime
    spot: float
    contracts: Sequence[Contract]
    strike: Floats
    expiry: NDArray[np.datetime64]
    is_call: NDArray[np.bool_]
    bid: Floats
    ask: Floats
    iv: Floats
    delta: Floats
    gamma: Floats
    theta: Floats
    vega: Floats
    oi: Floats
    volume: Floats

    def __len__(self) -> int:
        return len(self.contracts)

    @property
    def mid(self) -> Floats:
        """Mean of bid and ask per row, NaN when a side is missing."""
        return (self.bid + self.ask) / 2

    def expiries(self) -> list[date]:
        """Distinct expiry dates, ascending."""
        return [day.astype(object) for day in np.unique(self.expiry.astype("datetime64[D]"))]

    def rows(self, mask: NDArray[np.bool_]) -> Chain:
        """The sub-chain where `mask` is true."""
        picked = np.flatnonzero(mask)
        arrays = {name: getattr(self, name)[picked] for name in ARRAY_FIELDS}
        return Chain(self.underlying, self.asof, self.spot, tuple(self.contracts[i] for i in picked), **arrays)

    def row_of(self, contract: Contract) -> int | None:
        """Row of a contract, None when the chain does not list it."""
        if contract.expiry is None or contract.strike is None:
            return None
        alike = (self.strike == contract.strike) & (self.expiry.astype("datetime64[D]") == np.datetime64(contract.expiry, "D"))
        return next((int(row) for row in np.flatnonzero(alike) if self.contracts[row] == contract), None)

    def on(self, expiry: date) -> Chain:
        """Only the contracts of one expiry."""
        return self.rows(self.expiry.astype("datetime64[D]") == np.datetime64(expiry, "D"))


ARRAY_FIELDS = ("strike", "expiry", "is_call", "bid", "ask", "iv", "delta", "gamma", "theta", "vega", "oi", "volume")


@dataclass(frozen=True, slots=True)
class DailyBars:
    """Completed daily bars of one underlying, oldest first; today's unfinished bar is never in it."""

    day: NDArray[np.datetime64]
    open: Floats
    high: Floats
    low: Floats
    close: Floats


@dataclass(frozen=True, slots=True)
class AccountView:
    """The account as the broker states it, in account currency. margin_used and margin_free are the broker's own figures."""

    currency: str
    equity: float
    cash: float
    margin_used: float
    margin_free: float


@dataclass(frozen=True, slots=True)
class Session:
    """One trading session of an exchange: regular open and close (early closes already in it)."""

    day: date
    open: datetime
    close: datetime


@dataclass(frozen=True, slots=True)
class Dividend:
    """A coming cash dividend: the day shares trade without it, and the amount per share. projected: repeated from the last ones, not announced."""

    ex_day: date
    amount: float
    projected: bool


class MarketView(Protocol):
    """Read-only window on now. Every answer is for `now`; what is not known is None or NaN, never a default.

    Implemented over LEAN, over the live desk and over plain values in tests; strategies and rules see nothing else of the world.
    """

    @property
    def now(self) -> datetime:
        """Current time, aware, America/New_York."""
        ...

    @property
    def account(self) -> AccountView:
        """The account now."""
        ...

    @property
    def vix(self) -> float | None:
        """VIX level no older than the configured age, None when it is missing or stale (then no new risk)."""
        ...

    def price(self, underlying: str) -> float | None:
        """Last price of an underlying, None when unknown."""
        ...

    def opening_price(self, underlying: str) -> float | None:
        """First price of today's regular session, None before it or when it was not seen."""
        ...

    def quote(self, contract: Contract) -> Quote | None:
        """Current quote of a registered contract, None when there is none yet."""
        ...

    def chain(self, underlying: str) -> Chain | None:
        """The daily chain (yesterday's close, with IV and Greeks where the data has them), None when there is none."""
        ...

    def daily(self, underlying: str, days: int) -> DailyBars:
        """The last `days` completed daily bars (fewer when history is shorter)."""
        ...

    def session(self, underlying: str, day: date) -> Session | None:
        """The session of that day, None on a holiday."""
        ...

    def sessions(self, underlying: str, first: date, last: date) -> Sequence[Session]:
        """All sessions from `first` to `last`, inclusive."""
        ...

    def rate(self) -> float:
        """Risk-free rate as a fraction per year."""
        ...

    def next_dividend(self, underlying: str) -> Dividend | None:
        """The next ex-dividend day after today as far as it is known or can be projected, None when neither."""
        ...
