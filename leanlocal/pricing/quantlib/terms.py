"""What an engine prices: one contract at one date, with flat curves whose rates are read back from discount factors, and QuantLib's dates.

Times count from the reference date, which is the evaluation date or, on a bank holiday, the next business day; LEAN itself counts from the evaluation date.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta

INSTANT = 0.0001
DAYS_PER_YEAR = 365.0
MONDAY, THURSDAY, FRIDAY = 0, 3, 4
FIXED_HOLIDAYS = {(1, 1), (7, 4), (11, 11), (12, 25)}
FLOATING_HOLIDAYS = ((1, 15, 21, MONDAY), (2, 15, 21, MONDAY), (5, 25, 31, MONDAY), (9, 1, 7, MONDAY), (10, 8, 14, MONDAY), (11, 22, 28, THURSDAY))
"""Month, first and last possible day, weekday."""


class NotPriceable(Exception):
    """An engine's own conditions do not hold; LEAN turns this into a zero or an approximation."""


@dataclass(frozen=True, slots=True)
class Terms:
    """One contract: prices in currency, rate and dividend yield as continuous fractions per year, times in years of 365 days.

    years: reference date to maturity. first_exercise: reference date to the first day an American option can be exercised on. sigma: volatility per year.
    """

    spot: float
    strike: float
    call: bool
    american: bool
    years: float
    first_exercise: float
    rate: float
    dividend: float
    sigma: float

    def at(self, sigma: float) -> Terms:
        """The same contract at another volatility."""
        return replace(self, sigma=sigma)

    def payoff(self, price: float) -> float:
        """What exercising is worth at a price of the underlying."""
        return max(price - self.strike, 0.0) if self.call else max(self.strike - price, 0.0)

    @property
    def variance(self) -> float:
        """Of the logarithm of the price at maturity."""
        return self.sigma * self.sigma * self.years

    @property
    def forward(self) -> float:
        """Price for delivery at maturity."""
        return self.spot * discount(self.dividend, self.years) / discount(self.rate, self.years)


def discount(rate: float, years: float) -> float:
    """Present value of one unit."""
    return 1.0 / math.exp(rate * years)


def _implied_rate(growth: float, years: float) -> float:
    return 0.0 if growth == 1.0 else math.log(growth) / years


def zero_rate(rate: float, years: float) -> float:
    """Rate of a flat curve read back from its discount factor; at time 0 from an instant later."""
    years = years or INSTANT
    return _implied_rate(1.0 / discount(rate, years), years)


def forward_rate(rate: float, start: float, end: float) -> float:
    """Rate of a flat curve between two times, read back from its discount factors; around `start` when both are one."""
    if end == start:
        start = max(start - INSTANT / 2.0, 0.0)
        end = start + INSTANT
    return _implied_rate(discount(rate, start) / discount(rate, end), end - start)


def drift(terms: Terms, time: float) -> float:
    """Of the logarithm of the price at a time."""
    later = time + INSTANT
    return forward_rate(terms.rate, time, later) - forward_rate(terms.dividend, time, later) - 0.5 * terms.sigma * terms.sigma


def is_bank_day(day: date) -> bool:
    """Whether the US settlement calendar (federal holidays as QuantLib 1.11 knows them, moved off weekends) has the day open."""
    weekday = day.weekday()
    if weekday > FRIDAY or (day.month, day.day) in FIXED_HOLIDAYS:
        return False
    moved = {MONDAY: day - timedelta(days=1), FRIDAY: day + timedelta(days=1)}.get(weekday)
    if moved is not None and (moved.month, moved.day) in FIXED_HOLIDAYS:
        return False
    return not any(day.month == month and first <= day.day <= last and weekday == on for month, first, last, on in FLOATING_HOLIDAYS)


def reference_date(day: date) -> date:
    """The day, or the next one banks are open on."""
    while not is_bank_day(day):
        day += timedelta(days=1)
    return day


def years_between(start: date, end: date) -> float:
    """Years of 365 days."""
    return (end - start).days / DAYS_PER_YEAR
