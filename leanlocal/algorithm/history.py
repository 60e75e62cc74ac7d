"""QCAlgorithm's part about the past: `history(...)`, `history[Type](...)`, last known prices."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from leanlocal.algorithm.consolidation import subscribed
from leanlocal.enums import Resolution
from leanlocal.history.service import HistoryRequest, symbols_of
from leanlocal.history.universes import OptionUniverse
from leanlocal.slices.bars import BaseData, QuoteBar, TradeBar
from leanlocal.symbol_book import ArgumentException
from leanlocal.universes.rows import UniverseRow

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

KEYWORDS = {
    "fill_forward": "fill_forward",
    "extended_market_hours": "extended",
    "extended_market_hour": "extended",
    "data_normalization_mode": "normalization",
    "flatten": "flatten",
}
IGNORED = ("data_mapping_mode", "contract_depth_offset")
NAMED_PLACES = ("periods", "span", "start", "end", "resolution")


def is_universe(kind: type) -> bool:
    """Whether a type asks for chains."""
    return issubclass(kind, UniverseRow | OptionUniverse)


class HistoryCall:
    """`self.history`: called for frames (or, with a type first, for frames of that type), subscripted for typed objects."""

    def __init__(self, run: RunContext, kind: type | None = None) -> None:
        self._run = run
        self._kind = kind

    def __getitem__(self, kind: type) -> HistoryCall:
        return HistoryCall(self._run, kind)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Bars of the past.

        Arguments: [type,] symbols, then a count, a timedelta, or start and end, then the resolution; without symbols, all subscribed ones.
        """
        values = list(arguments)
        kind = self._kind
        if values and isinstance(values[0], type) and issubclass(values[0], BaseData):
            kind = values.pop(0)
        request = self._request(values, named, kind)
        if self._kind is None:
            return self._run.history.frame(request)
        if is_universe(self._kind):
            return self._run.history.days(request)
        return list(self._run.history.bars(request, self._kind))

    def _request(self, values: list[Any], named: dict[str, Any], kind: type | None) -> HistoryRequest:
        given = named.pop("symbols", named.pop("symbol", named.pop("tickers", named.pop("ticker", None))))
        named.pop("type", None)
        if given is None and values and not isinstance(values[0], int | float | timedelta | date):
            given = values.pop(0)
        symbols = symbols_of(given) if given is not None else tuple(s.symbol for s in self._run.securities.values() if s.user_configs)
        options = {KEYWORDS[key]: named.pop(key) for key in list(named) if key in KEYWORDS}
        for key in IGNORED:
            named.pop(key, None)
        values += [named.pop(key) for key in NAMED_PLACES if key in named]
        if named:
            raise ArgumentException(f"history does not know the argument {next(iter(named))}")
        universe = kind is not None and is_universe(kind)
        types = (kind,) if kind is not None and not universe else ()
        return HistoryRequest(symbols, **self._span(values), **options, types=types, universe=universe)

    def _span(self, values: list[Any]) -> dict[str, Any]:
        span: dict[str, Any] = {}
        moments = [value for value in values if isinstance(value, date)]
        if moments:
            span["start"] = _moment(moments[0])
            span["end"] = _moment(moments[1]) if len(moments) > 1 else None
        for value in values:
            if isinstance(value, timedelta):
                span["start"] = self._run.local_time - value
            elif isinstance(value, Resolution):
                span["resolution"] = value
            elif isinstance(value, int) and not isinstance(value, bool):
                span["count"] = int(value)
            elif not isinstance(value, date) and value is not None:
                raise ArgumentException(f"history cannot use {value!r}")
        if "count" not in span and "start" not in span:
            raise ArgumentException("history needs a number of bars, a timedelta, or a start time")
        return span


def _moment(value: date) -> datetime:
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)


class HistoryMixin:
    """The past of what is subscribed, or could be."""

    _run: RunContext

    @property
    def history(self) -> HistoryCall:
        """Bars of the past as a data frame, or as objects of a type: `history(spy, 20, Resolution.DAILY)`, `history[TradeBar](spy, 20)`."""
        return HistoryCall(self._run)

    def get_last_known_prices(self, symbol: Any) -> list[TradeBar | QuoteBar]:
        """The last bars of a symbol before now."""
        return self._run.history.last_known(subscribed(self._run, symbol))

    def get_last_known_price(self, security: Any) -> Any:
        """The last bar of a security before now, a quote when there is one; None without."""
        found = self.get_last_known_prices(security)
        return found[-1] if found else None

    def indicator_history(self, indicator: Any, symbol: Any, period: Any, resolution: Resolution | None = None, selector: Any = None) -> Any:
        """Values of an indicator over the past, recomputed from its start, as points oldest first."""
        from leanlocal.algorithm.consolidation import indicator_input

        security = subscribed(self._run, symbol)
        extra = int(getattr(indicator, "warm_up_period", 0) or 0)
        call = HistoryCall(self._run, TradeBar if self._run.securities.ticks_of(security, _step(security))[0].value == "trade" else QuoteBar)
        bars = call(security.symbol, period + extra if isinstance(period, int) else period, *([resolution] if resolution is not None else []))
        indicator.reset()
        points = [indicator.current for bar in bars if indicator.update(indicator_input(indicator, bar, selector))]
        return points[-period:] if isinstance(period, int) else points


def _step(security: Any) -> Any:
    return security.configs[0].step
