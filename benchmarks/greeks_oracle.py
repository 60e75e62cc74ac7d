"""Black-Scholes-Merton in 200-bit arithmetic, and the random options it judges: the yardstick of greeks_accuracy.py and of the kernel tests.

Inputs are the doubles the kernels get, taken as exact. Every option is evaluated; nothing is stored. Run directly it prints the cost of one option.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import mpmath
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BITS = 200
QUANTITIES = ("price", "delta", "gamma", "theta", "vega", "rho", "vanna", "charm", "vomma")


@dataclass(frozen=True, slots=True)
class OptionSample:
    """Columns in the order of the kernels' arguments; call is 1.0 or 0.0."""

    call: Floats
    spot: Floats
    strike: Floats
    years: Floats
    rate: Floats
    dividend_yield: Floats
    volatility: Floats

    def columns(self) -> tuple[Floats, ...]:
        """The seven columns."""
        return self.arguments()

    def market(self) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Spot, strike, years, rate, yield: what an implied-volatility call takes after its price."""
        return self.spot, self.strike, self.years, self.rate, self.dividend_yield

    def arguments(self) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats]:
        """The seven columns in the order of the kernels' arguments."""
        return self.call, self.spot, self.strike, self.years, self.rate, self.dividend_yield, self.volatility


@dataclass(frozen=True, slots=True)
class OracleAnswer:
    """value[quantity, option] and scale, rounded to double from 200 bits.

    scale: the size of the terms a value is made of (price: the larger of discounted spot and strike; delta: the discount). Terms with the density carry a
    factor 1 + |d|, because one unit of rounding in a distance d changes the density by |d| units.
    """

    value: Floats
    scale: Floats


def sample_options(count: int, seed: int) -> OptionSample:
    """Half ordinary options, half corners: an hour to expiry, strikes to five times the spot, volatility to 400 %, prices at intrinsic, negative rates."""
    rng = np.random.default_rng(seed)
    corner = rng.random(count) < 0.5
    spot = np.exp(rng.uniform(np.log(1.0), np.log(6000.0), count))
    moneyness = np.where(corner, rng.uniform(-np.log(5.0), np.log(5.0), count), rng.normal(0.0, 0.15, count))
    years = np.where(corner, np.exp(rng.uniform(np.log(1.0 / 8760.0), np.log(5.0), count)), rng.uniform(1.0, 730.0, count) / 365.0)
    volatility = np.where(corner, np.exp(rng.uniform(np.log(0.01), np.log(4.0), count)), rng.uniform(0.08, 0.9, count))
    near = corner & (rng.random(count) < 0.3)
    moneyness = np.where(near, rng.normal(0.0, 3.0, count) * volatility * np.sqrt(years), moneyness)
    rate, dividend_yield = rng.uniform(-0.03, 0.12, count), rng.uniform(-0.02, 0.10, count)
    call = (rng.random(count) < 0.5).astype(np.float64)
    strike: Floats = (spot * np.exp(moneyness)).astype(np.float64)
    return OptionSample(call, spot, strike, years, rate, dividend_yield, volatility)


def oracle_row(call: float, spot: float, strike: float, years: float, rate: float, dividend_yield: float, volatility: float) -> tuple[list[float], list[float]]:
    """(values, scales) of one option, in the order of QUANTITIES."""
    s, k, t, r, q, v = (mpmath.mpf(x) for x in (spot, strike, years, rate, dividend_yield, volatility))
    sign = 1 if call else -1
    root = mpmath.sqrt(t)
    width = v * root
    d1 = (mpmath.log(s / k) + (r - q) * t) / width + width / 2
    d2 = d1 - width
    half = mpmath.sqrt(mpmath.mpf(1) / 2)
    n1, n2 = mpmath.erfc(-sign * d1 * half) / 2, mpmath.erfc(-sign * d2 * half) / 2
    carry_discount, discount = mpmath.exp(-q * t), mpmath.exp(-r * t)
    density = carry_discount * mpmath.exp(-d1 * d1 / 2) / mpmath.sqrt(2 * mpmath.pi)
    asset, cash, vega = s * carry_discount, k * discount, s * density * root
    decay, paid, earned = s * density * v / (2 * root), q * asset * n1, r * cash * n2
    drift = density * (r - q) / width, density * d2 / (2 * t)
    values = [
        sign * (asset * n1 - cash * n2),
        sign * carry_discount * n1,
        density / (s * width),
        -decay + sign * (paid - earned),
        vega,
        sign * t * cash * n2,
        -density * d2 / v,
        sign * q * carry_discount * n1 - drift[0] + drift[1],
        vega * d1 * d2 / v,
    ]
    reach = 1 + abs(d1), 1 + abs(d2)
    scales = [
        max(asset, cash),
        carry_discount,
        density / (s * width) * reach[0],
        decay * reach[0] + abs(paid) + abs(earned),
        vega * reach[0],
        t * cash,
        density * reach[1] * reach[0] / v,
        abs(q) * carry_discount + (abs(drift[0]) + abs(drift[1])) * reach[0],
        vega * reach[0] * reach[1] * reach[0] / v,
    ]
    return [float(x) for x in values], [float(x) for x in scales]


def oracle(sample: OptionSample) -> OracleAnswer:
    """Evaluate every option of the sample."""
    with mpmath.workprec(BITS):
        answers = [oracle_row(*row) for row in zip(*(column.tolist() for column in sample.columns()), strict=True)]
    value, scale = np.array([a for a, _ in answers]).T, np.array([b for _, b in answers]).T
    return OracleAnswer(value, scale)


if __name__ == "__main__":
    trial = sample_options(1000, 1)
    started = perf_counter()
    oracle(trial)
    print(f"{BITS}-bit oracle: {(perf_counter() - started) * 1e3:.0f} us per option, price and eight Greeks")
