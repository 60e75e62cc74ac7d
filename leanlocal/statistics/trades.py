"""A closed round trip, and how far it ran for and against its holder while open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Micros = int
Floats = NDArray[np.float64]
Exact = Callable[[float], Decimal]
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Trade(Generic[S]):
    """A closed trade. Times are UTC microseconds; money is account currency.

    direction: +1 long, -1 short. fees: those of its orders, each order's fee once. mae, mfe: worst and best open result; drawdown: largest fall of the
    open result from its best.
    """

    securities: tuple[S, ...]
    entry_time: Micros
    entry_price: Decimal
    direction: int
    quantity: Decimal
    exit_time: Micros
    exit_price: Decimal
    profit_loss: Decimal
    fees: Decimal
    mae: Decimal
    mfe: Decimal
    drawdown: Decimal
    is_win: bool
    order_ids: tuple[int, ...]

    @property
    def duration(self) -> Micros:
        """Microseconds from entry to exit."""
        return self.exit_time - self.entry_time

    @property
    def end_drawdown(self) -> Decimal:
        """Result minus the best open result (zero or negative)."""
        return self.profit_loss - self.mfe


@dataclass(slots=True)
class Extremes:
    """Highest and lowest price a position has seen."""

    high: Decimal
    low: Decimal

    def add(self, prices: Floats, exact: Exact) -> None:
        """Take prices; exact gives a price its decimal places."""
        if prices.size:
            self.high = max(self.high, exact(float(prices.max())))
            self.low = min(self.low, exact(float(prices.min())))


@dataclass(slots=True)
class AdverseMove:
    """Largest adverse move of a price from its best, for a long (+1) or short (-1) holder."""

    direction: int
    best: Decimal
    largest: Decimal = Decimal(0)

    def add(self, prices: Floats, exact: Exact) -> None:
        """Take prices in time order; exact gives a price its decimal places."""
        if not prices.size:
            return
        gains = prices * self.direction
        before = float(self.best) * self.direction
        best = np.maximum.accumulate(np.maximum(gains, before))
        worst = int(np.argmax(best - gains))
        top = exact(float(best[worst])) if gains[: worst + 1].max() >= before else self.best * self.direction
        self.largest = max(self.largest, top - exact(float(gains[worst])))
        if gains.max() >= before:
            self.best = exact(float(best[-1]) * self.direction)
