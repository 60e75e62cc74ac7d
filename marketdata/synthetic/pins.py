"""Named days: published closes the path must reach, whatever the seed.

S&P 500 and VIX closes as published by S&P Dow Jones Indices and Cboe; intraday points are the day's published open or high. Only facts, no series:
the days of 5 February 2018, March 2020 and 5 August 2024 with what led to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marketdata.synthetic.calendar import node_at


@dataclass(frozen=True, slots=True)
class ClosePin:
    """Index and VIX at a session's close."""

    day: date
    index: float
    vix: float


@dataclass(frozen=True, slots=True)
class IntradayPin:
    """What is reached inside a session: change of the index since the last close, or VIX (either may be None), at a node."""

    day: date
    node: int
    change: float | None = None
    vix: float | None = None


CLOSES = tuple(
    ClosePin(date.fromisoformat(day), index, vix)
    for day, index, vix in (
        ("2018-02-01", 2821.98, 13.47),
        ("2018-02-02", 2762.13, 17.31),
        ("2018-02-05", 2648.94, 37.32),
        ("2018-02-06", 2695.14, 29.98),
        ("2018-02-07", 2681.66, 27.73),
        ("2018-02-08", 2581.00, 33.46),
        ("2018-02-09", 2619.55, 29.06),
        ("2020-02-19", 3386.15, 14.38),
        ("2020-02-21", 3337.75, 17.08),
        ("2020-02-24", 3225.89, 25.03),
        ("2020-02-25", 3128.21, 27.85),
        ("2020-02-26", 3116.39, 27.56),
        ("2020-02-27", 2978.76, 39.16),
        ("2020-02-28", 2954.22, 40.11),
        ("2020-03-02", 3090.23, 33.42),
        ("2020-03-03", 3003.37, 36.82),
        ("2020-03-04", 3130.12, 31.99),
        ("2020-03-05", 3023.94, 39.62),
        ("2020-03-06", 2972.37, 41.94),
        ("2020-03-09", 2746.56, 54.46),
        ("2020-03-10", 2882.23, 47.30),
        ("2020-03-11", 2741.38, 53.90),
        ("2020-03-12", 2480.64, 75.47),
        ("2020-03-13", 2711.02, 57.83),
        ("2020-03-16", 2386.13, 82.69),
        ("2020-03-17", 2529.19, 75.91),
        ("2020-03-18", 2398.10, 76.45),
        ("2020-03-19", 2409.39, 72.00),
        ("2020-03-20", 2304.92, 66.04),
        ("2020-03-23", 2237.40, 61.59),
        ("2020-03-24", 2447.33, 61.67),
        ("2020-03-31", 2584.59, 53.54),
        ("2024-07-31", 5522.30, 16.36),
        ("2024-08-01", 5446.68, 18.59),
        ("2024-08-02", 5346.56, 23.39),
        ("2024-08-05", 5186.33, 38.57),
        ("2024-08-06", 5240.03, 27.71),
        ("2024-08-07", 5199.50, 27.85),
        ("2024-08-08", 5319.31, 23.79),
        ("2024-08-09", 5344.16, 20.37),
    )
)

INTRADAY = (
    IntradayPin(date(2018, 2, 6), node_at(9, 31), 2614.78 / 2648.94 - 1.0, 50.30),
    IntradayPin(date(2024, 8, 5), node_at(8, 37), None, 65.73),
    IntradayPin(date(2024, 8, 5), node_at(9, 31), 5151.14 / 5346.56 - 1.0, None),
)
