"""`security.cache`: the last data of a security, by type or whatever came last."""

from __future__ import annotations

from typing import Any

from leanlocal.exact import to_float
from leanlocal.securities.core import SecurityCore
from leanlocal.slices.bars import BaseData, QuoteBar, TradeBar, bar_from_facts
from leanlocal.surface import COVERAGE_PAGE, LeanObject


class LastDataCall:
    """`cache.get_data`: called for the bar that set the price, subscripted with a type for the last bar of that type."""

    def __init__(self, core: SecurityCore, kind: Any = None) -> None:
        self._core = core
        self._kind = kind

    def __getitem__(self, kind: Any) -> LastDataCall:
        return LastDataCall(self._core, kind)

    def __call__(self, kind: Any = None) -> BaseData | None:
        """The last bar, None before any. NotImplementedError for a type that is not kept here."""
        wanted = kind or self._kind
        if wanted is None:
            facts = self._core.last_bar()
        elif wanted is TradeBar:
            facts = self._core.last_trade()
        elif wanted is QuoteBar:
            facts = self._core.last_quote()
        else:
            raise NotImplementedError(f"SecurityCache.get_data of {getattr(wanted, '__name__', wanted)} is not in leanlocal; see {COVERAGE_PAGE}")
        return None if facts is None else bar_from_facts(self._core.symbol, facts, self._core.hours.zone)


class SecurityCache(LeanObject[SecurityCore]):
    """What is known of a security's prices."""

    def __init__(self, core: SecurityCore) -> None:
        self._core = core

    @property
    def get_data(self) -> LastDataCall:
        """The last bar: `get_data()`, `get_data[TradeBar]()`."""
        return LastDataCall(self._core)

    def has_data(self, type: Any) -> bool:
        """Whether a bar of a type has come."""
        return LastDataCall(self._core)(type) is not None

    @property
    def price(self) -> float:
        """Current price."""
        return to_float(self._core.price)

    @property
    def open(self) -> float:
        """Open of the last bar."""
        return to_float(self._core.open)

    @property
    def high(self) -> float:
        """High of the last bar."""
        return to_float(self._core.high)

    @property
    def low(self) -> float:
        """Low of the last bar."""
        return to_float(self._core.low)

    @property
    def close(self) -> float:
        """Current price."""
        return to_float(self._core.close)

    @property
    def bid_price(self) -> float:
        """Last bid."""
        return to_float(self._core.bid)

    @property
    def ask_price(self) -> float:
        """Last ask."""
        return to_float(self._core.ask)

    @property
    def bid_size(self) -> float:
        """Size at the bid."""
        return to_float(self._core.bid_size)

    @property
    def ask_size(self) -> float:
        """Size at the ask."""
        return to_float(self._core.ask_size)

    @property
    def volume(self) -> float:
        """Volume of the last trade bar."""
        return to_float(self._core.volume)

    @property
    def open_interest(self) -> int:
        """Open interest."""
        return int(self._core.open_interest)
