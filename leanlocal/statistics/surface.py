"""LEAN's names for statistics and trades as an algorithm reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leanlocal.clock import Micros, datetime_of
from leanlocal.enums import TradeDirection
from leanlocal.exact import to_float
from leanlocal.mappings import KeyValuePair
from leanlocal.securities.core import SecurityCore
from leanlocal.statistics.portfolio import PortfolioFigures
from leanlocal.statistics.trade_figures import TradeFigures
from leanlocal.statistics.trades import Trade as TradeCore
from leanlocal.surface import LeanObject
from leanlocal.symbols import Symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leanlocal.engine.context import RunContext


class Pairs(LeanObject[dict[str, Any]]):
    """A dictionary that iterates as key/value pairs."""

    def __init__(self, entries: dict[str, Any]) -> None:
        self._core = entries

    def __iter__(self) -> Iterator[KeyValuePair[Any]]:
        return (KeyValuePair(key, value) for key, value in self._core.items())

    def __getitem__(self, key: str) -> Any:
        return self._core[key]

    def __contains__(self, key: object) -> bool:
        return key in self._core

    def __len__(self) -> int:
        return len(self._core)

    @property
    def count(self) -> int:
        """Number of entries."""
        return len(self._core)

    def contains_key(self, key: str) -> bool:
        """Whether there is an entry."""
        return key in self._core


class _Figures(LeanObject[Any]):
    """Figures by name: decimals as floats, durations as timedeltas, moments as datetimes."""

    def __init__(self, core: Any) -> None:
        self._core = core

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(self._core, name):
            return super().__getattr__(name)
        value = getattr(self._core, name)
        if isinstance(value, Decimal):
            return to_float(value)
        if name.endswith("duration"):
            return timedelta(microseconds=value)
        return utc(value) if name.endswith("date_time") and value is not None else value


class PortfolioStatistics(_Figures):
    """Statistics of the account."""

    _core: PortfolioFigures


class TradeStatistics(_Figures):
    """Statistics of the closed trades."""

    _core: TradeFigures


class AlgorithmPerformance(LeanObject[None]):
    """Both kinds of statistics with the trades behind them."""

    def __init__(self, portfolio: PortfolioFigures, trades: TradeFigures, closed: list[Trade]) -> None:
        self.portfolio_statistics = PortfolioStatistics(portfolio)
        self.trade_statistics = TradeStatistics(trades)
        self.closed_trades = closed


class StatisticsResults(LeanObject[None]):
    """`self.statistics`: the printed summary and the performance behind it, as of now."""

    def __init__(self, summary: dict[str, str], performance: AlgorithmPerformance) -> None:
        self.summary = Pairs(summary)
        self.total_performance = performance


def utc(moment: Micros) -> datetime:
    """A UTC moment with its zone, as LEAN hands trade times to Python."""
    return datetime_of(moment).replace(tzinfo=UTC)


class Trade(LeanObject[TradeCore[SecurityCore]]):
    """A closed trade."""

    def __init__(self, core: TradeCore[SecurityCore]) -> None:
        self._core = core

    @property
    def symbols(self) -> list[Symbol]:
        """What was traded."""
        return [security.symbol for security in self._core.securities]

    @property
    def entry_time(self) -> datetime:
        """When it was opened, UTC."""
        return utc(self._core.entry_time)

    @property
    def entry_price(self) -> float:
        """Price it was opened at."""
        return to_float(self._core.entry_price)

    @property
    def direction(self) -> TradeDirection:
        """Long or short."""
        return TradeDirection.LONG if self._core.direction > 0 else TradeDirection.SHORT

    @property
    def quantity(self) -> float:
        """Size, without sign."""
        return to_float(self._core.quantity)

    @property
    def exit_time(self) -> datetime:
        """When it was closed, UTC."""
        return utc(self._core.exit_time)

    @property
    def exit_price(self) -> float:
        """Price it was closed at."""
        return to_float(self._core.exit_price)

    @property
    def profit_loss(self) -> float:
        """Result without fees."""
        return to_float(self._core.profit_loss)

    @property
    def total_fees(self) -> float:
        """Fees of its orders."""
        return to_float(self._core.fees)

    @property
    def mae(self) -> float:
        """Worst open result."""
        return to_float(self._core.mae)

    @property
    def mfe(self) -> float:
        """Best open result."""
        return to_float(self._core.mfe)

    @property
    def duration(self) -> timedelta:
        """How long it was open."""
        return timedelta(microseconds=self._core.duration)

    @property
    def end_trade_drawdown(self) -> float:
        """Largest fall of the open result."""
        return to_float(self._core.drawdown)

    @property
    def is_win(self) -> bool:
        """Whether it counts as won."""
        return self._core.is_win

    @property
    def order_ids(self) -> list[int]:
        """Ids of its orders."""
        return list(self._core.order_ids)


class TradeBuilderView(LeanObject["RunContext"]):
    """`self.trade_builder`."""

    def __init__(self, run: RunContext) -> None:
        self._core = run

    @property
    def closed_trades(self) -> list[Trade]:
        """Trades closed so far, in closing order."""
        return [Trade(trade) for trade in self._core.trades.closed]

    def has_open_position(self, symbol: Any) -> bool:
        """Whether a trade of the symbol is open."""
        security = self._core.securities.get(symbol)
        return security is not None and self._core.trades.has_position(security)
