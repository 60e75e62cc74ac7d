"""LEAN's names for interest-rate and dividend models."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leanlocal import symbol_book
from leanlocal.enums import SecurityType
from leanlocal.exact import from_float, to_float
from leanlocal.rates.curves import RateCurve
from leanlocal.surface import LeanObject
from leanlocal.symbols import Symbol

DEFAULT_PAYER = "SPY"


class InterestRateProvider(LeanObject[None]):
    """The interest-rate file."""

    def __init__(self, core: RateCurve | None = None) -> None:
        self._curve = core

    def get_interest_rate(self, date: datetime | date) -> float:
        """Annual rate as a fraction on a date; of the run's file when an algorithm made the provider."""
        from leanlocal.pricing.facts import facts_in_use

        day = date.date() if isinstance(date, datetime) else date
        return to_float(self._curve.at(day) if self._curve is not None else facts_in_use().rate(day))


class ConstantRiskFreeRateInterestRateModel(LeanObject[None]):
    """The same rate on every date."""

    def __init__(self, risk_free_rate: float) -> None:
        self._rate = from_float(risk_free_rate)

    def get_interest_rate(self, date: Any) -> float:
        """The rate."""
        return to_float(self._rate)


class FuncRiskFreeRateInterestRateModel(LeanObject[None]):
    """A rate that a function of the date gives."""

    def __init__(self, get_interest_rate_func: Callable[[datetime], float]) -> None:
        self._function = get_interest_rate_func

    def get_interest_rate(self, date: Any) -> float:
        """The function's rate."""
        return float(self._function(date))


class ConstantDividendYieldModel(LeanObject[None]):
    """The same yield on every date."""

    def __init__(self, dividend_yield: float) -> None:
        self._yield = from_float(dividend_yield)

    def get_dividend_yield(self, date: Any, security_price: float | None = None) -> float:
        """The yield."""
        return to_float(self._yield)


class DividendYieldProvider(LeanObject[None]):
    """Trailing dividend yield from an equity's factor file, of SPY when no symbol is given."""

    DEFAULT_DIVIDEND_YIELD_RATE = 0.0

    def __init__(self, symbol: Any = None) -> None:
        self._symbol = symbol

    @staticmethod
    def create_for_option(option_symbol: Symbol) -> DividendYieldProvider:
        """The provider for an option: its underlying's dividends, SPY's where the underlying is no share."""
        return DividendYieldProvider(option_symbol.underlying if option_symbol.security_type is SecurityType.OPTION else None)

    def get_dividend_yield(self, date: Any, security_price: float | Decimal | None = None) -> float:
        """Yield on a date over a price (the close before the last dividend when none is given), or of a bar."""
        from leanlocal.pricing.facts import facts_in_use

        when, price = (date, security_price) if isinstance(date, datetime) or not hasattr(date, "end_time") else (date.end_time, date.value)
        symbol = self._symbol if self._symbol is not None else symbol_book.create(DEFAULT_PAYER, SecurityType.EQUITY, "usa")
        day = when.date() if isinstance(when, datetime) else when
        return to_float(facts_in_use().dividends(symbol).at(day, None if price is None else decimal_price(price)))


def decimal_price(price: float | Decimal) -> Decimal:
    """A price as a decimal."""
    return price if isinstance(price, Decimal) else from_float(float(price))


def yield_by(model: Any, when: datetime, price: Decimal) -> Decimal:
    """A dividend model's yield; of LEAN's models and of one's own, which may take the date alone."""
    if isinstance(model, DividendYieldProvider):
        return from_float(model.get_dividend_yield(when, price))
    ask: Callable[..., float] = model.get_dividend_yield
    takes_price = len(inspect.signature(ask).parameters) > 1
    return from_float(float(ask(when, to_float(price)) if takes_price else ask(when)))
