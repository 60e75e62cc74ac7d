"""Risk-free rate and dividend yield by date (reference: lean-fidelity §7.2, §7.4).

The rate is the last row of the interest-rate file at or before the date, the first row before that, a constant where LEAN's own ends, and 1 % without a file.
The yield is the year's distributions, on the split scale of the day that is asked about, over the current price.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

from leanlocal.exact import ZERO, add, div, mul, round_half_even, sub
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


@dataclass(frozen=True, slots=True)
class CorporateEvent:
    """A dividend (cash per share of its own day) or a split (shares before per share after), by the first day it counts on. price: the last close before."""

    day: date
    distribution: Decimal | None
    split: Decimal
    price: Decimal


class DividendYields:
    """Trailing dividend yield of one equity by date and price."""

    def __init__(self, rows: Sequence[FactorRow]) -> None:
        self._events = corporate_events(rows)

    def at(self, day: date, price: Decimal | None) -> Decimal:
        """Distributions of the year up to the last one before `day`, on the day's split scale, over the price; 0 without any or with a price of 0.

        price: None for the close before the last distribution.
        """
        past = [event for event in self._events if event.day <= day]
        paid = [event for event in past if event.distribution is not None]
        if not paid or price == 0:
            return ZERO
        price = paid[-1].price if price is None else price
        total, scale = ZERO, Decimal(1)
        for event in reversed([event for event in past if event.day > paid[-1].day - YIELD_SPAN]):
            if event.distribution is None:
                scale = mul(scale, event.split)
            else:
                total = add(total, mul(event.distribution, scale))
        return div(total, price)


def corporate_events(rows: Sequence[FactorRow]) -> list[CorporateEvent]:
    """Dividends (rounded to 3 decimals) and splits of a factor file, ascending; each counts from the day after its row."""
    found: list[CorporateEvent] = []
    for row, following in pairwise(rows):
        day = row.day + timedelta(days=1)
        if row.price_factor != following.price_factor and row.reference_price:
            kept = mul(row.reference_price, div(row.price_factor, following.price_factor))
            found.append(CorporateEvent(day, round_half_even(sub(row.reference_price, kept), 3), Decimal(1), row.reference_price))
        if row.split_factor != following.split_factor:
            found.append(CorporateEvent(day, None, div(row.split_factor, following.split_factor), row.reference_price))
    return found
