"""QCAlgorithm's part about consolidators and the indicators fed by them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from leanlocal.consolidators.base import IdentityDataConsolidator, QuoteBarConsolidator, TradeBarConsolidator
from leanlocal.consolidators.periods import session_days
from leanlocal.enums import Resolution, SecurityType, TickType
from leanlocal.indicators.base import BarIndicator, TradeBarIndicator
from leanlocal.indicators.custom import feed
from leanlocal.indicators.readings import Reading, decimal_of, reading_of
from leanlocal.mappings import as_symbol
from leanlocal.securities.core import RESOLUTION_OF, SecurityCore
from leanlocal.securities.subscriptions import CONFIG_LIST, TICKS, SubscriptionDataConfig
from leanlocal.slices.bars import QuoteBar, TradeBar
from leanlocal.surface import LeanObject
from leanlocal.symbol_book import ArgumentException
from leanlocal.symbols import Symbol
from marketdata.port import Tick

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

SPANS = {Resolution.MINUTE: timedelta(minutes=1), Resolution.HOUR: timedelta(hours=1), Resolution.DAILY: timedelta(days=1)}
QUOTED_FIRST = (SecurityType.OPTION, SecurityType.INDEX_OPTION, SecurityType.FUTURE_OPTION, SecurityType.FOREX, SecurityType.CFD)


class SubscriptionManager(LeanObject["RunContext"]):
    """`self.subscription_manager`: consolidators of subscriptions."""

    def __init__(self, run: RunContext) -> None:
        self._core = run

    @property
    def count(self) -> int:
        """Number of subscriptions."""
        return len(self.subscriptions)

    @property
    def subscriptions(self) -> list[SubscriptionDataConfig]:
        """What is subscribed."""
        found = [SubscriptionDataConfig((security, config)) for security in self._core.securities.values() for config in security.configs]
        return CONFIG_LIST(found)

    def add_consolidator(self, symbol: Any, consolidator: Any, tick_type: TickType | None = None) -> None:
        """Feed a consolidator with a symbol's bars: quotes for a quote consolidator, else the symbol's default kind."""
        security = subscribed(self._core, symbol)
        tick = TICKS[tick_type] if tick_type is not None else input_tick(security, consolidator)
        self._core.consolidators.add(security, consolidator, tick)

    def remove_consolidator(self, symbol: Any, consolidator: Any) -> None:
        """Stop feeding a consolidator."""
        self._core.consolidators.remove(consolidator)


def too_coarse(symbol: Symbol, own: Resolution) -> str:
    """Why bars of a resolution cannot be made of coarser ones."""
    return (
        f"Unable to create {symbol} consolidator because {symbol} is registered for {own.name.title()} data. Consolidators require higher resolution data to "
        "produce lower resolution data."
    )


def subscribed(run: RunContext, symbol: Any) -> SecurityCore:
    """The security of a symbol or ticker; ArgumentException when it was not added."""
    found = as_symbol(symbol)
    if found is None or found not in run.securities:
        raise ArgumentException(f"Please register to receive data for symbol '{symbol}' using the add_security() function.")
    return run.securities[found]


def default_tick(security: SecurityCore) -> Tick:
    """Which bars of a security are meant when nothing is said."""
    quoted = security.kind in QUOTED_FIRST
    return Tick.QUOTE if quoted and any(config.tick is Tick.QUOTE for config in security.configs) else Tick.TRADE


def input_tick(security: SecurityCore, consolidator: Any) -> Tick:
    """Which bars a consolidator takes."""
    wanted = _declared_input(consolidator)
    if isinstance(consolidator, QuoteBarConsolidator) or wanted is QuoteBar:
        return Tick.QUOTE
    if wanted is TradeBar:
        return Tick.TRADE
    return default_tick(security)


def _declared_input(consolidator: Any) -> Any:
    try:
        return consolidator.input_type
    except (AttributeError, NotImplementedError):  # only one's own consolidators say what they take
        return None


class ConsolidationMixin:
    """consolidate, register_indicator and their kin."""

    _run: RunContext

    @property
    def subscription_manager(self) -> SubscriptionManager:
        """Consolidators of subscriptions."""
        return SubscriptionManager(self._run)

    def resolve_consolidator(self, symbol: Any, resolution: Any = None, data_type: Any = None) -> Any:
        """A consolidator that turns the symbol's bars into bars of a resolution or length; one that hands them on when they already are."""
        security = subscribed(self._run, symbol)
        return self._consolidator(security, resolution, default_tick(security))

    def _consolidator(self, security: SecurityCore, period: Any, tick: Tick) -> Any:
        own = next((RESOLUTION_OF[config.step] for config in security.configs if config.tick is tick), Resolution.MINUTE)
        if period is None or (isinstance(period, Resolution) and period == own) or (isinstance(period, timedelta) and period == SPANS[own]):
            return IdentityDataConsolidator()
        if isinstance(period, timedelta) and period < SPANS[own]:
            raise ArgumentException(too_coarse(security.symbol, own))
        if isinstance(period, Resolution):
            if period not in SPANS or SPANS[period] < SPANS[own]:
                raise ArgumentException(too_coarse(security.symbol, own))
            settings = self._run.settings
            extended = settings.daily_consolidation_use_extended_market_hours and security.extended_hours
            daily = period is Resolution.DAILY and settings.daily_precise_end_time
            period = session_days(security.hours, extended) if daily else SPANS[period]
        return QuoteBarConsolidator(period) if tick is Tick.QUOTE else TradeBarConsolidator(period)

    def consolidate(self, symbol: Any, period: Any, tick_type: Any = None, handler: Callable[[Any], Any] | None = None) -> Any:
        """Hand a symbol's bars of a period (resolution, timedelta, bar count or calendar) to `handler`; gives the consolidator."""
        if handler is None:
            tick_type, handler = None, tick_type
        if handler is None:
            raise ArgumentException("consolidate needs a handler")
        security = subscribed(self._run, symbol)
        tick = TICKS[tick_type] if isinstance(tick_type, TickType) else default_tick(security)
        consolidator = self._consolidator(security, period, tick)
        receive = handler
        consolidator.data_consolidated += lambda _, bar: receive(bar)
        self._run.consolidators.add(security, consolidator, tick)
        return consolidator

    def register_indicator(self, symbol: Any, indicator: Any, resolution: Any = None, selector: Callable[[Any], Any] | None = None) -> None:
        """Feed an indicator with a symbol's bars at a resolution, length, or through a consolidator."""
        security = subscribed(self._run, symbol)
        consolidator = resolution if hasattr(resolution, "data_consolidated") else self._consolidator(security, resolution, default_tick(security))
        self._connect(security, indicator, consolidator, selector)

    def _connect(self, security: SecurityCore, indicator: Any, consolidator: Any, selector: Callable[[Any], Any] | None) -> None:
        consolidator.data_consolidated += lambda _, bar: feed(indicator, indicator_input(indicator, bar, selector))
        if hasattr(indicator, "consolidators"):
            indicator.consolidators.add(consolidator)
        self._run.consolidators.add(security, consolidator, input_tick(security, consolidator))

    def unregister_indicator(self, indicator: Any) -> None:
        """Stop feeding an indicator."""
        for consolidator in list(indicator.consolidators):
            self._run.consolidators.remove(consolidator)
        indicator.consolidators.clear()

    deregister_indicator = unregister_indicator


def indicator_input(indicator: Any, bar: Any, selector: Callable[[Any], Any] | None) -> Any:
    """What an indicator is updated with for a bar: the bar itself, or the selected value at its end."""
    if selector is None:
        if isinstance(indicator, BarIndicator | TradeBarIndicator) or not hasattr(indicator, "_push"):
            return bar
        reading = reading_of(bar)
        return Reading(reading.time, reading.value, reading.bar, reading.symbol)
    chosen = selector(bar)
    if hasattr(chosen, "end_time"):
        return chosen
    return Reading(bar.end_time, decimal_of(chosen), None, bar.symbol)
