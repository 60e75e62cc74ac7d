"""The position tracker: positions and tickets as a fold over events. Apply the same events and you have the same book, at any point of any history.

Positions change on fills alone. A fill is counted once, by its event id; it is counted even if the ticket was thought cancelled, because the broker's
executions are what is true. Unfilled openings end CLOSED without ever having been opened and are no trades.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from trading.bookkeeping import with_fills
from trading.events import (
    CancelAsked,
    DecisionTaken,
    Event,
    PositionSettled,
    PositionsMarked,
    Purpose,
    StateSaved,
    TicketDropped,
    TicketPlanned,
    TicketRepriced,
    TicketSent,
    UpdateReceived,
)
from trading.structures import combined, holdings_map
from trading.tickets import Ticket, planned_ticket, with_update
from vocabulary.contracts import Contract
from vocabulary.decisions import Decision, Strategy
from vocabulary.errors import InvariantBroken
from vocabulary.orders import OrderState
from vocabulary.positions import Position, PositionState

NEVER_FILLED = "never filled"


class Book:
    """Positions, tickets and saved component states. Implements the vocabulary's PositionBook."""

    def __init__(self) -> None:
        self.positions: dict[str, Position] = {}
        self.tickets: dict[str, Ticket] = {}
        self.decisions: dict[str, Decision] = {}
        self.states: dict[str, str] = {}
        self.opened_by: dict[str, str] = {}
        self._seen: set[str] = set()
        self._open: dict[str, None] = {}
        self._active: dict[str, None] = {}
        self.events = 0

    def open_positions(self, strategy: Strategy | None = None) -> Sequence[Position]:
        """PENDING, OPEN and CLOSING positions, oldest first."""
        return [position for key in self._open if (position := self.positions[key]).strategy is strategy or strategy is None]

    def closed_positions(self, strategy: Strategy | None = None) -> Sequence[Position]:
        """Positions that were opened and ended, oldest first."""
        ended = (position for key, position in self.positions.items() if key not in self._open and position.opened is not None)
        return [position for position in ended if position.strategy is strategy or strategy is None]

    def active_tickets(self, position_id: str | None = None) -> list[Ticket]:
        """Tickets that can still change, oldest first."""
        return [ticket for key in self._active if (ticket := self.tickets[key]).position_id == position_id or position_id is None]

    def net_holdings(self) -> dict[Contract, int]:
        """What the account should hold: all positions together."""
        total: dict[Contract, int] = {}
        for position in self.open_positions():
            total = combined(total, holdings_map(position.holdings))
        return total

    def apply(self, event: Event) -> None:
        """Change the state by one event. Raises InvariantBroken for an event about a ticket or position that never existed."""
        self.events += 1
        match event:
            case DecisionTaken():
                self.decisions[event.decision_id] = event.decision
            case TicketPlanned():
                self._plan(event)
            case TicketSent() | TicketRepriced() | CancelAsked() | TicketDropped():
                self._ticket_step(event)
            case UpdateReceived():
                self._update(event)
            case PositionSettled():
                self._settle(event)
            case PositionsMarked():
                self._mark(event)
            case StateSaved():
                self.states[event.component] = event.text
            case _:
                pass  # verdicts and notes are history, not state

    def _plan(self, event: TicketPlanned) -> None:
        if event.ticket_id in self.tickets:
            raise InvariantBroken(f"ticket {event.ticket_id} is planned twice")
        self.tickets[event.ticket_id] = planned_ticket(event)
        self._active[event.ticket_id] = None
        if event.purpose is Purpose.OPEN:
            self.positions[event.position_id] = _pending(event)
            self.opened_by[event.position_id] = event.decision_id
            self._open[event.position_id] = None
        else:
            self._set(replace(self._position(event.position_id), state=PositionState.CLOSING))

    def _ticket_step(self, event: TicketSent | TicketRepriced | CancelAsked | TicketDropped) -> None:
        match event:
            case TicketSent():
                ticket = self._ticket(event.request.ticket_id)
                changed = replace(ticket, state=OrderState.SUBMITTED, sent=event.time, priced=event.time, limit=event.request.limit)
            case TicketRepriced():
                ticket = self._ticket(event.ticket_id)
                changed = replace(ticket, limit=event.limit, priced=event.time, reprices=ticket.reprices + 1)
            case CancelAsked():
                changed = replace(self._ticket(event.ticket_id), cancel_asked=event.time, message=event.reason)
            case TicketDropped():
                changed = replace(self._ticket(event.ticket_id), state=OrderState.CANCELLED, message=f"{event.code}: {event.reason}")
        self._set_ticket(changed, event.time)

    def _update(self, event: UpdateReceived) -> None:
        update = event.update
        ticket = self._ticket(update.ticket_id)
        news = tuple(fill for fill in update.fills if fill.event_id not in self._seen)
        self._seen.update(fill.event_id for fill in news)
        if news:
            self._set(with_fills(self._position(ticket.position_id), news))
        self._set_ticket(with_update(ticket, update, news), update.time)

    def _set_ticket(self, ticket: Ticket, when: datetime) -> None:
        before = self.tickets[ticket.id]
        self.tickets[ticket.id] = ticket
        if before == ticket:
            return
        if not ticket.is_active:
            self._active.pop(ticket.id, None)
        position = self._position(ticket.position_id)
        if ticket.purpose is Purpose.ROLL and ticket.state is OrderState.FILLED and before.state is not OrderState.FILLED:
            position = replace(position, rolls=position.rolls + 1)
        self._set(_after_ticket(position, ticket, when, bool(self.active_tickets(ticket.position_id))))

    def _settle(self, event: PositionSettled) -> None:
        news = tuple(fill for fill in event.fills if fill.event_id not in self._seen)
        self._seen.update(fill.event_id for fill in news)
        position = with_fills(self._position(event.position_id), news)
        self._set(position if position.holdings else _closed(position, event.time, position.exit_rule or event.ending.value))

    def _mark(self, event: PositionsMarked) -> None:
        for key, profit in event.profits.items():
            position = self._position(key)
            self.positions[key] = replace(position, mfe=max(position.mfe, profit), mae=min(position.mae, profit))

    def _set(self, position: Position) -> None:
        self.positions[position.id] = position
        if position.state is PositionState.CLOSED:
            self._open.pop(position.id, None)
        else:
            self._open[position.id] = None

    def _position(self, key: str) -> Position:
        if key not in self.positions:
            raise InvariantBroken(f"event about position {key}, which was never planned")
        return self.positions[key]

    def _ticket(self, key: str) -> Ticket:
        if key not in self.tickets:
            raise InvariantBroken(f"event about ticket {key}, which was never planned")
        return self.tickets[key]


