"""How a 0DTE position is left: profit, stop, a review in the afternoon, and flat before the last hour (A1; S002-10, S002-11; S001)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from strategies.entry_calendar import before_close
from strategies.zero_dte.parameters import ZeroDteParameters
from trading.exits import AssignmentRisk, FlattenDelivery, OrphanedLongs, ProfitTarget, StopLoss, TimeStop, VixSpike, close_all
from vocabulary.decisions import Decision
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.positions import Marks, Position


@dataclass(frozen=True, slots=True)
class AfternoonReview:
    """From `at`, or `minutes_before_close` before an earlier close, a profit of `profit` times the credit is taken (S001, DOC1)."""

    at: time
    minutes_before_close: int
    profit: float

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"A1 review {self.at:%H:%M} profit {self.profit:.0%}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE with at least the small profit once the review has begun."""
        session = view.session(position.underlying, view.now.date())
        least = self.profit * float(position.entry_credit)
        if session is None or not marks.complete or least <= 0:
            return None
        if view.now < before_close(session, self.at, self.minutes_before_close) or marks.profit_natural < least:
            return None
        reason = f"profit {marks.profit_natural:.2f} at the afternoon review"
        return close_all(position, self.rule_id, reason, {"profit": marks.profit_natural, "least": least})


def zero_dte_exits(parameters: ZeroDteParameters) -> ExitPlan:
    """Rules in priority order. The 21-day rule never applies: the position is born at zero days."""
    return ExitPlan(
        rules=(
            FlattenDelivery(),
            StopLoss(parameters.stop),
            ProfitTarget(parameters.profit),
            AssignmentRisk(days=0),
            VixSpike(),
            AfternoonReview(parameters.review_time, parameters.review_before_close, parameters.review_profit),
            TimeStop(parameters.flat_time, parameters.flat_before_close),
            OrphanedLongs(),
        ),
        check_times=(parameters.review_time, parameters.flat_time),
        before_close=(parameters.review_before_close, parameters.flat_before_close, 30),
    )
