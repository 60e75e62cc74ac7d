"""The execution engine's side of a gateway: besides sending, it hears what happened since it last asked.

Nothing is called back. The engine drains the gateway when it is ready, so an order event that a broker delivers inside the submitting call is handled at
the same place as one that comes hours later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from trading.events import Settlement
from vocabulary.contracts import Contract
from vocabulary.orders import Gateway, OrderUpdate

News = OrderUpdate | Settlement
"""What a gateway reports."""


class TradingGateway(Gateway, Protocol):
    """A gateway whose news can be collected."""

    def drain(self) -> Sequence[News]:
        """Everything that happened since the last call, in the order it happened; all fills of a combo's moment in one update."""
        ...


class BrokerBooks(Protocol):
    """What a broker can be asked after a restart."""

    def holdings(self) -> Mapping[Contract, int]:
        """Signed quantity per contract the account holds."""
        ...

    def ticket_update(self, ticket_id: str) -> OrderUpdate | None:
        """State and all fills of a ticket by its id, None when the broker never saw it."""
        ...
