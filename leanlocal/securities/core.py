"""What the engine knows of one instrument: its facts, its feeds, its models and its holding.

Prices are answers, not state: `price` and its companions look at the feeds at the clock's moment, following LEAN's cache rules (lean-fidelity §1.8): an
equity's price is its last trade, everything else takes the later of quote (mid) and trade, quotes winning a tie; a zero never replaces a value. Prices set
from outside (a seed from history, a split) stand until a newer row ends. TRADING's and ANALYTICS' objects hang on `models` and `holding`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from leanlocal.clock import EngineClock, Micros, Zone
from leanlocal.enums import DataNormalizationMode, OptionRight, OptionStyle, Resolution, SecurityType, SettlementType
from leanlocal.exact import ZERO, from_raw, mul
from leanlocal.feeds.blocks import BarFacts, Floats, InterestBlock, QuoteBlock, QuoteFacts, TradeBlock, TradeFacts
from leanlocal.feeds.feed import Feed
from leanlocal.market_hours import ExchangeHours
from leanlocal.symbols import OPTION_TYPES, Symbol, expiry_of, strike_of
from marketdata.port import Step, Tick

if TYPE_CHECKING:
    from leanlocal.portfolio.holdings import HoldingCore

STEP_OF = {Resolution.MINUTE: Step.MINUTE, Resolution.HOUR: Step.HOUR, Resolution.DAILY: Step.DAILY}
RESOLUTION_OF = {step: resolution for resolution, step in STEP_OF.items()}


@dataclass(frozen=True, slots=True)
class Terms:
    """Facts of an instrument that do not change during a run."""

    quote_currency: str = "USD"
    multiplier: Decimal = Decimal(1)
    lot_size: Decimal = Decimal(1)
    min_price_variation: Decimal = Decimal("0.01")
    strike_multiplier: Decimal = Decimal(1)
    description: str = ""
    price_magnifier: Decimal = Decimal(1)


@dataclass(slots=True)
class Models:
    """How the security behaves; each is an engine object or a wrapped object of the user. None until the brokerage model has set it up."""

    fee: Any = None
    fill: Any = None
    slippage: Any = None
    buying_power: Any = None
    settlement: Any = None
    assignment: Any = None
    exercise: Any = None
    price_model: Any = None
    volatility: Any = None
    shortable: Any = None
    margin_interest: Any = None


@dataclass(frozen=True, slots=True)
class Config:
    """What is subscribed: LEAN's data configuration without its start."""

    tick: Tick
    step: Step
    extended: bool
    fill_forward: bool
    internal: bool = False


@dataclass(frozen=True, slots=True)
class SetPrice:
    """A price set from outside at a moment; facts: the bar it came from, when there is one."""

    at: Micros
    price: Decimal
    quote: QuoteFacts | None = None
    trade: TradeFacts | None = None


@dataclass(slots=True)
class _Seen:
    """Answers found at a moment, so that looking twice costs once."""

    now: Micros = -1
    quote: QuoteFacts | None = None
    trade: TradeFacts | None = None
    price: Decimal = ZERO
    known: set[str] = field(default_factory=set[str])


FeeEstimate = Callable[["SecurityCore", Decimal], Decimal]


