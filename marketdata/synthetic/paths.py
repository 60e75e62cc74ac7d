"""Minute paths of the drivers, made month by month from the daily frame and named noise.

Inside a session the log price is a bridge in variance time from the last close to this one: noise, the day's jump at its minute, and a straight line for the
rest. Log volatility follows the same noise with the opposite sign. A block of one month is kept as matrices (session, node).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log1p, sqrt

import numpy as np
from numpy.typing import NDArray

from marketdata.synthetic.calendar import CLOSE, HALF_DAY_CUT, LATE_CLOSE, NODES, OPEN, Sessions, node_at, sessions
from marketdata.synthetic.clock import YEAR, variance_clock
from marketdata.synthetic.drivers import DRIVERS, MARKET, Driver
from marketdata.synthetic.listings import LastClose
from marketdata.synthetic.noise import stream
from marketdata.synthetic.pins import IntradayPin
from marketdata.synthetic.skeleton import FEAR, VOL_NOISE, DailyFrame, VixLevel
from marketdata.synthetic.vix import StripState

Floats = NDArray[np.float64]
KEPT_BLOCKS = 48
JUMP_FEAR = 0.7
"""Share of the day's volatility move that comes with a jump, when there is one."""


@dataclass(frozen=True, slots=True)
class Block:
    """One month of one driver. first: session of row 0; log_price, log_vol: (sessions, NODES + 1)."""

    first: int
    log_price: Floats
    log_vol: Floats


class Paths:
    """Blocks of all drivers, the most recently used kept. Values do not depend on what was asked before."""

    def __init__(self, seed: int, frames: Mapping[str, DailyFrame], pins: Sequence[IntradayPin], vix_level: VixLevel) -> None:
        self.frames = frames
        self.slow_levels: Mapping[str, Floats] = {name: frame.slow for name, frame in frames.items()}
        self._seed = seed
        self._pins = pins_by_session(pins)
        self._vix_level = vix_level
        self._months = month_numbers(sessions())
        self._blocks: OrderedDict[tuple[str, int], Block] = OrderedDict()

    def block(self, name: str, index: int) -> Block:
        """The block that holds session `index` of a driver."""
        month = int(self._months[index])
        key = (name, month)
        if key not in self._blocks:
            self._blocks[key] = self._market(month) if name == MARKET.name else self._follower(DRIVERS[name], month)
            if len(self._blocks) > KEPT_BLOCKS:
                self._blocks.popitem(last=False)
        self._blocks.move_to_end(key)
        return self._blocks[key]

    def session(self, name: str, index: int) -> tuple[Floats, Floats]:
        """Log price and log volatility at the nodes of one session."""
        block = self.block(name, index)
        return block.log_price[index - block.first], block.log_vol[index - block.first]

    def _market(self, month: int) -> Block:
        rows, frame = self._rows(month), self.frames[MARKET.name]
        noise = bridges(self._seed, "market/minute", month, rows, True)
        own = bridges(self._seed, "market/vol", month, rows, False)
        gone, spent = clock_shares(rows)
        sigma, jump, move = frame.sigma[rows], frame.jump[rows], np.diff(frame.log_price)[rows]
        wild = np.sqrt(0.75 * sigma**2 + 0.25 * (move - jump) ** 2 / spent)
        after = (np.arange(NODES + 1) >= frame.jump_node[rows, None]) * 1.0
        log_price = frame.log_price[rows, None] + wild[:, None] * noise + gone * (move - jump)[:, None] + after * jump[:, None]
        change = np.diff(frame.log_vol)[rows]
        scared = np.where(jump < 0.0, JUMP_FEAR * change, 0.0)
        log_vol = frame.log_vol[rows, None] + gone * (change - scared)[:, None] + after * scared[:, None] + sqrt(YEAR) * (VOL_NOISE * own - FEAR * noise)
        for row, index in enumerate(rows.tolist()):
            for pin in self._pins.get(index, ()):
                self._reach(index, pin, log_price[row], log_vol[row])
        return Block(int(rows[0]), log_price, log_vol)

    def _reach(self, index: int, pin: IntradayPin, log_price: Floats, log_vol: Floats) -> None:
        """Bends one session's path so that it passes an intraday pin; price keeps its ends, volatility bends most near the pin."""
        gone = clock_shares(np.array([index]))[0][0]
        if pin.change is not None:
            wanted = self.frames[MARKET.name].log_price[index] + log1p(pin.change)
            log_price += tent(gone, pin.node) * (wanted - log_price[pin.node])
        if pin.vix is not None:
            frame = self.frames[MARKET.name]
            last = LastClose(exp(frame.log_price[index]), exp(frame.log_vol[index]))
            state = StripState(index, pin.node, float(log_price[pin.node]), float(frame.slow[index]), last)
            wanted = self._vix_level(state, pin.vix)
            log_vol += peak(pin.node) * (wanted - log_vol[pin.node])

    def _follower(self, driver: Driver, month: int) -> Block:
        rows, frame, leader = self._rows(month), self.frames[driver.name], self.frames[MARKET.name]
        market = self.block(MARKET.name, int(rows[0]))
        noise = bridges(self._seed, f"{driver.name}/minute", month, rows, True)
        own = bridges(self._seed, f"{driver.name}/vol", month, rows, False)
        gone, _ = clock_shares(rows)
        led_price = market.log_price - leader.log_price[rows, None]
        led_vol = market.log_vol - leader.log_vol[rows, None]
        rest = (np.diff(frame.log_price) - driver.beta * np.diff(leader.log_price))[rows]
        rest_vol = (np.diff(frame.log_vol) - driver.load * np.diff(leader.log_vol))[rows]
        log_price = frame.log_price[rows, None] + driver.beta * led_price + frame.sigma[rows, None] * noise + gone * rest[:, None]
        jitter = sqrt(YEAR) * (0.5 * driver.own_noise * own - driver.leverage * noise)
        log_vol = frame.log_vol[rows, None] + driver.load * led_vol + jitter + gone * rest_vol[:, None]
        return Block(int(rows[0]), log_price, log_vol)

    def _rows(self, month: int) -> NDArray[np.int64]:
        return np.flatnonzero(self._months == month)


