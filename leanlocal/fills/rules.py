"""Price rules of simulated fills as pure functions on one bar of the side an order trades on.

Limits need a price strictly beyond them: a touch is no fill. The base rules fill at what the bar offers, never at the limit itself unless the bar
straddles it; shares have rules of their own (limit or better open, inclusive stops). Source: LEAN's observable fills, lean-fidelity 3.5 and 3.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from leanlocal.exact import add, mul, sub

if TYPE_CHECKING:
    from leanlocal.clock import Micros


@dataclass(frozen=True, slots=True)
class SidePrices:
    """One bar of the side an order trades on; start and end in UTC microseconds, current is the close."""

    start: Micros
    end: Micros
    current: Decimal
    open: Decimal
    high: Decimal
    low: Decimal


def limit_fill(*, buys: bool, limit: Decimal, bar: SidePrices) -> Decimal | None:
    """Base limit: a buy fills below its limit at the smaller of high and limit, a sell mirrored."""
    if buys:
        return min(bar.high, limit) if bar.low < limit else None
    return max(bar.low, limit) if bar.high > limit else None


def stop_market_fill(*, buys: bool, stop: Decimal, bar: SidePrices, slippage: Decimal) -> Decimal | None:
    """Base stop: triggered strictly beyond the stop; filled at the worse of stop and current price."""
    if buys:
        return max(stop, add(bar.current, slippage)) if bar.high > stop else None
    return min(stop, sub(bar.current, slippage)) if bar.low < stop else None


def stop_triggers(*, buys: bool, stop: Decimal, bar: SidePrices) -> bool:
    """Whether a stop limit's stop is passed by the bar."""
    return bar.high > stop if buys else bar.low < stop


def triggered_stop_limit_fill(*, buys: bool, limit: Decimal, bar: SidePrices) -> Decimal | None:
    """A stop limit once triggered: the current price must be inside the limit."""
    if buys:
        return min(bar.high, limit) if bar.current < limit else None
    return max(bar.low, limit) if bar.current > limit else None


def trailing_stop_fill(*, buys: bool, stop: Decimal, bar: SidePrices, slippage: Decimal) -> Decimal | None:
    """A trailing stop is triggered by a touch; filled at the worse of stop and current price."""
    if buys:
        return max(stop, add(bar.current, slippage)) if bar.high >= stop else None
    return min(stop, sub(bar.current, slippage)) if bar.low <= stop else None


def trailing_stop_price(*, buys: bool, price: Decimal, amount: Decimal, as_percentage: bool) -> Decimal:
    """Where a trailing stop stands for a market price: above it for a buy, below it for a sell."""
    distance = mul(price, amount) if as_percentage else amount
    return add(price, distance) if buys else sub(price, distance)


def moved_trailing_stop(*, buys: bool, stop: Decimal, bar: SidePrices, amount: Decimal, as_percentage: bool) -> Decimal:
    """The stop after the bar: it follows the bar's low (buy) or high (sell) and never moves back."""
    candidate = trailing_stop_price(buys=buys, price=bar.low if buys else bar.high, amount=amount, as_percentage=as_percentage)
    return min(stop, candidate) if buys else max(stop, candidate)


def equity_limit_fill(*, buys: bool, limit: Decimal, bar: SidePrices) -> tuple[Decimal, bool] | None:
    """Shares: the limit, or the open when it is already inside it (the flag says which)."""
    if buys:
        if bar.low >= limit:
            return None
        return (bar.open, True) if bar.open < limit else (limit, False)
    if bar.high <= limit:
        return None
    return (bar.open, True) if bar.open > limit else (limit, False)


def equity_stop_fill(*, buys: bool, stop: Decimal, bar: SidePrices, slippage: Decimal) -> tuple[Decimal, bool] | None:
    """Shares: triggered by a touch; the stop, or the open when it is already beyond (the flag says which), worsened by the slippage."""
    if buys:
        if bar.high < stop:
            return None
        gap = bar.open >= stop
        return add(bar.open if gap else stop, slippage), gap and bar.open > stop
    if bar.low > stop:
        return None
    gap = bar.open <= stop
    return sub(bar.open if gap else stop, slippage), gap and bar.open < stop


def touched_limit_fill(*, buys: bool, limit: Decimal, bid: Decimal, ask: Decimal) -> Decimal | None:
    """A limit-if-touched once touched: the opposite of what a limit needs, a buy fills at the bid's side of the limit."""
    if buys:
        return limit if bid <= limit else None
    return limit if ask >= limit else None


def combo_net(prices: list[tuple[SidePrices, Decimal]], *, buys: bool) -> Decimal:
    """Net price of a combo unit: the sum of lows (group bought) or highs (group sold) of the legs' own sides times their signed ratios."""
    total = Decimal(0)
    for bar, ratio in prices:
        total = add(total, mul(bar.low if buys else bar.high, ratio))
    return total