def _pending(event: TicketPlanned) -> Position:
    zero = Decimal(0)
    return Position(
        event.position_id,
        event.strategy,
        event.trade,
        event.units,
        PositionState.PENDING,
        opened=None,
        closed=None,
        holdings=(),
        entry_credit=zero,
        net_cash=zero,
        fees=zero,
        entry_days_to_expiry=None,
        mfe=0.0,
        mae=0.0,
        rolls=0,
        exit_rule="",
    )


def _closed(position: Position, when: datetime, rule: str) -> Position:
    return replace(position, state=PositionState.CLOSED, closed=when, exit_rule=rule)


def _after_ticket(position: Position, ticket: Ticket, when: datetime, still_active: bool) -> Position:
    """What a change of one of its tickets makes of a position."""
    if ticket.purpose is Purpose.OPEN:
        position = _after_opening(position, ticket, when)
    if ticket.filled and ticket.purpose is Purpose.CLOSE and not position.exit_rule:
        position = replace(position, exit_rule=ticket.rule)
    if still_active:
        return position
    if not position.holdings:
        return position if position.state is PositionState.CLOSED else _closed(position, when, position.exit_rule or ticket.rule)
    return replace(position, state=PositionState.OPEN, closed=None)


def _after_opening(position: Position, ticket: Ticket, when: datetime) -> Position:
    if not ticket.filled:
        return _closed(position, when, f"{NEVER_FILLED}: {ticket.message}") if not ticket.is_active else position
    if position.opened is not None:
        return replace(position, entry_credit=ticket.cash)
    expiry = ticket.trade.nearest_expiry
    days = (expiry - when.date()).days if expiry else None
    return replace(position, opened=when, entry_credit=ticket.cash, entry_days_to_expiry=days, exit_rule="")
