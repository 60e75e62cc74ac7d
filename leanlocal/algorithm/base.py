"""What every part of QCAlgorithm builds on: the run behind it, and the hooks an algorithm may override."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from leanlocal.surface import LeanObject
from vocabulary.errors import BadInput

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

RUN_IN_PROGRESS: ContextVar[RunContext] = ContextVar("run_in_progress")
"""The run an algorithm is being made for."""


class AlgorithmPart(LeanObject[Any]):
    """Base of the parts of QCAlgorithm."""

    _run: RunContext

    def __init__(self) -> None:
        try:
            self._run = RUN_IN_PROGRESS.get()
        except LookupError:
            raise BadInput("a QCAlgorithm is made by a run: use leanlocal.run.run_algorithm, or leanlocal.testing in tests") from None
        self._core = self._run
        self._run.algorithm = self  # pyright: ignore[reportAttributeAccessIssue]
