"""Rules on money: take profit at a share of the premium, stop at a multiple of it.

Both use the natural mark (what leaving costs now, a short at its ask), never the mid: a profit that exists only between bid and ask is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from trading.exits.leaving import close_all
from vocabulary.decisions import Decision
from vocabulary.errors import BadInput
from vocabulary.market import MarketView
from vocabulary.positions import Marks, Position


@dataclass(frozen=True, slots=True)
class ProfitTarget:
    """Close when open profit reaches `fraction` of the premium taken in (or paid, for a debit). S002-9: 50 %, S002-10: 25 % for 0DTE."""

    fraction: float
    source: str = "S002-9"

    def __post_init__(self) -> None:
        if not self.fraction > 0:
            raise BadInput(f"profit target: fraction must be positive, got {self.fraction}")

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"{self.source} profit {self.fraction:.0%}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE at or above the target."""
        premium = abs(float(position.entry_credit))
        target = self.fraction * premium
        if not marks.complete or premium == 0 or marks.profit_natural < target:
            return None
        reason = f"profit {marks.profit_natural:.2f} reached {self.fraction:.0%} of the premium {premium:.2f}"
        return close_all(position, self.rule_id, reason, {"profit": marks.profit_natural, "target": target, "premium": premium, "quote_age": marks.oldest})


@dataclass(frozen=True, slots=True)
class StopLoss:
    """Close when the open loss reaches `multiple` times the premium. S002-11: 200 %, a buy-back price of three times the credit."""

    multiple: float

    def __post_init__(self) -> None:
        if not self.multiple > 0:
            raise BadInput(f"stop loss: multiple must be positive, got {self.multiple}")

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"S002-11 stop {self.multiple:.0%}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE at or below the stop."""
        premium = abs(float(position.entry_credit))
        stop = -self.multiple * premium
        if not marks.complete or premium == 0 or marks.profit_natural > stop:
            return None
        reason = f"loss {marks.profit_natural:.2f} reached {self.multiple:.0%} of the premium {premium:.2f}"
        return close_all(position, self.rule_id, reason, {"profit": marks.profit_natural, "stop": stop, "premium": premium, "quote_age": marks.oldest})
