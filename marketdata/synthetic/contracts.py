"""Quotes, trades and open interest of one option contract through one session, and the chain of a root at its close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from marketdata.port import Columns, Instrument, InterestColumns, Kind, QuoteColumns, Tick, TradeColumns, UniverseRows
from marketdata.synthetic import expiries
from marketdata.synthetic.calendar import CLOSE, EPOCH, LATE_CLOSE, OPEN, sessions
from marketdata.synthetic.clock import minute_weights
from marketdata.synthetic.columns import candle, quote_candles, raw
from marketdata.synthetic.drivers import DRIVERS
from marketdata.synthetic.liquidity import ContractKeys, daily_volume, full_width, mixed, open_interest, quoted
from marketdata.synthetic.listings import Listing, is_strike, listing
from marketdata.synthetic.noise import stream
from marketdata.synthetic.paths import Paths
from marketdata.synthetic.pricing import Priced, american, european, vega_per_point
from marketdata.synthetic.roots import OptionRoot
from marketdata.synthetic.states import Instants, Moment, dividends_until, earlier_moments, expiry_moment, horizon, instants

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
INTEREST_NODE = OPEN - 180
"""Open interest is published at 06:30."""
CHAIN_INSTANTS = 4
"""Instants of a session from which a chain row takes its open, high, low and close."""


@dataclass(frozen=True, slots=True)
class Contract:
    """One option of a root, with its settlement moment. sign: 1 call, -1 put; month: delivery month of the future it exercises into."""

    root: OptionRoot
    expiry: date
    strike: Decimal
    sign: float
    month: str | None
    settles: Moment

    @classmethod
    def of(cls, root: OptionRoot, instrument: Instrument) -> Contract | None:
        """The contract an instrument names, None when the root never lists it."""
        if instrument.expiry is None or instrument.strike is None or instrument.right is None or not is_strike(root, instrument.strike):
            return None
        if sessions().index_of(instrument.expiry) is None or (
            instrument.expiry not in root.listed(instrument.expiry, instrument.contract_month) and not settles_at_open(root, instrument.expiry)
        ):
            return None
        sign = 1.0 if instrument.right == "call" else -1.0
        return cls(
            root, instrument.expiry, instrument.strike, sign, instrument.contract_month, expiry_moment(instrument.expiry, root.settle_node(instrument.expiry))
        )

    def keys(self) -> ContractKeys:
        """The row for hashing."""
        return ContractKeys(
            root_number(self.root), np.array([(self.expiry - EPOCH).days]), np.array([round(float(self.strike) * 1000)]), np.array([int(self.sign)])
        )


def settles_at_open(root: OptionRoot, expiry: date) -> bool:
    """True for a third-Friday expiry that is settled at the open: it is listed until the day before."""
    return root.settle_node(expiry) <= OPEN and expiry in root.listed(expiry - timedelta(days=1), None)


def root_number(root: OptionRoot) -> int:
    """A number per ticker for hashing."""
    return int.from_bytes(root.ticker.encode(), "big")


def delivery_of(root: OptionRoot, month: str | None) -> float | None:
    """Last trading moment of the future behind a contract, in days since 1970; None for other underlyings."""
    if root.underlying.kind is not Kind.FUTURE or month is None:
        return None
    return future_delivery(root.underlying.ticker, int(month[:4]), int(month[4:6]))


def future_delivery(ticker: str, year: int, month: int) -> float:
    """Last trading moment of a future, in days since 1970."""
    day = {"es": expiries.third_friday, "cl": expiries.crude_last_trade, "gc": expiries.gold_last_trade}[ticker](year, month)
    index = sessions().on_or_before(day)
    return sessions().calendar_days(index, OPEN if ticker == "es" else CLOSE)


def priced_at(now: Instants, root: OptionRoot, settles: Moment, strike: Floats, sign: float) -> Priced:
    """Mids of contracts of one expiry and right at some instants."""
    last = horizon(now, settles, dividends_until(root.underlying.ticker, now.index, settles.index))
    if root.style == "european":
        return european(now.driver, now.vol, last, strike, np.asarray(sign))
    earlier = [horizon(now, moment, paid) for moment, paid in earlier_moments(now, settles, sign > 0)]
    return american(now.driver, now.vol, now.spot, last, earlier, strike, np.asarray(sign))


class Contracts:
    """Option rows for one seed."""

    def __init__(self, seed: int, paths: Paths) -> None:
        self._seed = seed
        self._paths = paths
        self._weights = minute_weights()

    def session(self, contract: Contract, index: int, tick: Tick) -> Columns | None:
        """Rows of one session; None when the contract is not quoted on it."""
        nodes = self._nodes(contract, index)
        if len(nodes) < 2:
            return None
        if tick is Tick.OPEN_INTEREST:
            return InterestColumns(self._start(contract.root, index, np.array([INTEREST_NODE])), self._interest(contract, index))
        quotes = self._quotes(contract, index, nodes)
        return quotes if tick is Tick.QUOTE else self._trades(contract, index, nodes, quotes)

    def _nodes(self, contract: Contract, index: int) -> Ints:
        root, calendar = contract.root, sessions()
        closes = (
            calendar.close_node(index, root.closes)
            if root.closes <= LATE_CLOSE
            else (root.closes if not calendar.half[index] else calendar.close_node(index, LATE_CLOSE))
        )
        if index == contract.settles.index:
            settle = root.settle_node(contract.expiry)
            closes = min(closes, settle if settle <= OPEN else calendar.close_node(index, settle))
        return np.arange(root.opens, closes + 1) if index <= contract.settles.index else np.arange(0)

    def _start(self, root: OptionRoot, index: int, nodes: Ints) -> Ints:
        return sessions().utc_micros(index, nodes) if root.kind is Kind.FUTURE_OPTION else sessions().local_micros(index, nodes)

    def _quotes(self, contract: Contract, index: int, nodes: Ints) -> QuoteColumns:
        root = contract.root
        now = instants(self._paths, root.underlying, index, nodes, delivery_of(root, contract.month))
        strike = np.asarray(float(contract.strike))
        priced = priced_at(now, root, contract.settles, strike, contract.sign)
        years = np.maximum(contract.settles.days - now.days, 0.0) / 365.0
        width = full_width(root, priced.mid, vega_per_point(priced, strike, np.sqrt(years)), years, now.vol.log_vol, nodes)
        both = quoted(root, priced.mid, width)
        bids, asks = quote_candles(both.bid, both.ask)
        sizes = self._sizes(contract, index, nodes[:-1])
        return QuoteColumns(self._start(root, index, nodes[:-1]), raw(bids, root.scale, 4), raw(asks, root.scale, 4), sizes[0], sizes[1], root.scale)

    def _sizes(self, contract: Contract, index: int, nodes: Ints) -> Floats:
        """(2, n) contracts at the bid and the ask."""
        keys, day = contract.keys(), int(sessions().days[index])
        level = float(np.clip(4.0 + self._interest(contract, index)[0] ** 0.45, 4.0, 200.0))
        draws = [mixed(self._seed + side, keys.root, keys.expiry, keys.strike, keys.sign, day, nodes // 5) for side in (2, 3)]
        return np.stack([np.ceil(level * (0.4 + 1.2 * draw)) for draw in draws])

    def _interest(self, contract: Contract, index: int) -> Floats:
        spot = self._spot_before(contract.root, index, contract.month)
        return open_interest(self._seed, contract.root, contract.keys(), index, spot)

    def _spot_before(self, root: OptionRoot, index: int, month: str | None) -> float:
        """Price of the underlying at the close before a session, before rounding."""
        log_price = float(self._paths.frames[root.underlying.driver].log_price[index])
        delivery = delivery_of(root, month)
        years = max(delivery - float(sessions().days[index]), 0.0) / 365.0 if delivery is not None else 0.0
        return float(root.underlying.price(np.asarray(log_price), index, years, 0.04 if delivery is not None else 0.0))

    def _trades(self, contract: Contract, index: int, nodes: Ints, quotes: QuoteColumns) -> TradeColumns | None:
        """Trades of the session spread over its minutes by the volume shape, at bid, mid or ask."""
        keys = contract.keys()
        volume = int(self._volume(contract.root, keys, index, self._interest(contract, index))[0])
        if volume <= 0:
            return None
        minutes = nodes[:-1]
        draws = stream(self._seed, f"{contract.root.ticker}/{contract.expiry}/{contract.strike}/{contract.sign}", index)
        weights = self._weights[minutes] / self._weights[minutes].sum()
        bunches = max(1, min(volume, int(volume**0.7)))
        traded = draws.multinomial(bunches, weights) * float(volume) / bunches
        traded = np.diff(np.floor(np.cumsum(traded) + 1e-6), prepend=0.0)
        at = np.flatnonzero(traded > 0)
        side = draws.random(len(at))[:, None]
        price = np.where(side < 0.5, quotes.bid[at], quotes.ask[at])
        price = np.where(price > 0, price, quotes.ask[at])
        bars = candle(price[:, 3], price[:, 3])
        return TradeColumns(quotes.start[at], bars[:, 0], bars[:, 1], bars[:, 2], bars[:, 3], traded[at], quotes.divisor)

    def _volume(self, root: OptionRoot, keys: ContractKeys, index: int, interest: Floats) -> Floats:
        frame = self._paths.frames[root.underlying.driver]
        return daily_volume(self._seed, keys, index, interest, float(frame.log_vol[index + 1]), DRIVERS[root.underlying.driver].usual)

    def chain(self, root: OptionRoot, index: int, month: str | None) -> UniverseRows | None:
        """The chain file of a session: prices through the day, open interest, volatility and Greeks at the close."""
        day = sessions().date(index)
        found = listing(root, day, self._spot_before(root, index, month), month)
        if not len(found.strike):
            return None
        closes = min(root.closes, CLOSE)
        nodes = np.linspace(root.opens, sessions().close_node(index, closes), CHAIN_INSTANTS).astype(np.int64)
        now = instants(self._paths, root.underlying, index, nodes, delivery_of(root, month))
        mids, greeks = chain_values(now, root, found)
        keys = listing_keys(root, found)
        interest = open_interest(self._seed, root, keys, index, float(now.spot[0]))
        volume = self._volume(root, keys, index, interest)
        tick = root.ticks[0]
        prices = np.maximum(np.rint(mids / tick) * tick, tick).round(4)
        ohlc = (prices[:, 0], prices.max(axis=1), prices.min(axis=1), prices[:, -1])
        figures = greeks if root.kind is not Kind.FUTURE_OPTION else [np.full(len(found.strike), np.nan)] * 6
        underlying = (float(now.spot[0]), float(now.spot.max()), float(now.spot.min()), float(now.spot[-1]), 0.0)
        return UniverseRows(day, rounded(underlying), found.expiry_dates, found.strikes, found.rights, *ohlc, volume, interest, *figures)


def rounded(bar: tuple[float, float, float, float, float]) -> tuple[float, float, float, float, float]:
    """Prices to four decimals."""
    return round(bar[0], 4), round(bar[1], 4), round(bar[2], 4), round(bar[3], 4), bar[4]


def listing_keys(root: OptionRoot, found: Listing) -> ContractKeys:
    """Rows of a list for hashing."""
    expiry = np.array([(day - EPOCH).days for day in found.expiries])[found.of_expiry]
    return ContractKeys(root_number(root), expiry, np.rint(found.strike * 1000).astype(np.int64), found.sign.astype(np.int64))


def chain_values(now: Instants, root: OptionRoot, found: Listing) -> tuple[Floats, list[Floats]]:
    """(contracts, instants) mids and, at the last instant, volatility, delta, gamma, vega, theta, rho in the chain file's units."""
    mids = np.empty((len(found.strike), len(now.spot)))
    greeks = [np.full(len(found.strike), np.nan) for _ in range(6)]
    for row, expiry in enumerate(found.expiries):
        settles = expiry_moment(expiry, root.settle_node(expiry))
        for sign in (1.0, -1.0):
            at = np.flatnonzero((found.of_expiry == row) & (found.sign == sign))
            priced = priced_at(now, root, settles, found.strike[at, None], sign)
            mids[at] = priced.mid
            years = max(settles.days - float(now.days[-1]), 1.0 / 1440.0) / 365.0
            for target, values in zip(greeks, last_greeks(now, priced, found.strike[at], sign, years), strict=True):
                target[at] = values
    return mids, greeks


