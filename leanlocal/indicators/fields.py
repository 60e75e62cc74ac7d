"""`Field`: which number of a bar an indicator reads."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from leanlocal.exact import ZERO
from leanlocal.indicators.readings import reading_of
from leanlocal.surface import LeanObject

Selector = Callable[[Any], Any]


def _field(pick: Callable[[Any], Decimal]) -> Selector:
    return lambda bar: pick(reading_of(bar).prices)


def _side(side: str, part: str) -> Selector:
    def pick(bar: Any) -> Decimal:
        prices = getattr(getattr(bar, "_core", None), side, None)
        return getattr(prices, part) if prices is not None else ZERO

    return pick


class Field(LeanObject[None]):
    """Selectors of a bar's numbers, given to indicator helpers."""

    OPEN: ClassVar[Selector] = staticmethod(_field(lambda bar: bar.open))
    HIGH: ClassVar[Selector] = staticmethod(_field(lambda bar: bar.high))
    LOW: ClassVar[Selector] = staticmethod(_field(lambda bar: bar.low))
    CLOSE: ClassVar[Selector] = staticmethod(_field(lambda bar: bar.close))
    VOLUME: ClassVar[Selector] = staticmethod(_field(lambda bar: bar.volume))
    AVERAGE: ClassVar[Selector] = staticmethod(_field(lambda bar: (bar.open + bar.high + bar.low + bar.close) / 4))
    MEDIAN: ClassVar[Selector] = staticmethod(_field(lambda bar: (bar.high + bar.low) / 2))
    TYPICAL: ClassVar[Selector] = staticmethod(_field(lambda bar: (bar.high + bar.low + bar.close) / 3))
    WEIGHTED: ClassVar[Selector] = staticmethod(_field(lambda bar: (bar.high + bar.low + 2 * bar.close) / 4))
    SEVEN_BAR: ClassVar[Selector] = staticmethod(_field(lambda bar: (2 * bar.open + bar.high + bar.low + 3 * bar.close) / 7))
    BID_OPEN: ClassVar[Selector] = staticmethod(_side("bid", "open"))
    BID_HIGH: ClassVar[Selector] = staticmethod(_side("bid", "high"))
    BID_LOW: ClassVar[Selector] = staticmethod(_side("bid", "low"))
    BID_CLOSE: ClassVar[Selector] = staticmethod(_side("bid", "close"))
    ASK_OPEN: ClassVar[Selector] = staticmethod(_side("ask", "open"))
    ASK_HIGH: ClassVar[Selector] = staticmethod(_side("ask", "high"))
    ASK_LOW: ClassVar[Selector] = staticmethod(_side("ask", "low"))
    ASK_CLOSE: ClassVar[Selector] = staticmethod(_side("ask", "close"))
