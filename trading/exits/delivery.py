"""What to do with deliveries: shares or futures an assignment or exercise left behind, and longs whose shorts have gone."""

from __future__ import annotations

from dataclasses import dataclass

from trading.exits.leaving import close_all, reduce_to
from trading.structures import delivered
from vocabulary.decisions import Decision
from vocabulary.market import MarketView
from vocabulary.positions import Marks, Position


@dataclass(frozen=True, slots=True)
class FlattenDelivery:
    """Trade away delivered shares or futures at once. First in a plan unless the strategy wants to keep what is delivered (method H 25)."""

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return "H25 flatten delivery"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """REDUCE by whatever was delivered."""
        shares = delivered(position)
        if not shares:
            return None
        text = ", ".join(f"{quantity:+d} {contract.key}" for contract, quantity in shares.items())
        return reduce_to(position, shares, self.rule_id, f"delivered {text}", {contract.key: quantity for contract, quantity in shares.items()})


@dataclass(frozen=True, slots=True)
class OrphanedLongs:
    """Close longs that are left of a structure opened with shorts once every short has expired, been assigned or bought back."""

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return "H25 orphaned longs"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE what is left."""
        had_shorts = any(leg.ratio < 0 for leg in position.structure.legs)
        if not had_shorts or not position.holdings or position.short_holdings():
            return None
        return close_all(position, self.rule_id, "only longs are left", {"legs": len(position.holdings)})
