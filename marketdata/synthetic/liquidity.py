"""How wide, how deep and how busy a contract is quoted.

Spread: the larger of one tick and a share of the price plus a number of volatility points, wider for long expiries, on the last day (a maker's gamma is
largest while vega is gone), for the first minutes of the day and in stress. Open interest and volume: a bell in standard deviations around just below the
money, round strikes and monthly expiries preferred, times a draw that belongs to the contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from marketdata.synthetic.calendar import EPOCH, sessions, third_friday
from marketdata.synthetic.drivers import DRIVERS
from marketdata.synthetic.noise import mixed, word_of
from marketdata.synthetic.roots import OptionRoot

Floats = NDArray[np.float64]
OPENING_WIDTH, OPENING_MINUTES = 1.5, 6.0
LAST_DAY_WIDTH, LAST_DAY_YEARS = 12.0, 0.3 / 365.0
"""How many times the share of the price is added at expiry, and over which time before it that fades."""
BAND = 1e-9
WEEKLY_SHARE = 0.35
SMALLEST_SIZE = 4.0


@dataclass(frozen=True, slots=True)
class Quoted:
    """Bid and ask in units of 1.00; a bid of zero means nobody bids."""

    bid: Floats
    ask: Floats


@dataclass(frozen=True, slots=True)
class Unrest:
    """What widens all quotes of a root at some instants: volatility above its usual level, and the first minutes of the day."""

    stress: Floats
    opening: Floats

    @classmethod
    def of(cls, root: OptionRoot, log_vol: Floats, nodes: NDArray[np.int64]) -> Unrest:
        """At nodes of a session with the log volatility there; they broadcast."""
        stress = np.clip(np.exp(1.2 * (log_vol - log(DRIVERS[root.underlying.driver].usual))), 0.7, 6.0)
        return cls(stress, 1.0 + OPENING_WIDTH * np.exp(-np.maximum(nodes - root.opens, 0) / OPENING_MINUTES))


@dataclass(frozen=True, slots=True)
class Nearness:
    """What the time left to expiry does to a width: factors of the share of the price and of the volatility points."""

    of_price: Floats
    of_vega: Floats

    @classmethod
    def of(cls, years: Floats) -> Nearness:
        """From calendar years to expiry, any shape."""
        return cls(1.0 + LAST_DAY_WIDTH * np.exp(-years / LAST_DAY_YEARS), 1.0 + 2.0 * years)


def full_width(root: OptionRoot, mid: Floats, vega: Floats, near: Nearness, unrest: Unrest) -> Floats:
    """Ask less bid before rounding; vega per volatility point. Everything broadcasts."""
    plain = root.spread_of_price * near.of_price * mid + root.spread_of_vega * near.of_vega * vega
    return plain * unrest.stress * unrest.opening


def quoted(root: OptionRoot, mid: Floats, width: Floats) -> Quoted:
    """Bid rounded down and ask rounded up to the tick, so that the mid stays between them and no arbitrage can appear by rounding."""
    return Quoted(on_tick(root, np.maximum(mid - 0.5 * width, 0.0), False), np.maximum(on_tick(root, mid + 0.5 * width, True), root.ticks[0]))


def on_tick(root: OptionRoot, price: Floats, up: bool) -> Floats:
    """The tick at or beyond a price. Where the tick changes with the price, a price below the change is rounded by the small one."""
    small, large = root.ticks
    tick = np.where(price < root.tick_from, small, large) if small != large else small
    steps: Floats = np.ceil(price / tick - BAND) if up else np.floor(price / tick + BAND)
    return (steps * tick).round(4)


def usual_size(root: OptionRoot, moneyness: float, days: float) -> float:
    """Contracts usually quoted on a side: a bell in standard deviations around the money, deeper for busy roots. moneyness: strike over price."""
    deviation = DRIVERS[root.underlying.driver].usual * sqrt((max(days, 0.0) + 3.0) / 365.0)
    return SMALLEST_SIZE + root.busy**0.45 * exp(-0.5 * (log(moneyness) / (2.0 * deviation)) ** 2)


@dataclass(frozen=True, slots=True)
class ContractKeys:
    """Rows of contracts: expiry as days since 1970, strike in thousandths, sign 1 or -1; number: what a contract's draws hang on."""

    expiry: NDArray[np.int64]
    strike: NDArray[np.int64]
    sign: NDArray[np.int64]
    number: NDArray[np.uint64]

    @classmethod
    def of(cls, root: OptionRoot, expiry: NDArray[np.int64], strike: Floats, sign: Floats) -> ContractKeys:
        """From a root and arrays of one length."""
        thousandths, right = np.rint(strike * 1000.0).astype(np.int64), sign.astype(np.int64)
        return cls(expiry, thousandths, right, word_of(int.from_bytes(root.ticker.encode(), "big"), expiry, thousandths, right))


