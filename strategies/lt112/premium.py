"""Target and stop of an LT112, each on the premium that is at risk (A2; S002-9, S002-11).

What a 1-1-2 nets at its entry is a small difference of two large premiums: half of it is reached, and three times it lost, on an ordinary day. The far puts
carry the risk, so their premium is the base of both figures; the put credit spread has one premium only, its net credit.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from strategies.lt112.components import naked_premium, naked_puts
from trading.exits import ProfitTarget, StopLoss, close_all
from vocabulary.contracts import StructureKind
from vocabulary.decisions import Decision
from vocabulary.market import MarketView
from vocabulary.positions import Marks, Position

NAKED_BASE = "premium of the naked puts"


@dataclass(frozen=True, slots=True)
class UnitStop:
    """Close the whole unit when the far puts have lost `multiple` times their premium (HEAD): buying back at three times what they brought.

    A put credit spread is closed when it has lost that multiple of its net credit.
    """

    multiple: float

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"S002-11 stop {self.multiple:.0%}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE."""
        if position.structure.kind is StructureKind.PUT_SPREAD:
            return StopLoss(self.multiple).evaluate(position, marks, view)
        naked = naked_puts(position)
        quote = None if naked is None else view.quote(naked.contract)
        if naked is None or quote is None or not isfinite(quote.ask):
            return None
        limit = float(naked.average_price) * (1 + self.multiple)
        if quote.ask < limit:
            return None
        inputs = {"base": NAKED_BASE, "ask": quote.ask, "premium": float(naked.average_price), "limit": limit}
        return close_all(position, self.rule_id, f"naked puts cost {quote.ask:.2f}, limit {limit:.2f}", inputs)


@dataclass(frozen=True, slots=True)
class UnitTarget:
    """Close the whole unit when its open profit reaches `fraction` of what the far puts brought in; of the net credit for a put credit spread."""

    fraction: float

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return f"S002-9 profit {self.fraction:.0%}"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE at natural prices; silent on incomplete marks and once the far puts are gone."""
        if position.structure.kind is StructureKind.PUT_SPREAD:
            return ProfitTarget(self.fraction).evaluate(position, marks, view)
        premium = naked_premium(position)
        if premium is None or premium <= 0 or not marks.complete or marks.profit_natural < self.fraction * premium:
            return None
        reason = f"profit {marks.profit_natural:.2f} reached {self.fraction:.0%} of the naked puts' premium {premium:.2f}"
        inputs = {"base": NAKED_BASE, "profit": marks.profit_natural, "target": self.fraction * premium, "premium": premium, "quote_age": marks.oldest}
        return close_all(position, self.rule_id, reason, inputs)
