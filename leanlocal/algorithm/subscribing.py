"""Adding and removing securities and universes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from leanlocal.algorithm.base import AlgorithmPart
from leanlocal.enums import DataNormalizationMode, Resolution, SecurityType
from leanlocal.exact import from_float
from leanlocal.mappings import SymbolMapping, as_symbol
from leanlocal.securities.core import SecurityCore
from leanlocal.securities.hours_database import MarketHoursDatabase
from leanlocal.securities.registry import CONTINUOUS_MODES
from leanlocal.securities.surface import Equity, Future, Index, IndexOption, Option, SecurityManager, surface_of
from leanlocal.surface import COVERAGE_PAGE
from leanlocal.symbol_book import INDEX_OF_OPTION, ArgumentException, canonical_future, canonical_option
from leanlocal.symbols import Symbol
from leanlocal.universes.universes import ChainUniverse, step_of

MARKET_OF_FUTURES = {
    "cme": ("ES", "NQ", "RTY", "EMD", "MES", "MNQ", "M2K", "6E", "6B", "6J", "6A", "6C", "LE", "HE", "GF"),
    "cbot": ("ZB", "ZN", "ZF", "ZT", "ZC", "ZS", "ZW", "ZL", "ZM", "YM", "MYM"),
    "comex": ("GC", "SI", "HG", "MGC"),
    "nymex": ("CL", "NG", "HO", "RB", "MCL", "PL", "PA"),
    "cfe": ("VX",),
}
FUTURE_MARKETS = {ticker: market for market, tickers in MARKET_OF_FUTURES.items() for ticker in tickers}


class SubscribingPart(AlgorithmPart):
    """`add_*`, `remove_security`, `securities`."""

    @property
    def securities(self) -> SecurityManager:
        """All securities of the run."""
        return SecurityManager(self._run.securities)

    @property
    def active_securities(self) -> SymbolMapping[Any]:
        """Securities with a subscription."""
        return SymbolMapping(lambda: {symbol: surface_of(core) for symbol, core in self._run.securities.items() if core.configs and not core.is_canonical})

    def add_equity(
        self,
        ticker: str,
        resolution: Resolution | None = None,
        market: str | None = None,
        fill_forward: bool = True,
        leverage: float = 0.0,
        extended_market_hours: bool = False,
        data_normalization_mode: DataNormalizationMode | None = None,
    ) -> Equity:
        """Subscribe a stock or fund."""
        symbol = Symbol.create(ticker, SecurityType.EQUITY, market or "usa")
        security = self._run.securities.create(symbol)
        mode = data_normalization_mode if data_normalization_mode is not None else self._run.universe_settings.data_normalization_mode
        security.normalization = DataNormalizationMode(mode)
        return self._subscribed(security, resolution, fill_forward, extended_market_hours, leverage)

    def add_index(self, ticker: str, resolution: Resolution | None = None, market: str | None = None, fill_forward: bool = True) -> Index:
        """Subscribe an index."""
        security = self._run.securities.create(Symbol.create(ticker, SecurityType.INDEX, market or "usa"))
        security.is_tradable = False
        return self._subscribed(security, resolution, fill_forward, False, 0.0)

    def add_option(
        self,
        underlying: Any,
        *arguments: Any,
        target_option: str | None = None,
        resolution: Resolution | None = None,
        market: str | None = None,
        fill_forward: bool | None = None,
        leverage: float = 0.0,
    ) -> Option:
        """Universe of the options of an underlying: (underlying[, target option][, resolution][, market][, fill forward])."""
        values = list(arguments)
        if values and isinstance(values[0], str):
            target_option = values.pop(0)
        resolution = values.pop(0) if values else resolution
        base = self._underlying(underlying, resolution, SecurityType.EQUITY)
        self._force_raw(base)
        return self._universe(canonical_option(base.symbol, target_option), resolution, fill_forward)

    def add_index_option(
        self, underlying: Any, *arguments: Any, target_option: str | None = None, resolution: Resolution | None = None, fill_forward: bool = True
    ) -> IndexOption:
        """Universe of the options of an index: (underlying[, target option][, resolution])."""
        values = list(arguments)
        if values and isinstance(values[0], str):
            target_option = values.pop(0)
        resolution = values.pop(0) if values else resolution
        if isinstance(underlying, str) and underlying.upper() in INDEX_OF_OPTION:
            target_option, underlying = target_option or underlying.upper(), INDEX_OF_OPTION[underlying.upper()]
        base = self._underlying(underlying, resolution, SecurityType.INDEX)
        return self._universe(canonical_option(base.symbol, target_option), resolution, fill_forward)

    def add_future(
        self,
        ticker: str,
        resolution: Resolution | None = None,
        market: str | None = None,
        fill_forward: bool | None = None,
        leverage: float = 0.0,
        extended_market_hours: bool | None = None,
        data_mapping_mode: Any = None,
        data_normalization_mode: Any = None,
        contract_depth_offset: int = 0,
    ) -> Future:
        """Universe of the contracts of a future, with the continuous contract.

        Prices across contracts are joined by ratio when nothing else is asked for, as far as there are factors.
        """
        symbol = canonical_future(ticker, market or FUTURE_MARKETS.get(ticker.upper(), "cme"))
        security = self._run.securities.create(symbol)
        security.normalization = self._continuous_mode(data_normalization_mode)
        step, filled, extended = step_of(resolution, self._run), fill_forward is not False, bool(extended_market_hours)
        self._run.universes.append(ChainUniverse(self._run, security, step, filled, extended))
        self._run.subscriptions.add_source(self._run.universes[-1])
        self._run.continuous.add(security, step, filled, extended, data_mapping_mode, contract_depth_offset)
        self._run.subscriptions.added(security)
        return surface_of(security)

    def add_option_contract(
        self, symbol: Any, resolution: Resolution | None = None, fill_forward: bool = True, leverage: float = 0.0, extended_market_hours: bool = False
    ) -> Option:
        """Subscribe one option, and its underlying when that is new."""
        return self._contract(symbol, resolution, fill_forward, extended_market_hours, leverage)

    def add_index_option_contract(self, symbol: Any, resolution: Resolution | None = None, fill_forward: bool = True) -> IndexOption:
        """Subscribe one index option, and its index when that is new."""
        return self._contract(symbol, resolution, fill_forward, False, 0.0)

    def add_future_contract(
        self, symbol: Any, resolution: Resolution | None = None, fill_forward: bool = True, leverage: float = 0.0, extended_market_hours: bool = False
    ) -> Future:
        """Subscribe one future."""
        known = _required(symbol)
        security = self._run.securities.create(known)
        return self._subscribed(security, resolution, fill_forward, extended_market_hours, leverage)

    def add_future_option_contract(
        self, symbol: Any, resolution: Resolution | None = None, fill_forward: bool = True, leverage: float = 0.0, extended_market_hours: bool = False
    ) -> Option:
        """Subscribe one future option, and its future when that is new."""
        return self._contract(symbol, resolution, fill_forward, extended_market_hours, leverage)

    def add_future_option(self, symbol: Any, option_filter: Any = None) -> None:
        """Universes of the options of every contract a future's universe selects."""
        self._run.future_options.add(self._run.securities[_required(symbol)], option_filter)

    def add_security(self, *arguments: Any, **named: Any) -> Any:
        """Subscribe a symbol, or a security type and a ticker; then resolution, fill_forward, … by position or name.

        NotImplementedError for kinds of securities that are not here.
        """
        values = list(arguments)
        kind = named.pop("security_type", None)
        if kind is None and values and isinstance(values[0], SecurityType):
            kind = values.pop(0)
        given = values.pop(0) if values else named.pop("symbol", named.pop("ticker", None))
        symbol = given if isinstance(given, Symbol) else Symbol.create(str(given), kind or SecurityType.EQUITY, named.pop("market", None) or "usa")
        chosen = {**dict(zip(("resolution", "fill_forward", "leverage", "extended_market_hours"), values, strict=False)), **named}
        options = {name: value for name, value in chosen.items() if value is not None}
        return self._add(symbol, options)

    def _add(self, symbol: Symbol, options: dict[str, Any]) -> Any:
        kind, market = symbol.security_type, symbol.id.market
        if kind is SecurityType.EQUITY:
            return self.add_equity(symbol.value, market=market, **options)
        if kind is SecurityType.INDEX:
            return self.add_index(symbol.value, options.get("resolution"), market, options.get("fill_forward", True))
        if symbol.is_canonical() and (symbol.has_underlying or kind is SecurityType.FUTURE):
            return self._add_chain(symbol, options)
        if kind is SecurityType.FUTURE:
            return self.add_future_contract(symbol, **options)
        if symbol.has_underlying:
            filled, extended = options.get("fill_forward", True), options.get("extended_market_hours", False)
            return self._contract(symbol, options.get("resolution"), filled, extended, options.get("leverage", 0.0))
        raise NotImplementedError(f"add_security of SecurityType.{kind.name} is not in leanlocal; see {COVERAGE_PAGE}")

    def _add_chain(self, canonical: Symbol, options: dict[str, Any]) -> Any:
        resolution, filled = options.get("resolution"), options.get("fill_forward")
        if canonical.security_type is SecurityType.FUTURE:
            return self.add_future(canonical.id.symbol, resolution, canonical.id.market, filled)
        add = self.add_index_option if canonical.security_type is SecurityType.INDEX_OPTION else self.add_option
        return add(canonical.underlying, canonical.id.symbol, resolution=resolution, fill_forward=filled is not False)

    def shortable(self, symbol: Any, short_quantity: float | None = None, update_order_id: int | None = None) -> bool:
        """Whether so much may be sold short: always, as LEAN's default provider has it. ArgumentException for a text nobody knows."""
        _required(symbol)
        return True

    def ticker(self, symbol: Any) -> str:
        """The ticker a symbol has today."""
        return _required(symbol).value

    def remove_security(self, symbol: Any, tag: str | None = None) -> bool:
        """Cancel its orders, close its position and end its subscription."""
        return self._run.added_contracts.remove(_required(symbol), tag)

    def remove_option_contract(self, symbol: Any, tag: str | None = None) -> bool:
        """Same as remove_security."""
        return self.remove_security(symbol, tag)

    def set_security_initializer(self, security_initializer: Any) -> None:
        """How securities added from now on are set up: an object with `initialize`, or a function."""
        self._run.initializer.use(security_initializer)

    def add_security_initializer(self, security_initializer: Any) -> None:
        """Another initializer, called after those there are."""
        self._run.initializer.use_as_well(security_initializer)

    @cached_property
    def market_hours_database(self) -> MarketHoursDatabase:
        """Hours of any market."""
        return MarketHoursDatabase(self._run)

    def symbol(self, ticker: str) -> Symbol:
        """Symbol of a known ticker or an identity text."""
        from leanlocal.symbol_book import from_identifier
        from leanlocal.symbols import SecurityIdentifier

        return as_symbol(ticker) or from_identifier(SecurityIdentifier.parse(ticker))

    def is_market_open(self, symbol: Any) -> bool:
        """Whether the security trades now, in regular hours."""
        security = self._run.securities[_required(symbol)]
        return security.hours.is_open(self._run.clock.now)

    # internals -----------------------------------------------------------------------------------------------------------------------

    def _contract(self, symbol: Any, resolution: Resolution | None, fill_forward: bool, extended: bool, leverage: float) -> Any:
        known = _required(symbol)
        base = self._underlying(known.underlying, resolution, known.underlying.security_type)
        self._require_raw(base)
        security = self._run.securities.create(known)
        fresh = self._subscribe(security, resolution, fill_forward, extended, leverage)
        self._run.added_contracts.add(security, fresh)
        return surface_of(security)

    def _subscribed(self, security: SecurityCore, resolution: Resolution | None, fill_forward: bool, extended: bool, leverage: float) -> Any:
        if self._subscribe(security, resolution, fill_forward, extended, leverage):
            self._run.subscriptions.added(security)
        return surface_of(security)

    def _subscribe(self, security: SecurityCore, resolution: Resolution | None, fill_forward: bool, extended: bool, leverage: float) -> bool:
        run = self._run
        fresh = not security.user_configs
        if leverage:
            security.leverage = from_float(leverage)
        security.is_tradable = security.kind is not SecurityType.INDEX
        run.securities.subscribe(security, step_of(resolution, run), fill_forward=fill_forward, extended=extended)
        if fresh:
            run.initializer.initialize(security)
        return fresh

    def _underlying(self, underlying: Any, resolution: Resolution | None, kind: SecurityType) -> SecurityCore:
        symbol = as_symbol(underlying) or Symbol.create(str(underlying), kind, "usa")
        known = self._run.securities.get(symbol)
        if known is not None and known.user_configs:
            return known
        security = self._run.securities.create(symbol)
        self._subscribed(security, resolution, True, False, 0.0)
        return security

    def _universe(self, canonical: Symbol, resolution: Resolution | None, fill_forward: bool | None) -> Any:
        run = self._run
        security = run.securities.create(canonical)
        run.initializer.initialize(security)
        universe = ChainUniverse(run, security, step_of(resolution, run), fill_forward is not False, run.universe_settings.extended_market_hours)
        run.universes.append(universe)
        run.subscriptions.add_source(universe)
        return surface_of(security)

    def _continuous_mode(self, asked: Any) -> DataNormalizationMode:
        """How a continuous future is adjusted: as asked, else as the universe settings say if that can be meant, else by ratios backwards."""
        wanted = DataNormalizationMode(self._run.universe_settings.data_normalization_mode if asked is None else asked)
        if wanted is DataNormalizationMode.RAW or wanted in CONTINUOUS_MODES:
            return wanted
        if asked is None:
            return DataNormalizationMode.BACKWARDS_RATIO
        raise ArgumentException(f"{_mode_name(wanted)} is not a way to adjust a continuous future")

    def _force_raw(self, base: SecurityCore) -> None:
        if base.kind is SecurityType.EQUITY and not self._run.locked:
            base.normalization = DataNormalizationMode.RAW

    def _require_raw(self, base: SecurityCore) -> None:
        if base.kind is not SecurityType.EQUITY or base.normalization is DataNormalizationMode.RAW:
            return
        if self._run.locked:
            raise ArgumentException(
                f"The underlying {_type_name(base)} asset ({base.symbol.value}) is set to {_mode_name(base.normalization)}, please change this to "
                "DataNormalizationMode.Raw with the SetDataNormalization() method"
            )
        base.normalization = DataNormalizationMode.RAW


def _required(symbol: Any) -> Symbol:
    known = as_symbol(symbol)
    if known is None:
        raise ArgumentException(f"{symbol} is not known: add it first, or give its Symbol")
    return known


def _type_name(security: SecurityCore) -> str:
    return security.kind.name.title().replace("_", "")


def _mode_name(mode: DataNormalizationMode) -> str:
    return mode.name.title().replace("_", "")
