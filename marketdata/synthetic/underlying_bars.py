"""Minute bars of what is not an option: shares, indices, futures, the currency pair."""

from __future__ import annotations

from functools import lru_cache
from math import exp

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Columns, Kind, QuoteColumns, Tick, TradeColumns
from marketdata.synthetic.calendar import CLOSE, LATE_CLOSE, MINUTE, NODES, OPEN, sessions
from marketdata.synthetic.clock import activity_weights, variance_clock
from marketdata.synthetic.columns import candle, raw
from marketdata.synthetic.drivers import DRIVERS
from marketdata.synthetic.listings import LastClose
from marketdata.synthetic.noise import stream
from marketdata.synthetic.paths import Paths
from marketdata.synthetic.rates import rate_on
from marketdata.synthetic.states import DAYS_PER_YEAR
from marketdata.synthetic.underlyings import Underlying
from marketdata.synthetic.vix import vix_path

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CHICAGO_BEHIND = 60 * MINUTE
VOLUME_NOISE = 0.45
KEPT = 32
"""Sessions whose random parts are kept: those asked for again are the last ones (other tick types, other delivery months)."""


class UnderlyingBars:
    """Minute rows of underlyings for one seed."""

    def __init__(self, seed: int, paths: Paths) -> None:
        self._seed = seed
        self._paths = paths
        self._weights = activity_weights()
        self._shape = lru_cache(maxsize=KEPT)(self._log_candles)
        self._activity = lru_cache(maxsize=KEPT)(self._volume_parts)

    def session(self, one: Underlying, index: int, tick: Tick, delivery: float | None = None) -> Columns | None:
        """Rows of one session; None where this kind has no such rows. delivery: of a future, its last trading moment in days since 1970."""
        if tick is Tick.OPEN_INTEREST or (tick is Tick.QUOTE and one.kind is Kind.INDEX) or (tick is Tick.TRADE and one.kind is Kind.FOREX):
            return None
        nodes = self._nodes(one, index)
        if one.ticker == "vix":
            return self._vix(index)
        bars = self._candles(one, index, nodes, delivery)
        start = self._start(one, index, nodes[:-1])
        scale = 10_000 if one.kind is Kind.EQUITY else 1
        if tick is Tick.TRADE:
            values = raw(bars, scale, one.decimals)
            return TradeColumns(start, values[:, 0], values[:, 1], values[:, 2], values[:, 3], self._volume(one, index, nodes[:-1], delivery), scale)
        return self._quotes(one, index, bars, start, scale)

    def _nodes(self, one: Underlying, index: int) -> Ints:
        """Nodes of the session the instrument trades; on a half-day it ends early (futures with the index options)."""
        calendar = sessions()
        if one.kind is Kind.FUTURE and calendar.half[index]:
            return np.arange(one.opens, calendar.close_node(index, LATE_CLOSE) + 1)
        closes = calendar.close_node(index, one.closes) if one.closes <= LATE_CLOSE else one.closes
        return np.arange(one.opens, closes + 1)

    def _start(self, one: Underlying, index: int, nodes: Ints) -> Ints:
        """Bar starts in the data time zone: UTC for futures and currencies, Chicago for indices, New York else (XSP is New York in LEAN's database)."""
        if one.kind in (Kind.FUTURE, Kind.FOREX):
            return sessions().utc_micros(index, nodes)
        local = sessions().local_micros(index, nodes)
        return local - CHICAGO_BEHIND if one.kind is Kind.INDEX else local

    def _candles(self, one: Underlying, index: int, nodes: Ints, delivery: float | None) -> Floats:
        """(n, 4) prices on ticks."""
        shape = self._shape(one.driver, index, int(nodes[0]), int(nodes[-1]))
        rate, years = rate_on(sessions().date(index)), 0.0
        if delivery is not None:
            years = max(delivery - sessions().calendar_days(index, CLOSE), 0.0) / DAYS_PER_YEAR
        prices = one.price(shape, index, years, rate)
        return (np.rint(prices / one.tick) * one.tick).round(one.decimals)

    def _log_candles(self, driver: str, index: int, opens: int, closes: int) -> Floats:
        """(n, 4) logarithms shared by all that follow a driver. Extremes inside a minute are drawn from the bridge between its ends."""
        nodes = np.arange(opens, closes + 1)
        log_price, log_vol = self._paths.session(driver, index)
        steps = np.sqrt(np.diff(variance_clock().at(index, nodes))) * np.exp(log_vol[nodes[:-1]]) * DRIVERS[driver].realised
        reach = steps[:, None] ** 2 * -2.0 * np.log(stream(self._seed, f"{driver}/extremes", index).random((NODES, 2))[nodes[:-1]])
        ends = log_price[nodes]
        first, last = ends[:-1], ends[1:]
        spread = np.sqrt((last - first)[:, None] ** 2 + reach)
        return candle(first, last, 0.5 * (first + last + spread[:, 0]), 0.5 * (first + last - spread[:, 1]))

    def _volume_parts(self, ticker: str, driver: str, index: int) -> tuple[Floats, Floats]:
        """(NODES,) each: noise of the volume, and what the volatility of the day does to it."""
        _, log_vol = self._paths.session(driver, index)
        noise = np.exp(VOLUME_NOISE * stream(self._seed, f"{ticker}/volume", index).standard_normal(NODES))
        return noise, np.exp(0.8 * (log_vol[:NODES] - np.log(DRIVERS[driver].usual)))

    def _volume(self, one: Underlying, index: int, nodes: Ints, delivery: float | None) -> Floats:
        """Units traded per minute: follows the clock's shape of trading and the volatility of the day; none for an index."""
        if one.usual_volume == 0.0:
            return np.zeros(len(nodes))
        middle = self._weights[(OPEN + CLOSE) // 2]
        noise, busy = self._activity(one.ticker, one.driver, index)
        front = 1.0
        if delivery is not None:
            front = float(np.exp(-max(delivery - sessions().days[index] - 8.0, 0.0) / 25.0))
        return np.floor(one.usual_volume * front * self._weights[nodes] / middle * noise[nodes] * busy[nodes]) + (1.0 if delivery is not None else 100.0)

    def _quotes(self, one: Underlying, index: int, bars: Floats, start: Ints, scale: int) -> QuoteColumns:
        """Bid and ask one tick (or the pair's usual spread) apart around the traded price."""
        draws = stream(self._seed, f"{one.ticker}/sizes", index)
        gap = one.tick * one.quote_ticks
        below = np.floor(one.quote_ticks / 2) * one.tick
        bid = raw(bars - below, scale, one.decimals)
        ask = raw(bars - below + gap, scale, one.decimals)
        unit = 100.0 if one.kind is Kind.EQUITY else 1.0
        sizes = unit * draws.integers(2, 40, (2, len(start))).astype(np.float64)
        return QuoteColumns(start, bid, ask, sizes[0], sizes[1], scale)

    def _vix(self, index: int) -> TradeColumns:
        """The volatility index: from 03:15, with the pause before the open that it has."""
        level = self.vix_nodes(index)
        held = np.flatnonzero(~np.isnan(level))
        held = held[(held < OPEN - 15) | (held >= OPEN)]
        minutes = held[np.isin(held + 1, held)]
        bars = candle(level[minutes], level[minutes + 1]).round(2)
        start = sessions().local_micros(index, minutes) - CHICAGO_BEHIND
        return TradeColumns(start, bars[:, 0], bars[:, 1], bars[:, 2], bars[:, 3], np.zeros(len(minutes)), 1)

    def vix_nodes(self, index: int) -> Floats:
        """(NODES + 1,) level of the volatility index, NaN where it is not published."""
        frame = self._paths.frames["market"]
        log_price, log_vol = self._paths.session("market", index)
        last = LastClose(exp(frame.log_price[index]), exp(frame.log_vol[index]))
        return vix_path(index, log_price, log_vol, float(frame.slow[index]), last)
