"""Interest-rate curve and cash dividends with dates: what moves a spot price forward.

A curve is a few continuously compounded zero rates at year fractions, interpolated on the logarithm of the discount factor (piecewise constant forward
rates), flat in the zero rate before the first and in the forward rate after the last node. Dividends are cash amounts on ex-days; their present value
leaves the spot when a price is wanted that a European option sees (escrowed dividends, Hull, Options Futures and Other Derivatives, ch. 15.12).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks.units import DAYS_PER_YEAR
from vocabulary.errors import BadInput
from vocabulary.market import Dividend

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RateCurve:
    """Zero rates by year fraction. years: ascending and positive; zeros: continuously compounded, per year."""

    years: Floats
    zeros: Floats

    def __post_init__(self) -> None:
        years, zeros = np.asarray(self.years, dtype=np.float64), np.asarray(self.zeros, dtype=np.float64)
        if years.ndim != 1 or years.size == 0 or years.shape != zeros.shape:
            raise BadInput(f"rate curve: years {years.shape} and zero rates {zeros.shape} must be equally long lists")
        if not (np.all(np.isfinite(zeros)) and np.all(np.diff(years, prepend=0.0) > 0)):
            raise BadInput("rate curve: years must be positive and ascending, zero rates finite")

    @classmethod
    def flat(cls, rate: float) -> RateCurve:
        """One rate for every term."""
        return cls(np.array([1.0]), np.array([rate]))

    @classmethod
    def from_discounts(cls, years: ArrayLike, discounts: ArrayLike) -> RateCurve:
        """A curve through discount factors, for instance those implied by put-call parity; raises BadInput when one is not positive."""
        t, d = np.asarray(years, dtype=np.float64), np.asarray(discounts, dtype=np.float64)
        if not np.all(d > 0):
            raise BadInput("rate curve: discount factors must be positive")
        return cls(t, -np.log(d) / t)

    def log_discount(self, years: ArrayLike) -> Any:
        """Minus rate times time for each year fraction (>= 0), any shape."""
        t = np.asarray(years, dtype=np.float64)
        nodes, values = np.concatenate([[0.0], self.years]), np.concatenate([[0.0], -self.zeros * self.years])
        slope = (values[-1] - values[-2]) / (nodes[-1] - nodes[-2])
        return np.where(t > nodes[-1], values[-1] + slope * (t - nodes[-1]), np.interp(t, nodes, values))

    def discount(self, years: ArrayLike) -> Any:
        """Value today of 1 paid after `years`, any shape."""
        return np.exp(self.log_discount(years))

    def zero(self, years: ArrayLike) -> Any:
        """Continuously compounded rate to `years`; at zero the first node's rate."""
        t = np.asarray(years, dtype=np.float64)
        safe = np.where(t > 0, t, 1.0)
        return np.where(t > 0, -self.log_discount(safe) / safe, self.zeros[0])


@dataclass(frozen=True, slots=True)
class DividendSchedule:
    """Cash dividends per share by ex-day, ascending. ex_days: datetime64[D]; amounts: account currency per share, not negative."""

    ex_days: NDArray[np.datetime64]
    amounts: Floats

    def __post_init__(self) -> None:
        if self.ex_days.shape != self.amounts.shape or self.ex_days.ndim != 1:
            raise BadInput(f"dividends: {self.ex_days.shape} ex-days and {self.amounts.shape} amounts must be equally long lists")
        if np.any(np.diff(self.ex_days) < np.timedelta64(0, "D")) or not np.all(self.amounts >= 0):
            raise BadInput("dividends: ex-days must ascend and amounts must not be negative")

    @classmethod
    def of(cls, dividends: Iterable[Dividend]) -> DividendSchedule:
        """From the vocabulary's dividends, in any order."""
        ordered = sorted(dividends, key=lambda one: one.ex_day)
        return cls(np.array([one.ex_day for one in ordered], dtype="datetime64[D]"), np.array([one.amount for one in ordered], dtype=np.float64))

    @classmethod
    def none(cls) -> DividendSchedule:
        """No dividend known."""
        return cls.of(())

    def years_from(self, today: date) -> Floats:
        """Year fractions from `today` to every ex-day (negative for those gone by)."""
        return (self.ex_days - np.datetime64(today, "D")).astype(np.float64) / DAYS_PER_YEAR

    def present_value(self, today: date, years: ArrayLike, curve: RateCurve) -> Any:
        """Value today of the dividends whose ex-day is after today and not after each horizon `years`; any shape."""
        t, when = np.asarray(years, dtype=np.float64), self.years_from(today)
        value = np.where(when > 0, self.amounts * curve.discount(np.maximum(when, 0.0)), 0.0)
        return np.sum(np.where(when <= t[..., None] + 1e-12, value, 0.0), axis=-1)

    def coming(self, today: date, horizon: float) -> tuple[Floats, Floats]:
        """Year fractions and amounts of the dividends between today (exclusive) and the horizon in years (inclusive)."""
        when = self.years_from(today)
        picked = (when > 0) & (when <= horizon + 1e-12)
        return when[picked], self.amounts[picked]


def forward_price(spot: ArrayLike, today: date, years: ArrayLike, curve: RateCurve, dividends: DividendSchedule) -> Any:
    """Forward of a share: (spot less present value of dividends) over the discount factor; broadcasts spot against years."""
    escrowed = np.asarray(spot, dtype=np.float64) - dividends.present_value(today, years, curve)
    return escrowed / curve.discount(years)


def equivalent_yield(spot: ArrayLike, forward: ArrayLike, years: ArrayLike, rate: ArrayLike) -> Any:
    """Continuous dividend yield q with forward = spot * exp((rate - q) * years); NaN where years is not positive."""
    t = np.asarray(years, dtype=np.float64)
    carry = np.log(np.asarray(forward, dtype=np.float64) / np.asarray(spot, dtype=np.float64)) / np.where(t > 0, t, np.nan)
    return np.asarray(rate, dtype=np.float64) - carry
