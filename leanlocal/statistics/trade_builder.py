"""Pairs fills into closed trades: fill to fill, first in first out, per security (reference: lean-fidelity §9.6).

Nothing is done per time step: when told to follow, and when a trade closes, the security is asked for the prices it had since the last time.
Extremes belong to the position, so a second entry shares the highs and lows of the first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Generic, Protocol, TypeVar

import numpy as np

from leanlocal.exact import from_float, mul, normalize, round_half_even, sub
from leanlocal.statistics.trades import AdverseMove, Exact, Extremes, Floats, Micros, Trade


class PricedSecurity(Protocol):
    """What the builder needs to know of a security."""

    @property
    def multiplier(self) -> Decimal:
        """Currency per point and unit."""
        ...

    @property
    def price(self) -> Decimal:
        """The current mark."""
        ...

    def price_updates(self, start: Micros, end: Micros) -> tuple[Iterable[int], Iterable[float]]:
        """Times and prices after each real data row with start < time <= end."""
        ...


S = TypeVar("S", bound=PricedSecurity)
Updates = Callable[[S, Micros, Micros], tuple[Iterable[int], Iterable[float]]]


@dataclass(frozen=True, slots=True)
class Fill(Generic[S]):
    """One fill as the builder sees it; `rate` (security to account currency) as of the fill. won: judges a trade's result, None: a gain wins."""

    security: S
    time: Micros
    price: Decimal
    quantity: Decimal
    fee: Decimal
    order_id: int
    rate: Decimal = Decimal(1)
    won: Callable[[Decimal], bool] | None = None


@dataclass(slots=True)
class _Open:
    time: Micros
    price: Decimal
    quantity: Decimal
    fee: Decimal
    order_id: int
    adverse: AdverseMove


@dataclass(slots=True)
class _Position:
    direction: int
    extremes: Extremes
    seen: Micros
    entries: deque[_Open] = field(default_factory=deque[_Open])


class TradeBuilder(Generic[S]):
    """Collects fills and keeps the closed trades in closing order.

    more_updates: prices a security had besides its own rows (LEAN also shows a trade the hourly bars of a benchmark of the same symbol); exact: a market
    price with the decimal places the security's prices have.
    """

    def __init__(self, more_updates: Updates[S] | None = None, exact: Callable[[S, float], Decimal] | None = None) -> None:
        self._more_updates = more_updates
        self._exact = exact
        self._positions: dict[S, _Position] = {}
        self._charged: set[int] = set()
        self.closed: list[Trade[S]] = []

    def process_fill(self, fill: Fill[S]) -> None:
        """Take one fill: it opens, adds to, closes or reverses the security's position."""
        fee = normalize(fill.fee) if fill.order_id not in self._charged else Decimal(0)
        self._charged.add(fill.order_id)
        position = self._positions.get(fill.security)
        direction = 1 if fill.quantity > 0 else -1
        if position is None:
            self._open(fill, abs(fill.quantity), fee)
            return
        self._follow(fill.security, position, fill.time)
        self._see(position, np.array([float(fill.price)]), from_float)
        if direction == position.direction:
            self._enter(position, fill, abs(fill.quantity), fee)
            return
        rest = self._close(position, fill, fee)
        if not position.entries:
            del self._positions[fill.security]
            if rest:
                self._open(fill, rest, Decimal(0))

    def apply_split(self, security: S, factor: Decimal) -> None:
        """Rescale an open position: entry prices times the factor, quantities divided by it."""
        position = self._positions.get(security)
        if position is None:
            return
        for entry in position.entries:
            entry.price = mul(entry.price, factor)
            entry.quantity = entry.quantity / factor
            entry.adverse = AdverseMove(position.direction, entry.price, mul(entry.adverse.largest, factor))
        position.extremes.high = mul(position.extremes.high, factor)
        position.extremes.low = mul(position.extremes.low, factor)

    def has_position(self, security: S) -> bool:
        """Whether an unclosed trade exists."""
        return security in self._positions

    def _open(self, fill: Fill[S], quantity: Decimal, fee: Decimal) -> None:
        position = _Position(1 if fill.quantity > 0 else -1, Extremes(fill.price, fill.price), fill.time)
        self._enter(position, fill, quantity, fee)
        self._positions[fill.security] = position

    def _enter(self, position: _Position, fill: Fill[S], quantity: Decimal, fee: Decimal) -> None:
        adverse = AdverseMove(position.direction, fill.price)
        position.entries.append(_Open(fill.time, fill.price, quantity, fee, fill.order_id, adverse))

    def follow(self, moment: Micros) -> None:
        """Let open trades see the prices up to a moment, while those are at hand."""
        for security, position in self._positions.items():
            self._follow(security, position, moment)

    def _follow(self, security: S, position: _Position, moment: Micros) -> None:
        if moment <= position.seen:
            return
        sources = [security.price_updates(position.seen, moment)]
        if self._more_updates is not None:
            sources.insert(0, self._more_updates(security, position.seen, moment))
        times = np.concatenate([np.asarray(found, dtype=np.int64) for found, _ in sources])
        prices = np.concatenate([np.asarray(found, dtype=np.float64) for _, found in sources])
        exact = from_float if self._exact is None else partial(self._exact, security)
        self._see(position, prices[np.argsort(times, kind="stable")], exact)
        position.seen = moment

    def _see(self, position: _Position, prices: Floats, exact: Exact) -> None:
        position.extremes.add(prices, exact)
        for entry in position.entries:
            entry.adverse.add(prices, exact)

    def _close(self, position: _Position, fill: Fill[S], fee: Decimal) -> Decimal:
        """Match the fill with the oldest entries; the closing fee goes to the first of them. Returns the quantity left over."""
        rest = abs(fill.quantity)
        while position.entries and rest > 0:
            entry = position.entries[0]
            matched = min(rest, entry.quantity)
            self.closed.append(self._trade(position, entry, fill, matched, entry.fee + fee))
            rest -= matched
            fee = Decimal(0)
            if matched == entry.quantity:
                position.entries.popleft()
            else:
                entry.quantity -= matched
                entry.fee = Decimal(0)
        return rest

    def _trade(self, position: _Position, entry: _Open, fill: Fill[S], quantity: Decimal, fees: Decimal) -> Trade[S]:
        size = mul(quantity, fill.rate, fill.security.multiplier)
        direction, extremes = position.direction, position.extremes
        worst, best = (extremes.low, extremes.high) if direction > 0 else (extremes.high, extremes.low)
        result = round_half_even(mul(sub(fill.price, entry.price), quantity, Decimal(direction), fill.rate, fill.security.multiplier), 2)
        return Trade(
            securities=(fill.security,),
            entry_time=entry.time,
            entry_price=entry.price,
            direction=direction,
            quantity=quantity,
            exit_time=fill.time,
            exit_price=fill.price,
            profit_loss=result,
            fees=fees,
            mae=round_half_even(mul(_gain(direction, entry.price, worst), size), 2),
            mfe=round_half_even(mul(_gain(direction, entry.price, best), size), 2),
            drawdown=round_half_even(mul(entry.adverse.largest, size), 2),
            is_win=result > 0 if fill.won is None else fill.won(result),
            order_ids=(entry.order_id, fill.order_id),
        )


def _gain(direction: int, entry: Decimal, price: Decimal) -> Decimal:
    return sub(price, entry) if direction > 0 else sub(entry, price)
