"""The hooks an algorithm overrides, with nothing in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leanlocal.algorithm.base import AlgorithmPart
from leanlocal.securities.surface import surface_of
from leanlocal.surface import LeanObject

if TYPE_CHECKING:
    from leanlocal.engine.subscriptions import Changes
    from leanlocal.slices.slice import Slice


class SecurityChanges(LeanObject["Changes"]):
    """What came and went, each list ordered by symbol text."""

    def __init__(self, core: Changes) -> None:
        self._core = core

    @property
    def added_securities(self) -> list[Any]:
        """Securities that came."""
        return [surface_of(core) for core in sorted(self._core.added, key=lambda core: core.symbol.value)]

    @property
    def removed_securities(self) -> list[Any]:
        """Securities that went."""
        return [surface_of(core) for core in sorted(self._core.removed, key=lambda core: core.symbol.value)]

    @property
    def count(self) -> int:
        """Number of changes."""
        return len(self._core.added) + len(self._core.removed)

    def __str__(self) -> str:
        if not self._core:
            return "SecurityChanges: None"
        added = ",".join(str(security.symbol.id) for security in self.added_securities)
        removed = ",".join(str(security.symbol.id) for security in self.removed_securities)
        parts = [f" Added: {added}"] if added else []
        parts += [f" Removed: {removed}"] if removed else []
        return "SecurityChanges: " + "".join(parts)


class LifecyclePart(AlgorithmPart):
    """Hooks with nothing in them."""

    def initialize(self) -> None:
        """Set up the algorithm."""

    def on_data(self, slice: Slice) -> None:
        """Data of a moment arrived."""

    def on_securities_changed(self, changes: SecurityChanges) -> None:
        """Securities came or went."""

    def on_order_event(self, order_event: Any) -> None:
        """An order changed."""

    def on_assignment_order_event(self, assignment_event: Any) -> None:
        """A short option was assigned."""

    def on_margin_call(self, requests: list[Any]) -> list[Any]:
        """Orders that will meet a margin call; return those to send."""
        return requests

    def on_margin_call_warning(self) -> None:
        """Margin is nearly used up."""

    def on_end_of_algorithm(self) -> None:
        """The run is over."""

    def on_warmup_finished(self) -> None:
        """The start date is reached."""

    def on_splits(self, splits: Any) -> None:
        """Splits or their warnings."""

    def on_dividends(self, dividends: Any) -> None:
        """Dividends."""

    def on_delistings(self, delistings: Any) -> None:
        """Delistings or their warnings."""

    def on_symbol_changed_events(self, symbols_changed: Any) -> None:
        """Renames."""

    def on_brokerage_message(self, message_event: Any) -> None:
        """Messages of a brokerage (none in a backtest)."""

    def on_brokerage_disconnect(self) -> None:
        """Never in a backtest."""

    def on_brokerage_reconnect(self) -> None:
        """Never in a backtest."""

    def on_command(self, data: Any) -> bool | None:
        """Commands of a live run."""
        return None

    @property
    def current_slice(self) -> Slice:
        """Data of the last moment."""
        return self._run.slice
