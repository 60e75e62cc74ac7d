"""Publishing order events: the order's new state, the ledger, the ticket, the trade builder, then the algorithm's handlers.

All fills of one publication reach the ledger before the first handler runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from leanlocal.enums import OrderStatus, OrderType
from leanlocal.exact import ZERO, add, div, mul, normalize
from leanlocal.orders.events import OrderEventCore
from leanlocal.orders.order import CLOSED
from leanlocal.orders.requests import TicketCore
from leanlocal.orders.surface import event_surface
from leanlocal.orders.ticket import OrderTicket
from leanlocal.portfolio.ledger import is_win
from leanlocal.statistics.trade_builder import Fill

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.orders.handler import TransactionHandler
    from leanlocal.securities.core import SecurityCore


class Publisher:
    """The only way an event becomes known."""

    def __init__(self, run: RunContext, handler: TransactionHandler) -> None:
        self._run = run
        self._handler = handler
        self.events: list[OrderEventCore] = []

    def publish(self, events: Sequence[OrderEventCore]) -> None:
        """Make events known, in this order."""
        for event in events:
            self._enter(event)
        for event in events:
            if event.is_fill:
                self._book(event)
        for event in events:
            self._tell(event)

    def _enter(self, event: OrderEventCore) -> None:
        order = event.order
        order.status = event.status
        order.event_count += 1
        event.id = order.event_count
        if order.status in CLOSED:
            self._handler.coverage.forget(order.id)
        if event.status == OrderStatus.CANCELED:
            order.canceled = event.time
        elif event.status == OrderStatus.UPDATE_SUBMITTED:
            order.last_update = event.time
        elif event.is_fill:
            order.last_fill = event.time
        self.events.append(event)

    def _security(self, event: OrderEventCore) -> SecurityCore:
        return event.order.security if event.symbol == event.order.symbol else self._run.securities[event.symbol]

    def _book(self, event: OrderEventCore) -> None:
        security = self._security(event)
        self._run.ledger.process_fill(event, security)
        fee = self._run.ledger.cash_book.convert(event.fee.amount, event.fee.currency) if event.fee.amount else ZERO
        rate = security.holding.rate
        won = partial(is_win, event, security)
        self._run.trades.process_fill(Fill(security, event.time, event.fill_price, event.fill_quantity, fee, event.order.id, rate, won))
        self._run.capacity.on_fill(event)

    def _tell(self, event: OrderEventCore) -> None:
        ticket = self._handler.tickets[event.order.id]
        ticket.events.append(event)
        if event.fill_quantity:
            _add_fill(ticket, event)
        self._call_algorithm(event, ticket)

    def _call_algorithm(self, event: OrderEventCore, ticket: TicketCore) -> None:
        hooks = self._run.hooks
        surface = event_surface(event)
        surface.ticket = OrderTicket(ticket, self._handler)
        hooks.call("on_order_event", surface)
        if event.is_assignment:
            if event.order.tag:
                event.message += f". {event.order.tag}"
            hooks.call("on_assignment_order_event", surface)


def _add_fill(ticket: TicketCore, event: OrderEventCore) -> None:
    """Running fill of a ticket: an exercise counts what is delivered at the strike, anything else every fill at its price."""
    order = event.order
    if order.kind == OrderType.OPTION_EXERCISE:
        if event.is_in_the_money:
            ticket.average_price = normalize(order.security.strike)
            ticket.filled = event.fill_quantity
    else:
        before = mul(ticket.average_price, abs(ticket.filled))
        ticket.filled = add(ticket.filled, event.fill_quantity)
        total: Decimal = add(before, mul(event.fill_price, abs(event.fill_quantity)))
        ticket.average_price = div(total, abs(ticket.filled)) if ticket.filled else ZERO
    order.price = ticket.average_price
