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
from marketdata.synthetic.states import DAYS_PER_YEAR, Instants, Moment, at_nodes, dividends_by
from marketdata.synthetic.underlyings import Underlying

Floats = NDArray[np.float64]
FRIDAYS_WITHIN = 60
NEAR_THE_MONEY = 0.04
LOOKS = 7
CLOSE_TO_WAITING, CLOSE_TO_BEST = 0.99, 0.98


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


def best_early(now: Instants, until: int, strike: Floats, sign: float, waiting: Floats) -> Floats:
    """(nodes,) value of the best chance of one contract, zero without any. waiting: value of the other choices; chances far from them at a few nodes are not
    looked at further.
    """
    moments = chances(now.underlying, now.index, until, sign > 0)
    if not moments or not bool(np.any(may_exercise(now, strike, np.asarray(sign)))):
        return np.zeros_like(now.spot)
    few = np.linspace(0, len(now.spot) - 1, LOOKS).astype(np.int64)
    tried = chance_values(at_nodes(now, few), moments, strike, sign)
    close = tried > np.maximum(CLOSE_TO_WAITING * waiting[few], CLOSE_TO_BEST * tried.max(axis=0))
    kept = [moment for moment, near in zip(moments, close.any(axis=1), strict=True) if near]
    return chance_values(now, kept, strike, sign).max(axis=0) if kept else np.zeros_like(now.spot)


def chance_values(now: Instants, moments: Sequence[Moment], strike: Floats, sign: float) -> Floats:
    """(moments, nodes) European values; zero where the moment has gone by."""
    horizon = ahead(now, moments)
    return np.where(horizon.live, european(now.driver, now.vol, horizon, strike, np.asarray(sign)).mid, 0.0)


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
