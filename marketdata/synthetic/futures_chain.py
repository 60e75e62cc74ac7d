"""The chain file of a future: one row per delivery month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from marketdata.port import Tick, TradeColumns, UniverseRows
from marketdata.synthetic.calendar import sessions
from marketdata.synthetic.contracts import future_delivery
from marketdata.synthetic.underlying_bars import UnderlyingBars
from marketdata.synthetic.underlyings import Underlying

OPEN_AT_FRONT = {"es": 2_000_000.0, "cl": 320_000.0, "gc": 380_000.0}


def future_chain(bars: UnderlyingBars, one: Underlying, months: Sequence[tuple[int, int]], index: int) -> UniverseRows:
    """Open, high, low, close, volume and open interest of every delivery month of a session."""
    day = sessions().date(index)
    rows = [month_row(bars, one, month, index) for month in months]
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 6)
    nothing = np.full(len(rows), np.nan)
    firsts = [date(year, month, 1) for year, month in months]
    return UniverseRows(day, None, firsts, [], [], *(table[:, i] for i in range(6)), *([nothing] * 6))


def month_row(bars: UnderlyingBars, one: Underlying, month: tuple[int, int], index: int) -> tuple[float, ...]:
    """One delivery month."""
    delivery = future_delivery(one.ticker, *month)
    traded = bars.session(one, index, Tick.TRADE, delivery)
    if not isinstance(traded, TradeColumns):
        return (np.nan,) * 6
    left = max(delivery - float(sessions().days[index]), 0.0)
    held = np.floor(OPEN_AT_FRONT[one.ticker] * np.exp(-max(left - 60.0, 0.0) / 60.0))
    high, low = float(traded.high.max()), float(traded.low.min())
    return float(traded.open[0]), high, low, float(traded.close[-1]), float(traded.volume.sum()), float(held)
