"""Positions and intents on one footing: what is held, what is on its way, what a decision would add.

Counting positions (never legs) and counting intents with them is what keeps two entries of the same minute from both taking the last slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vocabulary.contracts import Leg, Structure, StructureKind
from vocabulary.decisions import Action, Decision, Strategy
from vocabulary.positions import Position, PositionBook, PositionState

BOUGHT = frozenset({StructureKind.LONG_CALL, StructureKind.LONG_PUT, StructureKind.POOR_MANS_COVERED_CALL})
SHORT_VOLATILITY = frozenset({Strategy.ZERO_DTE, Strategy.LT112, Strategy.STRANGLE})


@dataclass(frozen=True, slots=True)
class Exposure:
    """One position or intent. `arrived`: the broker already counts it in the margin in use. opened: session of its opening, None for an intent."""

    strategy: Strategy
    structure: Structure
    units: int
    arrived: bool
    opened: date | None

    @property
    def underlying(self) -> str:
        """Ticker the limits look up."""
        return self.structure.underlying

    @property
    def short_volatility(self) -> bool:
        """True for the strategies that sell volatility."""
        return self.strategy in SHORT_VOLATILITY and not is_bought(self.structure)

    def expires_on(self, day: date | None) -> bool:
        """True when a sold leg expires on that day."""
        return day is not None and any(leg.contract.expiry == day for leg in self.structure.legs if leg.ratio < 0)


def is_bought(structure: Structure) -> bool:
    """True for structures that are long the market's volatility or a covered diagonal: not scaled down by the VIX, allowed as hedges."""
    return structure.kind in BOUGHT


def exposures(book: PositionBook, pending: Sequence[Decision]) -> tuple[Exposure, ...]:
    """Every open position and every pending opening, positions first."""
    held = [_held(position) for position in book.open_positions()]
    known = {(entry.strategy, entry.structure.key) for entry in held if not entry.arrived}
    coming = [
        Exposure(decision.strategy, decision.structure, decision.units, False, None)
        for decision in pending
        if decision.action is Action.OPEN and decision.structure is not None and (decision.strategy, decision.structure.key) not in known
    ]
    return (*held, *coming)


def opened_on(book: PositionBook, day: date) -> int:
    """Positions opened on that session, closed ones included."""
    return sum(1 for position in (*book.open_positions(), *book.closed_positions()) if position.opened is not None and position.opened.date() == day)


def held_legs(position: Position) -> tuple[Leg, ...]:
    """What is held now as legs with quantities for ratios; empty when nothing is."""
    return tuple(Leg(held.contract, held.quantity) for held in position.holdings if held.quantity != 0)


def _held(position: Position) -> Exposure:
    arrived = position.state is not PositionState.PENDING
    return Exposure(position.strategy, position.structure, position.units, arrived, None if position.opened is None else position.opened.date())
