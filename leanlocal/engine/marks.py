"""The interface of things that make moments of their own: universes, corporate actions, delistings."""

from __future__ import annotations

from collections.abc import Iterable

from leanlocal.clock import Micros


class MarkSource:
    """Base: no moments, nothing to do. rank: universes select (0) before events of the members left are looked at (1)."""

    rank = 1

    def marks(self, after: Micros, until: Micros) -> Iterable[Micros]:
        """Moments after < t <= until."""
        return ()

    def begin_step(self, moment: Micros) -> None:
        """The step of the moment begins."""

    def apply(self) -> None:
        """Cash and holdings change now."""

    def deliver(self) -> None:
        """Tell the algorithm."""