def last_greeks(now: Instants, priced: Priced, strike: Floats, sign: float, years: float) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Black's Greeks at the last instant from the surface's own volatility: delta and gamma to the spot, theta per calendar day, vega and rho per point."""
    total_vol, forward, discount = priced.total_vol[:, -1], priced.forward[..., -1], priced.discount[..., -1]
    spot = now.spot[-1]
    safe = np.maximum(total_vol, 1e-6)
    iv = safe / np.sqrt(years)
    first = np.log(forward / strike) / safe + 0.5 * safe
    lift = discount * forward / spot
    density = np.exp(-0.5 * first**2) / np.sqrt(2.0 * np.pi)
    tail = ndtr(sign * first)
    second = ndtr(sign * (first - safe))
    carry = log(float(forward) / float(spot)) / years
    yield_ = now.rate - carry
    theta = -discount * forward * density * iv / (2.0 * np.sqrt(years)) + sign * (yield_ * discount * forward * tail - now.rate * strike * discount * second)
    rho = sign * strike * years * discount * second if now.underlying.kind is not Kind.FUTURE else -years * priced.mid[:, -1]
    return iv, sign * lift * tail, lift * density / (spot * safe), 0.01 * discount * forward * density * np.sqrt(years), theta / 365.0, 0.01 * rho
