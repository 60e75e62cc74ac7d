"""Answers history requests of a run: typed objects and data frames, cut at the present."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros, datetime_of, micros_of
from leanlocal.consolidators.rows import Delivered, surface_bar
from leanlocal.enums import DataNormalizationMode, Resolution, SecurityType
from leanlocal.history.frames import SymbolRows, frame_of
from leanlocal.history.rows import Window, bar_rows, interest_rows, security_of
from leanlocal.history.universes import chain_days, chain_frame
from leanlocal.history.windows import start_of_bars
from leanlocal.indicators.custom import feed
from leanlocal.mappings import as_symbol
from leanlocal.securities.core import STEP_OF
from leanlocal.slices.bars import OpenInterest, QuoteBar, TradeBar
from leanlocal.symbol_book import ArgumentException
from leanlocal.symbols import Symbol
from marketdata.port import Step, Tick

if TYPE_CHECKING:
    import pandas as pd

    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore

TRADED_FIRST = frozenset({SecurityType.EQUITY, SecurityType.INDEX, SecurityType.FUTURE})
SEED_BARS, SEED_DAYS = 5, 50
SEED_RETRY_BARS = {Step.MINUTE: 24 * 60, Step.HOUR: 24, Step.DAILY: 10}
"""How far the search for a first price goes back (LEAN's seed look-back periods)."""

TICKS_OF_TYPE = {TradeBar: Tick.TRADE, QuoteBar: Tick.QUOTE, OpenInterest: Tick.OPEN_INTEREST}


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """What was asked: symbols; a count of bars, or a start and end in the algorithm's time; and how. types: bar types wanted, empty for all prices."""

    symbols: tuple[Symbol, ...]
    count: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    resolution: Resolution | None = None
    fill_forward: bool | None = None
    extended: bool | None = None
    normalization: DataNormalizationMode | None = None
    types: tuple[type, ...] = ()
    universe: bool = False
    flatten: bool = False


class History:
    """The past of one run."""

    def __init__(self, run: RunContext) -> None:
        self._run = run

    @property
    def run(self) -> RunContext:
        """Whose past it is."""
        return self._run

    def window(self, security: SecurityCore, request: HistoryRequest) -> Window:
        """The window of one symbol; raises NotImplementedError for ticks and seconds."""
        resolution = request.resolution if request.resolution is not None else min(security.resolutions, default=Resolution.MINUTE)
        if resolution not in STEP_OF:
            raise NotImplementedError(f"history at Resolution.{resolution} is not in leanlocal; see docs/lean-coverage.md")
        step = STEP_OF[resolution]
        extended = security.extended_hours if request.extended is None else request.extended
        filled = True if request.fill_forward is None else request.fill_forward
        end = self._end(request)
        if request.count is not None:
            start = start_of_bars(security.hours, end, request.count, step, extended)
        else:
            assert request.start is not None
            start = self._utc(request.start)
        return Window(start, end, step, extended, filled, request.normalization)

    def _end(self, request: HistoryRequest) -> Micros:
        now = self._run.clock.now
        if request.end is None:
            return now
        end = self._utc(request.end)
        if end > now:
            self._run.log.engine("Request for future history modified to end now.")
        return min(end, now)

    def start_before(self, security: SecurityCore, request: HistoryRequest, bars: int) -> datetime:
        """The start of a request moved back by a number of bars, on the algorithm's clock."""
        window = self.window(security, request)
        return self._run.zone.local_datetime(start_of_bars(security.hours, window.start, bars, window.step, window.extended) if bars else window.start)

    def _utc(self, moment: datetime) -> Micros:
        return self._run.zone.to_utc(micros_of(moment))

    def ticks(self, security: SecurityCore, request: HistoryRequest, window: Window) -> list[Tick]:
        """Which rows a symbol is asked for."""
        if request.types:
            return [TICKS_OF_TYPE[one] for one in request.types if one in TICKS_OF_TYPE]
        possible = self._run.securities.ticks_of(security, window.step)
        return [tick for tick in possible if tick is not Tick.OPEN_INTEREST]

    def bars(self, request: HistoryRequest, kind: type) -> Iterator[Any]:
        """Typed objects of one kind, by symbol, oldest first."""
        return (bar for _, bar in self.timed_bars(request, kind))

    def timed_bars(self, request: HistoryRequest, kind: type) -> Iterator[tuple[Micros, Any]]:
        """The same with the UTC moment of each."""
        for symbol in request.symbols:
            security = security_of(self._run, symbol)
            window = self.window(security, request)
            if kind is OpenInterest:
                zone = security.hours.zone
                for one in interest_rows(self._run, security, window):
                    yield one.end, OpenInterest(datetime_of(zone.to_local(one.end)), symbol, float(one.value))
            else:
                for row in bar_rows(self._run, security, TICKS_OF_TYPE[kind], window):
                    yield row.end, surface_bar(security, row)

    def days(self, request: HistoryRequest) -> list[Any]:
        """Chain universes of the window, oldest first."""
        return [day for symbol in request.symbols for day in chain_days(self._run, symbol, *self._chain_span(symbol, request))]

    def _chain_span(self, symbol: Symbol, request: HistoryRequest) -> tuple[date | None, date, int | None]:
        hours = self._run.securities.hours_of(symbol)
        end = self._end(request)
        start = None if request.start is None else hours.local_date(self._utc(request.start))
        return start, hours.local_date(end), request.count

    def frame(self, request: HistoryRequest) -> pd.DataFrame:
        """A data frame of all symbols."""
        chains = [symbol for symbol in request.symbols if symbol.is_canonical() and symbol.has_underlying]
        if chains:
            return chain_frame(self._run, self.days(request), request.flatten, bare=request.universe)
        return frame_of([self._rows(symbol, request) for symbol in request.symbols])

    def _rows(self, symbol: Symbol, request: HistoryRequest) -> SymbolRows:
        security = security_of(self._run, symbol)
        window = self.window(security, request)
        part = SymbolRows(symbol, security.hours.zone)
        for tick in sorted(self.ticks(security, request, window), key=lambda tick: tick is Tick.TRADE):
            if tick is Tick.QUOTE:
                part.add_quotes(bar_rows(self._run, security, tick, window))
            elif tick is Tick.TRADE:
                part.add_trades(bar_rows(self._run, security, tick, window))
            else:
                part.add_interest(interest_rows(self._run, security, window))
        return part

    def warm_up(self, security: SecurityCore, indicator: Any, resolution: Any, selector: Any) -> None:
        """Update an indicator with the bars it needs for readiness.

        Raises ArgumentException for an indicator that does not say how many it needs.
        """
        from leanlocal.algorithm.consolidation import default_tick, indicator_input

        needed = getattr(indicator, "warm_up_period", None)
        if not needed:
            raise ArgumentException(f"{getattr(indicator, 'name', indicator)} does not say how many bars it needs (warm_up_period)")
        chosen = resolution if isinstance(resolution, Resolution) else None
        request = HistoryRequest((security.symbol,), count=int(needed), resolution=chosen)
        for row in bar_rows(self._run, security, default_tick(security), self.window(security, request)):
            feed(indicator, indicator_input(indicator, surface_bar(security, row), selector))

    def last_known(self, security: SecurityCore) -> list[TradeBar | QuoteBar]:
        """The last bar of each kind before now, oldest first.

        Five bars of the security's own resolution are asked first, then about a day of them, at last fifty daily ones. As long as one kind is missing all
        are asked again and later answers replace earlier ones, so an option that has quotes but no trade ends with yesterday's daily quote.
        """
        own = STEP_OF[min(security.resolutions, default=Resolution.MINUTE)]
        kinds = [tick for tick in (Tick.TRADE, Tick.QUOTE) if tick in self._run.securities.ticks_of(security, own)]
        found: dict[Tick, Delivered] = {}
        for step, count in ((own, SEED_BARS), (own, SEED_RETRY_BARS[own]), (Step.DAILY, SEED_DAYS)):
            if len(found) == len(kinds):
                break
            now = self._run.clock.now
            window = Window(start_of_bars(security.hours, now, count, step, security.extended_hours), now, step, security.extended_hours, fill_forward=False)
            found |= {tick: rows[-1] for tick in kinds if (rows := bar_rows(self._run, security, tick, window))}
        return [surface_bar(security, row) for row in sorted(found.values(), key=lambda row: row.facts.start)]

    def last_of_main_kind(self, security: SecurityCore) -> TradeBar | QuoteBar | None:
        """Of the last known bars the one of the kind the security is priced by: trades for shares, indices and futures, else quotes; None without any."""
        found = self.last_known(security)
        by_trades = security.kind in TRADED_FIRST
        return next((bar for bar in found if isinstance(bar, TradeBar) is by_trades), found[0] if found else None)


def symbols_of(given: Any) -> tuple[Symbol, ...]:
    """Symbols meant by a symbol, ticker, security, or a list of them.

    Raises ArgumentException for a ticker nobody knows.
    """
    items: Sequence[Any] = list(given) if isinstance(given, list | tuple | set) or hasattr(given, "__next__") else [given]
    found: list[Symbol] = []
    for item in items:
        symbol = as_symbol(item)
        if symbol is None:
            raise ArgumentException(f"'{item}' is neither a symbol nor the ticker of an added security")
        found.append(symbol)
    return tuple(found)
