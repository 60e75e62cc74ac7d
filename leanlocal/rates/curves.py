"""Risk-free rate and dividend yield by date (reference: lean-fidelity §7.2, §7.4).

The rate is the last row of the interest-rate file at or before the date, the first row before that, a constant where LEAN's own ends, and 1 % without a file.
The yield is the year's distributions, each at its own date's split scale, over the current price.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

from leanlocal.exact import ZERO, div, mul, round_half_even, sub
from marketdata.port import FactorRow

WITHOUT_FILE = Decimal("0.01")
YIELD_SPAN = timedelta(days=350)
HUNDRED = Decimal(100)


class RateCurve(Protocol):
    """An annual risk-free rate by date."""

    def at(self, day: date) -> Decimal:
        """The rate valid on a date, as a fraction."""
        ...


class InterestRates:
    """Annual rate as a fraction by date."""

    def __init__(self, rows: Sequence[tuple[date, Decimal]]) -> None:
        self._days = [day for day, _ in rows]
        self._rates = [div(percent, HUNDRED) for _, percent in rows]

    def at(self, day: date) -> Decimal:
        """The rate valid on a date."""
        if not self._rates:
            return WITHOUT_FILE
        return self._rates[max(0, bisect_right(self._days, day) - 1)]


class DividendYields:
    """Trailing dividend yield of one equity by date and price."""

    def __init__(self, rows: Sequence[FactorRow]) -> None:
        self._paid = distributions(rows)

    def at(self, day: date, price: Decimal) -> Decimal:
        """Distributions of the year up to the last one before `day`, over the price; 0 without any or without a price."""
        past = [(when, amount) for when, amount in self._paid if when <= day]
        if not past or not price:
            return ZERO
        last = past[-1][0]
        return div(sum((amount for when, amount in past if when > last - YIELD_SPAN), ZERO), price)


def distributions(rows: Sequence[FactorRow]) -> list[tuple[date, Decimal]]:
    """(day after the factor row, cash per share) of every dividend in a factor file, ascending, rounded to 3 decimals at today's split scale."""
    found: list[tuple[date, Decimal]] = []
    for row, following in pairwise(rows):
        if row.price_factor != following.price_factor and row.reference_price:
            amount = mul(row.reference_price, sub(Decimal(1), div(row.price_factor, following.price_factor)), following.split_factor)
            found.append((row.day + timedelta(days=1), round_half_even(amount, 3)))
    return found
