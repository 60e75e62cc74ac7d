"""Securities as an algorithm sees them, and `self.securities`.

Numbers come from the core when they are read. An algorithm may put attributes of its own on a security; a name LEAN has and this engine lacks says so.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from leanlocal.enums import DataNormalizationMode, OptionRight, OptionStyle, Resolution, SecurityType, SettlementType
from leanlocal.exact import to_float
from leanlocal.mappings import SymbolMapping, as_symbol
from leanlocal.portfolio.cash_surface import Cash
from leanlocal.securities.cache import SecurityCache
from leanlocal.securities.core import SecurityCore
from leanlocal.securities.exchange import SecurityExchange
from leanlocal.securities.model_surface import OptionModelsSurface, SecurityModelsSurface
from leanlocal.securities.subscriptions import SubscriptionDataConfig
from leanlocal.slices.bars import BaseData, bar_from_facts
from leanlocal.surface import LeanObject
from leanlocal.symbols import Symbol
from leanlocal.universes.filters import set_filter

if TYPE_CHECKING:
    from leanlocal.securities.registry import SecurityRegistry


class SymbolProperties(LeanObject[SecurityCore]):
    """Facts of the symbol-properties database."""

    def __init__(self, core: SecurityCore) -> None:
        self._core = core

    @property
    def description(self) -> str:
        """Name."""
        return self._core.terms.description

    @property
    def quote_currency(self) -> str:
        """Currency of prices."""
        return self._core.terms.quote_currency

    @property
    def contract_multiplier(self) -> float:
        """Units per contract."""
        return to_float(self._core.terms.multiplier)

    @property
    def lot_size(self) -> float:
        """Smallest quantity."""
        return to_float(self._core.terms.lot_size)

    @property
    def minimum_price_variation(self) -> float:
        """Tick."""
        return to_float(self._core.terms.min_price_variation)

    @property
    def strike_multiplier(self) -> float:
        """Factor from strike to underlying."""
        return to_float(self._core.terms.strike_multiplier)


class Security(SecurityModelsSurface):
    """Base of all securities."""

    def __init__(self, core: SecurityCore) -> None:
        self._core = core

    @property
    def symbol(self) -> Symbol:
        """Its symbol."""
        return self._core.symbol

    @property
    def type(self) -> SecurityType:
        """Its kind."""
        return self._core.kind

    @property
    def symbol_properties(self) -> SymbolProperties:
        """Database facts."""
        return SymbolProperties(self._core)

    @property
    def exchange(self) -> SecurityExchange:
        """Its exchange."""
        return SecurityExchange(self._core)

    @property
    def local_time(self) -> datetime:
        """The exchange's clock now."""
        return self._core.hours.zone.local_datetime(self._core.clock.now)

    @property
    def price(self) -> float:
        """Current price."""
        return to_float(self._core.price)

    @property
    def close(self) -> float:
        """Current price."""
        return to_float(self._core.close)

    @property
    def open(self) -> float:
        """Open of the last bar."""
        return to_float(self._core.open)

    @property
    def high(self) -> float:
        """High of the last bar."""
        return to_float(self._core.high)

    @property
    def low(self) -> float:
        """Low of the last bar."""
        return to_float(self._core.low)

    @property
    def volume(self) -> float:
        """Volume of the last trade bar."""
        return to_float(self._core.volume)

    @property
    def bid_price(self) -> float:
        """Last bid."""
        return to_float(self._core.bid)

    @property
    def ask_price(self) -> float:
        """Last ask."""
        return to_float(self._core.ask)

    @property
    def bid_size(self) -> float:
        """Size at the bid."""
        return to_float(self._core.bid_size)

    @property
    def ask_size(self) -> float:
        """Size at the ask."""
        return to_float(self._core.ask_size)

    @property
    def open_interest(self) -> int:
        """Open interest."""
        return int(self._core.open_interest)

    @property
    def has_data(self) -> bool:
        """Whether any bar has arrived."""
        return self._core.has_data

    @property
    def is_tradable(self) -> bool:
        """Whether orders are accepted."""
        return self._core.is_tradable

    @is_tradable.setter
    def is_tradable(self, value: bool) -> None:
        self._core.is_tradable = value

    @property
    def is_delisted(self) -> bool:
        """Whether it is gone."""
        return self._core.is_delisted

    @property
    def resolution(self) -> Resolution:
        """Finest resolution subscribed."""
        return min(self._core.resolutions, default=Resolution.DAILY)

    @property
    def data_normalization_mode(self) -> DataNormalizationMode:
        """How prices are adjusted."""
        return self._core.normalization

    def set_data_normalization_mode(self, mode: DataNormalizationMode) -> None:
        """Adjust prices otherwise, from the start of the run."""
        self._core.normalization = mode

    @property
    def is_fill_data_forward(self) -> bool:
        """Whether gaps are filled."""
        return self._core.fill_forward

    @property
    def is_extended_market_hours(self) -> bool:
        """Whether hours around the session are included."""
        return self._core.extended_hours

    def set_market_price(self, data: BaseData) -> None:
        """Take a bar, a history's for example, as the newest price; None changes nothing."""
        from leanlocal.securities.initializers import set_from_bar

        if data is not None:  # pyright: ignore[reportUnnecessaryComparison]  # get_last_known_price may have found nothing
            set_from_bar(self._core, data)

    @property
    def cache(self) -> SecurityCache:
        """Its last data."""
        return SecurityCache(self._core)

    @property
    def subscriptions(self) -> list[SubscriptionDataConfig]:
        """What is subscribed of it."""
        return [SubscriptionDataConfig((self._core, config)) for config in self._core.configs]

    @property
    def quote_currency(self) -> Cash:
        """The account's entry of the currency of its prices."""
        ledger = self._core.run.ledger
        return Cash(ledger.cash_book[self._core.quote_currency], ledger.touch)

    def get_last_data(self) -> BaseData | None:
        """The bar that set the price."""
        facts = self._core.last_bar()
        return None if facts is None else bar_from_facts(self._core.symbol, facts, self._core.hours.zone)

    def __str__(self) -> str:
        return str(self._core.symbol)

    def __repr__(self) -> str:
        return str(self._core.symbol)


