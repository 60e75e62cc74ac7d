"""`slice`: everything that arrived at a moment. Each part is made when the algorithm looks at it.

Feed order is LEAN's: security type, then symbol text. Sources: lean-fidelity §2.3, §11.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros, datetime_of
from leanlocal.enums import SecurityType
from leanlocal.mappings import CallableList, KeyValuePair, SymbolMapping, as_symbol
from leanlocal.slices.bars import BaseData, QuoteBar, TradeBar
from leanlocal.slices.chains import chains_at
from leanlocal.slices.events import SliceEvents
from leanlocal.slices.moment import bar_at, delivers
from leanlocal.surface import LeanObject
from leanlocal.symbols import Symbol
from leanlocal.universes.chains import FuturesChains, OptionChains, QuoteBars, TradeBars
from marketdata.port import Tick

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore


class LazyBars(Mapping[Symbol, Any]):
    """Bars of one tick type at a moment, found one by one."""

    def __init__(
        self, securities: Callable[[], list[SecurityCore]], find: Callable[[SecurityCore], Any], by_symbol: Callable[[Symbol], SecurityCore | None]
    ) -> None:
        self._securities = securities
        self._find = find
        self._by_symbol = by_symbol
        self._found: dict[Symbol, Any] = {}

    def _get(self, security: SecurityCore) -> Any:
        symbol = security.symbol
        if symbol not in self._found:
            self._found[symbol] = self._find(security)
        return self._found[symbol]

    def __getitem__(self, key: Symbol) -> Any:
        security = self._by_symbol(key)
        bar = None if security is None else self._get(security)
        if bar is None:
            raise KeyError(
                f"'{key}' wasn't found in the Slice object, likely because there was no-data at this moment in time and it wasn't possible to fillforward "
                f'historical data. Please check the data exists before accessing it with data.ContainsKey("{key}")'
            )
        return bar

    def __contains__(self, key: object) -> bool:
        security = self._by_symbol(key) if isinstance(key, Symbol) else None
        return security is not None and self._get(security) is not None

    def __iter__(self) -> Any:
        return (security.symbol for security in self._securities() if self._get(security) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Slice(LeanObject["RunContext"]):
    """Data of one moment."""

    def __init__(self, run: RunContext, moment: Micros, events: SliceEvents) -> None:
        self._core = run
        self._moment = moment
        self._events = events

    @property
    def time(self) -> datetime:
        """Algorithm's clock."""
        return self._core.zone.local_datetime(self._moment)

    @property
    def utc_time(self) -> datetime:
        """UTC."""
        return datetime_of(self._moment).replace(tzinfo=UTC)

    @property
    def _ordered(self) -> list[SecurityCore]:
        return self._core.timeline.ordered

    @cached_property
    def _trades(self) -> LazyBars:
        return self._bars_of(Tick.TRADE)

    @cached_property
    def _quotes(self) -> LazyBars:
        return self._bars_of(Tick.QUOTE)

    def _bars_of(self, tick: Tick) -> LazyBars:
        timeline, moment = self._core.timeline, self._moment
        return LazyBars(lambda: self._ordered, lambda security: bar_at(timeline, security, tick, moment), self._core.securities.get)

    @property
    def bars(self) -> TradeBars:
        """Trade bars."""
        return TradeBars(lambda: self._trades)

    @property
    def quote_bars(self) -> QuoteBars:
        """Quote bars."""
        return QuoteBars(lambda: self._quotes)

    @cached_property
    def option_chains(self) -> OptionChains:
        """Option chains by canonical symbol."""
        return OptionChains(lambda: chains_at(self._core, self, options=True))

    @cached_property
    def future_chains(self) -> FuturesChains:
        """Future chains by canonical symbol."""
        return FuturesChains(lambda: chains_at(self._core, self, options=False))

    @property
    def futures_chains(self) -> FuturesChains:
        """Future chains by canonical symbol."""
        return self.future_chains

    @property
    def splits(self) -> SymbolMapping[Any]:
        """Splits and their warnings."""
        return SymbolMapping(lambda: self._events.splits)

    @property
    def dividends(self) -> SymbolMapping[Any]:
        """Dividends."""
        return SymbolMapping(lambda: self._events.dividends)

    @property
    def delistings(self) -> SymbolMapping[Any]:
        """Delistings and their warnings."""
        return SymbolMapping(lambda: self._events.delistings)

    @property
    def symbol_changed_events(self) -> SymbolMapping[Any]:
        """Renamed symbols."""
        return SymbolMapping(lambda: self._events.renames)

    @property
    def ticks(self) -> SymbolMapping[Any]:
        """Ticks (none: this engine has no tick data)."""
        return SymbolMapping(dict[Symbol, Any])

    @cached_property
    def has_data(self) -> bool:
        """Whether anything the algorithm subscribed arrived."""
        if self._events:
            return True
        timeline, moment = self._core.timeline, self._moment
        if timeline.has_user_data(moment):
            return True
        return any(not feed.subscription.internal and delivers(timeline, feed, moment) for security in self._ordered for feed in security.feeds)

    @cached_property
    def _entries(self) -> dict[Symbol, Any]:
        entries: dict[Symbol, Any] = {}
        for security in self._ordered:
            bar = self._bar(security.symbol)
            if bar is not None:
                entries[security.symbol] = bar
        for events in (self._events.splits, self._events.dividends, self._events.delistings, self._events.renames):
            entries = {**{symbol: event for symbol, event in events.items() if symbol not in entries}, **entries}
        return entries

    @property
    def all_data(self) -> list[BaseData]:
        """Every bar, in feed order."""
        found: list[BaseData] = []
        for security in self._ordered:
            found += [bar for bars in (self._trades, self._quotes) if (bar := bars.get(security.symbol)) is not None]
        return found

    @property
    def keys(self) -> CallableList[Symbol]:
        """Symbols with data."""
        return CallableList(self._entries)

    @property
    def values(self) -> CallableList[TradeBar | QuoteBar]:
        """Bars, trades first."""
        return CallableList(self._entries.values())

    @property
    def items(self) -> Callable[[], list[tuple[Symbol, Any]]]:
        """(symbol, bar) pairs."""
        return lambda: list(self._entries.items())

    @property
    def count(self) -> int:
        """Number of symbols with data."""
        return len(self._entries)

    def contains_key(self, key: Any) -> bool:
        """Whether the symbol has data."""
        return key in self

    def __contains__(self, key: object) -> bool:
        symbol = as_symbol(key)
        return symbol is not None and self._bar(symbol) is not None

    def _bar(self, symbol: Symbol) -> Any:
        """The trade bar, else the quote bar; an equity's quotes alone do not count as its data."""
        trade = self._trades.get(symbol)
        return trade if trade is not None or symbol.security_type is SecurityType.EQUITY else self._quotes.get(symbol)

    def __getitem__(self, key: Any) -> Any:
        symbol = as_symbol(key)
        bar = None if symbol is None else self._bar(symbol)
        if bar is None:
            raise KeyError(
                f"'{key}' wasn't found in the Slice object, likely because there was no-data at this moment in time and it wasn't possible to fillforward "
                f'historical data. Please check the data exists before accessing it with data.ContainsKey("{key}")'
            )
        return bar

    def get(self, key: Any, default_value: Any = None) -> Any:
        """The bar of a symbol; of a data type the bars of that type."""
        if key is TradeBar:
            return self.bars
        if key is QuoteBar:
            return self.quote_bars
        return self[key] if key in self else default_value  # noqa: SIM401 (this is what get is made of)

    def __iter__(self) -> Any:
        return (KeyValuePair(key, value) for key, value in self._entries.items())

    def __len__(self) -> int:
        return len(self._entries)
