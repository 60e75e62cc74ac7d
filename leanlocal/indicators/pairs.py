"""Indicators of two symbols: beta, covariance, correlation.

Both symbols' bars go into the one indicator. It computes whenever the newest bars of both end in the same period (day, hour or minute, after the length of
the first bar seen), so a bar missing on one side leaves the value as it was. The statistics are taken in doubles, newest value first, in one pass with running
means (Welford); as in LEAN the first input only tells the length of the bars and the value is 0. Source: MultiSymbolIndicator, Beta, Correlation and
Covariance under Indicators/ of QuantConnect/Lean.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from leanlocal.enums import CorrelationType, SecurityType
from leanlocal.exact import ZERO, from_float
from leanlocal.indicators.base import BarIndicator
from leanlocal.indicators.readings import Reading
from leanlocal.symbol_book import ArgumentException

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ONE_CLOCK = frozenset({SecurityType.EQUITY, SecurityType.OPTION, SecurityType.INDEX, SecurityType.INDEX_OPTION})
"""Kinds whose exchanges all keep New York's time."""


def variance(values: Sequence[float]) -> float:
    """Sample variance; not a number for fewer than two values."""
    total, spread = 0.0, 0.0
    for n, value in enumerate(values, start=1):
        total += value
        if n > 1:
            spread += (n * value - total) ** 2 / (n * (n - 1))
    return spread / (len(values) - 1) if len(values) > 1 else math.nan


def covariance(firsts: Sequence[float], seconds: Sequence[float]) -> float:
    """Sample covariance; not a number for fewer than two pairs."""
    mean, other, joint = 0.0, 0.0, 0.0
    for n, (first, second) in enumerate(zip(firsts, seconds, strict=True), start=1):
        before = other
        mean += (first - mean) / n
        other += (second - other) / n
        joint += (first - mean) * (second - before)
    return joint / (len(firsts) - 1) if len(firsts) > 1 else math.nan


def pearson(firsts: Sequence[float], seconds: Sequence[float]) -> float:
    """Correlation coefficient; not a number where either side does not vary."""
    joint = covariance(firsts, seconds)
    scale = math.sqrt(covariance(firsts, firsts) * covariance(seconds, seconds)) if len(firsts) > 1 else 0.0
    return joint / scale if scale else math.nan


def ranks(values: Sequence[float]) -> list[float]:
    """Rank of each value from 1; equal values share the mean of their ranks."""
    return [sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2 for value in values]


def exact_or_zero(value: float) -> Decimal:
    """A statistic as a decimal, 0 for one that is not a number."""
    return from_float(value) if math.isfinite(value) else ZERO


class PairIndicator(BarIndicator):
    """Base: the newest closes of both symbols, aligned by the period they end in."""

    def __init__(self, name: str, target: Any, reference: Any, points: int, ready_after: int) -> None:
        kinds = {target.security_type, reference.security_type}
        if len(kinds) > 1 and not kinds <= ONE_CLOCK:
            raise NotImplementedError(f"{name}: {target} and {reference} trade on exchanges that may keep different clocks; leanlocal compares one clock only")
        super().__init__(name, ready_after)
        self._ends: dict[Any, datetime] = {}
        self._newest: dict[Any, Decimal] = {}
        self._closes: dict[Any, deque[Decimal]] = {symbol: deque(maxlen=points) for symbol in (target, reference)}
        self._length: timedelta | None = None

    def _next(self, x: Reading) -> Decimal:
        if x.symbol not in self._closes:
            listed = ", ".join(str(symbol) for symbol in self._closes)
            raise ArgumentException(f"Input symbol {x.symbol} does not correspond to any of the symbols this indicator works on ({listed})")
        if self._samples == 1:
            self._length = x.time - x.start if x.start is not None else timedelta(days=1)
        self._ends[x.symbol], self._newest[x.symbol] = self._period_of(x.time), x.prices.close
        if self._samples == 1:
            return ZERO
        if len(self._ends) == len(self._closes) and len(set(self._ends.values())) == 1:
            for symbol, closes in self._closes.items():
                closes.appendleft(self._newest[symbol])
            return self._compute(*self._closes.values())
        return self._value

    def _period_of(self, end: datetime) -> datetime:
        if self._length is None or self._length > HOUR:
            return end.replace(hour=0, minute=0, second=0, microsecond=0)
        if self._length == HOUR:
            return end.replace(minute=0, second=0, microsecond=0)
        return end.replace(second=0, microsecond=0) if self._length >= MINUTE else end

    def _compute(self, target: deque[Decimal], reference: deque[Decimal]) -> Decimal:
        """The value for the closes, newest first."""
        raise NotImplementedError

    def _forget(self) -> None:
        self._ends.clear()
        self._newest.clear()
        for closes in self._closes.values():
            closes.clear()
        self._length = None


