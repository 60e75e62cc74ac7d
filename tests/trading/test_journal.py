"""Append-only, chained, and honest about damage."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.plain_market import CONDOR, OPEN
from trading.codec import from_json, to_json
from trading.events import DecisionTaken, Event, Noted, StateSaved
from trading.journal import GENESIS, Journal, salvage
from vocabulary.decisions import Action, Decision, Strategy
from vocabulary.errors import CorruptData, StorageFailed


def note(text: str) -> Noted:
    return Noted(OPEN, "topic", text, {"count": 3, "share": 0.25, "ok": True, "none": None})


def written(path: Path, *texts: str) -> Journal:
    journal = Journal(path)
    for text in texts:
        journal.append(note(text))
    return journal


def test_events_come_back_equal_and_in_order(tmp_path: Path) -> None:
    decision = Decision(Action.OPEN, Strategy.ZERO_DTE, "rule", "why", CONDOR, 2, limit=-1.25, inputs={"vix": 15.5})
    events: list[Event] = [DecisionTaken(OPEN, "D1", decision), note("a"), StateSaved(OPEN + timedelta(hours=1), "risk", "{}")]
    journal = Journal(tmp_path / "journal.sqlite")
    for event in events:
        journal.append(event)
    journal.close()
    assert list(Journal(tmp_path / "journal.sqlite").events()) == events


def test_the_head_depends_on_every_row(tmp_path: Path) -> None:
    first, second = written(tmp_path / "1", "a", "b"), written(tmp_path / "2", "a", "c")
    assert first.head != second.head != GENESIS
    assert written(tmp_path / "3", "a", "b").head == first.head


@pytest.mark.parametrize(
    "damage",
    ["UPDATE journal SET body = replace(body, 'b', 'x') WHERE seq = 2", "DELETE FROM journal WHERE seq = 2", "UPDATE journal SET seq = 9 WHERE seq = 3"],
)
def test_changed_or_missing_rows_are_found_and_the_prefix_can_be_saved(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "journal.sqlite"
    written(path, "a", "b", "c").close()
    with sqlite3.connect(path) as connection:
        connection.execute(damage)
    connection.close()
    with pytest.raises(CorruptData, match="salvage"):
        Journal(path)
    saved = salvage(path, tmp_path / "saved.sqlite")
    assert saved == len(list(Journal(tmp_path / "saved.sqlite").events())) == (2 if "9" in damage else 1)


def test_a_torn_file_is_corrupt_data(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 600)
    with pytest.raises(CorruptData, match=r"journal\.sqlite"):
        Journal(path)


def test_a_locked_file_is_storage_failed(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    journal = written(path, "a")
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    journal.connection.execute("PRAGMA busy_timeout=50")
    with pytest.raises(StorageFailed, match="locked"):
        journal.append(note("b"))
    blocker.execute("ROLLBACK")
    blocker.close()
    assert journal.append(note("b")) == 2


def test_a_folder_that_cannot_be_made_is_storage_failed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageFailed, match="choose a folder"):
        Journal(tmp_path / "file" / "journal.sqlite")


scalars = st.one_of(st.floats(allow_nan=False), st.integers(-(2**40), 2**40), st.text(max_size=12), st.booleans(), st.none())


@given(st.dictionaries(st.text(max_size=6), scalars, max_size=5), st.text(max_size=30))
def test_any_inputs_survive_the_journal_text(inputs: dict[str, float | int | str | bool | None], text: str) -> None:
    event = Noted(OPEN, "t", text, {key: value for key, value in inputs.items() if value not in (float("inf"), float("-inf"))})
    assert from_json(Noted, to_json(event)) == event


def test_a_journal_is_written_from_whichever_thread_the_engine_calls_in(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.sqlite")
    writer = Thread(target=journal.append, args=(note("from another thread"),))
    writer.start()
    writer.join()
    assert len(journal) == 1 and [type(event) for event in journal.events()] == [Noted]
