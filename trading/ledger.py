"""Journal and book as one: an event is written first and applied second, so what the book knows can always be rebuilt from the file.

Ids are counted here. They carry the run's prefix, continue after a restart, and are never given twice.
"""

from __future__ import annotations

from trading.book import Book
from trading.events import Event, PositionSettled, StateSaved, TicketPlanned, UpdateReceived
from trading.journal import Journal
from trading.recorder import RunRecorder
from vocabulary.positions import Position, PositionState


class Ledger:
    """The desk's memory. Opening it on an existing journal replays every event.

    prefix: short text that makes ids of this run unique at the broker (for instance the run's first day).
    """

    def __init__(self, journal: Journal, recorder: RunRecorder | None = None, prefix: str = "") -> None:
        self.journal, self.recorder, self.prefix = journal, recorder, prefix
        self.book = Book()
        for event in journal.events():
            self.book.apply(event)
        self.replayed = self.book.events

    def record(self, event: Event) -> None:
        """Write one event, then let the book change. Raises StorageFailed when it cannot be written; the book is then unchanged."""
        self.journal.append(event)
        self.book.apply(event)
        if self.recorder is not None:
            self._describe(event, self.recorder)

    def next_decision_id(self) -> str:
        """Id of the next decision."""
        return f"{self.prefix}D{len(self.book.decisions) + 1:06d}"

    def next_ticket_id(self) -> str:
        """Id of the next order ticket."""
        return f"{self.prefix}T{len(self.book.tickets) + 1:06d}"

    def next_position_id(self) -> str:
        """Id of the next position."""
        return f"{self.prefix}P{len(self.book.positions) + 1:05d}"

    def save_state(self, event: StateSaved) -> None:
        """Record a component's state when it differs from the last one saved."""
        if self.book.states.get(event.component) != event.text:
            self.record(event)

    def _describe(self, event: Event, recorder: RunRecorder) -> None:
        position = _position_of(event, self.book)
        if isinstance(event, UpdateReceived):
            recorder.fills(self.book.tickets[event.update.ticket_id].position_id, event.update.fills)
        if isinstance(event, PositionSettled):
            recorder.fills(event.position_id, event.fills, event.ending.value)
        if position is not None and (position.opened is not None or position.state is PositionState.PENDING):
            recorder.position(position, self.book.decisions.get(self.book.opened_by.get(position.id, "")))


def _position_of(event: Event, book: Book) -> Position | None:
    match event:
        case TicketPlanned():
            return None
        case UpdateReceived():
            return book.positions[book.tickets[event.update.ticket_id].position_id]
        case _:
            key = getattr(event, "position_id", None)
            return book.positions[key] if key is not None else None
