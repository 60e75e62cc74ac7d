"""From clock and calendar to the `years` that every kernel takes.

Day count: ACT/365 fixed to the minute. An option's life ends at its settlement instant: the close of the expiry day's session, or its open for AM
settlement (SPX third Friday: the settlement value is made of opening prices). So a 0DTE option at 15:00 has 60 / 525,600 of a year left, not zero, and an
AM-settled one none after the open. Sessions come from the caller, because only the exchange's calendar knows early closes; the regular US session is the
default. Wall-clock times are those of the exchange's zone, so a life that spans a change to summer time is an hour shorter than its days say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks.units import year_fraction
from vocabulary.contracts import Settlement
from vocabulary.errors import BadInput

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Session:
    """Opening and closing time of the expiry day at the exchange; an early close is another Session. Raises BadInput when it closes before it opens."""

    opens: time = time(9, 30)
    closes: time = time(16, 0)
    zone: str = "America/New_York"

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise BadInput(f"session closes at {self.closes}, not after it opens at {self.opens}")


REGULAR = Session()


def settlement_instant(expiry: date, settlement: Settlement, session: Session = REGULAR) -> datetime:
    """The moment the option's life ends, aware of its zone: the session's open for CASH_AM, else its close."""
    clock = session.opens if settlement is Settlement.CASH_AM else session.closes
    return datetime.combine(expiry, clock, ZoneInfo(session.zone))


def minutes_to_settlement(now: datetime, instant: datetime) -> float:
    """Minutes from `now`, zero once the instant has passed. Raises BadInput for a time without zone: it could be hours off."""
    for moment in (now, instant):
        if moment.utcoffset() is None:
            raise BadInput(f"{moment} has no time zone; minutes to expiry need one")
    return max(instant.timestamp() - now.timestamp(), 0.0) / 60.0


def years_to_settlement(now: datetime, expiry: date, settlement: Settlement, session: Session = REGULAR) -> float:
    """Life left in years, ACT/365 to the minute. Raises BadInput for a time without zone."""
    return float(year_fraction(minutes_to_settlement(now, settlement_instant(expiry, settlement, session))))


def years_of_chain(now: datetime, expiries: ArrayLike, settlement: Settlement, session: Session = REGULAR) -> Floats:
    """Life left of every row of a chain. expiries: dates as datetime64[D], any shape; each distinct date is worked out once."""
    dates = np.asarray(expiries, dtype="datetime64[D]")
    distinct, inverse = np.unique(dates, return_inverse=True)
    years = np.array([years_to_settlement(now, day.item(), settlement, session) for day in distinct], dtype=np.float64)
    return years[inverse].reshape(dates.shape)
