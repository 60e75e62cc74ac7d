"""Strikes and expiries from real chains.

The daily chain is yesterday's close: it says what exists and roughly what it was worth; the decision is taken on live quotes of what was registered. A row
is usable when it has a price; a selection by delta needs a delta, computed where the chain has none (see `strategies.deltas`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from vocabulary.contracts import Contract, Right, Settlement
from vocabulary.market import Chain, MarketView


def nearest_expiry(chain: Chain, today: date, target: int, low: int, high: int, exclude: Iterable[date] = ()) -> date | None:
    """Expiry with days to expiry nearest to `target` inside [low, high], the earlier of two equally near; None when there is none."""
    banned = set(exclude)
    inside = [day for day in chain.expiries() if low <= (day - today).days <= high and day not in banned]
    return min(inside, key=lambda day: (abs((day - today).days - target), day), default=None)


def side(chain: Chain, expiry: date, right: Right) -> Chain:
    """Rows of one expiry and right, ascending by strike, of one settlement: where a morning- and an afternoon-settled series share the day (SPX and SPXW
    on a third Friday) only the afternoon one, so that the legs of a structure settle together."""
    mask = (chain.expiry.astype("datetime64[D]") == np.datetime64(expiry, "D")) & (chain.is_call == (right is Right.CALL))
    found = chain.rows(mask)
    morning = settles_in_the_morning(found)
    return found.rows(~morning) if 0 < int(morning.sum()) < len(found) else found


def settles_in_the_morning(chain: Chain) -> NDArray[np.bool_]:
    """True per row for contracts settled at the open of their expiry: they do not trade that day any more."""
    return np.array([contract.settlement is Settlement.CASH_AM for contract in chain.contracts], dtype=np.bool_)


def nearest_strikes(rows: Chain, level: float, count: int) -> tuple[Contract, ...]:
    """The `count` contracts whose strikes lie nearest to a price level, nearest first, the lower of two equally near."""
    order = sorted(range(len(rows)), key=lambda row: (abs(float(rows.strike[row]) - level), float(rows.strike[row])))
    return tuple(rows.contracts[row] for row in order[:count])


def nearest_deltas(rows: Chain, deltas: Sequence[float], target: float, count: int) -> tuple[Contract, ...]:
    """The `count` contracts whose absolute delta lies nearest to `target`, nearest first; rows without a delta are left out."""
    known = [row for row in range(len(rows)) if isfinite(deltas[row]) and deltas[row] != 0.0]
    order = sorted(known, key=lambda row: (abs(abs(deltas[row]) - target), float(rows.strike[row])))
    return tuple(rows.contracts[row] for row in order[:count])


def first_quoted(view: MarketView, candidates: Sequence[Contract]) -> Contract | None:
    """The first candidate with a live ask; None when none is quoted yet."""
    return next((contract for contract in candidates if is_quoted(view, contract)), None)


def is_quoted(view: MarketView, contract: Contract) -> bool:
    """True when a contract can be bought and sold now: both sides stand."""
    quote = view.quote(contract)
    return quote is not None and isfinite(quote.bid) and isfinite(quote.ask) and quote.ask > 0