def arguments_of(label: str, given: Sequence[Any]) -> tuple[str, Any, Any, int]:
    """Name, target, reference and period of a constructor called as (target, reference, period), with a name before, or (name, period, target, reference).

    Raises ArgumentException for a period below two.
    """
    named = isinstance(given[0], str)
    rest = list(given[1:] if named else given)
    if isinstance(rest[0], int):
        rest = [*rest[1:], rest[0]]
    target, reference, period = rest
    if int(period) < 2:
        raise ArgumentException(f"Period parameter for {label} indicator must be greater than 2 but was {period}.")
    return given[0] if named else "", target, reference, int(period)


class _ReturnPair(PairIndicator):
    """Base of statistics of the two symbols' returns, newest first."""

    def __init__(self, name: str, target: Any, reference: Any, period: int) -> None:
        super().__init__(name, target, reference, 2, period + 1)
        self._returns = (deque[float](maxlen=period), deque[float](maxlen=period))

    def _compute(self, target: deque[Decimal], reference: deque[Decimal]) -> Decimal:
        for returns, closes in zip(self._returns, (target, reference), strict=True):
            if len(closes) == closes.maxlen:
                returns.appendleft(float((closes[0] / closes[1] if closes[1] else ZERO) - 1))
        return self._of_returns(*self._returns)

    def _of_returns(self, target: deque[float], reference: deque[float]) -> Decimal:
        raise NotImplementedError

    @property
    def is_ready(self) -> bool:
        """Whether there are as many returns as the period asks for."""
        return all(len(returns) == returns.maxlen for returns in self._returns)

    def _forget(self) -> None:
        super()._forget()
        for returns in self._returns:
            returns.clear()


class Beta(_ReturnPair):
    """Covariance of the target's returns with the reference's over the variance of the reference's, 1 standing in for a variance of 0."""

    def __init__(self, *given: Any) -> None:
        name, target, reference, period = arguments_of("Beta", given)
        super().__init__(name or f"B({period})", target, reference, period)

    def _of_returns(self, target: deque[float], reference: deque[float]) -> Decimal:
        joint, spread = covariance(target, reference), variance(reference)
        if not math.isfinite(joint) or not joint:
            return ZERO
        return from_float(joint / spread) if math.isfinite(spread) and spread else from_float(joint)


class Covariance(_ReturnPair):
    """Sample covariance of the two symbols' returns."""

    def __init__(self, *given: Any) -> None:
        name, target, reference, period = arguments_of("Covariance", given)
        super().__init__(name or f"COV({period})", target, reference, period)

    def _of_returns(self, target: deque[float], reference: deque[float]) -> Decimal:
        return exact_or_zero(covariance(target, reference))


class Correlation(PairIndicator):
    """Correlation of the two symbols' closes, Pearson's or Spearman's."""

    def __init__(self, *given: Any, correlation_type: CorrelationType = CorrelationType.PEARSON) -> None:
        if isinstance(given[-1], CorrelationType):
            given, correlation_type = given[:-1], given[-1]
        name, target, reference, period = arguments_of("Correlation", given)
        super().__init__(name or f"Correlation({period})", target, reference, period, period)
        self._by_rank = correlation_type is CorrelationType.SPEARMAN

    def _compute(self, target: deque[Decimal], reference: deque[Decimal]) -> Decimal:
        sides = [[float(close) for close in closes] for closes in (target, reference)]
        if self._by_rank:
            sides = [ranks(side) for side in sides]
        return exact_or_zero(pearson(sides[0], sides[1]))

    @property
    def is_ready(self) -> bool:
        """Whether there are as many closes as the period asks for."""
        return all(len(closes) == closes.maxlen for closes in self._closes.values())
