"""Everything that may change the desk's state, as frozen values. The journal stores them, the book folds over them, and nothing else changes either.

One event is one fact with its time. Facts about a ticket carry its id, so that duplicates and late arrivals can be told apart from news.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum

from vocabulary.contracts import Contract, Structure
from vocabulary.decisions import Decision, Inputs, Strategy, Verdict
from vocabulary.orders import Fill, OrderRequest, OrderUpdate


class Purpose(Enum):
    """What a ticket does to its position. JOIN: legs are added, nothing leaves."""

    OPEN = "open"
    CLOSE = "close"
    REDUCE = "reduce"
    ROLL = "roll"
    JOIN = "join"

    @property
    def only_reduces(self) -> bool:
        """True when every leg must move a holding towards zero."""
        return self in (Purpose.CLOSE, Purpose.REDUCE)


class Ending(Enum):
    """How a holding ended without an order of the desk. FORCED: the broker traded it away (margin call, delisting)."""

    EXPIRED = "expired"
    ASSIGNED = "assigned"
    EXERCISED = "exercised"
    FORCED = "forced"


@dataclass(frozen=True, slots=True)
class Settlement:
    """A holding that left by expiry, assignment, exercise or force, whole at the account, before it is shared out to positions.

    quantity: signed contracts that left (positive takes away a short). price: cash per unit of the contract it was settled at, 0 with physical delivery.
    delivered: the share or future fill that came with it, None without delivery.
    """

    contract: Contract
    quantity: int
    price: Decimal
    ending: Ending
    time: datetime
    event_id: str
    delivered: Fill | None = None
    fee: Decimal = Decimal(0)
    message: str = ""


@dataclass(frozen=True, slots=True)
class DecisionTaken:
    """A strategy, rule or person decided something."""

    time: datetime
    decision_id: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """The risk gate answered."""

    time: datetime
    decision_id: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class TicketPlanned:
    """An order is wanted. trade: legs in traded signs (positive is bought). An OPEN creates its position in state PENDING."""

    time: datetime
    ticket_id: str
    position_id: str
    decision_id: str
    purpose: Purpose
    strategy: Strategy
    rule: str
    trade: Structure
    units: int
    inputs: Inputs = field(default_factory=dict[str, float | int | str | bool | None])


@dataclass(frozen=True, slots=True)
class TicketDropped:
    """A planned order was given up before it was ever sent."""

    time: datetime
    ticket_id: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class TicketSent:
    """The order is about to leave: written before the gateway is called, so that a crash in between is known as an unknown."""

    time: datetime
    request: OrderRequest


@dataclass(frozen=True, slots=True)
class TicketRepriced:
    """A working limit was moved."""

    time: datetime
    ticket_id: str
    limit: float


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """Cancellation of a working order was requested."""

    time: datetime
    ticket_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class UpdateReceived:
    """The broker said something about a ticket."""

    update: OrderUpdate

    @property
    def time(self) -> datetime:
        """When the broker said it."""
        return self.update.time


@dataclass(frozen=True, slots=True)
class PositionSettled:
    """One position's share of a settlement."""

    time: datetime
    position_id: str
    ending: Ending
    fills: tuple[Fill, ...]


@dataclass(frozen=True, slots=True)
class PositionsMarked:
    """Open profit at natural prices per position id, for the excursions (MFE, MAE)."""

    time: datetime
    profits: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Noted:
    """Something worth knowing that changes no position: an alert, a regime change, a refused close, a reconciliation."""

    time: datetime
    topic: str
    text: str
    inputs: Inputs = field(default_factory=dict[str, float | int | str | bool | None])


@dataclass(frozen=True, slots=True)
class StateSaved:
    """The text form of a component's own state (the risk gate's latches); the newest wins."""

    time: datetime
    component: str
    text: str


Event = (
    DecisionTaken
    | VerdictGiven
    | TicketPlanned
    | TicketDropped
    | TicketSent
    | TicketRepriced
    | CancelAsked
    | UpdateReceived
    | PositionSettled
    | PositionsMarked
    | Noted
    | StateSaved
)
"""Any journalled fact."""

EVENT_TYPES: tuple[type[Event], ...] = (
    DecisionTaken,
    VerdictGiven,
    TicketPlanned,
    TicketDropped,
    TicketSent,
    TicketRepriced,
    CancelAsked,
    UpdateReceived,
    PositionSettled,
    PositionsMarked,
    Noted,
    StateSaved,
)


def subject(event: Event) -> str:
    """What an event is about: its ticket, position, decision, topic or component id, for look-ups in the journal."""
    match event:
        case DecisionTaken() | VerdictGiven():
            return event.decision_id
        case TicketPlanned() | TicketDropped() | TicketRepriced() | CancelAsked():
            return event.ticket_id
        case TicketSent():
            return event.request.ticket_id
        case UpdateReceived():
            return event.update.ticket_id
        case PositionSettled():
            return event.position_id
        case Noted():
            return event.topic
        case StateSaved():
            return event.component
        case PositionsMarked():
            return ""
