"""Logging, parameters, the object store, notifications."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from leanlocal.algorithm.base import AlgorithmPart
from leanlocal.mappings import KeyValuePair
from leanlocal.object_store import ObjectStore
from leanlocal.surface import LeanObject


class NotificationManager(LeanObject[None]):
    """`self.notify`: sends nothing in a backtest and says so."""

    def email(self, address: str, subject: str, message: str, data: str = "", headers: Any = None) -> bool:
        """Not sent."""
        return False

    def sms(self, phone_number: str, message: str) -> bool:
        """Not sent."""
        return False

    def web(self, address: str, data: Any = None, headers: Any = None) -> bool:
        """Not sent."""
        return False

    def ftp(self, hostname: str, username: str, password: str, file_path: str, file_content: Any = None, secure: bool = True, port: int | None = None) -> bool:
        """Not sent."""
        return False

    def telegram(self, user: str, message: str, token: str | None = None) -> bool:
        """Not sent."""
        return False


class Parameters(dict[str, str]):
    """Parameters; iterating gives key/value pairs as LEAN does, `dict()` and `items()` work as usual."""

    def __iter__(self) -> Any:
        return (KeyValuePair(key, value) for key, value in super().items())


class ServicesPart(AlgorithmPart):
    """Services around an algorithm."""

    def log(self, message: Any) -> None:
        """A line in the log."""
        self._run.log.log(str(message))

    def debug(self, message: Any) -> None:
        """A line for debugging; the same text twice in a row is dropped."""
        self._run.log.debug(str(message))

    def error(self, message: Any) -> None:
        """A line about an error; the same text twice in a row is dropped."""
        self._run.log.error(str(message))

    def quit(self, message: str = "") -> None:
        """Stop after this time step."""
        self._run.log.engine(f"Quit(): {message}")
        self._run.stopping = message or "quit"

    def get_parameter(self, name: str, default: Any = None) -> Any:
        """A parameter's text, or a number of the default's type; the default when absent or not a number."""
        text = self._run.parameters.get(name)
        if text is None:
            return default
        if isinstance(default, bool) or not isinstance(default, int | float):
            return text
        try:
            return type(default)(text)
        except ValueError:
            return default

    def get_parameters(self) -> Parameters:
        """All parameters."""
        return Parameters(sorted(self._run.parameters.items()))

    @cached_property
    def object_store(self) -> ObjectStore:
        """Files that outlive the run."""
        return ObjectStore(self._run.storage)

    @cached_property
    def notify(self) -> NotificationManager:
        """Notifications."""
        return NotificationManager()
