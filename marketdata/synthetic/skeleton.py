"""Daily closes of every driver and its volatility: the frame the minute paths are hung in.

The market's log volatility reverts to a mean that a three-state regime chain moves, falls with the market's rises and jumps with its jumps; the others follow
market and self. Published closes (`pins`, year ends) are reached by adding the straight line in variance time that is missing between two of them, as in a
Brownian bridge; volatility pins are reached by a correction that decays before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from marketdata.synthetic.calendar import LATE_CLOSE, node_at, sessions
from marketdata.synthetic.clock import YEAR, variance_clock
from marketdata.synthetic.drivers import DRIVERS, MARKET, YEAR_ENDS, Driver
from marketdata.synthetic.listings import LastClose
from marketdata.synthetic.noise import stream
from marketdata.synthetic.pins import CLOSES
from marketdata.synthetic.vix import StripState

Floats = NDArray[np.float64]

REGIME_LEVELS = (log(0.112), log(0.148), log(0.240))
REGIME_MOVES = ((0.985, 0.015, 0.0), (0.010, 0.985, 0.005), (0.0, 0.02, 0.98))
REGIME_FOLLOWED = 0.05
REVERSION = 0.035
FEAR = 0.055
"""Rise of log volatility for a fall of one daily sigma (VIX rises about 5 % on a one-sigma fall)."""
FEAR_CONVEXITY = 0.008
VOL_NOISE = 0.042
JUMP_CHANCE = 0.012
JUMP_MEAN, JUMP_SPREAD = -1.6, 1.2
"""Jump in daily sigmas."""
LOWEST, HIGHEST = log(0.085), log(1.10)
VIX_PASSES = 3
LEAD, DECAY = 2.0, 10.0
"""Sessions over which a volatility pin is led up to, and forgotten."""

VixLevel = Callable[[StripState, float], float]
"""(where, VIX wanted) -> log volatility of the market that gives it."""
MarketChange = Callable[[Floats, Floats, Floats], tuple[Floats, Floats]]
"""(log price, log volatility, slow level) of the market -> log price and log volatility changed."""


@dataclass(frozen=True, slots=True)
class DailyFrame:
    """Closes of one driver. log_price, log_vol: (n + 1,), row i + 1 is the close of session i, row 0 the start; slow: (n,) mean the volatility reverts to;
    sigma: (n,) realised volatility per year that drives the part of the path not explained by the market; jump: (n,) log jump and jump_node: (n,) when.
    """

    log_price: Floats
    log_vol: Floats
    slow: Floats
    sigma: Floats
    jump: Floats
    jump_node: NDArray[np.int64]


def session_time() -> Floats:
    """(n,) variance time from close to close of each simulated session."""
    clock = variance_clock()
    return (clock.gap + clock.own)[: sessions().simulated]


def simulate(seed: int, pinned: bool, vix_level: VixLevel, change: MarketChange | None = None) -> Mapping[str, DailyFrame]:
    """Frames of all drivers. pinned: run through published closes; otherwise nothing but the seed and the starting levels is given. change: what a scenario
    makes of the market's path; the others follow it by their loadings.
    """
    market = market_frame(seed, pinned, vix_level)
    changed = market if change is None else changed_market(market, change)
    frames = {MARKET.name: changed}
    for driver in DRIVERS.values():
        if driver is not MARKET:
            plain = follower_frame(seed, driver, market, pinned)
            frames[driver.name] = plain if change is None else changed_follower(driver, plain, market, changed)
    return frames


def changed_market(market: DailyFrame, change: MarketChange) -> DailyFrame:
    """The market's frame under a scenario."""
    log_price, log_vol = change(market.log_price, market.log_vol, market.slow)
    return replace(market, log_price=log_price, log_vol=log_vol, sigma=MARKET.realised * np.exp(log_vol[:-1]))


