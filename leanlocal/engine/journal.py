"""What an algorithm says: log, debug and error lines with the algorithm's time, in the order LEAN's log file has them.

LEAN writes debug and error lines when it flushes messages before the `log()` lines of the same time step, whatever the order of the calls. A debug or error
text equal to the previous one of its kind is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime


class RunLog:
    """Lines of a run. time: gives the algorithm's clock reading; echo: called with each line as it is made."""

    def __init__(self, time: Callable[[], datetime], echo: Callable[[str], None] | None = None) -> None:
        self._time = time
        self._echo = echo
        self._early: list[str] = []
        self._late: list[str] = []
        self._last: dict[str, str] = {}
        self.lines: list[str] = []
        self.messages: list[str] = []

    def echo_to(self, echo: Callable[[str], None] | None) -> None:
        """Call with each line from now on."""
        self._echo = echo

    def log(self, text: str) -> None:
        """An algorithm's log line."""
        self._late.append(self._prefixed(text))

    def debug(self, text: str) -> None:
        """An algorithm's debug line."""
        self._message("debug", text, self._early)

    def error(self, text: str) -> None:
        """An algorithm's error line."""
        self._message("error", text, self._early)

    def engine(self, text: str) -> None:
        """A line of the engine's own (not part of the algorithm's log)."""
        self.messages.append(self._prefixed(text))

    def flush(self) -> None:
        """The time step is over."""
        if self._early or self._late:
            for line in (*self._early, *self._late):
                self.lines.append(line)
                if self._echo:
                    self._echo(line)
            self._early.clear()
            self._late.clear()

    def _message(self, kind: str, text: str, lines: list[str]) -> None:
        if self._last.get(kind) != text:
            self._last[kind] = text
            lines.append(self._prefixed(text))

    def _prefixed(self, text: str) -> str:
        return f"{self._time():%Y-%m-%d %H:%M:%S} {text}"
