"""Orders and fills as the desk knows them, and the port through which orders leave.

States change on what the broker says, never on what was asked: submitted is not working, unknown is not rejected. Money that is booked is Decimal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Protocol

from vocabulary.contracts import Contract, Structure


class OrderState(Enum):
    """Life of one combo ticket."""

    PLANNED = "planned"
    SUBMITTED = "submitted"
    WORKING = "working"
    FILLED = "filled"
    PARTIALLY_FILLED = "partially_filled"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def is_final(self) -> bool:
        """True when no further event can change the ticket."""
        return self in (OrderState.FILLED, OrderState.REJECTED, OrderState.CANCELLED)


class OrderStyle(Enum):
    """How a combo is sent: at market, or as a net limit that walks."""

    COMBO_MARKET = "combo_market"
    COMBO_LIMIT = "combo_limit"


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """One whole-structure order. limit: net price per unit in the broker's sign (debit positive, credit negative); None for market.

    ticket_id is unique for ever and is the idempotency key; reduces_only forbids the gateway to open anything with it.
    """

    ticket_id: str
    structure: Structure
    units: int
    style: OrderStyle
    limit: float | None
    reduces_only: bool
    tag: str


@dataclass(frozen=True, slots=True)
class Fill:
    """One leg's execution. quantity is signed in contracts or shares; price per unit of the contract; fee in account currency, positive."""

    ticket_id: str
    contract: Contract
    quantity: int
    price: Decimal
    fee: Decimal
    time: datetime
    event_id: str


@dataclass(frozen=True, slots=True)
class OrderUpdate:
    """What the broker said about a ticket; fills holds only executions not reported before."""

    ticket_id: str
    state: OrderState
    time: datetime
    fills: tuple[Fill, ...] = ()
    message: str = ""


class Gateway(Protocol):
    """Where orders leave: LEAN, paper, a broker. Each call returns at once; what happens comes back as OrderUpdate."""

    def register(self, contract: Contract) -> bool:
        """Subscribe a contract so that it can be quoted and traded; True when it is (or already was) usable."""
        ...

    def release(self, contract: Contract) -> None:
        """Stop the subscription of a contract nobody holds or orders any more."""
        ...

    def submit(self, request: OrderRequest) -> None:
        """Send one combo; all of it or nothing."""
        ...

    def reprice(self, ticket_id: str, limit: float) -> None:
        """Move the net limit of a working combo."""
        ...

    def cancel(self, ticket_id: str) -> None:
        """Ask for cancellation; the ticket stays working until the broker confirms."""
        ...
