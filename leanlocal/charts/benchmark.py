"""What the run is measured against: a security's price on hourly bars of its own, or a function of time.

The benchmark's feed is internal and adjusted whatever the algorithm subscribes to, and starts some days early so that the first sample has a value.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from leanlocal import symbol_book
from leanlocal.clock import DAY, Micros
from leanlocal.enums import DataNormalizationMode, SecurityType
from leanlocal.exact import ZERO, from_float, to_float
from leanlocal.securities.core import Config, SecurityCore
from leanlocal.surface import LeanObject
from marketdata.port import Step, Tick

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.symbols import Symbol

LOOK_BACK = 5 * DAY


class Benchmark(Protocol):
    """A value by time that the run is measured against."""

    def value(self, now: Micros) -> Decimal:
        """The value at a moment."""
        ...


class SecurityBenchmark:
    """The price of a security, given by symbol or by an equity's ticker."""

    def __init__(self, run: RunContext, symbol: Symbol | str) -> None:
        self._run = run
        self._symbol = symbol
        self._security: SecurityCore | None = None

    def value(self, now: Micros) -> Decimal:
        """Price at the run's moment in account currency, 0 before the first bar."""
        return self._run.ledger.cash_book.convert(self.security.price, self.security.quote_currency)

    @property
    def security(self) -> SecurityCore:
        """The security measured against, with its internal feed; its rows are moments of the run."""
        if self._security is None:
            self._security = self._make()
        return self._security

    @property
    def quote_currency(self) -> str:
        """Currency of its prices."""
        return self._run.securities.terms_of(self._resolved()).quote_currency

    def _resolved(self) -> Symbol:
        return symbol_book.create(self._symbol, SecurityType.EQUITY, "usa") if isinstance(self._symbol, str) else self._symbol

    def _make(self) -> SecurityCore:
        registry, symbol = self._run.securities, self._resolved()
        security = SecurityCore(symbol, registry.terms_of(symbol), registry.hours_of(symbol), self._run.clock)
        security.normalization = DataNormalizationMode.ADJUSTED
        tick = Tick.QUOTE if security.kind is SecurityType.FOREX else Tick.TRADE
        security.feeds = [registry.feed(security, Config(tick, Step.HOUR, False, True, True), (registry.window.begin or self._run.start) - LOOK_BACK)]
        return security


class FunctionBenchmark:
    """A function of the algorithm's time."""

    def __init__(self, run: RunContext, function: Callable[[datetime], Any]) -> None:
        self._run = run
        self._function = function

    def value(self, now: Micros) -> Decimal:
        """What the function says at a moment."""
        return from_float(float(self._function(self._run.zone.local_datetime(now))))


class NoBenchmark:
    """Zero at all times."""

    def value(self, now: Micros) -> Decimal:
        """Zero."""
        return ZERO


class BenchmarkView(LeanObject["RunContext"]):
    """`self.benchmark`."""

    def __init__(self, run: RunContext) -> None:
        self._core = run

    def evaluate(self, time: datetime) -> float:
        """The benchmark's value now; the past cannot be asked for."""
        return to_float(self._core.benchmark.value(self._core.clock.now))
