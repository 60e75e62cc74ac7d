"""The price drivers: what moves by itself. Every instrument is a function of one of them.

Levels at year ends are the published closes, rounded; paths run through them, so that strikes and dividends look as a user knows them. Volatility and skew
figures are typical of each market's listed options over 2018 to 2025 and are inputs of the simulation, not estimates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vocabulary.errors import BadInput

YEAR_ENDS = tuple(
    date.fromisoformat(text) for text in ("2018-12-31", "2019-12-31", "2020-12-31", "2021-12-31", "2022-12-30", "2023-12-29", "2024-12-31", "2025-12-31")
)
SMALL_TOTAL_VARIANCE_PEAK = 0.5824
"""Largest value of x**0.2 * (1+x)**-1.2, reached at x = 0.2: what bounds eta below (see `surface`)."""


@dataclass(frozen=True, slots=True)
class Skew:
    """Shape of a surface: correlation and curvature of SSVI, each with its change per unit of stress (log volatility over its usual level).

    Raises BadInput when a stressed surface would break the no-butterfly condition (Gatheral and Jacquier 2014, theorem 4.2).
    """

    rho: float
    eta: float
    rho_stress: float = 0.0
    eta_stress: float = 0.0

    def __post_init__(self) -> None:
        for sign in (-1.0, 1.0):
            lean = 1.0 + abs(self.rho + sign * self.rho_stress)
            curve = self.eta + sign * self.eta_stress
            if lean >= 2.0 or curve * lean >= 4.0 or curve**2 * SMALL_TOTAL_VARIANCE_PEAK * lean > 4.0:
                raise BadInput(f"skew {self}: rho and eta allow butterfly arbitrage; lower eta")


@dataclass(frozen=True, slots=True)
class Driver:
    """One price driver.

    start: level at the close of 2017; year_ends: levels at YEAR_ENDS, later ones free; beta: loading on the market's return; usual: usual 30-day at-the-money
    volatility; load: how much of the market's log-volatility move it takes; own_speed: mean reversion of the rest per session; own_noise: its daily noise;
    leverage: change of log volatility for a fall of one daily sigma of its own; realised: realised over implied volatility; drift: per year where free.
    """

    name: str
    start: float
    year_ends: Sequence[float]
    usual: float
    skew: Skew
    beta: float = 0.0
    load: float = 0.0
    own_speed: float = 0.03
    own_noise: float = 0.03
    leverage: float = 0.0
    realised: float = 0.85
    drift: float = 0.05


MARKET = Driver(
    "market", 2673.61, (2506.85, 3230.78, 3756.07, 4766.18, 3839.50, 4769.83, 5881.63, 6845.50), 0.15, Skew(-0.73, 1.78, -0.04, 0.08), realised=0.92, drift=0.06
)
DRIVERS: Mapping[str, Driver] = {
    driver.name: driver
    for driver in (
        MARKET,
        Driver("nasdaq", 155.8, (154.3, 212.6, 313.7, 397.9, 266.3, 409.5, 511.2, 614.3), 0.20, Skew(-0.66, 1.7, -0.06, 0.1), 1.15, 0.90, drift=0.08),
        Driver("small", 152.5, (133.9, 165.7, 196.1, 222.5, 174.4, 200.7, 221.0, 246.2), 0.21, Skew(-0.64, 1.7, -0.06, 0.1), 1.15, 0.80),
        Driver("gold", 1302.8, (1282.5, 1517.3, 1898.4, 1829.2, 1824.0, 2063.0, 2624.5, 4319.0), 0.145, Skew(0.10, 1.4), 0.03, 0.35, leverage=-0.01),
        Driver("bond", 126.9, (121.5, 135.5, 157.7, 148.2, 99.6, 98.9, 87.3, 87.2), 0.145, Skew(-0.05, 1.3), -0.15, 0.30, leverage=0.005, drift=-0.02),
        Driver("crude", 60.4, (45.4, 61.1, 48.5, 75.2, 80.3, 71.7, 71.7, 57.4), 0.34, Skew(-0.28, 1.5, -0.1, 0.1), 0.45, 0.50, leverage=0.03, drift=0.0),
        Driver("sterling", 1.3513, (1.2754, 1.3257, 1.3670, 1.3532, 1.2083, 1.2731, 1.2516, 1.3475), 0.085, Skew(-0.10, 1.2), 0.12, 0.35, drift=0.0),
    )
}
