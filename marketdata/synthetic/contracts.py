"""Quotes, trades and open interest of one option contract through one session."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Columns, Instrument, InterestColumns, Kind, QuoteColumns, Tick, TradeColumns
from marketdata.synthetic import expiries
from marketdata.synthetic.calendar import CLOSE, EPOCH, LATE_CLOSE, NODES, OPEN, sessions
from marketdata.synthetic.clock import minute_weights
from marketdata.synthetic.columns import quote_candles, raw
from marketdata.synthetic.drivers import DRIVERS
from marketdata.synthetic.early_exercise import best_early
from marketdata.synthetic.liquidity import ContractKeys, Liking, daily_volume, full_width, liking_of, open_interest, quoted, usual_size
from marketdata.synthetic.listings import LastClose, is_strike
from marketdata.synthetic.noise import mixed
from marketdata.synthetic.paths import Paths
from marketdata.synthetic.pricing import Priced, european, vega_per_point
from marketdata.synthetic.rates import rate_on
from marketdata.synthetic.roots import OptionRoot
from marketdata.synthetic.states import DAYS_PER_YEAR, Instants, Moment, expiry_moment, horizon, instants

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
INTEREST_NODE = OPEN - 180
"""Open interest is published at 06:30."""
KEPT, KEPT_QUOTES, KEPT_STATES = 20_000, 256, 64


@dataclass(frozen=True, slots=True)
class Contract:
    """One option of a root, with its settlement moment. sign: 1 call, -1 put; month: delivery month of the future it exercises into."""

    root: OptionRoot
    expiry: date
    strike: float
    sign: float
    month: str | None
    settles: Moment
    keys: ContractKeys

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
        settles = expiry_moment(instrument.expiry, root.settle_node(instrument.expiry))
        strike = float(instrument.strike)
        keys = ContractKeys.of(root, np.array([(instrument.expiry - EPOCH).days]), np.array([strike]), np.array([sign]))
        return cls(root, instrument.expiry, strike, sign, instrument.contract_month, settles, keys)

    @property
    def number(self) -> int:
        """What its draws hang on."""
        return int(self.keys.number[0])


def settles_at_open(root: OptionRoot, expiry: date) -> bool:
    """True for a third-Friday expiry that is settled at the open: it is listed until the day before."""
    return root.settle_node(expiry) <= OPEN and expiry in root.listed(expiry - timedelta(days=1), None)


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


def spot_before(paths: Paths, root: OptionRoot, index: int, month: str | None) -> float:
    """Price of the underlying at the close before a session, before rounding."""
    log_price = float(paths.frames[root.underlying.driver].log_price[index])
    delivery = delivery_of(root, month)
    years = max(delivery - float(sessions().days[index]), 0.0) / DAYS_PER_YEAR if delivery is not None else 0.0
    return float(root.underlying.price(np.asarray(log_price), max(index - 1, 0), years, rate_on(sessions().date(index))))


def last_close(paths: Paths, root: OptionRoot, index: int, month: str | None) -> LastClose:
    """What the strike lists of a session hang on."""
    return LastClose(spot_before(paths, root, index, month), float(np.exp(paths.frames[root.underlying.driver].log_vol[index])))


def priced_contract(now: Instants, contract: Contract) -> Priced:
    """Mids of one contract at some instants."""
    root, settles = contract.root, contract.settles
    strike = np.asarray(contract.strike)
    last = european(now.driver, now.vol, horizon(now, settles), strike, np.asarray(contract.sign))
    if root.style == "european":
        return last
    waiting = np.maximum(last.mid, contract.sign * (now.spot - strike))
    early = best_early(now, settles.index, strike, contract.sign, waiting)
    return replace(last, mid=np.maximum(waiting, early))


class Contracts:
    """Option rows for one seed."""

    def __init__(self, seed: int, paths: Paths) -> None:
        self._seed = seed
        self._paths = paths
        self._weights = minute_weights()
        self._interests: dict[tuple[int, int], float] = {}
        self._likings: dict[int, Liking] = {}
        self._quoted: OrderedDict[tuple[int, int], QuoteColumns] = OrderedDict()
        self._states: OrderedDict[tuple[str, int, float | None, int], Instants] = OrderedDict()

    def session(self, contract: Contract, index: int, tick: Tick) -> Columns | None:
        """Rows of one session; None when the contract is not quoted on it."""
        nodes = self._nodes(contract, index)
        if len(nodes) < 2:
            return None
        if tick is Tick.OPEN_INTEREST:
            return InterestColumns(self._start(contract.root, index, np.array([INTEREST_NODE])), np.array([self._interest(contract, index)]))
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
        """Quote rows, the most recent ones remembered (trades are made from them)."""
        key = (contract.number, index)
        if key not in self._quoted:
            self._quoted[key] = self._fresh_quotes(contract, index, nodes)
            if len(self._quoted) > KEPT_QUOTES:
                self._quoted.popitem(last=False)
        return self._quoted[key]

    def _fresh_quotes(self, contract: Contract, index: int, nodes: Ints) -> QuoteColumns:
        root = contract.root
        now = self._instants(contract, index, nodes)
        priced = priced_contract(now, contract)
        years = np.maximum(contract.settles.days - now.days, 0.0) / DAYS_PER_YEAR
        vega = vega_per_point(priced, np.asarray(contract.strike), np.sqrt(years))
        both = quoted(root, priced.mid, full_width(root, priced.mid, vega, years, now.vol.log_vol, nodes))
        bids, asks = quote_candles(both.bid, both.ask)
        sizes = self._sizes(contract, index, nodes[:-1])
        return QuoteColumns(self._start(root, index, nodes[:-1]), raw(bids, root.scale, 4), raw(asks, root.scale, 4), sizes[0], sizes[1], root.scale)

    def _instants(self, contract: Contract, index: int, nodes: Ints) -> Instants:
        """The underlying's state through the session, shared by its contracts."""
        delivery = delivery_of(contract.root, contract.month)
        key = (contract.root.underlying.ticker, index, delivery, len(nodes))
        if key not in self._states:
            self._states[key] = instants(self._paths, contract.root.underlying, index, nodes, delivery)
            if len(self._states) > KEPT_STATES:
                self._states.popitem(last=False)
        return self._states[key]

    def _sizes(self, contract: Contract, index: int, nodes: Ints) -> Floats:
        """(2, n) contracts at the bid and the ask, new every five minutes."""
        spot = spot_before(self._paths, contract.root, index, contract.month)
        level = usual_size(contract.root, contract.strike / spot, contract.settles.days - float(sessions().days[index]))
        fives = np.arange((nodes[-1] - nodes[0]) // 5 + 1)
        draws = mixed(contract.number, self._seed, int(sessions().days[index]), np.stack([fives, fives + 1_000_000]))
        return np.ceil(level * (0.4 + 1.2 * draws))[:, (nodes - nodes[0]) // 5]

    def _interest(self, contract: Contract, index: int) -> float:
        """Open interest of a session, remembered."""
        key = (contract.number, index)
        if key not in self._interests:
            if len(self._interests) >= KEPT:
                self._interests.clear()
                self._likings.clear()
            spot = spot_before(self._paths, contract.root, index, contract.month)
            if contract.number not in self._likings:
                self._likings[contract.number] = liking_of(self._seed, contract.root, contract.keys)
            self._interests[key] = float(open_interest(self._seed, contract.root, contract.keys, index, spot, self._likings[contract.number])[0])
        return self._interests[key]

    def _trades(self, contract: Contract, index: int, nodes: Ints, quotes: QuoteColumns) -> TradeColumns | None:
        """Trades of the session spread over its minutes by the volume shape, at bid, mid or ask."""
        volume = self._volume(contract, index)
        if volume <= 0:
            return None
        minutes = nodes[:-1]
        draws = np.maximum(
            mixed(contract.number, self._seed + 7, int(sessions().days[index]), np.stack([minutes, minutes + NODES, minutes + 2 * NODES])), 1e-12
        )
        bunches = max(1, min(volume, int(volume**0.7), len(minutes) // 2))
        at = np.sort(np.argpartition(-np.log(draws[0]) / (self._weights[minutes] + 1e-12), bunches - 1)[:bunches])
        size = np.cumsum(1.0 + (volume - bunches) * draws[1, at] / draws[1, at].sum())
        price = np.where(draws[2, at] < 0.5, quotes.bid[at, 3], quotes.ask[at, 3])
        price = np.where(price > 0.0, price, quotes.ask[at, 3])
        traded = np.diff(np.floor(size + 1e-6), prepend=0.0)
        return TradeColumns(quotes.start[at], price, price, price, price, traded, quotes.divisor)

    def _volume(self, contract: Contract, index: int) -> int:
        """Contracts traded on a session."""
        driver = contract.root.underlying.driver
        interest = np.array([self._interest(contract, index)])
        log_vol = float(self._paths.frames[driver].log_vol[index + 1])
        return int(daily_volume(self._seed, contract.keys, index, interest, log_vol, DRIVERS[driver].usual)[0])
