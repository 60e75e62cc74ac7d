"""The run's securities: made once per symbol with the facts of the databases, subscribed and unsubscribed.

Insertion order is LEAN's order of creation and is kept. A subscription is first a wish (`Config`); its feed begins when the run starts, or at once when it
is already running. Sources: lean-fidelity §1.5 (databases), §2.1 (which tick types an instrument subscribes).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from leanlocal.clock import EngineClock, Micros
from leanlocal.enums import DataNormalizationMode, SecurityType
from leanlocal.feeds.feed import ALWAYS, Feed, InstrumentOf, Subscription
from leanlocal.feeds.loading import BlockLoader
from leanlocal.market_hours import ExchangeHours, HoursDatabase
from leanlocal.portfolio.holdings import HoldingCore
from leanlocal.securities.core import Config, SecurityCore, Terms
from leanlocal.securities.instruments import KIND_OF, FactorTable, FutureFactorTable, instrument_of, ticker_on
from leanlocal.symbol_book import SymbolBook
from leanlocal.symbols import CHAIN_TYPES, OLE_EPOCH, Symbol, expiry_of
from marketdata.port import Kind, MarketData, Step, SymbolProperties, Tick

TICKS_OF = {
    SecurityType.INDEX: (Tick.TRADE,),
    SecurityType.FOREX: (Tick.QUOTE,),
    SecurityType.EQUITY: (Tick.TRADE, Tick.QUOTE),
}
CONTINUOUS_MODES = frozenset({DataNormalizationMode.BACKWARDS_RATIO, DataNormalizationMode.BACKWARDS_PANAMA_CANAL, DataNormalizationMode.FORWARD_PANAMA_CANAL})
"""How prices of a continuous future may be adjusted, besides not at all."""
DERIVATIVE_TICKS = (Tick.TRADE, Tick.QUOTE, Tick.OPEN_INTEREST)
PROPERTY_TYPES = {kind: kind.value for kind in Kind}


@dataclass(slots=True)
class Window:
    """When feeds begin and how far the run goes; begin is None before the run starts. end: no row begins later."""

    begin: Micros | None = None
    last_day: date = date.max
    end: Micros = ALWAYS


class SecurityRegistry(dict[Symbol, SecurityCore]):
    """Symbol -> security, in order of creation. on_created: sets up models and cash of a new security. kinds: which there are, in order of creation.

    warm_up_step: bar length every subscription delivers while a warm-up of another resolution lasts, else None.
    """

    def __init__(self, data: MarketData, loader: BlockLoader, hours: HoursDatabase, clock: EngineClock, symbols: SymbolBook) -> None:
        super().__init__()
        self.data = data
        self.loader = loader
        self.hours = hours
        self.clock = clock
        self.symbols = symbols
        self.window = Window()
        self.warm_up_step: Step | None = None
        self.on_created: Callable[[SecurityCore], None] = _ignore
        self.on_subscribed: Callable[[SecurityCore], None] = _ignore
        self.kinds: dict[SecurityType, None] = {}
        self._live: dict[SecurityCore, None] = {}
        self._named: tuple[Symbol, InstrumentOf] | None = None
        self._factors: dict[Symbol, FactorTable] = {}
        self._properties = data.symbol_properties()

    def create(self, symbol: Symbol) -> SecurityCore:
        """The security of a symbol, made (with its underlying) when it is new. MissingData without market hours."""
        found = self.get(symbol)
        if found is not None:
            return found
        underlying = self.create(symbol.underlying) if symbol.has_underlying else None
        security = SecurityCore(symbol, self.terms_of(symbol), self.hours_of(symbol), self.clock, underlying)
        security.holding = HoldingCore(security)
        security.number = len(self)
        self[symbol] = security
        self.kinds[security.kind] = None
        self.symbols.learn(symbol)
        if security.kind is SecurityType.EQUITY:
            self.symbols.learn(symbol, self.ticker_now(symbol))
        self.on_created(security)
        return security

    def ticker_now(self, share: Symbol) -> str:
        """The ticker a share has today, which may not be the one it was asked for by."""
        rows = self.data.map_rows(share.value, share.id.market, Kind.EQUITY)
        return ticker_on(rows, share.value)(self.hours_of(share).local_date(self.clock.now))

    def hours_of(self, symbol: Symbol) -> ExchangeHours:
        """Market hours of a symbol."""
        sid = symbol.id
        if not symbol.has_underlying:
            return self.hours.hours(sid.security_type, sid.market, sid.symbol)
        base = symbol.underlying
        ticker = base.value if sid.security_type is SecurityType.OPTION else sid.symbol
        return self.hours.hours(sid.security_type, sid.market, ticker, (base.security_type, base.id.symbol))

    def subscribe(self, security: SecurityCore, step: Step, *, fill_forward: bool = True, extended: bool = False, internal: bool = False) -> None:
        """Subscribe everything LEAN subscribes for this kind of instrument at a resolution; asking twice changes nothing."""
        for tick in self.ticks_of(security, step):
            hidden = internal or tick is Tick.OPEN_INTEREST
            config = Config(tick, step, extended, fill_forward, hidden)
            if any(known.tick is tick and known.step is step and known.internal == hidden for known in security.configs):
                continue
            security.configs.append(config)
            delivered = self._delivered(security, config)
            if self.window.begin is not None and delivered is not None:
                security.feeds.append(self.feed(security, delivered, self.clock.now))
        self._live[security] = None
        security.touch()
        self.on_subscribed(security)

    def subscribed(self) -> list[SecurityCore]:
        """Securities with feeds, in order of creation. Those of the past are not looked at again: a year of rolled contracts would be."""
        ended = [security for security in self._live if not security.configs]
        for security in ended:
            del self._live[security]
        return sorted((security for security in self._live if security.feeds), key=lambda security: security.number)

    def ticks_of(self, security: SecurityCore, step: Step) -> tuple[Tick, ...]:
        """Which rows an instrument has."""
        if security.kind is SecurityType.EQUITY and step is not Step.MINUTE:
            return (Tick.TRADE,)
        return TICKS_OF.get(security.kind, DERIVATIVE_TICKS)

    def start(self, begin: Micros, last_day: date, end: Micros = ALWAYS) -> None:
        """Open the feeds wished for so far."""
        self.window = Window(begin, last_day, end)
        for security in self.values():
            security.feeds = self._feeds(security, begin)
            security.touch()

    def end_warm_up(self, begin: Micros) -> None:
        """Subscriptions deliver their own resolution from here on; prices seen in the warm-up's stay until new ones come."""
        self.warm_up_step = None
        for security in [one for one in self.values() if one.feeds]:
            price, quote, trade = security.price, security.last_quote(), security.last_trade()
            security.feeds = self._feeds(security, begin)
            security.touch()
            if price:
                security.set_price(price, quote, trade)

    def _feeds(self, security: SecurityCore, begin: Micros) -> list[Feed[Any]]:
        wanted = (self._delivered(security, config) for config in security.configs)
        return [self.feed(security, config, begin) for config in wanted if config is not None]

    def _delivered(self, security: SecurityCore, config: Config) -> Config | None:
        """What a subscription delivers now: in a warm-up of another resolution rows of that, if the instrument has such rows."""
        step = self.warm_up_step
        currency_feed = config.internal and config.tick is not Tick.OPEN_INTEREST
        if step is None or config.step is step or currency_feed:
            return config
        return replace(config, step=step) if config.tick in self.ticks_of(security, step) else None

    def feed(self, security: SecurityCore, config: Config, begin: Micros) -> Feed[Any]:
        """A new feed of a security."""
        symbol = security.symbol
        last = self.window.last_day
        if symbol.security_type in CHAIN_TYPES and expiry_of(symbol) != OLE_EPOCH:
            last = min(last, expiry_of(symbol))
        if config.tick is Tick.OPEN_INTEREST:
            begin = security.hours.midnight(security.hours.local_date(begin)) - 1  # the day's row, from before the opening, counts whenever one subscribes
        subscription = Subscription(config.tick, config.step, config.extended, config.fill_forward, begin, last, config.internal, self.window.end)
        source = security.mapped or symbol
        if self._named is None or self._named[0] is not source:
            self._named = source, instrument_of(source, self.data)  # the feeds of a security are made one after the other
        factors = None if security.normalization is DataNormalizationMode.RAW else self._factor_lookup(security, security.hours.local_date(begin))
        return Feed(self.loader, subscription, security.hours, self._named[1], factors)

    def factor_table(self, symbol: Symbol) -> FactorTable:
        """Factor rows of an equity."""
        if symbol not in self._factors:
            self._factors[symbol] = FactorTable(self.data.factor_rows(symbol.value, symbol.id.market))
        return self._factors[symbol]

    def _factor_lookup(self, security: SecurityCore, since: date) -> Callable[[list[date]], Any] | None:
        symbol, mode = security.symbol, security.normalization
        if security.kind is SecurityType.EQUITY:
            table = self.factor_table(symbol)
            return lambda days: table.factors(days, mode, since)
        if security.mapping is None or mode not in CONTINUOUS_MODES:
            return None
        adjustments = FutureFactorTable(self.data.future_factor_rows(symbol.id.symbol, symbol.id.market), *security.mapping)
        return (lambda days: adjustments.factors(days, mode)) if adjustments.rows else None

    def terms_of(self, symbol: Symbol) -> Terms:
        sid = symbol.id
        row = self._row(sid.market, sid.symbol, sid.security_type)
        if row is None and sid.security_type is SecurityType.FUTURE_OPTION:
            row = self._row(sid.market, symbol.underlying.id.symbol, SecurityType.FUTURE)
        if row is None:
            row = self._row(sid.market, "[*]", sid.security_type)
        if row is None:
            return Terms()
        return Terms(
            row.quote_currency,
            row.contract_multiplier,
            row.lot_size,
            row.minimum_price_variation,
            row.strike_multiplier or Decimal(1),
            row.description,
            row.price_magnifier or Decimal(1),
        )

    def _row(self, market: str, ticker: str, kind: SecurityType) -> SymbolProperties | None:
        return self._properties.get((market, ticker, PROPERTY_TYPES[KIND_OF[kind]]))


def _ignore(security: SecurityCore) -> None:
    """Nothing to do."""
