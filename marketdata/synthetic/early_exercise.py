"""When an American option might be exercised before it expires.

A call on a fund: at the session end before an ex-day. A put on a fund, and any option on a future: after an ex-day, on a third Friday, at a month end, and
for the coming two months on any Friday; the dates are dense enough that a longer option is never worth less than a shorter one by more than their spreads.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Kind
from marketdata.synthetic.calendar import NODES, sessions, third_friday
from marketdata.synthetic.dividends import ex_days
from marketdata.synthetic.expiries import fridays, month_end, months_from
from marketdata.synthetic.pricing import Horizon, european
from marketdata.synthetic.states import DAYS_PER_YEAR, Instants, Moment, dividends_by
from marketdata.synthetic.underlyings import Underlying

Floats = NDArray[np.float64]
FRIDAYS_WITHIN = 60
NEAR_THE_MONEY = 0.04


@lru_cache(maxsize=8192)
def chances(underlying: Underlying, after: int, until: int, call: bool) -> tuple[Moment, ...]:
    """Instants after session `after` and before the one an option expires in, `until`."""
    coming = [one.index for one in ex_days(underlying.ticker) if after < one.index <= until]
    if call and underlying.kind is not Kind.FUTURE:
        return tuple(Moment.at(index - 1, NODES) for index in coming)
    return tuple(Moment.at(index, NODES) for index in sorted({*coming, *regular_indices(after, until)}) if index < until)


def ahead(now: Instants, moments: Sequence[Moment]) -> Horizon:
    """All moments at once: arrays (moments, nodes)."""
    time = np.array([one.time for one in moments])[:, None] - now.time
    years = np.maximum(np.array([one.days for one in moments])[:, None] - now.days, 0.0) / DAYS_PER_YEAR
    discount = np.exp(-now.rate * years)
    return Horizon(np.maximum(time, 0.0), forwards(now, discount, moments), discount, time > 0.0)


def forwards(now: Instants, discount: Floats, moments: Sequence[Moment]) -> Floats:
    """(moments, nodes) forward of a fund, less the dividends by then; a future is its own."""
    if now.underlying.kind is Kind.FUTURE:
        return np.broadcast_to(now.spot, discount.shape)
    ticker = now.underlying.ticker
    paid = np.array([dividends_by(ticker, one.index) for one in moments]) - dividends_by(ticker, now.index)
    return np.divide(np.subtract(now.spot, now.escrowed[paid]), discount)


def chance_table(now: Instants, moments: Sequence[Moment], strikes: Floats, sign: float) -> Floats:
    """(moments, strikes, nodes) best value of exercising at one of the moments up to each."""
    flat = ahead(now, moments)
    horizon = Horizon(flat.time[:, None, :], flat.forward[:, None, :], flat.discount[:, None, :])
    value = european(now.driver, now.vol, horizon, strikes[:, None], np.asarray(sign)).mid
    live = np.asarray(flat.live)[:, None, :]
    return np.maximum.accumulate(np.where(live, value, 0.0), axis=0)


@lru_cache(maxsize=8192)
def regular_indices(after: int, until: int) -> tuple[int, ...]:
    """Sessions of the regular expiries strictly between two sessions."""
    calendar = sessions()
    first, last = calendar.date(after), calendar.date(until)
    months = months_from(first, (last.year - first.year) * 12 + last.month - first.month + 1)
    days = [third_friday(*one) for one in months] + [month_end(*one) for one in months] + fridays(first, FRIDAYS_WITHIN)
    return tuple(sorted({i for i in (calendar.on_or_before(day) for day in days) if after < i < until}))


def may_exercise(now: Instants, strike: Floats, sign: Floats) -> NDArray[np.bool_]:
    """Where waiting for expiry is not sure to be worth more; elsewhere the dates above cannot matter. A call on a fund: always; else: at or near the money or
    in it.
    """
    inside = sign * (now.spot - strike) > -NEAR_THE_MONEY * now.spot
    return inside if now.underlying.kind is Kind.FUTURE else inside | (sign > 0)
