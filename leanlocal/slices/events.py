"""Events of a security's life in a slice: splits, dividends, delistings, renames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from leanlocal.enums import DelistingType, MarketDataType, SplitType
from leanlocal.exact import ZERO, text, to_float
from leanlocal.slices.bars import BaseData
from leanlocal.symbols import Symbol


class _Event(BaseData):
    _data_type = MarketDataType.AUXILIARY
    _core: Decimal

    def __init__(self, symbol: Symbol, time: datetime, number: Decimal) -> None:
        self._symbol = symbol
        self._time = time
        self._end_time = time
        self._core = number


class Split(_Event):
    """A split or its warning; the factor multiplies prices."""

    def __init__(self, symbol: Symbol, time: datetime, factor: Decimal, reference: Decimal, kind: SplitType) -> None:
        super().__init__(symbol, time, factor)
        self._reference = reference
        self.type = kind

    @property
    def split_factor(self) -> float:
        """New price over old."""
        return to_float(self._core)

    @property
    def reference_price(self) -> float:
        """Close before the split."""
        return to_float(self._reference)

    @property
    def value(self) -> float:
        """Reference price."""
        return self.reference_price

    def __str__(self) -> str:
        what = "Split Warning" if self.type == SplitType.WARNING else "Split"
        return f"{what}: {self._symbol}: {text(self._core)} | {text(self._reference)}"


class Dividend(_Event):
    """A cash dividend per share."""

    def __init__(self, symbol: Symbol, time: datetime, distribution: Decimal, reference: Decimal) -> None:
        super().__init__(symbol, time, distribution)
        self._reference = reference

    @property
    def distribution(self) -> float:
        """Cash per share."""
        return to_float(self._core)

    @property
    def reference_price(self) -> float:
        """Close before the dividend."""
        return to_float(self._reference)

    @property
    def value(self) -> float:
        """Cash per share."""
        return self.distribution

    def __str__(self) -> str:
        return f"Dividend: {self._symbol}: {text(self._core)} | {text(self._reference)}"


class Delisting(_Event):
    """A delisting or its warning. price: looked for in the contract's files only when somebody reads it."""

    def __init__(self, symbol: Symbol, time: datetime, price: Callable[[], Decimal], kind: DelistingType) -> None:
        super().__init__(symbol, time, ZERO)
        self._price = price
        self.type = kind
        self.ticket: Any = None

    @property
    def value(self) -> float:
        """Last price."""
        return to_float(self._price())

    def __str__(self) -> str:
        what = "Delisting Warning" if self.type == DelistingType.WARNING else "Delisting"
        return f"{what}: {self._symbol} {self._end_time:%Y-%m-%d %H:%M:%S}"


class SymbolChangedEvent(BaseData):
    """A rename."""

    _data_type = MarketDataType.AUXILIARY

    def __init__(self, symbol: Symbol, time: datetime, old_symbol: str, new_symbol: str) -> None:
        self._symbol = symbol
        self._time = time
        self._end_time = time
        self.old_symbol = old_symbol
        self.new_symbol = new_symbol


@dataclass(slots=True)
class SliceEvents:
    """Events of one moment by symbol."""

    splits: dict[Symbol, Any] = field(default_factory=dict[Symbol, Any])
    dividends: dict[Symbol, Any] = field(default_factory=dict[Symbol, Any])
    delistings: dict[Symbol, Any] = field(default_factory=dict[Symbol, Any])
    renames: dict[Symbol, Any] = field(default_factory=dict[Symbol, Any])

    def __bool__(self) -> bool:
        return bool(self.splits or self.dividends or self.delistings or self.renames)
