"""Values of an indicator over the past, by moment and by property, and as a data frame (LEAN's `indicator_history`).

The indicator is reset, fed with the bars of the window and read after each bar that leaves it ready. Its inner indicators are properties of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from leanlocal.consolidators.rows import surface_bar
from leanlocal.history.rows import bar_rows
from leanlocal.indicators.base import IndicatorBase
from leanlocal.indicators.custom import feed
from leanlocal.indicators.readings import IndicatorDataPoint
from leanlocal.surface import LeanObject, snake_case

if TYPE_CHECKING:
    import pandas as pd

    from leanlocal.history.service import History, HistoryRequest
    from leanlocal.securities.core import SecurityCore

CURRENT = "current"


@dataclass(slots=True)
class Recorded:
    """Points of each property, oldest first; all lists are equally long."""

    points: dict[str, list[IndicatorDataPoint]] = field(default_factory=dict[str, list[IndicatorDataPoint]])

    def add(self, indicator: Any) -> None:
        """Read the indicator now."""
        self.points.setdefault(CURRENT, []).append(indicator.current)
        for name, inner in properties_of(indicator).items():
            self.points.setdefault(name, []).append(inner.current)

    def __len__(self) -> int:
        return len(self.points.get(CURRENT, ()))


def properties_of(indicator: Any) -> dict[str, Any]:
    """Public inner indicators by name: attributes, and those its class lists as shown."""
    found = {name: inner for name, inner in vars(indicator).items() if isinstance(inner, IndicatorBase) and not name.startswith("_")}
    shown = {name: getattr(indicator, name) for name in getattr(type(indicator), "_SHOWN", ())}
    return found | {name: inner for name, inner in shown.items() if isinstance(inner, IndicatorBase)}


class IndicatorDataPoints(LeanObject["dict[str, IndicatorDataPoint]"]):
    """An indicator's values at one moment: `current`, and a point per property by name."""

    def __init__(self, core: dict[str, IndicatorDataPoint]) -> None:
        self._core = core

    @property
    def current(self) -> IndicatorDataPoint:
        """The indicator's own point."""
        return self._core[CURRENT]

    @property
    def value(self) -> float:
        """The indicator's own value."""
        return self.current.value

    def __getitem__(self, name: str) -> IndicatorDataPoint:
        return self._core[snake_case(name)]

    def __getattr__(self, name: str) -> Any:
        points = self.__dict__.get("_core", {})
        return points[name] if name in points else super().__getattr__(name)


class IndicatorHistory(LeanObject[Recorded]):
    """Values of an indicator over a window; iterating gives one IndicatorDataPoints per moment."""

    def __init__(self, core: Recorded) -> None:
        self._core = core

    @property
    def current(self) -> list[IndicatorDataPoint]:
        """The indicator's own points, oldest first."""
        return list(self._core.points.get(CURRENT, ()))

    @property
    def count(self) -> int:
        """Number of moments."""
        return len(self._core)

    def __getitem__(self, name: str) -> list[IndicatorDataPoint]:
        return list(self._core.points.get(snake_case(name), ()))

    def __getattr__(self, name: str) -> Any:
        recorded = self.__dict__.get("_core")
        return self[name] if recorded is not None and name in recorded.points else super().__getattr__(name)

    def __iter__(self) -> Iterator[IndicatorDataPoints]:
        points = self._core.points
        return (IndicatorDataPoints({name: column[row] for name, column in points.items()}) for row in range(len(self)))

    def __len__(self) -> int:
        return len(self._core)

    @property
    def data_frame(self) -> pd.DataFrame:
        """A column per property, names in lower case without underscores in alphabetical order; the moments are the index."""
        import pandas as pd

        columns = {name.replace("_", ""): [point.value for point in column] for name, column in self._core.points.items()}
        index = pd.DatetimeIndex([point.end_time for point in self.current])
        return pd.DataFrame(columns, index=index, columns=sorted(columns))


Asked = list[tuple["SecurityCore", "HistoryRequest"]]


def values_of(history: History, asked: Asked, indicator: Any, selector: Any) -> IndicatorHistory:
    """Reset the indicator, feed it with each request's bars of its security's default kind in the order of time, and keep its values once it is ready.

    Bars of several securities that end together give one value, that after the last of them.
    """
    from leanlocal.algorithm.consolidation import default_tick, indicator_input

    indicator.reset()
    recorded = Recorded()
    rows = [
        (row.end, place, security, row)
        for place, (security, request) in enumerate(asked)
        for row in bar_rows(history.run, security, default_tick(security), history.window(security, request))
    ]
    for _, together in groupby(sorted(rows, key=itemgetter(0, 1)), key=itemgetter(0)):
        for _, _, security, row in together:
            feed(indicator, indicator_input(indicator, surface_bar(security, row), selector))
        if indicator.is_ready:
            recorded.add(indicator)
    return IndicatorHistory(recorded)
