"""One subscription of a security as an algorithm sees it."""

from __future__ import annotations

from leanlocal.enums import DataNormalizationMode, Resolution, TickType
from leanlocal.securities.core import RESOLUTION_OF, Config, SecurityCore
from leanlocal.surface import LeanObject
from leanlocal.symbols import Symbol
from marketdata.port import Tick

TICKS = {TickType.TRADE: Tick.TRADE, TickType.QUOTE: Tick.QUOTE, TickType.OPEN_INTEREST: Tick.OPEN_INTEREST}
TICK_TYPES = {tick: name for name, tick in TICKS.items()}


class SubscriptionDataConfig(LeanObject["tuple[SecurityCore, Config]"]):
    """One subscription."""

    def __init__(self, core: tuple[SecurityCore, Config]) -> None:
        self._core = core

    @property
    def symbol(self) -> Symbol:
        """Whose."""
        return self._core[0].symbol

    @property
    def resolution(self) -> Resolution:
        """Bar length."""
        return RESOLUTION_OF[self._core[1].step]

    @property
    def tick_type(self) -> TickType:
        """Which rows."""
        return TICK_TYPES[self._core[1].tick]

    @property
    def fill_data_forward(self) -> bool:
        """Whether gaps are filled."""
        return self._core[1].fill_forward

    @property
    def extended_market_hours(self) -> bool:
        """Whether hours around the session are included."""
        return self._core[1].extended

    @property
    def is_internal_feed(self) -> bool:
        """Whether the algorithm does not see it."""
        return self._core[1].internal

    @property
    def data_normalization_mode(self) -> DataNormalizationMode:
        """How prices are adjusted."""
        return self._core[0].normalization


CONFIG_LIST: type[list[SubscriptionDataConfig]] = type("MemoizingEnumerable[SubscriptionDataConfig]", (list,), {})
"""The list a run's subscriptions come in."""
