"""The implied surface of a driver at an instant: total variance by variance time and log-moneyness, free of static arbitrage by construction.

At-the-money total variance theta is the integral of a positive forward variance that reverts to the slow level, hence rises with expiry. Across strikes it is
SSVI with the power law phi(theta) = eta * theta**-0.4 * (1 + theta)**-0.6 and one correlation per instant (Gatheral and Jacquier 2014, Arbitrage-free SVI
volatility surfaces; the case of eSSVI in which rho does not depend on expiry, Hendriks and Martini 2019). No calendar arbitrage: theta and theta * phi rise,
phi falls. No butterfly arbitrage: theta * phi * (1 + |rho|) < 4 and theta * phi**2 * (1 + |rho|) <= 4; `drivers.Skew` refuses parameters for which either
could fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from marketdata.synthetic.drivers import Driver

Floats = NDArray[np.float64]
POWER = 0.4
SPEED = 5.0
"""Reversion of forward variance per year of variance time (half-life about seven weeks)."""
MONTH = 21.0 / 252.0
LONG_PREMIUM = 1.9
"""Long-run forward variance over the square of the level it hangs on."""
FAR_FOLLOWS = 0.22
"""Share of the way from the slow volatility level to the 30-day volatility at which long-run forward variance hangs: in a crash the far end rises too."""
LOWEST_SHARE = 0.25
"""Instantaneous variance is at least this share of the 30-day variance."""


@dataclass(frozen=True, slots=True)
class VolState:
    """What a surface needs besides its driver. log_vol: log of the 30-day at-the-money volatility, any shape; slow: log of the level it reverts to."""

    log_vol: Floats
    slow: float


def spread_out(time: Floats) -> Floats:
    """(1 - exp(-SPEED t)) / SPEED: how much of an instantaneous variance excess reaches the integral to t."""
    return -np.expm1(-SPEED * time) / SPEED


@dataclass(frozen=True, slots=True)
class Surface:
    """A surface at some instants, before an expiry is chosen: long-run forward variance, how far the instantaneous one is above it, and SSVI's rho and eta."""

    far: Floats
    excess: Floats
    rho: Floats
    eta: Floats

    @classmethod
    def of(cls, driver: Driver, state: VolState) -> Surface:
        """From the driver's skew and the state; arrays have the state's shape."""
        stress = np.tanh((state.log_vol - log(driver.usual)) / 1.0)
        rho, eta = driver.skew.rho + driver.skew.rho_stress * stress, driver.skew.eta + driver.skew.eta_stress * stress
        far = long_run(state)
        return cls(far, instantaneous(state, far) - far, rho, eta)

    def smile(self, time: Floats) -> Smile:
        """The smile towards expiries `time` away (years of variance time); broadcasts with the instants."""
        theta = np.maximum(self.far * time + self.excess * spread_out(time), 1e-14)
        phi = self.eta * theta**-POWER * (1.0 + theta) ** (POWER - 1.0)
        return Smile(0.5 * theta, phi, self.rho)


@dataclass(frozen=True, slots=True)
class Smile:
    """The surface towards one expiry: half the total at-the-money variance, and SSVI's phi and rho. They broadcast with the instants they were taken at."""

    half_variance: Floats
    phi: Floats
    rho: Floats

    def total_volatility(self, moneyness: Floats) -> Floats:
        """Square root of total variance at log(strike / forward); zero at zero time."""
        lean = self.phi * moneyness
        variance = self.half_variance * (1.0 + self.rho * lean + np.sqrt((lean + self.rho) ** 2 + 1.0 - self.rho * self.rho))
        return np.sqrt(variance)


def long_run(state: VolState) -> Floats:
    """Forward variance per year that the instantaneous one reverts to."""
    return LONG_PREMIUM * np.exp(2.0 * ((1.0 - FAR_FOLLOWS) * state.slow + FAR_FOLLOWS * state.log_vol))


def instantaneous(state: VolState, far: Floats) -> Floats:
    """Variance per year now, such that the average over a month is the state's. far: what it reverts to."""
    month = np.exp(2.0 * state.log_vol)
    share = spread_out(np.asarray(MONTH)) / MONTH
    return np.maximum((month - far * (1.0 - share)) / share, LOWEST_SHARE * month)


def atm_variance(state: VolState, time: Floats) -> Floats:
    """Total at-the-money variance to variance time `time` (years, >= 0); broadcasts with the state."""
    far = long_run(state)
    return far * time + (instantaneous(state, far) - far) * spread_out(time)
