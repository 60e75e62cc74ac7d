"""LEAN's names for interest-rate models."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from leanlocal.exact import from_float, to_float
from leanlocal.rates.curves import InterestRates, RateCurve
from leanlocal.surface import LeanObject


class InterestRateProvider(LeanObject[RateCurve]):
    """The interest-rate file."""

    def __init__(self, core: RateCurve | None = None) -> None:
        self._core = core if core is not None else InterestRates([])

    def get_interest_rate(self, date: datetime | date) -> float:
        """Annual rate as a fraction on a date."""
        return to_float(self._core.at(date.date() if isinstance(date, datetime) else date))


class ConstantRiskFreeRateInterestRateModel(LeanObject[None]):
    """The same rate on every date."""

    def __init__(self, risk_free_rate: float) -> None:
        self._rate = from_float(risk_free_rate)

    def get_interest_rate(self, date: Any) -> float:
        """The rate."""
        return to_float(self._rate)
