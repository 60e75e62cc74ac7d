"""Contracts of the desk and symbols of LEAN, translated both ways.

A chain listing teaches the pair; after a restart a contract from the journal is turned into its symbol by LEAN's own factory methods. LEAN's types stop
here, in the market view and in the gateway: no other file of the algorithm sees them, main.py apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import overload

import numpy as np
from AlgorithmImports import DataMappingMode, DataNormalizationMode, Market, OptionRight, OptionStyle, QCAlgorithm, Resolution, SecurityType, Symbol
from numpy.typing import NDArray

from vocabulary.contracts import AssetClass, Contract, Right, Settlement, Style
from vocabulary.errors import BadInput, MissingData

INDEX_ROOTS: Mapping[str, tuple[str, ...]] = {"SPX": ("SPX", "SPXW"), "NDX": ("NDX", "NDXP"), "RUT": ("RUT", "RUTW"), "VIX": ("VIX", "VIXW"), "XSP": ("XSP",)}
"""Indices and their option roots. Monthly roots settle on the opening print, the weekly ones on the close."""
MORNING_ROOTS = frozenset({"SPX", "NDX", "RUT", "VIX"})
FUTURE_MARKETS: Mapping[str, str] = {
    **dict.fromkeys(("ES", "MES", "NQ", "MNQ", "RTY", "M2K", "6E", "6B", "6A", "6J", "6C", "6S", "M6E", "M6A", "LE", "HE", "GF"), "cme"),
    **dict.fromkeys(("ZB", "ZN", "ZF", "ZC", "ZS", "ZW", "YM", "MYM"), "cbot"),
    **dict.fromkeys(("CL", "MCL", "NG", "HO", "RB"), "nymex"),
    **dict.fromkeys(("GC", "MGC", "SI", "SIL", "HG"), "comex"),
}
"""Futures and the market LEAN files them under (method A8 lists the products; GC, SI and HG are COMEX)."""


class LeanSymbols:
    """Knows the symbol of every contract seen and the contract of every symbol, and adds the underlyings."""

    def __init__(self, algorithm: QCAlgorithm) -> None:
        self._algorithm = algorithm
        self._symbols: dict[Contract, Symbol] = {}
        self._contracts: dict[Symbol, Contract] = {}
        self._underlyings: dict[str, Symbol] = {}
        self._tickers: dict[Symbol, str] = {}

    def add_underlying(self, ticker: str) -> None:
        """Subscribe an underlying at minute resolution: index, future or share by its ticker. Raw prices: strikes are raw too."""
        if ticker in self._underlyings:
            return
        if ticker in INDEX_ROOTS:
            symbol = self._algorithm.add_index(ticker, Resolution.MINUTE).symbol
        elif ticker in FUTURE_MARKETS:
            raw, mapping = DataNormalizationMode.RAW, DataMappingMode.LAST_TRADING_DAY
            symbol = self._algorithm.add_future(ticker, Resolution.MINUTE, data_normalization_mode=raw, data_mapping_mode=mapping).symbol
        else:
            symbol = self._algorithm.add_equity(ticker, Resolution.MINUTE, data_normalization_mode=DataNormalizationMode.RAW).symbol
            self.learn(symbol, Contract(AssetClass.EQUITY, ticker, 1.0))
        self._underlyings[ticker] = symbol
        self._tickers[symbol] = ticker

    @property
    def tickers(self) -> tuple[str, ...]:
        """Underlyings added, in order."""
        return tuple(self._underlyings)

    def underlying(self, ticker: str) -> Symbol:
        """Symbol of an underlying; of a future the continuous one. Raises BadInput when it was never added."""
        if ticker not in self._underlyings:
            raise BadInput(f"underlying {ticker} is not subscribed; it must be a symbol of an enabled strategy")
        return self._underlyings[ticker]

    def is_added(self, ticker: str) -> bool:
        """True when the underlying is subscribed."""
        return ticker in self._underlyings

    def learn(self, symbol: Symbol, contract: Contract) -> None:
        """Remember a pair."""
        self._symbols[contract], self._contracts[symbol] = symbol, contract

    def contract(self, symbol: Symbol) -> Contract:
        """The contract of any symbol LEAN speaks of."""
        if symbol not in self._contracts:
            self.learn(symbol, self._described(symbol))
        return self._contracts[symbol]

    def symbol(self, contract: Contract) -> Symbol:
        """The symbol of a contract, built when no chain has shown it yet."""
        if contract not in self._symbols:
            self.learn(self._built(contract), contract)
        return self._symbols[contract]

    def _described(self, symbol: Symbol) -> Contract:
        kind = symbol.security_type
        if kind == SecurityType.EQUITY:
            return Contract(AssetClass.EQUITY, symbol.value, 1.0)
        if kind == SecurityType.FUTURE:
            return Contract(AssetClass.FUTURE, symbol.id.symbol, self._multiplier(symbol), expiry=symbol.id.date.date())
        if kind == SecurityType.OPTION:
            return self._option(symbol, AssetClass.EQUITY_OPTION, self._ticker_of(symbol.underlying), 100.0)
        if kind == SecurityType.INDEX_OPTION:
            return self._option(symbol, AssetClass.INDEX_OPTION, symbol.underlying.value, 100.0)
        if kind == SecurityType.FUTURE_OPTION:
            return self._option(symbol, AssetClass.FUTURE_OPTION, symbol.underlying.id.symbol, self._multiplier(symbol.underlying))
        raise MissingData(f"symbol {symbol}: the desk does not trade this kind of security")

    def _option(self, symbol: Symbol, asset: AssetClass, underlying: str, multiplier: float) -> Contract:
        identity = symbol.id
        root = identity.symbol if asset is not AssetClass.EQUITY_OPTION else underlying
        return Contract(
            asset,
            underlying,
            multiplier,
            series="" if root == underlying else root,
            expiry=identity.date.date(),
            strike=float(identity.strike_price),
            right=Right.CALL if identity.option_right == OptionRight.CALL else Right.PUT,
            style=Style.EUROPEAN if identity.option_style == OptionStyle.EUROPEAN else Style.AMERICAN,
            settlement=_settlement(asset, root),
            future_expiry=symbol.underlying.id.date.date() if asset is AssetClass.FUTURE_OPTION else None,
        )

    def _ticker_of(self, underlying: Symbol) -> str:
        """The ticker a share was added under, which LEAN's id does not keep after a rename."""
        return self._tickers.get(underlying, underlying.value)

    def _multiplier(self, future: Symbol) -> float:
        """Contract multiplier of a future, read from LEAN's symbol properties of the added continuous future."""
        continuous = self.underlying(future.id.symbol)
        return float(self._algorithm.securities[continuous].symbol_properties.contract_multiplier)

    def _built(self, contract: Contract) -> Symbol:
        if contract.asset is AssetClass.FUTURE and contract.expiry is not None:
            return Symbol.create_future(contract.underlying, FUTURE_MARKETS[contract.underlying], _midnight(contract))
        if contract.right is None or contract.strike is None or contract.expiry is None:
            return self.underlying(contract.underlying)
        right = OptionRight.CALL if contract.right is Right.CALL else OptionRight.PUT
        style = OptionStyle.EUROPEAN if contract.style is Style.EUROPEAN else OptionStyle.AMERICAN
        if contract.asset is AssetClass.EQUITY_OPTION:
            return Symbol.create_option(self.underlying(contract.underlying), Market.USA, style, right, contract.strike, _midnight(contract))
        if contract.asset is AssetClass.INDEX_OPTION:
            root = contract.series or contract.underlying
            return Symbol.create_option(self.underlying(contract.underlying), root, Market.USA, style, right, contract.strike, _midnight(contract))
        market = FUTURE_MARKETS[contract.underlying]
        future = Symbol.create_future(contract.underlying, market, _future_midnight(contract))
        return Symbol.create_option(future, market, style, right, contract.strike, _midnight(contract))


