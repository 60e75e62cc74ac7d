"""Raw columns of the port from prices, and minute rows summed up to hours and days."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marketdata.joining import joined
from marketdata.port import Columns, InterestColumns, QuoteColumns, TradeColumns
from marketdata.synthetic.calendar import DAY, MINUTE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HOUR = 60 * MINUTE


def raw(price: Floats, scale: int, decimals: int) -> Floats:
    """Prices as the files hold them: whole ten-thousandths, or the price itself with its decimals."""
    return np.rint(price * scale) if scale > 1 else price.round(decimals)


def candle(first: Floats, last: Floats, high: Floats | None = None, low: Floats | None = None) -> Floats:
    """(n, 4) open, high, low, close; without extremes the bar spans open and close."""
    bars: Floats = np.empty((len(first), 4))
    bars[:, 0], bars[:, 3] = first, last
    bars[:, 1] = np.maximum(first, last) if high is None else high
    bars[:, 2] = np.minimum(first, last) if low is None else low
    return bars


def quote_candles(bid: Floats, ask: Floats) -> tuple[Floats, Floats]:
    """(n, 4) bid and ask of the minutes between n + 1 nodes; a minute that has no bid at one of its ends has no bid side."""
    bids, asks = candle(bid[:-1], bid[1:]), candle(ask[:-1], ask[1:])
    bids[bids[:, 2] <= 0.0] = 0.0
    return bids, asks


def summed(parts: Sequence[Columns], step: int) -> Columns | None:
    """Consecutive minute columns as bars of HOUR or DAY; None when there are no rows. Empty periods have no bar."""
    if not parts:
        return None
    whole = joined(parts)
    if not len(whole.start):
        return None
    period = whole.start // step * step
    first = np.flatnonzero(np.diff(period, prepend=period[0] - 1))
    start = period[first]
    last = np.append(first[1:], len(period)) - 1
    if isinstance(whole, InterestColumns):
        return InterestColumns(start, whole.value[last])
    if isinstance(whole, TradeColumns):
        high, low = np.maximum.reduceat(whole.high, first), np.minimum.reduceat(whole.low, first)
        return TradeColumns(start, whole.open[first], high, low, whole.close[last], np.add.reduceat(whole.volume, first), whole.divisor)
    bid, ask = side_summed(whole.bid, first, last), side_summed(whole.ask, first, last)
    return QuoteColumns(start, bid, ask, whole.bid_size[last], whole.ask_size[last], whole.divisor)


def side_summed(side: Floats, first: Ints, last: Ints) -> Floats:
    """Candles of a quote side; a period in which the side was absent at its start or end has none."""
    present = np.where(side[:, 2] > 0.0, side[:, 2], np.inf)
    low = np.minimum.reduceat(present, first)
    bars = np.stack([side[first, 0], np.maximum.reduceat(side[:, 1], first), low, side[last, 3]], axis=1)
    bars[(side[first, 0] <= 0.0) | (side[last, 3] <= 0.0)] = 0.0
    return bars


def rows_where(columns: Columns, keep: NDArray[np.bool_]) -> Columns:
    """The rows for which `keep` is true."""
    if isinstance(columns, InterestColumns):
        return InterestColumns(columns.start[keep], columns.value[keep])
    if isinstance(columns, TradeColumns):
        parts = (columns.open, columns.high, columns.low, columns.close, columns.volume)
        return TradeColumns(columns.start[keep], parts[0][keep], parts[1][keep], parts[2][keep], parts[3][keep], parts[4][keep], columns.divisor)
    return QuoteColumns(columns.start[keep], columns.bid[keep], columns.ask[keep], columns.bid_size[keep], columns.ask_size[keep], columns.divisor)


STEPS = {"hour": HOUR, "daily": DAY}
