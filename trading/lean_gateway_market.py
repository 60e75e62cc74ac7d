"""LEAN as a MarketView: prices, quotes with their age, the daily chain, completed daily bars, sessions, account.

What is asked once a day (chains, daily bars, sessions, the opening price) is kept for that day, quotes and prices for their minute. LEAN's zeros for
"nothing yet" become None or NaN here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast

import numpy as np
from AlgorithmImports import Market, OptionRight, QCAlgorithm, Resolution, Symbol, TradeBar
from numpy.typing import NDArray

from trading.codec import NEW_YORK
from trading.lean_gateway_quotes import LeanQuotes
from trading.lean_gateway_symbols import FUTURE_MARKETS, INDEX_ROOTS, LeanSymbols, ListedContracts
from vocabulary.contracts import AssetClass, Contract
from vocabulary.market import AccountView, Chain, DailyBars, Dividend, Quote, Session

QUARTER = timedelta(days=91)
FUTURES_AHEAD = timedelta(days=200)
YEAR_OF_SESSIONS = 260
EMPTY_DAYS = np.empty(0, dtype="datetime64[D]")
NO_BARS = DailyBars(EMPTY_DAYS, *(np.empty(0) for _ in range(4)))


class LeanMarket:
    """MarketView over a running QCAlgorithm.

    vix_max_age: seconds after which a VIX value counts as missing. assumed_vix: what the user states for data without any VIX, None for nothing.
    """

    def __init__(self, algorithm: QCAlgorithm, symbols: LeanSymbols, vix_max_age: float, assumed_vix: float | None = None) -> None:
        self._algorithm, self._symbols, self._assumed_vix = algorithm, symbols, assumed_vix
        self._quotes = LeanQuotes(algorithm, symbols, vix_max_age)
        self._chains: dict[str, tuple[date, Chain | None]] = {}
        self._bars: dict[str, tuple[date, int, DailyBars]] = {}
        self._sessions: dict[tuple[str, date], Session | None] = {}
        self._openings: dict[str, tuple[date, float]] = {}
        self._dividends: dict[str, tuple[date, float]] = {}
        self._account: tuple[datetime, AccountView] | None = None

    @property
    def now(self) -> datetime:
        """Algorithm time, New York."""
        return self._algorithm.time.replace(tzinfo=NEW_YORK)

    @property
    def account(self) -> AccountView:
        """The portfolio's own figures, read once a minute and after each order event: LEAN computes margins anew at every look."""
        now = self.now
        if self._account is None or self._account[0] != now:
            book = self._algorithm.portfolio
            equity, cash = float(book.total_portfolio_value), float(book.cash)
            self._account = (now, AccountView("USD", equity, cash, float(book.total_margin_used), float(book.margin_remaining)))
        return self._account[1]

    def forget_account(self) -> None:
        """An order event changed the account: read it anew."""
        self._account = None

    @property
    def vix(self) -> float | None:
        """VIX index level, None when too old; the assumed one while the data never had any."""
        seen, level = self._quotes.vix()
        return level if seen or not self._symbols.is_added("VIX") else self._assumed_vix

    def price(self, underlying: str) -> float | None:
        """Last price; of a future the contract it is mapped to."""
        return self._quotes.price(underlying)

    def opening_price(self, underlying: str) -> float | None:
        """Open of the first regular minute bar of today, None before it."""
        today = self.now.date()
        kept = self._openings.get(underlying)
        if kept is not None and kept[0] == today:
            return kept[1]
        session = self.session(underlying, today)
        minutes = 0 if session is None else int((self.now - session.open).total_seconds() // 60)
        if minutes < 1:
            return None
        bars = self._algorithm.history[TradeBar](self._symbols.underlying(underlying), minutes, Resolution.MINUTE)
        first = next((float(bar.open) for bar in bars if bar.time.date() == today), None)
        if first is not None:
            self._openings[underlying] = (today, first)
        return first

    def quote(self, contract: Contract) -> Quote | None:
        """Bid, ask, last and age of a registered contract, None before its first data."""
        return self._quotes.quote(contract)

    def chain(self, underlying: str) -> Chain | None:
        """Yesterday's chain of all option roots of an underlying, read once a day."""
        today = self.now.date()
        kept = self._chains.get(underlying)
        if kept is None or kept[0] != today:
            kept = (today, self._read_chain(underlying))
            self._chains[underlying] = kept
        return kept[1]

    def daily(self, underlying: str, days: int) -> DailyBars:
        """Completed daily bars; the first call of a day asks LEAN for what is new."""
        if not self._symbols.is_added(underlying):
            return NO_BARS
        today = self.now.date()
        day, asked, bars = self._bars.get(underlying, (today, 0, NO_BARS))
        if days > asked:
            asked = max(days, YEAR_OF_SESSIONS)
            bars = self._read_bars(underlying, asked)
        elif day != today:
            bars = _extended(bars, self._read_bars(underlying, (today - day).days + 3))
        self._bars[underlying] = (today, asked, bars)
        return _last(bars, days)

    def session(self, underlying: str, day: date) -> Session | None:
        """Regular session from the exchange hours, in New York time."""
        key = (underlying, day)
        if key not in self._sessions:
            self._sessions[key] = self._read_session(underlying, day)
        return self._sessions[key]

    def sessions(self, underlying: str, first: date, last: date) -> Sequence[Session]:
        """All sessions of a period."""
        days = (first + timedelta(days=step) for step in range((last - first).days + 1))
        return [session for day in days if (session := self.session(underlying, day)) is not None]

    def rate(self) -> float:
        """LEAN's risk-free rate of today."""
        return float(self._algorithm.risk_free_interest_rate_model.get_interest_rate(self._algorithm.time))

    def next_dividend(self, underlying: str) -> Dividend | None:
        """The last dividend seen, projected a quarter on; None before one was seen or when the next one never came."""
        seen = self._dividends.get(underlying)
        if seen is None:
            return None
        expected = seen[0] + QUARTER
        return Dividend(expected, seen[1], True) if expected >= self.now.date() else None

    def hear_dividend(self, ticker: str, amount: float) -> None:
        """Remember that an underlying went ex-dividend today."""
        self._dividends[ticker] = (self.now.date(), amount)

    def _read_session(self, underlying: str, day: date) -> Session | None:
        security = self._algorithm.securities[self._symbols.underlying(underlying)]
        hours, midnight = security.exchange.hours, datetime(day.year, day.month, day.day)  # noqa: DTZ001 - LEAN's exchange clocks are naive
        if not hours.is_date_open(midnight):
            return None
        opens = hours.get_next_market_open(midnight, False)
        closes = hours.get_next_market_close(opens, False)
        if opens.date() != day:
            return None
        ahead = timedelta(minutes=round((self._algorithm.time - security.local_time).total_seconds() / 60))
        return Session(day, (opens + ahead).replace(tzinfo=NEW_YORK), (closes + ahead).replace(tzinfo=NEW_YORK))

    def _read_bars(self, underlying: str, days: int) -> DailyBars:
        bars = list(self._algorithm.history[TradeBar](self._symbols.underlying(underlying), days, Resolution.DAILY))
        days_of = np.array([bar.time.date() for bar in bars], dtype="datetime64[D]")
        columns = ([float(getattr(bar, name)) for bar in bars] for name in ("open", "high", "low", "close"))
        return DailyBars(days_of, *(np.array(column, dtype=np.float64) for column in columns))

    def _read_chain(self, underlying: str) -> Chain | None:
        if not self._symbols.is_added(underlying):
            return None
        listings = [self._algorithm.option_chain(canonical, flatten=True) for canonical in self._canonicals(underlying)]
        listed: list[tuple[datetime, Any]] = [(listing.time, cast(Any, listing).data_frame) for listing in listings]
        filled = [(when, frame) for when, frame in listed if frame is not None and len(frame)]
        if not filled:
            return None
        asof = max(when.replace(tzinfo=NEW_YORK) for when, _ in filled)
        frames = [frame for _, frame in filled]
        return _chain(underlying, asof, self.now.date(), self._symbols, frames)

    def _canonicals(self, underlying: str) -> Iterable[Symbol]:
        """What to ask option_chain for: the share, each option root of an index, or the futures with options in reach."""
        symbol = self._symbols.underlying(underlying)
        if underlying in INDEX_ROOTS:
            return [Symbol.create_canonical_option(symbol, root, Market.USA, f"?{root}") for root in INDEX_ROOTS[underlying]]
        if underlying in FUTURE_MARKETS:
            horizon = self._algorithm.time + FUTURES_AHEAD
            futures: list[Any] = list(self._algorithm.future_chain(symbol))
            return [row.symbol for row in sorted(futures, key=lambda row: row.expiry) if row.expiry <= horizon]
        return [symbol]


def _chain(underlying: str, asof: datetime, today: date, symbols: LeanSymbols, frames: list[Any]) -> Chain | None:
    """The frames of LEAN's daily chain as sorted arrays, expired rows left out. An implied volatility of 0 means the file has no Greeks."""
    expiry = np.concatenate([frame["expiry"].to_numpy() for frame in frames]).astype("datetime64[D]")
    strike = np.concatenate([frame["strike"].to_numpy(np.float64) for frame in frames])
    call = OptionRight.CALL  # .NET enums in an object column: compared one by one, as pandas would only do by falling back to it
    is_call = np.array([right == call for frame in frames for right in frame["right"]], dtype=np.bool_)
    order = np.lexsort((strike, ~is_call, expiry))
    order = order[expiry[order] >= np.datetime64(today, "D")]
    if not len(order):
        return None

    def column(name: str) -> NDArray[np.float64]:
        parts = [frame[name].to_numpy(np.float64) if name in frame.columns else np.full(len(frame), np.nan) for frame in frames]
        return np.concatenate(parts)[order]

    iv, close = column("impliedvolatility"), column("bidprice")
    known = iv > 0
    greeks = {name: np.where(known, column(name), np.nan) for name in ("delta", "gamma", "theta", "vega")}
    quoted = np.where(close > 0, close, np.nan)
    return Chain(
        underlying,
        asof,
        float(column("underlyinglastprice")[0]),
        ListedContracts(symbols, np.concatenate([frame.index.to_numpy() for frame in frames])[order]),
        strike=strike[order],
        expiry=expiry[order],
        is_call=is_call[order],
        bid=quoted,
        ask=quoted,
        iv=np.where(known, iv, np.nan),
        delta=greeks["delta"],
        gamma=greeks["gamma"],
        theta=greeks["theta"] / 365.0,  # LEAN's theta is per year
        vega=greeks["vega"],
        oi=column("openinterest"),
        volume=column("volume"),
    )


def _last(bars: DailyBars, days: int) -> DailyBars:
    return DailyBars(bars.day[-days:], bars.open[-days:], bars.high[-days:], bars.low[-days:], bars.close[-days:])


def _extended(old: DailyBars, new: DailyBars) -> DailyBars:
    fresh = new.day > old.day[-1] if len(old.day) else np.ones(len(new.day), dtype=np.bool_)
    pairs = ((getattr(old, name), getattr(new, name)[fresh]) for name in ("day", "open", "high", "low", "close"))
    return DailyBars(*(np.concatenate(pair) for pair in pairs))


def asset_of(ticker: str) -> AssetClass:
    """What kind of underlying a ticker names."""
    if ticker in INDEX_ROOTS:
        return AssetClass.INDEX
    return AssetClass.FUTURE if ticker in FUTURE_MARKETS else AssetClass.EQUITY
