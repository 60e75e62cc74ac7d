"""The two parts of an IPMCC position as it stands: its LEAP and, when one is sold, its weekly call; and what a called-away exit must bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vocabulary.contracts import Contract, Right
from vocabulary.positions import Holding, Position


@dataclass(frozen=True, slots=True)
class Parts:
    """leap: the long call. short: the weekly call sold against it, None between two sales. units: LEAPs held."""

    leap: Holding
    short: Holding | None

    @property
    def units(self) -> int:
        """LEAP contracts held."""
        return self.leap.quantity

    def safe_strike(self, position: Position, new_credit: float, discount: float) -> float:
        """Lowest strike at which being called away loses nothing: discounted LEAP strike plus the net debit so far per share, less the new credit.

        Strike received + credits >= LEAP strike x discount + debit paid, with all premiums taken in and paid so far in the position's net cash (A4).
        """
        multiplier = self.leap.contract.multiplier * self.units
        return self.leap.contract.strike_price * discount - float(position.net_cash) / multiplier - new_credit


def parts_of(position: Position) -> Parts | None:
    """LEAP and weekly call of a position, None when no long call is held."""
    calls = [held for held in position.holdings if held.contract.right is Right.CALL and held.quantity]
    longs = sorted((held for held in calls if held.quantity > 0), key=lambda held: held.contract.expiry or date.max)
    shorts = sorted((held for held in calls if held.quantity < 0), key=lambda held: held.contract.expiry or date.max)
    return Parts(longs[-1], shorts[0] if shorts else None) if longs else None


def extrinsic(contract: Contract, price: float, spot: float) -> float:
    """Time value of a call at a price."""
    return price - max(0.0, spot - contract.strike_price)
