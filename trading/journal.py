"""The append-only journal: every decision, verdict, order event, fill and state change, in one SQLite file, each row chained to the one before.

A row's hash covers its predecessor's hash, so a row that was changed, lost or put in later shows. Appending is one committed transaction; a process
killed at any point leaves a valid prefix. Nothing is ever updated or deleted here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from trading.codec import from_json, to_json
from trading.events import EVENT_TYPES, Event, subject
from vocabulary.errors import CorruptData, StorageFailed

GENESIS = "0" * 64
_KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in EVENT_TYPES}
_TYPED = " STRICT" if sqlite3.sqlite_version_info >= (3, 37) else ""  # older libraries, which LEAN's Python may bring, do not know the word
_SCHEMA = f"""CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL){_TYPED}"""


def link(previous: str, kind: str, body: str) -> str:
    """Hash of a row: SHA-256 over the previous row's hash, the kind and the body."""
    return sha256(f"{previous}\n{kind}\n{body}".encode()).hexdigest()


@contextmanager
def storage_errors(place: str) -> Generator[None]:
    """Turn SQLite's errors into ours: locked, full or unwritable storage is StorageFailed, a damaged file CorruptData."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StorageFailed(f"journal {place}: {error}; close other programs that use it, or free space") from error
    except sqlite3.DatabaseError as error:
        raise CorruptData(f"journal {place}: {error}; `salvage` copies the rows that are intact into a new file") from error


class Journal:
    """An open journal. `path` None keeps it in memory (a backtest that asks for no file)."""

    def __init__(self, path: Path | None = None, wait_seconds: float = 5.0) -> None:
        """Open or create. Raises StorageFailed when the file is locked or cannot be written, CorruptData when its chain is broken."""
        self.place = str(path) if path else ":memory:"
        with storage_errors(self.place):
            if path is not None:
                _make_room_for(path)
            # LEAN initializes, wakes and reports orders from threads of its own; the interpreter's lock lets only one of them in at a time
            self.connection = sqlite3.connect(self.place, timeout=wait_seconds, isolation_level=None, check_same_thread=False)
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=NORMAL")
            self.connection.execute(_SCHEMA)
            self._sequence, self._head = self._verified_end()

    @property
    def head(self) -> str:
        """Hash of the newest row; two journals with the same head hold the same history."""
        return self._head

    def __len__(self) -> int:
        return self._sequence

    def append(self, event: Event) -> int:
        """Write one event durably and return its sequence number. Raises StorageFailed; then the event did not happen."""
        kind, body = type(event).__name__, to_json(event)
        sequence, head = self._sequence + 1, link(self._head, kind, body)
        with storage_errors(self.place):
            row = (sequence, event.time.isoformat(), kind, subject(event), body, head)
            self.connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)", row)
        self._sequence, self._head = sequence, head
        return sequence

    def events(self) -> Iterator[Event]:
        """All events, oldest first."""
        with storage_errors(self.place):
            for kind, body in self.connection.execute("SELECT kind, body FROM journal ORDER BY seq").fetchall():
                yield from_json(_KINDS[kind], body)

    def close(self) -> None:
        """Give the file back."""
        self.connection.close()

    def _verified_end(self) -> tuple[int, str]:
        sequence, head = 0, GENESIS
        for row in self.connection.execute("SELECT seq, kind, body, hash FROM journal ORDER BY seq"):
            if not _continues(row, sequence, head):
                raise CorruptData(f"journal {self.place}: row {row[0]} does not follow row {sequence}; `salvage` keeps the {sequence} rows before it")
            sequence, head = row[0], row[3]
        return sequence, head


def _continues(row: tuple[int, str, str, str], sequence: int, head: str) -> bool:
    return row[0] == sequence + 1 and row[1] in _KINDS and link(head, row[1], row[2]) == row[3]


def _make_room_for(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed(f"journal {path}: {error.strerror}; choose a folder that can be written") from error


def salvage(damaged: Path, target: Path) -> int:
    """Copy the intact prefix of a damaged journal into a new one and return how many rows were saved. Raises StorageFailed when `target` exists."""
    if target.exists():
        raise StorageFailed(f"salvage: {target} exists; choose a new file")
    saved = Journal(target)
    for kind, body in _intact_rows(damaged):
        saved.append(from_json(_KINDS[kind], body))
    rows = len(saved)
    saved.close()
    return rows


def _intact_rows(damaged: Path) -> Iterator[tuple[str, str]]:
    source = sqlite3.connect(f"file:{damaged}?mode=ro", uri=True)
    sequence, head = 0, GENESIS
    try:
        for row in source.execute("SELECT seq, kind, body, hash FROM journal ORDER BY seq"):
            if not _continues(row, sequence, head):
                return
            sequence, head = row[0], row[3]
            yield row[1], row[2]
    except sqlite3.DatabaseError:
        return  # the file ends here: what was read before is what can be saved
    finally:
        source.close()
