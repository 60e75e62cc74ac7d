"""`self.transactions`: orders and tickets of a run, and the trades' profits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leanlocal.exact import ZERO, add, to_float
from leanlocal.mappings import CallableList, KeyValuePair, as_symbol
from leanlocal.orders.order import CLOSED
from leanlocal.orders.surface import Order, order_surface, utc_datetime
from leanlocal.orders.ticket import OrderTicket
from leanlocal.surface import LeanObject
from leanlocal.symbols import Symbol

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore


class TransactionRecords(LeanObject[dict[datetime, float]]):
    """Profits by time; iterates as key/value pairs."""

    def __init__(self, entries: dict[datetime, float]) -> None:
        self._core = entries

    def __iter__(self) -> Iterator[KeyValuePair[float]]:
        return (KeyValuePair(at, profit) for at, profit in self._core.items())

    def __getitem__(self, at: datetime) -> float:
        return self._core[at]

    def __len__(self) -> int:
        return len(self._core)

    @property
    def count(self) -> int:
        """Number of records."""
        return len(self._core)

    @property
    def keys(self) -> CallableList[datetime]:
        """Times."""
        return CallableList(self._core.keys())

    @property
    def values(self) -> CallableList[float]:
        """Profits."""
        return CallableList(self._core.values())


class SecurityTransactionManager(LeanObject["RunContext"]):
    """Orders of a run."""

    def __init__(self, run: RunContext) -> None:
        self._core = run

    def _ticket(self, order_id: int) -> OrderTicket | None:
        ticket = self._core.handler.tickets.get(order_id)
        return None if ticket is None else OrderTicket(ticket, self._core.handler)

    def _all_tickets(self) -> list[OrderTicket]:
        return [OrderTicket(ticket, self._core.handler) for ticket in self._core.handler.tickets.values()]

    def _security(self, symbol: Any) -> SecurityCore | None:
        return self._core.securities.get(_required(symbol))

    @property
    def last_order_id(self) -> int:
        """Number of the newest order."""
        return self._core.handler.last_order_id

    @property
    def orders_count(self) -> int:
        """Orders made so far."""
        return len(self._core.handler.orders)

    @property
    def utc_time(self) -> datetime:
        """Now, UTC."""
        return utc_datetime(self._core.clock.now)

    @property
    def transaction_record(self) -> TransactionRecords:
        """Profit of each closing fill by time."""
        return self._records(won=None)

    def _records(self, *, won: bool | None) -> TransactionRecords:
        records = self._core.ledger.records.items()
        return TransactionRecords({utc_datetime(at): to_float(record.profit) for at, record in records if won is None or record.won == won})

    @property
    def winning_transactions(self) -> TransactionRecords:
        """Those that count as wins."""
        return self._records(won=True)

    @property
    def losing_transactions(self) -> TransactionRecords:
        """Those that count as losses."""
        return self._records(won=False)

    @property
    def win_count(self) -> int:
        """Number of wins."""
        return len(self.winning_transactions)

    @property
    def loss_count(self) -> int:
        """Number of losses."""
        return len(self.losing_transactions)

    def get_order_by_id(self, order_id: int) -> Order | None:
        """The order of a number."""
        order = self._core.handler.orders.get(order_id)
        return None if order is None else order_surface(order)

    def get_orders_by_brokerage_id(self, brokerage_id: str) -> list[Order]:
        """Orders the broker knows by a number."""
        return [order_surface(order) for order in self._core.handler.orders.values() if brokerage_id in order.broker_ids]

    def get_orders(self, filter: Callable[[Order], bool] | None = None) -> list[Order]:
        """Orders that pass a test."""
        orders = [order_surface(order) for order in self._core.handler.orders.values()]
        return orders if filter is None else [order for order in orders if filter(order)]

    def get_open_orders(self, symbol: Any = None) -> list[Order]:
        """Open orders: all, of one security, or that pass a test."""
        if callable(symbol):
            return [order for order in self.get_orders() if order.status not in CLOSED and symbol(order)]
        security = None if symbol is None else self._security(symbol)
        if symbol is not None and security is None:
            return []
        return [order_surface(order) for order in self._core.handler.open_orders(security)]

    def get_order_ticket(self, order_id: int) -> OrderTicket | None:
        """The ticket of a number."""
        return self._ticket(order_id)

    def get_order_tickets(self, filter: Callable[[OrderTicket], bool] | None = None) -> list[OrderTicket]:
        """Tickets that pass a test."""
        tickets = self._all_tickets()
        return tickets if filter is None else [ticket for ticket in tickets if filter(ticket)]

    def get_open_order_tickets(self, symbol: Any = None) -> list[OrderTicket]:
        """Open tickets: all, of one security, or that pass a test."""
        tickets = [ticket for ticket in self._all_tickets() if ticket.status not in CLOSED]
        if symbol is None:
            return tickets
        if callable(symbol):
            return [ticket for ticket in tickets if symbol(ticket)]
        wanted = _required(symbol)
        return [ticket for ticket in tickets if ticket.symbol == wanted]

    def get_open_orders_remaining_quantity(self, symbol: Any = None) -> float:
        """Sum of signed open quantities."""
        wanted = None if symbol is None or callable(symbol) else _required(symbol)
        total = ZERO
        for ticket in self._core.handler.tickets.values():
            if ticket.is_closed or (wanted is not None and ticket.request.symbol != wanted):
                continue
            if callable(symbol) and not symbol(OrderTicket(ticket, self._core.handler)):
                continue
            total = add(total, ticket.remaining)
        return to_float(total)

    def cancel_open_orders(self, symbol: Any = None, tag: str | None = None) -> list[OrderTicket]:
        """Ask for cancellation of open orders, of one security or all."""
        security = None if symbol is None else self._security(symbol)
        if symbol is not None and security is None:
            return []
        tickets = self._core.handler.cancel_open_orders(security, tag)
        return [OrderTicket(ticket, self._core.handler) for ticket in tickets]

    def cancel_order(self, order_id: int, order_tag: str | None = None) -> OrderTicket | None:
        """Ask for cancellation of one order."""
        ticket = self._ticket(order_id)
        if ticket is not None:
            ticket.cancel(order_tag)
        return ticket


def _required(symbol: Any) -> Symbol:
    found = as_symbol(symbol)
    if found is None:
        raise KeyError(f"{symbol} is not known: add it, or give its Symbol")
    return found
