"""The progress bar on a real terminal: a pseudo-terminal stands in for the user's, and what is drawn on it is read."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PROGRAM = """
import time
from datetime import datetime, timedelta
from cli.console import err
from cli.progress import run_progress
from leanlocal.progress import RunProgress
with run_progress(err()) as show:
    for step in range(12):
        time.sleep(0.06)
        day = datetime(2024, 7, 1) + timedelta(days=step)
        show(RunProgress(time=day, equity=100_000.0 + step, positions=2 + step % 3, data_points=4_000 * step, share=(step + 1) / 12))
"""


def drawn(columns: int) -> list[str]:
    """The lines a terminal of that width was asked to draw."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "CI")} | {"TERM": "xterm-256color"}
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    seen = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        seen += part
    os.close(master)
    assert process.wait(timeout=30) == 0, seen.decode(errors="replace")
    return [line for line in re.split(r"[\r\n]+", ESCAPES.sub("", seen.decode(errors="replace"))) if "equity" in line]


@pytest.mark.parametrize("columns", [120, 160])
def test_the_bar_draws_date_equity_positions_rate_and_time_left(columns: int) -> None:
    frames = drawn(columns)
    assert len(frames) > 3
    pattern = r"2024-07-\d\d .*\d+% equity 100,0\d\d [234] contracts held [\d,]+ points/s \d:\d\d:\d\d left (\d:\d\d:\d\d|-:--:--)"
    whole = [frame for frame in frames if re.search(pattern, frame)]
    assert len(whole) > 2, frames
    days = [frame[:10] for frame in whole]
    assert days == sorted(days) and days[-1] == "2024-07-12"


def test_a_narrow_terminal_keeps_each_frame_on_one_line() -> None:
    assert all(len(frame) <= 80 for frame in drawn(80))


def test_nothing_is_drawn_where_there_is_no_terminal() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