def changed_follower(driver: Driver, plain: DailyFrame, market: DailyFrame, changed: DailyFrame) -> DailyFrame:
    """A follower's frame when the market's has changed."""
    log_price = plain.log_price + driver.beta * (changed.log_price - market.log_price)
    log_vol = plain.log_vol + driver.load * (changed.log_vol - market.log_vol)
    return replace(plain, log_price=log_price, log_vol=log_vol, sigma=own_sigma(driver, np.exp(log_vol[:-1]), changed.sigma))


def market_frame(seed: int, pinned: bool, vix_level: VixLevel) -> DailyFrame:
    """The market: volatility first, then price, then what the pins need."""
    rng, spent = stream(seed, "market/daily"), session_time()
    n = len(spent)
    slow = slow_levels(rng, n)
    normal, own, chance, size = rng.standard_normal((2, n)), rng.standard_normal(n), rng.random(n), rng.standard_normal(n)
    jumped = np.where(chance < JUMP_CHANCE, JUMP_MEAN + JUMP_SPREAD * size, 0.0)
    log_vol = np.empty(n + 1)
    log_vol[0] = log(0.11)
    moves = np.empty(n)
    for i in range(n):
        moves[i] = normal[0, i] * sqrt(spent[i] * YEAR) + jumped[i]
        log_vol[i + 1] = next_log_vol(float(log_vol[i]), float(slow[i]), float(moves[i]), VOL_NOISE * float(own[i]))
    sigma = MARKET.realised * np.exp(log_vol[:-1])
    returns = sigma / sqrt(YEAR) * moves + MARKET.drift * spent
    log_price = log(MARKET.start) + np.concatenate([[0.0], np.cumsum(returns)])
    if pinned:
        log_price = through_levels(log_price, spent, market_levels())
        log_vol = through_vix(log_vol, log_price, slow, vix_level)
    jump = sigma / sqrt(YEAR) * jumped
    return DailyFrame(log_price, log_vol, slow, MARKET.realised * np.exp(log_vol[:-1]), jump, jump_nodes(rng, n))


def slow_levels(rng: np.random.Generator, n: int) -> Floats:
    """Mean of log volatility per session, following the regime chain from the calm state."""
    chance, moves = rng.random(n), np.cumsum(np.array(REGIME_MOVES), axis=1)
    slow, state, level = np.empty(n), 0, REGIME_LEVELS[0]
    for i in range(n):
        state = min(int(np.searchsorted(moves[state], chance[i], side="right")), 2)
        level += REGIME_FOLLOWED * (REGIME_LEVELS[state] - level)
        slow[i] = level
    return slow


def next_log_vol(now: float, slow: float, move: float, noise: float) -> float:
    """Log volatility after a session in which the market moved by `move` daily sigmas."""
    fear = -FEAR * move + FEAR_CONVEXITY * (min(move * move, 16.0) - 1.0)
    return min(max(now + REVERSION * (slow - now) + fear + noise, LOWEST), HIGHEST)