class ListedContracts(Sequence[Contract]):
    """Contracts of chain rows, made from the rows' symbols when somebody asks for one."""

    def __init__(self, symbols: LeanSymbols, listed: NDArray[np.object_]) -> None:
        self._symbols = symbols
        self._listed = listed

    def __len__(self) -> int:
        return len(self._listed)

    @overload
    def __getitem__(self, index: int) -> Contract: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Contract]: ...
    def __getitem__(self, index: int | slice) -> Contract | Sequence[Contract]:
        """One contract, or the part of the list."""
        if isinstance(index, slice):
            return ListedContracts(self._symbols, self._listed[index])
        return self._symbols.contract(self._listed[index])


def _settlement(asset: AssetClass, root: str) -> Settlement:
    if asset is not AssetClass.INDEX_OPTION:
        return Settlement.PHYSICAL_PM
    return Settlement.CASH_AM if root in MORNING_ROOTS else Settlement.CASH_PM


def _midnight(contract: Contract) -> datetime:
    if contract.expiry is None:
        raise BadInput(f"{contract.key} has no expiry")
    return datetime.combine(contract.expiry, time())


def _future_midnight(contract: Contract) -> datetime:
    if contract.future_expiry is None:
        raise BadInput(f"{contract.key}: a future option needs the expiry of its future")
    return datetime.combine(contract.future_expiry, time())
