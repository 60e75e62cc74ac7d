"""What every strategy offers, whatever it trades: when to ask it, what to register first, what it proposes, how its positions are left.

A strategy is pure: it keeps nothing between calls, so the same view and book give the same proposals in a backtest, live and in a replay. A proposal that
is not made is a decision as well: HOLD with the code of the gate that refused as its rule, so that refusals can be counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from vocabulary.contracts import Contract
from vocabulary.decisions import Action, Decision, Inputs, Strategy
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView
from vocabulary.positions import PositionBook


class Purpose(Enum):
    """PREPARE: contracts are chosen from the daily chain and registered; PROPOSE: the strategy is asked for decisions."""

    PREPARE = "prepare"
    PROPOSE = "propose"


@dataclass(frozen=True, slots=True, order=True)
class Appointment:
    """A moment of today at which a strategy wants to be called."""

    at: datetime
    purpose: Purpose


class EntryStrategy(Protocol):
    """One of the five strategies."""

    @property
    def name(self) -> Strategy:
        """Which one."""
        ...

    @property
    def symbols(self) -> tuple[str, ...]:
        """Underlyings it may trade; the risk gate refuses one without a correlation group."""
        ...

    def due(self, now: datetime, view: MarketView) -> Sequence[Appointment]:
        """Today's appointments in time order; empty on a day without a session. Ask once before the session opens."""
        ...

    def enters_on(self, view: MarketView, day: date) -> bool:
        """Whether a day, today or later, is one of its entry days; the risk gate keeps a slot in a group free for it then."""
        ...

    def prepare(self, view: MarketView, book: PositionBook) -> Sequence[Contract]:
        """Contracts to register now, for an entry later today and for rolls of what is held."""
        ...

    def propose(self, view: MarketView, book: PositionBook) -> Sequence[Decision]:
        """OPEN decisions with their inputs, or HOLD decisions with the code of the gate that refused."""
        ...

    def exit_plan(self) -> ExitPlan:
        """How positions of this strategy are left."""
        ...


@dataclass(frozen=True, slots=True)
class Refusal:
    """A gate's no: a stable code and the sentence with the figures."""

    code: str
    reason: str
    inputs: Inputs


def held_back(strategy: Strategy, refusal: Refusal, symbol: str) -> Decision:
    """The HOLD decision that records a refusal; its rule is `<strategy>.<code>`."""
    return Decision(Action.HOLD, strategy, f"{strategy.value}.{refusal.code}", refusal.reason, inputs={"symbol": symbol, **refusal.inputs})
