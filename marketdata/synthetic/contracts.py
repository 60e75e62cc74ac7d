"""Quotes, trades and open interest of one option contract through one session."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Columns, Instrument, InterestColumns, Kind, QuoteColumns, Tick, TradeColumns
from marketdata.synthetic import expiries
from marketdata.synthetic.activity import Activity, Session
from marketdata.synthetic.calendar import CLOSE, EPOCH, LATE_CLOSE, NODES, OPEN, sessions
from marketdata.synthetic.clock import activity_weights
from marketdata.synthetic.columns import quote_candles, raw
from marketdata.synthetic.liquidity import ContractKeys, full_width, quoted, usual_size
from marketdata.synthetic.listings import LastClose, is_strike
from marketdata.synthetic.noise import Words, mixed_rows, number_of, readied
from marketdata.synthetic.outlook import Outlook, priced_contract
from marketdata.synthetic.paths import Paths
from marketdata.synthetic.pricing import vega_per_point
from marketdata.synthetic.rates import rate_on
from marketdata.synthetic.roots import OptionRoot
from marketdata.synthetic.states import DAYS_PER_YEAR, Moment, expiry_moment, instants

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
INTEREST_NODE = OPEN - 180
"""Open interest is published at 06:30."""
KEPT_QUOTES, KEPT_OUTLOOKS = 256, 24


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


class Contracts:
    """Option rows for one seed."""

    def __init__(self, seed: int, paths: Paths, activity: Activity) -> None:
        self._seed = seed
        self._paths = paths
        self._activity = activity
        self._weights = activity_weights() + 1e-12
        self._quoted: OrderedDict[tuple[int, int], QuoteColumns] = OrderedDict()
        self._outlooks: OrderedDict[tuple[str, int, float | None, int, int], Outlook] = OrderedDict()

    def session(self, contract: Contract, index: int, tick: Tick) -> Columns | None:
        """Rows of one session; None when the contract is not quoted on it."""
        nodes = self._nodes(contract, index)
        if len(nodes) < 2:
            return None
        if tick is Tick.OPEN_INTEREST:
            return InterestColumns(self._start(contract.root, index, np.array([INTEREST_NODE])), np.array([self._active(contract, index)[0]]))
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
        outlook = self._outlook(contract, index, nodes)
        priced = priced_contract(outlook, root.style, contract.settles, contract.strike, contract.sign)
        end = outlook.expiring(contract.settles)
        both = quoted(root, priced.mid, full_width(root, priced.mid, vega_per_point(priced, end.root_years), end.near, outlook.unrest(root)))
        bids, asks = quote_candles(raw(both.bid, root.scale, 4), raw(both.ask, root.scale, 4))
        sizes = self._sizes(contract, index, nodes[:-1])
        return QuoteColumns(self._start(root, index, nodes[:-1]), bids, asks, sizes[0], sizes[1], root.scale)

    def _outlook(self, contract: Contract, index: int, nodes: Ints) -> Outlook:
        """The underlying through the session, shared by its contracts."""
        delivery = delivery_of(contract.root, contract.month)
        key = (contract.root.underlying.ticker, index, delivery, int(nodes[0]), len(nodes))
        if key not in self._outlooks:
            self._outlooks[key] = Outlook(instants(self._paths, contract.root.underlying, index, nodes, delivery), nodes)
            if len(self._outlooks) > KEPT_OUTLOOKS:
                self._outlooks.popitem(last=False)
        return self._outlooks[key]

    def _sizes(self, contract: Contract, index: int, nodes: Ints) -> Floats:
        """(2, n) contracts at the bid and the ask, new every five minutes."""
        spot = spot_before(self._paths, contract.root, index, contract.month)
        level = usual_size(contract.root, contract.strike / spot, contract.settles.days - float(sessions().days[index]))
        draws = mixed_rows(number_of(contract.number, self._seed, int(sessions().days[index])), size_rows((len(nodes) - 1) // 5 + 1))
        return np.repeat(np.ceil(level * (0.4 + 1.2 * draws)), 5, axis=1)[:, : len(nodes)]

    def _active(self, contract: Contract, index: int) -> tuple[float, float]:
        """Open interest and volume of a session."""
        spot = spot_before(self._paths, contract.root, index, contract.month)
        return self._activity.of_contract(Session(contract.root, index, contract.month, spot), contract.keys)

    def _trades(self, contract: Contract, index: int, nodes: Ints, quotes: QuoteColumns) -> TradeColumns | None:
        """Trades of the session spread over its minutes by the volume shape, at bid, mid or ask."""
        volume = int(self._active(contract, index)[1])
        if volume <= 0:
            return None
        minutes = nodes[:-1]
        start = number_of(contract.number, self._seed + 7, int(sessions().days[index]))
        draws = np.maximum(mixed_rows(start, trade_rows(int(minutes[0]), len(minutes))), 1e-12)
        bunches = max(1, min(volume, int(volume**0.7), len(minutes) // 2))
        at = np.sort(np.argpartition(-np.log(draws[0]) / self._weights[minutes], bunches - 1)[:bunches])
        size = np.cumsum(1.0 + (volume - bunches) * draws[1, at] / draws[1, at].sum())
        price = np.where(draws[2, at] < 0.5, quotes.bid[at, 3], quotes.ask[at, 3])
        price = np.where(price > 0.0, price, quotes.ask[at, 3])
        traded = np.diff(np.floor(size + 1e-6), prepend=0.0)
        return TradeColumns(quotes.start[at], price, price, price, price, traded, quotes.divisor)


@lru_cache(maxsize=64)
def size_rows(count: int) -> Words:
    """(2, count) what the sizes of five-minute periods hang on, bid and ask."""
    fives = np.arange(count)
    return readied(np.stack([fives, fives + 1_000_000]))


@lru_cache(maxsize=64)
def trade_rows(first: int, count: int) -> Words:
    """(3, count) what the trades of consecutive minutes hang on: when, how many, at which side."""
    minutes = np.arange(first, first + count)
    return readied(np.stack([minutes, minutes + NODES, minutes + 2 * NODES]))
