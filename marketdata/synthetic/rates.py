"""Money: the policy rate by day and the discounting of the synthetic market.

The path is the Federal Reserve's primary credit rate, day and percent as published, which is also what LEAN's interest-rate file holds; options are
discounted at that rate less 0.17 points, about what Treasury bills paid, flat over all terms.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from decimal import Decimal

PRIMARY_CREDIT: tuple[tuple[date, Decimal], ...] = (
    (date(2017, 12, 14), Decimal("2.00")),
    (date(2018, 3, 22), Decimal("2.25")),
    (date(2018, 6, 14), Decimal("2.50")),
    (date(2018, 9, 27), Decimal("2.75")),
    (date(2018, 12, 20), Decimal("3.00")),
    (date(2019, 8, 1), Decimal("2.75")),
    (date(2019, 9, 19), Decimal("2.50")),
    (date(2019, 10, 31), Decimal("2.25")),
    (date(2020, 3, 4), Decimal("1.75")),
    (date(2020, 3, 16), Decimal("0.25")),
    (date(2022, 3, 17), Decimal("0.50")),
    (date(2022, 5, 5), Decimal("1.00")),
    (date(2022, 6, 16), Decimal("1.75")),
    (date(2022, 7, 28), Decimal("2.50")),
    (date(2022, 9, 22), Decimal("3.25")),
    (date(2022, 11, 3), Decimal("4.00")),
    (date(2022, 12, 15), Decimal("4.50")),
    (date(2023, 2, 2), Decimal("4.75")),
    (date(2023, 3, 23), Decimal("5.00")),
    (date(2023, 5, 4), Decimal("5.25")),
    (date(2023, 7, 27), Decimal("5.50")),
    (date(2024, 9, 19), Decimal("5.00")),
    (date(2024, 11, 8), Decimal("4.75")),
    (date(2024, 12, 19), Decimal("4.50")),
    (date(2025, 9, 18), Decimal("4.25")),
    (date(2025, 10, 30), Decimal("4.00")),
    (date(2025, 12, 11), Decimal("3.75")),
)
BILLS_BELOW = 0.0017
DAYS = tuple(day for day, _ in PRIMARY_CREDIT)


def rate_on(day: date) -> float:
    """Continuously compounded rate per year on a day, at least 0.05 %."""
    at = max(bisect_right(DAYS, day) - 1, 0)
    return max(float(PRIMARY_CREDIT[at][1]) / 100.0 - BILLS_BELOW, 0.0005)