class Equity(Security):
    """A stock or fund."""


class Index(Security):
    """An index."""


class Future(Security):
    """A futures contract, or the chain of them."""

    @property
    def expiry(self) -> datetime:
        """Expiry at midnight."""
        return self._core.symbol.id.date

    @property
    def mapped(self) -> Symbol | None:
        """Contract the continuous future stands for, None before the run has begun."""
        return self._core.mapped

    @property
    def is_future_chain(self) -> bool:
        """True for the chain."""
        return self._core.is_canonical

    @property
    def is_future_contract(self) -> bool:
        """True for a contract."""
        return not self._core.is_canonical

    @property
    def settlement_type(self) -> SettlementType:
        """Cash or delivery."""
        return self._core.settlement_type

    def set_filter(self, *arguments: Any, **named: Any) -> None:
        """Which contracts the universe selects."""
        set_filter(self._core, *arguments, **named)


class Option(OptionModelsSurface, Security):  # pyright: ignore[reportIncompatibleMethodOverride]
    """An option contract, or the chain of them."""

    def evaluate_price_model(self, slice: Any, contract: Any) -> Any:
        """Theoretical price, volatility and Greeks of a contract by its price model."""
        from leanlocal.pricing.surface import OptionPriceModelResult

        return OptionPriceModelResult(contract.theoretical_price, contract.implied_volatility, contract.greeks)

    @property
    def strike_price(self) -> float:
        """Strike."""
        return to_float(self._core.strike)

    @property
    def scaled_strike_price(self) -> float:
        """Strike on the underlying's scale."""
        return to_float(self._core.scaled_strike)

    @property
    def expiry(self) -> datetime:
        """Expiry at midnight."""
        return self._core.symbol.id.date

    @property
    def right(self) -> OptionRight:
        """Call or put."""
        return self._core.right

    @property
    def style(self) -> OptionStyle:
        """American or European."""
        return self._core.style

    @property
    def underlying(self) -> Security:
        """Security of the underlying."""
        core = self._core.underlying
        return surface_of(core) if core is not None else None  # pyright: ignore[reportReturnType]

    @property
    def is_option_chain(self) -> bool:
        """True for the chain."""
        return self._core.is_canonical

    @property
    def is_option_contract(self) -> bool:
        """True for a contract."""
        return not self._core.is_canonical

    @property
    def contract_multiplier(self) -> int:
        """Units per contract."""
        return int(self._core.multiplier)

    @property
    def contract_unit_of_trade(self) -> int:
        """Units delivered per contract."""
        return 1 if self._core.kind is SecurityType.FUTURE_OPTION else int(self._core.multiplier)

    @property
    def exercise_settlement(self) -> SettlementType:
        """Cash or delivery."""
        return self._core.settlement_type

    @property
    def price_model(self) -> Any:
        """Model of its Greeks and implied volatility."""
        return self._core.run.price_models.model_of(self._core)

    @price_model.setter
    def price_model(self, value: Any) -> None:
        self._core.models.price_model = value

    def set_price_model(self, price_model: Any) -> None:
        """Use another price model."""
        self._core.models.price_model = price_model

    def set_filter(self, *arguments: Any, **named: Any) -> None:
        """Which contracts the universe selects."""
        set_filter(self._core, *arguments, **named)

    def get_intrinsic_value(self, underlying_price: float) -> float:
        """What exercising is worth per unit at a price of the underlying."""
        return max(0.0, self.get_pay_off(underlying_price))

    def get_pay_off(self, underlying_price: float) -> float:
        """Price less strike for a call, strike less price for a put."""
        difference = underlying_price - self.scaled_strike_price
        return difference if self._core.is_call else -difference

    def is_auto_exercised(self, underlying_price: float) -> bool:
        """In the money by a cent or more."""
        return self.get_intrinsic_value(underlying_price) >= 0.01

    def out_of_the_money_amount(self, underlying_price: float) -> float:
        """How far out of the money, never negative."""
        return max(0.0, -self.get_pay_off(underlying_price))


