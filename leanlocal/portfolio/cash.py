"""Cash by currency, and the amounts that have been earned but not settled yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leanlocal.exact import ONE, ZERO, add, mul
from vocabulary.errors import MissingData

if TYPE_CHECKING:
    from leanlocal.clock import Micros

CURRENCY_SIGNS = {
    **dict.fromkeys(("USD", "NZD", "AUD", "CAD", "HKD", "SGD", "MXN"), "$"),
    **dict.fromkeys(("JPY", "CNY", "CNH"), "¥"),
    **dict.fromkeys(("DKK", "NOK", "SEK"), "kr"),
    "GBP": "₤",
    "EUR": "€",
    "CHF": "Fr",
    "XAG": "Ag",
    "XAU": "Au",
    "CZK": "Kč",
    "HUF": "Ft",
    "INR": "₹",
    "PLN": "zł",
    "SAR": "﷼",
    "THB": "฿",
    "TRY": "₺",
    "TWD": "NT$",
    "ZAR": "R",
    "QCC": "¤",
}
"""Signs LEAN prints before amounts; a currency without one is printed by its code."""


@dataclass(slots=True, eq=False)
class CashCore:
    """One currency of the account. rate: account currency per unit, from `source` when one is attached (0 until it has a price)."""

    symbol: str
    amount: Decimal = ZERO
    fixed_rate: Decimal = ONE
    source: Callable[[], Decimal] | None = None
    securities: tuple[object, ...] = ()
    rates: Callable[[NDArray[np.int64]], NDArray[np.float64]] | None = None

    @property
    def rate(self) -> Decimal:
        """Account currency per unit of this currency."""
        return self.source() if self.source else self.fixed_rate

    @property
    def value(self) -> Decimal:
        """Amount in account currency."""
        return mul(self.amount, self.rate)

    def value_array(self, times: NDArray[np.int64]) -> NDArray[np.float64]:
        """The amount of now at the rates of other moments."""
        if self.rates is None or not self.amount:
            return np.full(times.size, float(self.value))
        return float(self.amount) * self.rates(times)

    def add(self, amount: Decimal) -> None:
        """Change the amount."""
        self.amount = add(self.amount, amount)


@dataclass(slots=True, eq=False)
class CashBookCore:
    """Currencies of an account by code, the account currency among them."""

    account_currency: str = "USD"
    currencies: dict[str, CashCore] = field(default_factory=dict[str, CashCore])

    def __post_init__(self) -> None:
        self.ensure(self.account_currency)

    def __iter__(self) -> Iterator[CashCore]:
        return iter(self.currencies.values())

    def ensure(self, symbol: str) -> CashCore:
        """The currency's entry, made with amount 0 when it is new (rate 0 unless it is the account currency)."""
        if symbol not in self.currencies:
            self.currencies[symbol] = CashCore(symbol, fixed_rate=ONE if symbol == self.account_currency else ZERO)
        return self.currencies[symbol]

    def __getitem__(self, symbol: str) -> CashCore:
        """The currency's entry; MissingData when the account does not have it."""
        if symbol not in self.currencies:
            raise MissingData(f"This cash symbol ({symbol}) was not found in your cash book.")
        return self.currencies[symbol]

    def convert(self, amount: Decimal, currency: str) -> Decimal:
        """An amount in account currency."""
        return amount if currency == self.account_currency or not amount else mul(amount, self[currency].rate)

    @property
    def total(self) -> Decimal:
        """Value of all currencies in account currency."""
        total = ZERO
        for cash in self.currencies.values():
            total = add(total, cash.value)
        return total


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An amount that becomes cash at a time."""

    settles: Micros
    currency: str
    amount: Decimal
