"""Consolidators of one's own in Python, and two consolidators one after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from leanlocal.consolidators.base import DataConsolidator, TradeBarConsolidator
from leanlocal.indicators.base import Handlers


class PythonConsolidator(DataConsolidator):
    """Base of an algorithm's own consolidators: override `update(data)` (and `scan(time)`), hand bars out with `on_data_consolidated`.

    A subclass need not call the constructor; `consolidated` and `working_data` are what it sets them to.
    """

    _by_rows = True
    consolidated: Any = None  # pyright: ignore[reportIncompatibleMethodOverride]
    working_data: Any = None  # pyright: ignore[reportIncompatibleMethodOverride]
    input_type: Any = None
    output_type: Any = None

    def __init__(self) -> None:
        super().__init__()

    @property
    def data_consolidated(self) -> Handlers:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Functions to call with (sender, bar) for every bar handed out."""
        return vars(self).setdefault("_handlers", Handlers())

    @data_consolidated.setter
    def data_consolidated(self, value: Handlers) -> None:
        vars(self)["_handlers"] = value

    def on_data_consolidated(self, consolidator: Any, data: Any = None) -> None:
        """Hand a bar out: (self, bar), or the bar alone."""
        bar = consolidator if data is None else data
        self.consolidated = bar
        self.data_consolidated(self, bar)

    def reset(self) -> None:
        """Forget what was handed out and what is in the making."""
        self.consolidated = self.working_data = None


class SequentialConsolidator(DataConsolidator):
    """Feeds what the first consolidator hands out to the second, and hands out what that one does. A timedelta stands for trade bars of that length."""

    _by_rows = True

    def __init__(self, first: Any, second: Any) -> None:
        super().__init__()
        self._first, self._second = _consolidator(first), _consolidator(second)
        self._first.data_consolidated += lambda _, bar: self._second.update(bar)
        self._second.data_consolidated += lambda _, bar: self._emit(bar)

    @property
    def first(self) -> Any:
        """Takes the data."""
        return self._first

    @property
    def second(self) -> Any:
        """Hands out the bars."""
        return self._second

    @property
    def working_data(self) -> Any:
        """The second one's bar in the making."""
        return self._second.working_data

    def update(self, data: Any) -> None:
        """Take a bar."""
        self._first.update(data)

    def scan(self, current_local_time: datetime) -> None:
        """The clock has reached a time."""
        self._first.scan(current_local_time)

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self._first.reset()
        self._second.reset()


def _consolidator(given: Any) -> Any:
    return TradeBarConsolidator(given) if isinstance(given, timedelta) else given
