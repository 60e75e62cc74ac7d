"""One ticket as the desk knows it, and how a broker's update changes it. Pure: duplicates and late arrivals are the caller's to filter by event id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from trading.bookkeeping import cash_of
from trading.events import Purpose, TicketPlanned
from trading.structures import combined, quantities
from vocabulary.contracts import Contract, Structure
from vocabulary.decisions import Inputs, Strategy
from vocabulary.orders import Fill, OrderState, OrderUpdate


@dataclass(frozen=True, slots=True)
class Ticket:
    """A whole-structure order from plan to end.

    trade and units as sent (positive is bought); filled: signed quantity per contract so far; cash: what the fills brought in, without fees.
    """

    id: str
    position_id: str
    decision_id: str
    purpose: Purpose
    strategy: Strategy
    rule: str
    trade: Structure
    units: int
    planned: datetime
    state: OrderState = OrderState.PLANNED
    sent: datetime | None = None
    priced: datetime | None = None
    limit: float | None = None
    reprices: int = 0
    cancel_asked: datetime | None = None
    filled: Mapping[Contract, int] = field(default_factory=dict[Contract, int])
    cash: Decimal = Decimal(0)
    message: str = ""
    inputs: Inputs = field(default_factory=dict[str, float | int | str | bool | None])

    @property
    def wanted(self) -> dict[Contract, int]:
        """Signed quantity per contract when complete."""
        return quantities(self.trade, self.units)

    @property
    def remaining(self) -> dict[Contract, int]:
        """Signed quantity per contract still to be filled."""
        return combined(self.wanted, {contract: -quantity for contract, quantity in self.filled.items()})

    @property
    def is_active(self) -> bool:
        """True until no further event can change it."""
        return not self.state.is_final


def planned_ticket(event: TicketPlanned) -> Ticket:
    """The ticket a plan creates."""
    who = (event.ticket_id, event.position_id, event.decision_id, event.purpose, event.strategy, event.rule)
    return Ticket(*who, event.trade, event.units, event.time, inputs=event.inputs)


def with_update(ticket: Ticket, update: OrderUpdate, news: tuple[Fill, ...]) -> Ticket:
    """The ticket after an update whose not yet seen fills are `news`. Fills count whenever they arrive; a final state is never left again for a lesser one."""
    filled, cash = dict(ticket.filled), ticket.cash
    for fill in news:
        filled[fill.contract] = filled.get(fill.contract, 0) + fill.quantity
        cash += cash_of(fill)
    changed = replace(ticket, filled=filled, cash=cash, message=update.message or ticket.message)
    return replace(changed, state=_state_after(changed, update.state))


def _state_after(ticket: Ticket, told: OrderState) -> OrderState:
    """Complete fills make it FILLED whatever was said; a broker's FILLED without all fills is only partial; final states stick."""
    if not ticket.remaining:
        return OrderState.FILLED
    if ticket.state.is_final and ticket.state is not OrderState.FILLED:
        return ticket.state
    if told is OrderState.FILLED or (ticket.filled and not told.is_final):
        return OrderState.PARTIALLY_FILLED
    if told is OrderState.SUBMITTED and ticket.state in (OrderState.WORKING, OrderState.PARTIALLY_FILLED):
        return ticket.state
    return told
