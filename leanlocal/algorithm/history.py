"""QCAlgorithm's part about the past: `history(...)`, `history[Type](...)`, last known prices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from leanlocal.algorithm.consolidation import subscribed
from leanlocal.enums import Resolution
from leanlocal.history.indicators import IndicatorHistory, values_of
from leanlocal.history.service import TICKS_OF_TYPE, HistoryRequest, symbols_of
from leanlocal.history.universes import OptionUniverse
from leanlocal.mappings import SymbolMapping
from leanlocal.slices.bars import BaseData, QuoteBar, TradeBar
from leanlocal.surface import COVERAGE_PAGE
from leanlocal.symbol_book import ArgumentException
from leanlocal.symbols import Symbol
from leanlocal.universes.chains import QuoteBars, TradeBars
from leanlocal.universes.rows import UniverseRow

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore

SPAN_NAMES = ("periods", "span", "start", "end")
OPTION_PLACES = ("resolution", "fill_forward", "extended_market_hours", "data_mapping_mode", "data_normalization_mode", "contract_depth_offset", "flatten")
OPTION_FIELDS = {
    "resolution": "resolution",
    "fill_forward": "fill_forward",
    "extended_market_hours": "extended",
    "data_normalization_mode": "normalization",
    "flatten": "flatten",
}
FRONT_ONLY = ("data_mapping_mode", "contract_depth_offset")
SYMBOL_NAMES = ("symbols", "symbol", "tickers", "ticker", "universe")
MAPPINGS: dict[type, Any] = {TradeBar: TradeBars, QuoteBar: QuoteBars}


def is_universe(kind: type) -> bool:
    """Whether a type asks for chains."""
    return issubclass(kind, UniverseRow | OptionUniverse)


def is_kind(value: Any) -> bool:
    """Whether an argument names a type of data."""
    return (isinstance(value, type) and issubclass(value, BaseData)) or getattr(value, "__name__", None) == "Tick"


def checked_kind(kind: Any) -> type:
    """A type of data that history holds; NotImplementedError for any other."""
    if isinstance(kind, type) and (kind in TICKS_OF_TYPE or is_universe(kind)):
        return kind
    raise NotImplementedError(f"history of {getattr(kind, '__name__', kind)} is not in leanlocal; see {COVERAGE_PAGE}")


class HistoryCall:
    """`self.history`: called for frames (or, with a type first, for frames of that type), subscripted for typed objects."""

    def __init__(self, run: RunContext, kind: type | None = None) -> None:
        self._run = run
        self._kind = kind

    def __getitem__(self, kind: Any) -> HistoryCall:
        return HistoryCall(self._run, checked_kind(kind))

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Bars of the past.

        Arguments: [type,] symbols, then a count, a timedelta, or start and end, then resolution, fill_forward, extended_market_hours, …; without symbols, all
        subscribed ones. Typed, one symbol gives its bars, several give a dictionary of bars per moment.
        """
        values = list(arguments)
        kind = named.pop("type", None) or (values.pop(0) if values and is_kind(values[0]) else None)
        kind = checked_kind(kind) if kind is not None else self._kind
        given = self._given(values, named)
        request = self._request(given, values, named, kind)
        if self._kind is None:
            return self._run.history.frame(request)
        if is_universe(self._kind):
            return self._run.history.days(request)
        if given is not None and is_single(given):
            return list(self._run.history.bars(request, self._kind))
        return self._by_moment(request, self._kind)

    def _by_moment(self, request: HistoryRequest, kind: type) -> list[Any]:
        moments: dict[Any, dict[Symbol, Any]] = {}
        for end, bar in self._run.history.timed_bars(request, kind):
            moments.setdefault(end, {})[bar.symbol] = bar
        make = MAPPINGS.get(kind, SymbolMapping)
        return [make(lambda entries=entries: entries) for _, entries in sorted(moments.items())]

    def asked(self, symbol: Symbol, values: list[Any], named: dict[str, Any]) -> HistoryRequest:
        """The request behind arguments that follow a symbol."""
        return self._request(symbol, values, named, None)

    def _given(self, values: list[Any], named: dict[str, Any]) -> Any:
        by_name = [named.pop(name) for name in SYMBOL_NAMES if name in named]
        if by_name:
            return by_name[0]
        return values.pop(0) if values and not isinstance(values[0], int | float | timedelta | date) else None

    def _request(self, given: Any, values: list[Any], named: dict[str, Any], kind: type | None) -> HistoryRequest:
        symbols = symbols_of(given) if given is not None else tuple(s.symbol for s in self._run.securities.values() if s.user_configs)
        head = [named.pop(name) for name in SPAN_NAMES if name in named]
        while values and isinstance(values[0], int | timedelta | date) and not isinstance(values[0], bool | Resolution):
            head.append(values.pop(0))
        if len(values) > len(OPTION_PLACES):
            raise ArgumentException(f"history cannot use {values[len(OPTION_PLACES)]!r}")
        named["extended_market_hours"] = named.pop("extended_market_hour", named.get("extended_market_hours"))
        options = {**dict(zip(OPTION_PLACES, values, strict=False)), **{name: value for name, value in named.items() if value is not None}}
        self._check(options)
        universe = kind is not None and is_universe(kind)
        types = (kind,) if kind is not None and not universe else ()
        fields = {OPTION_FIELDS[name]: value for name, value in options.items() if name in OPTION_FIELDS and value is not None}
        return HistoryRequest(symbols, **self._span(head), **fields, types=types, universe=universe)

    def _check(self, options: dict[str, Any]) -> None:
        unknown = [name for name in options if name not in OPTION_PLACES]
        if unknown:
            raise ArgumentException(f"history does not know the argument {unknown[0]}")
        if options.get("contract_depth_offset"):
            raise NotImplementedError(f"history with contract_depth_offset is not in leanlocal; see {COVERAGE_PAGE}")
        resolution = options.get("resolution")
        if resolution is not None and not isinstance(resolution, Resolution):
            raise ArgumentException(f"history cannot use {resolution!r} as a resolution")

    def _span(self, head: list[Any]) -> dict[str, Any]:
        moments = [value for value in head if isinstance(value, date)]
        if moments:
            return {"start": _moment(moments[0]), "end": _moment(moments[1]) if len(moments) > 1 else None}
        for value in head:
            if isinstance(value, timedelta):
                return {"start": self._run.local_time - value}
            return {"count": int(value)}
        raise ArgumentException("history needs a number of bars, a timedelta, or a start time")