class IndexOption(Option):
    """An option on an index."""


class FutureOption(Option):
    """An option on a future."""


CLASSES: dict[SecurityType, type[Security]] = {
    SecurityType.EQUITY: Equity,
    SecurityType.INDEX: Index,
    SecurityType.FUTURE: Future,
    SecurityType.OPTION: Option,
    SecurityType.INDEX_OPTION: IndexOption,
    SecurityType.FUTURE_OPTION: FutureOption,
}


def surface_of(core: SecurityCore) -> Any:
    """The one surface object of a security."""
    if core.surface is None:
        core.surface = CLASSES.get(core.kind, Security)(core)
    return core.surface


class SecurityManager(SymbolMapping[Any]):
    """`self.securities`: enumerates what is subscribed; a removed security can still be looked up."""

    def __init__(self, registry: SecurityRegistry) -> None:
        super().__init__(lambda: {symbol: surface_of(core) for symbol, core in registry.items() if core.configs or core.is_canonical})
        self._registry = registry

    def __getitem__(self, key: Any) -> Any:
        symbol = as_symbol(key)
        core = self._registry.get(symbol) if symbol is not None else None
        if core is None:
            raise KeyError(
                f"This asset symbol ({key}) was not found in your security list. Please add this security or check it exists before using it with "
                "'Securities.ContainsKey'"
            )
        return surface_of(core)

    def __contains__(self, key: object) -> bool:
        symbol = as_symbol(key)
        return symbol is not None and symbol in self._registry
