"""Cash as an algorithm sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from leanlocal.exact import fixed_text, from_python, round_half_even, round_significant, text, to_float
from leanlocal.mappings import CallableList, KeyValuePair
from leanlocal.portfolio.cash import CURRENCY_SIGNS, CashBookCore, CashCore
from leanlocal.surface import LeanObject

LARGE_RATE = 1000
"""Rates from here on are shown with two decimals."""


class CurrencyConversion(LeanObject[CashCore]):
    """Where a rate comes from."""

    def __init__(self, core: CashCore) -> None:
        self._core = core

    @property
    def conversion_rate(self) -> float:
        """Account currency per unit."""
        return to_float(self._core.rate)

    @property
    def conversion_rate_securities(self) -> list[Any]:
        """Securities the rate comes from."""
        return list(self._core.securities)


class Cash(LeanObject[CashCore]):
    """One currency of the account."""

    def __init__(self, core: CashCore, touch: Callable[[], None]) -> None:
        self._core = core
        self._touch = touch

    @property
    def symbol(self) -> str:
        """Code of the currency."""
        return self._core.symbol

    @property
    def amount(self) -> float:
        """How much."""
        return to_float(self._core.amount)

    @property
    def conversion_rate(self) -> float:
        """Account currency per unit."""
        return to_float(self._core.rate)

    @property
    def value_in_account_currency(self) -> float:
        """Amount in account currency."""
        return to_float(self._core.value)

    @property
    def currency_symbol(self) -> str:
        """Sign of the currency."""
        return CURRENCY_SIGNS.get(self._core.symbol, self._core.symbol)

    def __str__(self) -> str:
        return cash_text(self._core, "USD")

    @property
    def currency_conversion(self) -> CurrencyConversion | None:
        """Where the rate comes from."""
        return CurrencyConversion(self._core)

    def add_amount(self, amount: float) -> float:
        """Change the amount."""
        self._touch()
        self._core.add(from_python(amount))
        return self.amount

    def set_amount(self, amount: float) -> None:
        """Set the amount."""
        self._touch()
        self._core.amount = from_python(amount)


class CashBook(LeanObject[CashBookCore]):
    """Currencies by code."""

    def __init__(self, core: CashBookCore, touch: Callable[[], None]) -> None:
        self._core = core
        self._touch = touch

    @property
    def account_currency(self) -> str:
        """The account's currency."""
        return self._core.account_currency

    @property
    def total_value_in_account_currency(self) -> float:
        """Value of all currencies."""
        return to_float(self._core.total)

    @property
    def count(self) -> int:
        """Number of currencies."""
        return len(self._core.currencies)

    @property
    def keys(self) -> CallableList[str]:
        """Codes."""
        return CallableList(self._core.currencies)

    @property
    def values(self) -> CallableList[Cash]:
        """Currencies."""
        return CallableList(Cash(cash, self._touch) for cash in self._core)

    def items(self) -> list[tuple[str, Cash]]:
        """(code, currency) pairs."""
        return [(cash.symbol, Cash(cash, self._touch)) for cash in self._core]

    def contains_key(self, symbol: str) -> bool:
        """Whether the account has the currency."""
        return symbol in self._core.currencies

    def convert_to_account_currency(self, source_quantity: float, source_currency: str) -> float:
        """An amount in account currency."""
        return to_float(self._core.convert(from_python(source_quantity), source_currency))

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._core.currencies

    def __getitem__(self, symbol: str) -> Cash:
        return Cash(self._core[symbol], self._touch)

    def __iter__(self) -> Iterator[KeyValuePair[Cash]]:
        return (KeyValuePair(cash.symbol, Cash(cash, self._touch)) for cash in self._core)

    def __len__(self) -> int:
        return len(self._core.currencies)

    def __str__(self) -> str:
        own = self._core.account_currency
        lines = [f"Symbol {'Quantity':>13}    {'Conversion':>10} = Value in {own}", *(cash_text(cash, own) for cash in self._core), "-" * 49]
        total = text(round_half_even(self._core.total, 2))
        return "\n".join([*lines, f"CashBook Total Value:                {CURRENCY_SIGNS.get(own, own)}{total}", ""])


def cash_text(cash: CashCore, account_currency: str) -> str:
    """One currency as a line: amount, rate with five significant digits, value."""
    rate = round_significant(cash.rate, 5) if cash.rate < LARGE_RATE else round_half_even(cash.rate, 2)
    whole, _, places = fixed_text(rate, 6).partition(".")
    shown = f"{whole}.{places[:2]}{places[2:].rstrip('0')}"
    sign, own = (CURRENCY_SIGNS.get(code, code) for code in (cash.symbol, account_currency))
    return f"{cash.symbol}: {sign}{fixed_text(cash.amount, 2):>15} @ {shown:>10} = {own}{text(round_half_even(cash.value, 2))}"