class SecurityCore:
    """One instrument of the run. number: its place in the order of creation."""

    holding: HoldingCore

    def __init__(self, symbol: Symbol, terms: Terms, hours: ExchangeHours, clock: EngineClock, underlying: SecurityCore | None = None) -> None:
        self.symbol = symbol
        self.number = 0
        self.terms = terms
        self.hours = hours
        self.clock = clock
        self.underlying = underlying
        self.kind: SecurityType = symbol.security_type
        self.market: str = symbol.id.market
        self.models = Models()
        self.leverage = Decimal(1)
        self.is_tradable = True
        self.is_delisted = False
        self.normalization = DataNormalizationMode.RAW
        self.configs: list[Config] = []
        self.feeds: list[Feed[Any]] = []
        self.contract_months: tuple[str, ...] = ()
        self.mapped: Symbol | None = None
        self.mapping: tuple[int, int] | None = None
        self.settlement_type = SettlementType.CASH if self.kind is SecurityType.INDEX_OPTION else SettlementType.PHYSICAL_DELIVERY
        self.surface: Any = None
        self.fee_estimate: FeeEstimate | None = None
        self.before_reset: Callable[[], None] | None = None
        self.option_filter: Any = None
        self.run: Any = None
        self._set_prices: list[SetPrice] = []
        self._seen = _Seen()
        self._quotes: list[Feed[Any]] | None = None

    # facts ---------------------------------------------------------------------------------------------------------------------------

    @property
    def quote_currency(self) -> str:
        """Currency of its prices."""
        return self.terms.quote_currency

    @property
    def multiplier(self) -> Decimal:
        """Units of the underlying (or currency per point) in one contract."""
        return self.terms.multiplier

    @property
    def lot_size(self) -> Decimal:
        """Smallest tradable quantity."""
        return self.terms.lot_size

    @property
    def min_price_variation(self) -> Decimal:
        """Tick of the symbol-properties database."""
        return self.terms.min_price_variation

    @property
    def strike_multiplier(self) -> Decimal:
        """Factor from the strike to the underlying's scale (5 for NQX)."""
        return self.terms.strike_multiplier

    @property
    def is_option(self) -> bool:
        """Any kind of option, canonical included."""
        return self.kind in OPTION_TYPES

    @property
    def is_canonical(self) -> bool:
        """A chain, not a contract."""
        return self.symbol.is_canonical()

    @property
    def strike(self) -> Decimal:
        """Strike as in the identifier."""
        return strike_of(self.symbol)

    @property
    def right(self) -> OptionRight:
        """Call or put."""
        return self.symbol.id.option_right

    @property
    def is_call(self) -> bool:
        """True for a call."""
        return self.symbol.id.option_right == OptionRight.CALL

    @property
    def scaled_strike(self) -> Decimal:
        """Strike on the underlying's scale."""
        return mul(self.strike, self.terms.strike_multiplier)

    @property
    def symbol_value(self) -> str:
        """Ticker or OSI text."""
        return self.symbol.value

    @property
    def zone(self) -> Zone:
        """The exchange's zone."""
        return self.hours.zone

    @property
    def price_adjustment_mode(self) -> int:
        """Normalization as a number: 0 raw, 1 adjusted."""
        return int(self.normalization)

    @property
    def style(self) -> OptionStyle:
        """American or European."""
        return self.symbol.id.option_style

    @property
    def expiry(self) -> date:
        """Last day in the identifier."""
        return expiry_of(self.symbol)

    @property
    def local_time(self) -> Micros:
        """Exchange clock reading now."""
        return self.hours.zone.to_local(self.clock.now)

    # subscriptions -------------------------------------------------------------------------------------------------------------------

    @property
    def user_configs(self) -> list[Config]:
        """Subscriptions the algorithm asked for."""
        return [config for config in self.configs if not config.internal]

    @property
    def has_trade_feed(self) -> bool:
        """True when trade bars are subscribed."""
        return any(config.tick is Tick.TRADE for config in self.configs)

    @property
    def has_quote_feed(self) -> bool:
        """True when quote bars are subscribed."""
        return any(config.tick is Tick.QUOTE for config in self.configs)

    @property
    def resolutions(self) -> list[Resolution]:
        """Resolutions of the algorithm's own feeds."""
        return [RESOLUTION_OF[config.step] for config in self.user_configs if config.tick is not Tick.OPEN_INTEREST]

    @property
    def only_daily(self) -> bool:
        """True when every feed of the algorithm's is daily."""
        return all(resolution is Resolution.DAILY for resolution in self.resolutions)

    @property
    def only_hour_or_daily(self) -> bool:
        """True when no feed of the algorithm's is finer than an hour."""
        return all(resolution in (Resolution.DAILY, Resolution.HOUR) for resolution in self.resolutions)

    @property
    def extended_hours(self) -> bool:
        """True when some feed of the algorithm's includes the hours around the session."""
        return any(config.extended for config in self.user_configs)

    @property
    def fill_forward(self) -> bool:
        """True when some feed of the algorithm's is filled forward."""
        return any(config.fill_forward for config in self.user_configs)

    def market_order_fee(self, quantity: Decimal) -> Decimal:
        """Account-currency fee a market order of this size would pay now."""
        return self.fee_estimate(self, quantity) if self.fee_estimate is not None else ZERO

    def next_row_after(self, moment: Micros) -> Micros | None:
        """When the next trade or quote row ends; None when none is near."""
        ends = [feed.next_end_after(moment) for feed in self.feeds if feed.subscription.tick is not Tick.OPEN_INTEREST]
        return min((end for end in ends if end is not None), default=None)

    def reset(self) -> None:
        """Forget every price: the subscription has ended."""
        if self.before_reset is not None:
            self.before_reset()
        for feed in self.feeds:
            feed.release()
        self.feeds = []
        self.configs = []
        self._set_prices = []
        self.touch()

    # prices --------------------------------------------------------------------------------------------------------------------------

    def touch(self) -> None:
        """Feeds or set prices changed: look again even at the same moment."""
        self._seen = _Seen()
        self._quotes = None

    def set_price(self, price: Decimal, quote: QuoteFacts | None = None, trade: TradeFacts | None = None) -> None:
        """A price from outside (seed, split): stands until a row ends after now."""
        self._set_prices.append(SetPrice(self.clock.now, price, quote, trade))
        self.touch()

    def last_quote(self) -> QuoteFacts | None:
        """The last quote bar the cache holds."""
        seen = self._at_now()
        if "quote" not in seen.known:
            seen.known.add("quote")
            seen.quote = cast("QuoteFacts | None", self._latest_facts(Tick.QUOTE))
        return seen.quote

    def last_trade(self) -> TradeFacts | None:
        """The last trade bar the cache holds."""
        seen = self._at_now()
        if "trade" not in seen.known:
            seen.known.add("trade")
            seen.trade = cast("TradeFacts | None", self._latest_facts(Tick.TRADE))
        return seen.trade

    def last_bar(self) -> BarFacts | None:
        """The bar that set the price."""
        quote = None if self.kind is SecurityType.EQUITY else self.last_quote()
        trade = self.last_trade()
        if quote is None or not quote.value:
            return trade
        return trade if trade is not None and trade.end > quote.end else quote

    @property
    def price(self) -> Decimal:
        """What LEAN's cache says the price is; zero before the first bar."""
        seen = self._at_now()
        if "price" not in seen.known:
            seen.known.add("price")
            seen.price = self._price()
        return seen.price

    @property
    def has_data(self) -> bool:
        """True once a bar (or a seed) has set a price."""
        return bool(self._set_prices) or self.last_bar() is not None

    @property
    def bid(self) -> Decimal:
        """Last bid; zero for an option that was never quoted, the price for others."""
        close = self._closing_side(bid=True)
        return self._without_quote() if close is None else close

    @property
    def ask(self) -> Decimal:
        """Last ask; zero for an option that was never quoted, the price for others."""
        close = self._closing_side(bid=False)
        return self._without_quote() if close is None else close

    @property
    def bid_size(self) -> Decimal:
        """Size at the last bid."""
        quote = self.last_quote()
        return quote.bid_size if quote is not None else ZERO

    @property
    def ask_size(self) -> Decimal:
        """Size at the last ask."""
        quote = self.last_quote()
        return quote.ask_size if quote is not None else ZERO

    @property
    def open(self) -> Decimal:
        """Open of the bar that set the price."""
        bar = self.last_bar()
        return bar.open if bar is not None else self.price

    @property
    def high(self) -> Decimal:
        """High of the bar that set the price."""
        bar = self.last_bar()
        return bar.high if bar is not None else self.price

    @property
    def low(self) -> Decimal:
        """Low of the bar that set the price."""
        bar = self.last_bar()
        return bar.low if bar is not None else self.price

    @property
    def close(self) -> Decimal:
        """Same as price."""
        return self.price

    @property
    def volume(self) -> Decimal:
        """Volume of the last trade bar."""
        trade = self.last_trade()
        return trade.volume if trade is not None else ZERO

    @property
    def open_interest(self) -> Decimal:
        """Last open interest row."""
        rows = [row for feed in self.feeds if feed.subscription.tick is Tick.OPEN_INTEREST and (row := feed.row_at(self.clock.now)) is not None]
        if not rows:
            return ZERO
        latest = max(rows, key=lambda row: row.end)
        return from_raw(float(cast("InterestBlock", latest.block).values[latest.row]), 1)

    def price_array(self, times: NDArray[np.int64]) -> Floats:
        """`price` at ascending moments as floats; rows of feeds only (no set price), zero before the first."""
        prices = np.zeros(times.size)
        position = 0
        while position < times.size:
            stop = position + self._same_block_run(times[position:])
            prices[position:stop] = self._prices_within(times[position:stop])
            position = stop
        return prices

    def price_updates(self, start: Micros, end: Micros) -> tuple[NDArray[np.int64], Floats]:
        """Moments start < t <= end at which a row set the price, and the price then (rows only, nothing filled forward)."""
        moments: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
        for feed in self.feeds:
            tick = feed.subscription.tick
            if tick is Tick.OPEN_INTEREST or (tick is Tick.QUOTE and self.kind is SecurityType.EQUITY):
                continue
            moments.extend(block.ends[(block.ends > start) & (block.ends <= end)] for block in feed.blocks_between(start, end))
        times = np.unique(np.concatenate(moments))
        return times, self.price_array(times)

    # internals -----------------------------------------------------------------------------------------------------------------------

    def _at_now(self) -> _Seen:
        if self._seen.now != self.clock.now:
            self._seen = _Seen(self.clock.now)
        return self._seen

    def _latest_facts(self, tick: Tick) -> BarFacts | None:
        now, found = self.clock.now, None
        for feed in self.feeds:
            if feed.subscription.tick is tick:
                facts = feed.facts_at(now)
                if facts is not None and (found is None or facts.end > found.end):
                    found = facts
        for given in reversed(self._set_prices):
            facts = given.quote if tick is Tick.QUOTE else given.trade
            if facts is not None:
                return facts if found is None or given.at >= found.end else found
        return found

    def _price(self) -> Decimal:
        bar = self.last_bar()
        if self._set_prices and (bar is None or self._set_prices[-1].at >= bar.end):
            return self._set_prices[-1].price
        return bar.value if bar is not None else ZERO

    def _closing_side(self, *, bid: bool) -> Decimal | None:
        """Close of one side of the last quote, None without one; the whole bar is only made where several could be it."""
        quotes = self._quotes
        if quotes is None:
            quotes = self._quotes = [feed for feed in self.feeds if feed.subscription.tick is Tick.QUOTE]
        if len(quotes) == 1 and not self._set_prices:
            row = quotes[0].row_at(self.clock.now)
            return None if row is None else cast("QuoteBlock", row.block).side_close(row.row, bid=bid)
        quote = self.last_quote()
        side = None if quote is None else quote.bid if bid else quote.ask
        return None if side is None else side.close

    def _without_quote(self) -> Decimal:
        return ZERO if self.is_option else self.price

    def _same_block_run(self, times: NDArray[np.int64]) -> int:
        zone = self.hours.data_zone
        day = zone.local_date(int(times[0]) - 1)
        if zone.local_date(int(times[-1]) - 1) == day:
            return int(times.size)
        midnight = zone.to_utc((day.toordinal() - 719_162) * 86_400_000_000)
        return max(1, int(np.searchsorted(times, midnight, side="right")))

    def _prices_within(self, times: NDArray[np.int64]) -> Floats:
        prices = np.zeros(times.size)
        latest = np.full(times.size, -1, dtype=np.int64)
        for tick in (Tick.TRADE, Tick.QUOTE):
            if tick is Tick.QUOTE and self.kind is SecurityType.EQUITY:
                continue
            for feed in self.feeds:
                if feed.subscription.tick is tick:
                    _lay_over(prices, latest, feed, times)
        if self._set_prices:
            given = self._set_prices[-1]
            mask = (latest <= given.at) & (times >= given.at)
            prices[mask] = float(given.price)
        return prices


def _lay_over(prices: Floats, latest: NDArray[np.int64], feed: Feed[Any], times: NDArray[np.int64]) -> None:
    """Put the feed's values where its row is at least as new as what is there and not zero."""
    first = feed.row_at(int(times[0]))
    last = feed.row_at(int(times[-1]))
    if last is None:
        return
    block = cast("TradeBlock | QuoteBlock", last.block)
    rows = np.searchsorted(block.ends, times, side="right") - 1
    values, ends = block.values[np.maximum(rows, 0)], block.ends[np.maximum(rows, 0)]
    early = rows < 0
    if bool(early.any()):
        known = first is not None
        values = np.where(early, cast("TradeBlock", first.block).values[first.row] if known else 0.0, values)
        ends = np.where(early, first.end if known else -1, ends)
    mask = (ends >= latest) & (values != 0) & (ends >= 0)
    prices[mask] = values[mask]
    latest[mask] = ends[mask]