def is_single(given: Any) -> bool:
    """Whether a request names one symbol rather than a list."""
    return isinstance(given, str) or not (isinstance(given, list | tuple | set) or hasattr(given, "__next__"))


def _moment(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


class HistoryMixin:
    """The past of what is subscribed, or could be."""

    _run: RunContext

    @property
    def history(self) -> HistoryCall:
        """Bars of the past as a data frame, or as objects of a type: `history(spy, 20, Resolution.DAILY)`, `history[TradeBar](spy, 20)`."""
        return HistoryCall(self._run)

    def get_last_known_prices(self, symbol: Any) -> Any:
        """The last bars of a symbol before now; of a list of symbols, a dictionary of them."""
        if is_single(symbol):
            return self._run.history.last_known(subscribed(self._run, symbol))
        found = {one.symbol: self._run.history.last_known(one) for one in (subscribed(self._run, item) for item in symbol)}
        return SymbolMapping(lambda: found)

    def get_last_known_price(self, security: Any) -> Any:
        """The last bar of a security before now, of the kind it is priced by when there is one; None without."""
        return self._run.history.last_of_main_kind(subscribed(self._run, security))

    def indicator_history(self, indicator: Any, symbol: Any, *arguments: Any, **named: Any) -> IndicatorHistory:
        """Values of an indicator over the past, recomputed from its start: (indicator, symbol, count | timedelta | start, end[, resolution][, selector]).

        An indicator of several symbols takes a list of them.
        """
        selector = named.pop("selector", None)
        values = list(arguments)
        if values and callable(values[-1]):
            selector = values.pop()
        if "period" in named:
            named["periods"] = named.pop("period")
        members = [subscribed(self._run, one) for one in ([symbol] if is_single(symbol) else symbol)]
        asked = [(security, self._window(security, indicator, list(values), dict(named))) for security in members]
        return values_of(self._run.history, asked, indicator, selector)

    def _window(self, security: SecurityCore, indicator: Any, values: list[Any], named: dict[str, Any]) -> HistoryRequest:
        """The request of an indicator's inputs: so many bars more than asked for as it needs to get ready."""
        request = HistoryCall(self._run).asked(security.symbol, values, named)
        before = max(0, int(getattr(indicator, "warm_up_period", 0) or 0) - 1)
        if request.count is not None:
            return replace(request, count=request.count + before)
        return replace(request, start=self._run.history.start_before(security, request, before))
