"""Whole runs that are cut short: a disk that fills up, Ctrl-C, a killed process. What was finished is kept, and the journal rebuilds the same state."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from reporting.run_facts import read_run
from trading.book import Book
from trading.journal import Journal

ROOT = Path(__file__).resolve().parents[2]
QUIET = {**os.environ, "THETADESK_NUMBA": "off", "NO_COLOR": "1"}
"""Without numba, whose cache must not be what meets the full disk."""
pytestmark = pytest.mark.slow


def command(folder: Path, last: str = "2024-07-26") -> list[str]:
    return [sys.executable, "-m", "cli.main", "backtest", "--start", "2024-07-01", "--end", last, "--output", str(folder)]


def hear_interruptions() -> None:
    """A shell that starts the tests in the background lets its children ignore Ctrl-C; at a terminal they do not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started(folder: Path) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(command(folder), cwd=ROOT, env=QUIET, stdout=pipe, stderr=pipe, text=True, preexec_fn=hear_interruptions)  # noqa: PLW1509 set before the child has a thread


def rows(folder: Path) -> int:
    """Journal rows written so far, 0 before there is a journal."""
    try:
        with closing(sqlite3.connect(f"{(folder / 'run.sqlite').as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def wait_for(process: subprocess.Popen[str], folder: Path, count: int) -> None:
    """Until the run has written so many rows."""
    deadline = time.monotonic() + 120
    while rows(folder) < count:
        assert process.poll() is None, "the run ended before it could be cut short"
        assert time.monotonic() < deadline
        time.sleep(0.01)


def sentences(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def rebuilt(path: Path, count: int | None = None) -> Book:
    """A book made of a journal's first events, of all by default."""
    journal, book = Journal(path), Book()
    for event in list(journal.events())[:count]:
        book.apply(event)
    journal.close()
    return book


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run without interruption."""
    folder = tmp_path_factory.mktemp("whole")
    subprocess.run(command(folder), cwd=ROOT, env=QUIET, capture_output=True, check=True)
    return folder


def test_a_disk_that_fills_up_in_the_middle_ends_with_one_sentence_and_keeps_the_journal(tmp_path: Path, whole: Path) -> None:
    limit = 600_000  # bytes per file: the journal passes it after some days
    set_limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))  # noqa: E731
    done = subprocess.run(command(tmp_path), cwd=ROOT, env=QUIET, capture_output=True, text=True, check=False, preexec_fn=set_limit)
    (sentence,) = sentences(done.stderr)
    assert done.returncode == 5, done.stderr
    assert sentence.startswith("thetadesk: journal ") and "free space" in sentence
    assert 0 < rows(tmp_path) < rows(whole)
    kept = rebuilt(tmp_path / "run.sqlite")
    assert vars(kept) == vars(rebuilt(whole / "run.sqlite", kept.events))


def test_results_that_cannot_be_written_are_said_and_the_journal_is_kept(tmp_path: Path) -> None:
    (tmp_path / "log.txt").mkdir()
    done = subprocess.run(command(tmp_path, "2024-07-02"), cwd=ROOT, env=QUIET, capture_output=True, text=True, check=False)
    (sentence,) = sentences(done.stderr)
    assert done.returncode == 5 and "results could not be written" in sentence
    assert rows(tmp_path) > 0


def test_control_c_keeps_journal_results_and_report(tmp_path: Path) -> None:
    process = started(tmp_path)
    wait_for(process, tmp_path, 60)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert sentences(errors) == ["thetadesk: interrupted; what was finished is kept"]
    assert "per strategy" in output
    assert (tmp_path / "report.html").is_file() and (tmp_path / "log.txt").is_file() and len(list(tmp_path.glob("*-summary.json"))) == 1
    assert len(read_run(tmp_path / "run.sqlite").samples) > 0


def test_control_c_before_the_run_has_begun_is_an_interruption_too(tmp_path: Path) -> None:
    process = started(tmp_path)
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode in (130, -signal.SIGINT), errors
    assert "Traceback" not in errors or process.returncode == -signal.SIGINT


@pytest.mark.parametrize("count", [9, 47, 120])
def test_a_killed_run_leaves_a_journal_from_which_the_same_state_is_rebuilt(tmp_path: Path, whole: Path, count: int) -> None:
    process = started(tmp_path)
    wait_for(process, tmp_path, count)
    process.kill()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    left, complete = rebuilt(tmp_path / "run.sqlite"), rows(whole)
    assert count <= left.events <= complete
    assert vars(left) == vars(rebuilt(whole / "run.sqlite", left.events))