def month_numbers(calendar: Sessions) -> NDArray[np.int64]:
    """Months since 1970 of every simulated session."""
    days = calendar.days[: calendar.simulated].astype("datetime64[D]")
    return days.astype("datetime64[M]").astype(np.int64)


def pins_by_session(pins: Sequence[IntradayPin]) -> Mapping[int, list[IntradayPin]]:
    """Intraday pins under the session they belong to; prices first, because the strip depends on them."""
    found: dict[int, list[IntradayPin]] = {}
    for pin in pins:
        found.setdefault(sessions().on_or_before(pin.day), []).append(pin)
    return {index: sorted(chosen, key=lambda pin: pin.change is None) for index, chosen in found.items()}


def clock_shares(rows: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """(rows, NODES + 1) share of the close-to-close variance time gone by each node, 1 from the close on, and (rows,) that time in years."""
    clock = variance_clock()
    passed = clock.gap[rows, None] + clock.own[rows, None] * clock.shape[clock.kind[rows]]
    spent = passed[np.arange(len(rows)), close_nodes(rows)]
    return np.minimum(passed / spent[:, None], 1.0), spent


def close_nodes(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Node of the regular close of each session."""
    return np.where(sessions().half[rows], CLOSE - HALF_DAY_CUT, CLOSE)


def bridges(seed: int, name: str, month: int, rows: NDArray[np.int64], after_hours: bool) -> Floats:
    """(rows, NODES + 1) Brownian bridges in variance time, zero at the close before, at the close and at the session's end.

    after_hours: whether there is any movement between the close and the session's end.
    """
    gone, spent = clock_shares(rows)
    draws = stream(seed, name, month).standard_normal(gone.shape)
    walk = np.cumsum(draws * np.sqrt(np.diff(gone, prepend=0.0, axis=1)), axis=1)
    bridge = (walk - gone * walk[:, -1:]) * np.sqrt(spent)[:, None]
    return bridge + evening(rows, draws) if after_hours else bridge


def evening(rows: NDArray[np.int64], draws: Floats) -> Floats:
    """The bridge between the close and the session's end."""
    clock = variance_clock()
    shape = clock.shape[clock.kind[rows]]
    closed = shape[np.arange(len(rows)), close_nodes(rows)][:, None]
    late = np.maximum((shape - closed) / (1.0 - closed), 0.0)
    walk = np.cumsum(draws * np.sqrt(np.diff(late, prepend=0.0, axis=1)), axis=1)
    return (walk - late * walk[:, -1:]) * np.sqrt((1.0 - closed) * clock.own[rows, None])


def tent(gone: Floats, node: int) -> Floats:
    """Rises from zero at the start to one at the node and falls to zero at the end, straight in variance time."""
    at = gone[node]
    return np.where(gone <= at, gone / at, (1.0 - gone) / (1.0 - at))


def peak(node: int) -> Floats:
    """One at the node, half an hour away about two thirds of it, nothing at the session's ends."""
    nodes = np.arange(NODES + 1)
    width = 90.0 if node < OPEN else 45.0
    ends = np.minimum(nodes / node_at(20), 1.0) * np.clip((LATE_CLOSE - nodes) / 60.0, 0.0, 1.0)
    return np.exp(-np.abs(nodes - node) / width) * ends / ends[node]