def open_interest(seed: int, root: OptionRoot, keys: ContractKeys, index: int, spot: float, liking: Liking) -> Floats:
    """Contracts open on a session, whole numbers. Grows as expiry comes nearer; where it lies follows the price slowly. liking: of the same rows."""
    day = int(sessions().days[index])
    left = np.maximum(keys.expiry - day, 0)
    distance = np.log(keys.strike / 1000.0 / spot) / (0.012 * np.sqrt(left + 3.0))
    centre = np.where(keys.sign > 0, 0.6, -0.9)
    bell = np.exp(-0.5 * ((distance - centre) / 1.8) ** 2)
    age = np.exp(-left / 150.0)
    drift = 0.9 + 0.2 * mixed(seed, day, keys.number)
    return np.floor(root.busy * bell * age * liking.taste * drift * liking.round * liking.weekly)


@dataclass(frozen=True, slots=True)
class Liking:
    """What makes open interest prefer a contract whatever the day: a draw of its own, how round its strike is, its expiry's share."""

    taste: Floats
    round: Floats
    weekly: Floats


def liking_of(seed: int, root: OptionRoot, keys: ContractKeys) -> Liking:
    """Per row."""
    return Liking(np.exp(1.1 * normal_of(mixed(seed, keys.number))), roundness(root, keys.strike), weekly_share(keys.expiry))


def normal_of(uniform: Floats) -> Floats:
    """A roughly normal number from a uniform one (logistic, variance 1)."""
    safe = np.clip(uniform, 1e-9, 1 - 1e-9)
    return np.log(safe / (1.0 - safe)) * 0.5513


def roundness(root: OptionRoot, strike: NDArray[np.int64]) -> Floats:
    """Round strikes are preferred."""
    coarse, fine = int(root.steps.coarse * 1000), int(root.steps.fine * 1000)
    return np.where(strike % (4 * coarse) == 0, 2.0, np.where(strike % coarse == 0, 1.0, np.where(strike % fine == 0, 0.45, 0.2)))


def weekly_share(expiry: NDArray[np.int64]) -> Floats:
    """Monthly expiries hold most of the interest."""
    distinct, rows = np.unique(expiry, return_inverse=True)
    return np.array([expiry_share(int(number)) for number in distinct])[rows]


@cache
def expiry_share(number: int) -> float:
    """Share of one expiry, given as days since 1970."""
    day = date.fromordinal(EPOCH.toordinal() + number)
    return 1.0 if day == third_friday(day.year, day.month) else WEEKLY_SHARE


def daily_volume(seed: int, keys: ContractKeys, index: int, interest: Floats, log_vol: float, usual: float) -> Floats:
    """Contracts traded on a session: a share of the open interest that is larger near expiry and in stress; none on some days for quiet contracts."""
    day = int(sessions().days[index])
    left = np.maximum(keys.expiry - day, 0)
    turnover = (0.04 + 1.6 * np.exp(-left / 2.0) + 0.15 * np.exp(-left / 15.0)) * float(np.clip(np.exp(log_vol) / usual, 0.6, 3.0))
    taste = np.exp(0.9 * normal_of(mixed(seed + 1, day, keys.number)))
    return np.floor(interest * turnover * taste)
