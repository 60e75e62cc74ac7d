"""Rules on the calendar: out at so many days before expiry, flat at a time of day. They need no price, so missing quotes do not silence them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from trading.exits.leaving import close_all
from vocabulary.decisions import Decision
from vocabulary.market import MarketView
from vocabulary.positions import Marks, Position


@dataclass(frozen=True, slots=True)
class DaysToExpiryExit:
    """Close at `days` calendar days before the nearest expiry (S002-12: 21).

    Applies to positions entered with more than `only_if_entered_beyond` days, so that a weekly or a 0DTE is not closed at birth (method H 19).
    """

    days: int = 21
    only_if_entered_beyond: int = 21

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"S002-12 {self.days} DTE"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE inside the window."""
        expiry, entered = position.nearest_expiry(), position.entry_days_to_expiry
        if expiry is None or entered is None or entered <= self.only_if_entered_beyond:
            return None
        left = (expiry - view.now.date()).days
        if left > self.days:
            return None
        reason = f"{left} days to expiry, the limit is {self.days}"
        return close_all(position, self.rule_id, reason, {"days_to_expiry": left, "limit": self.days, "entered_with": entered})


@dataclass(frozen=True, slots=True)
class TimeStop:
    """Be flat from the wall-clock time `at` (New York), or `minutes_before_close` before the session's close where that comes earlier."""

    at: time
    minutes_before_close: int

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A1 flat {self.at:%H:%M}"

    def due(self, position: Position, view: MarketView) -> datetime | None:
        """Today's moment for this position, None when its market is closed today."""
        session = view.session(position.underlying, view.now.date())
        if session is None:
            return None
        fixed = view.now.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return min(fixed, session.close - timedelta(minutes=self.minutes_before_close))

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE at or after that moment."""
        due = self.due(position, view)
        if due is None or view.now < due:
            return None
        return close_all(position, self.rule_id, f"time stop {due:%H:%M}", {"due": f"{due:%H:%M}"})
