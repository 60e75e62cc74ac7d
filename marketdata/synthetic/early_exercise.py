"""When an American option might be exercised before it expires.

A call on a fund: at the session end before an ex-day. A put on a fund: after an ex-day or on a quarterly expiry. An option on a future: on a quarterly
expiry. Contracts well out of the money at the last close are left out: waiting is always worth more there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Kind
from marketdata.synthetic.calendar import NODES, sessions, third_friday
from marketdata.synthetic.dividends import ExDay
from marketdata.synthetic.pricing import Horizon
from marketdata.synthetic.states import Instants, Moment, dividends_until, horizon
from marketdata.synthetic.underlyings import Underlying

Floats = NDArray[np.float64]
CALL_REACH, PUT_REACH = 1.03, 0.90
"""Strike over last close up to which a call, from which a put is looked at (for futures PUT_REACH and its inverse)."""


@dataclass(frozen=True, slots=True)
class Chance:
    """One instant of possible exercise with the dividends paid by then. It concerns options that expire in a later session, or later in the session
    `moment.index + 1` for a call before an ex-day.
    """

    moment: Moment
    paid: tuple[ExDay, ...]


@lru_cache(maxsize=8192)
def chances(underlying: Underlying, after: int, until: int, call: bool) -> tuple[Chance, ...]:
    """Instants after session `after` and before the one an option expires in, `until`."""
    coming = tuple(dividends_until(underlying.ticker, after, until))
    if call and underlying.kind is not Kind.FUTURE:
        return tuple(Chance(Moment.at(one.index - 1, NODES), coming[:i]) for i, one in enumerate(coming))
    indices = sorted({one.index for one in coming} | set(quarterly_indices(after, until)))
    return tuple(Chance(Moment.at(i, NODES), tuple(one for one in coming if one.index <= i)) for i in indices if i < until)


def horizons(now: Instants, until: int, call: bool) -> Sequence[Horizon]:
    """The chances of an option that expires in session `until`, seen from some instants."""
    return [horizon(now, chance.moment, chance.paid) for chance in chances(now.underlying, now.index, until, call)]


@lru_cache(maxsize=8192)
def quarterly_indices(after: int, until: int) -> tuple[int, ...]:
    """Sessions of quarterly third Fridays strictly between two sessions."""
    calendar = sessions()
    first, last = calendar.date(after), calendar.date(until)
    fridays = [third_friday(year, month) for year in range(first.year, last.year + 1) for month in (3, 6, 9, 12)]
    return tuple(i for i in (calendar.on_or_before(day) for day in fridays) if after < i < until)


def in_reach(underlying: Underlying, strike: Floats, sign: Floats, last_close: float) -> NDArray[np.bool_]:
    """Whether early exercise is looked at; sign 1 call, -1 put."""
    highest = 1.0 / PUT_REACH if underlying.kind is Kind.FUTURE else CALL_REACH
    return np.where(sign > 0, strike <= highest * last_close, strike >= PUT_REACH * last_close)
