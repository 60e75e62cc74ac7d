"""Underlyings: index, funds, futures and the currency pair as functions of their drivers.

`spot` is what the screen shows (before rounding to ticks), `forward` what an option on it is priced with. Index: continuous yield. Fund: cash dividends
escrowed. Future: its own price, from the driver by a cost of carry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Kind
from marketdata.synthetic.calendar import CLOSE, LATE_CLOSE, NODES, OPEN
from marketdata.synthetic.dividends import accruals

Floats = NDArray[np.float64]
INDEX_YIELD = 0.0135


@dataclass(frozen=True, slots=True)
class Underlying:
    """What is traded or published of a driver.

    scale: price per unit of the driver; decay: what fees take of it per year; tick: price step; decimals of a price; opens, closes: nodes of the regular
    session (a currency or future: of the whole one); carry: of a future per year over the rate (None: not a future); usual_volume: per minute at midday;
    quote_ticks: spread.
    """

    ticker: str
    kind: Kind
    market: str
    driver: str
    scale: float = 1.0
    decay: float = 0.0
    tick: float = 0.01
    decimals: int = 2
    opens: int = OPEN
    closes: int = CLOSE
    carry: float | None = None
    usual_volume: float = 0.0
    quote_ticks: int = 1

    def price(self, log_price: Floats, index: int, years: Floats | float = 0.0, rate: float = 0.0) -> Floats:
        """Unrounded price from the driver's log price; years to delivery and rate matter for a future only."""
        held = accruals(self.ticker)[index] if self.kind is Kind.EQUITY else 0.0
        carried = np.exp((rate + self.carry) * years) if self.carry is not None else 1.0
        return np.exp(log_price) * (self.scale * np.exp(-self.decay * index / 252.0) * carried) + held


def future(ticker: str, market: str, driver: str, tick: float, decimals: int, carry: float, volume: float) -> Underlying:
    """A future that trades the whole session."""
    return Underlying(ticker, Kind.FUTURE, market, driver, tick=tick, decimals=decimals, opens=0, closes=NODES, carry=carry, usual_volume=volume)


UNDERLYINGS: Mapping[str, Underlying] = {
    one.ticker: one
    for one in (
        Underlying("spy", Kind.EQUITY, "usa", "market", 0.1, usual_volume=120_000),
        Underlying("qqq", Kind.EQUITY, "usa", "nasdaq", usual_volume=70_000),
        Underlying("iwm", Kind.EQUITY, "usa", "small", usual_volume=50_000),
        Underlying("gld", Kind.EQUITY, "usa", "gold", 0.0949, 0.004, usual_volume=12_000),
        Underlying("tlt", Kind.EQUITY, "usa", "bond", usual_volume=45_000),
        Underlying("spx", Kind.INDEX, "usa", "market"),
        Underlying("xsp", Kind.INDEX, "usa", "market", 0.1),
        Underlying("vix", Kind.INDEX, "usa", "market", closes=LATE_CLOSE),
        future("es", "cme", "market", 0.25, 2, -INDEX_YIELD, 900),
        future("cl", "nymex", "crude", 0.01, 2, -0.045, 180),
        future("gc", "comex", "gold", 0.1, 1, 0.002, 110),
        Underlying("gbpusd", Kind.FOREX, "oanda", "sterling", tick=0.00001, decimals=5, opens=0, closes=NODES, quote_ticks=14),
    )
}
