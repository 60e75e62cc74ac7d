"""Prices and quotes of LEAN's securities, each read once a minute.

Every look at a property of LEAN crosses from Python into .NET and back, and rules, marks, Greeks and orders ask for the same quotes within one wake-up.
Nothing LEAN serves changes between two of its time steps, so an answer holds until the algorithm's time has moved. Live, where time never stands still, each
look is a fresh one. What has no answer yet is asked again: a contract may be registered within the minute.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from AlgorithmImports import QCAlgorithm, Security

from trading.lean_gateway_symbols import LeanSymbols
from vocabulary.contracts import Contract
from vocabulary.market import Quote


class LeanQuotes:
    """Reads a running QCAlgorithm's securities. vix_max_age: seconds after which a VIX value counts as missing."""

    def __init__(self, algorithm: QCAlgorithm, symbols: LeanSymbols, vix_max_age: float) -> None:
        self._algorithm, self._symbols, self._vix_max_age = algorithm, symbols, vix_max_age
        self._at: datetime | None = None
        self._prices: dict[str, float] = {}
        self._quotes: dict[Contract, Quote] = {}
        self._vix: tuple[bool, float | None] | None = None

    def vix(self) -> tuple[bool, float | None]:
        """(whether the data ever had a VIX, its level unless too old)."""
        self._forget_older()
        if self._vix is None:
            self._vix = self._read_vix()
        return self._vix

    def price(self, underlying: str) -> float | None:
        """Last price of an underlying, None before its first and for what is not subscribed."""
        self._forget_older()
        if underlying not in self._prices:
            if not self._symbols.is_added(underlying):
                return None
            price = float(self._algorithm.securities[self._symbols.underlying(underlying)].price)
            if not price > 0:
                return None
            self._prices[underlying] = price
        return self._prices[underlying]

    def quote(self, contract: Contract) -> Quote | None:
        """Bid, ask, last and age of a registered contract, None before its first data."""
        self._forget_older()
        if contract not in self._quotes:
            found = self._read_quote(contract)
            if found is None:
                return None
            self._quotes[contract] = found
        return self._quotes[contract]

    def _forget_older(self) -> None:
        now: datetime = self._algorithm.time
        if now != self._at:
            self._at, self._vix = now, None
            self._prices.clear()
            self._quotes.clear()

    def _read_vix(self) -> tuple[bool, float | None]:
        if not self._symbols.is_added("VIX"):
            return False, None
        security = self._algorithm.securities[self._symbols.underlying("VIX")]
        age = _age(security)
        if age is None:
            return False, None
        level = float(security.price)
        return True, level if age <= self._vix_max_age and level > 0 else None

    def _read_quote(self, contract: Contract) -> Quote | None:
        symbol, securities = self._symbols.symbol(contract), self._algorithm.securities
        if not securities.contains_key(symbol):
            return None
        security = securities[symbol]
        age = _age(security)
        if age is None:
            return None
        return Quote(_positive(security.bid_price), _positive(security.ask_price), _positive(security.price), age)


def _positive(value: float) -> float:
    return float(value) if value > 0 else float("nan")


def _age(security: Security) -> float | None:
    """Seconds since the end of the last real bar, None before there was one."""
    last: Any = cast(Any, security).get_last_data()
    return None if last is None else max(0.0, (security.local_time - last.end_time).total_seconds())
