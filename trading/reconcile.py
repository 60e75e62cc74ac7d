"""After a restart: ask the broker what became of the orders that were out, and whether the account holds what the journal says.

A ticket that was written as sent is looked up by its id; one the broker never saw did not happen. A ticket that never left is given up: its market has
moved on. Differences in holdings are reported, never repaired: until a person has settled them the desk takes no new risk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from trading.events import Noted, TicketDropped, UpdateReceived
from trading.ledger import Ledger
from trading.ports import BrokerBooks
from vocabulary.contracts import Contract
from vocabulary.orders import OrderState, OrderUpdate


@dataclass(frozen=True, slots=True)
class Difference:
    """A contract of which journal and account hold different quantities."""

    contract: Contract
    journal: int
    account: int


def reconcile(ledger: Ledger, books: BrokerBooks, now: datetime) -> tuple[Difference, ...]:
    """Bring tickets up to date and compare holdings. Every finding is journalled; the differences are returned."""
    for ticket in ledger.book.active_tickets():
        if ticket.sent is None:
            ledger.record(TicketDropped(now, ticket.id, "RESTART", "planned before the restart, never sent"))
            continue
        told = books.ticket_update(ticket.id)
        ledger.record(UpdateReceived(told or OrderUpdate(ticket.id, OrderState.REJECTED, now, message="the broker never saw it")))
    found = differences(ledger.book.net_holdings(), books.holdings())
    for one in found:
        text = f"{one.contract.key}: journal {one.journal:+d}, account {one.account:+d}"
        ledger.record(Noted(now, "reconciliation", text, {"journal": one.journal, "account": one.account}))
    return found


def differences(journal: Mapping[Contract, int], account: Mapping[Contract, int]) -> tuple[Difference, ...]:
    """Contracts whose quantities differ, by key."""
    contracts = sorted({*journal, *account}, key=lambda contract: contract.key)
    pairs = (Difference(contract, journal.get(contract, 0), account.get(contract, 0)) for contract in contracts)
    return tuple(pair for pair in pairs if pair.journal != pair.account)