def jump_nodes(rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    """When a jump happens: half of them at 08:30 or the open, the rest at any regular minute."""
    anywhere = rng.integers(node_at(9, 35), node_at(12, 45), n)
    return np.where(rng.random(n) < 0.5, np.where(rng.random(n) < 0.5, node_at(8, 31), node_at(9, 31)), anywhere)


def market_levels() -> Sequence[tuple[date, float]]:
    """Index closes the path goes through, ascending."""
    return sorted([*zip(YEAR_ENDS, MARKET.year_ends, strict=True), *((pin.day, pin.index) for pin in CLOSES)])


def through_levels(log_price: Floats, spent: Floats, levels: Sequence[tuple[date, float]]) -> Floats:
    """The path plus what is missing at the given closes, straight in variance time between them and constant after the last."""
    time = np.concatenate([[0.0], np.cumsum(spent)])
    rows = [0, *(sessions().on_or_before(day) + 1 for day, _ in levels)]
    missing = [0.0, *(log(level) - float(log_price[row]) for row, (_, level) in zip(rows[1:], levels, strict=True))]
    return log_price + np.interp(time, time[rows], missing)


def through_vix(log_vol: Floats, log_price: Floats, slow: Floats, vix_level: VixLevel) -> Floats:
    """Log volatility corrected so that the VIX closes are met: straight between neighbouring pins, decaying away from a group of them.

    Repeated, because the strikes that the strip is made of are listed by the volatility of the close before.
    """
    calendar = sessions()
    rows = np.array([calendar.on_or_before(pin.day) + 1 for pin in CLOSES])
    for _ in range(VIX_PASSES):
        states = [strip_state(row, log_price, log_vol, slow) for row in rows.tolist()]
        wanted = np.array([vix_level(state, pin.vix) for state, pin in zip(states, CLOSES, strict=True)])
        log_vol = log_vol + correction(len(log_vol), rows, wanted - log_vol[rows])
    return log_vol


def strip_state(row: int, log_price: Floats, log_vol: Floats, slow: Floats) -> StripState:
    """The VIX close of the session whose close is `row`."""
    node = sessions().close_node(row - 1, LATE_CLOSE)
    last = LastClose(exp(log_price[row - 1]), exp(log_vol[row - 1]))
    return StripState(row - 1, node, float(log_price[row]), float(slow[row - 1]), last)


def correction(n: int, rows: NDArray[np.int64], missing: Floats) -> Floats:
    """What to add at every row: from the pin before it, forgotten with DECAY, and from the pin after it, led up to with LEAD; interpolated in a group."""
    at = np.arange(n)
    before = np.searchsorted(rows, at, side="right") - 1
    after = np.minimum(before + 1, len(rows) - 1)
    last = np.maximum(before, 0)
    grouped = (before >= 0) & (before < len(rows) - 1) & (rows[after] - rows[last] <= LEAD + 2)
    inside = np.interp(at, rows, missing)
    forgotten = np.where(before >= 0, missing[last] * np.exp(-np.abs(at - rows[last]) / DECAY), 0.0)
    led = np.where(at < rows[after], missing[after] * np.exp(-np.abs(rows[after] - at) * 2.0 / LEAD), 0.0)
    return np.where(grouped, inside, forgotten + led)


def follower_frame(seed: int, driver: Driver, market: DailyFrame, pinned: bool) -> DailyFrame:
    """A driver that takes part of the market's moves and has its own."""
    rng, spent = stream(seed, f"{driver.name}/daily"), session_time()
    n = len(spent)
    own, vol_noise = rng.standard_normal(n), rng.standard_normal(n)
    pulled = log(driver.usual) + driver.load * (market.log_vol - log(MARKET.usual))
    apart = np.zeros(n + 1)
    for i in range(n):
        apart[i + 1] = (1.0 - driver.own_speed) * apart[i] - driver.leverage * own[i] + driver.own_noise * vol_noise[i]
    log_vol = pulled + apart
    sigma = own_sigma(driver, np.exp(log_vol[:-1]), market.sigma)
    returns = driver.beta * np.diff(market.log_price) + sigma * np.sqrt(spent) * own + (driver.drift - driver.beta * MARKET.drift) * spent
    log_price = log(driver.start) + np.concatenate([[0.0], np.cumsum(returns)])
    if pinned:
        log_price = through_levels(log_price, spent, list(zip(YEAR_ENDS, driver.year_ends, strict=True)))
    nothing = np.zeros(n)
    return DailyFrame(log_price, log_vol, slow_of(driver, market), sigma, nothing, nothing.astype(np.int64))


def own_sigma(driver: Driver, implied: Floats, market_sigma: Floats) -> Floats:
    """Volatility of the part the market does not explain, at least 40 % of the whole."""
    whole = driver.realised * implied
    return np.sqrt(np.maximum(whole**2 - (driver.beta * market_sigma) ** 2, (0.4 * whole) ** 2))


def slow_of(driver: Driver, market: DailyFrame) -> Floats:
    """Mean that a driver's volatility reverts to, moved by the market's."""
    return log(driver.usual) + driver.load * (market.slow - log(MARKET.usual))
