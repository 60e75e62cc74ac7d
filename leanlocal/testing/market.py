"""A small market in memory for tests: minute bars one states, and the daily bars of stocks they add up to.

US stocks and their options, 9:30 to 16:00 New York, no holidays. A series is a list of (clock time, price) points; between two points the price stays, so a
day is described in a line. Quotes are the price less and plus half a spread. Nothing is random.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np

from leanlocal.clock import MINUTE, micros_of
from leanlocal.enums import OptionRight
from marketdata.port import (
    Columns,
    FactorRow,
    Floats,
    FutureFactorRow,
    Instrument,
    Ints,
    Kind,
    MapRow,
    MarginRow,
    QuoteColumns,
    Step,
    SymbolProperties,
    Tick,
    TradeColumns,
    UniverseRows,
)

OPENS, MINUTES = time(9, 30), 390
PRICE_DIVISOR = 10_000
CENT = Decimal("0.01")
Path = Sequence[tuple[time, float]]
SeriesKey = tuple[Kind, str, date | None, Decimal | None, str | None]

SESSION = [{"start": "09:30:00", "end": "16:00:00", "state": "market"}]
HOURS = {
    "dataTimeZone": "America/New_York",
    "exchangeTimeZone": "America/New_York",
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), SESSION),
    "saturday": [],
    "sunday": [],
    "holidays": [],
    "earlyCloses": {},
}


class InMemoryMarket:
    """Implements `marketdata.port.MarketData` over what a test has stated."""

    def __init__(self) -> None:
        self._quotes: dict[tuple[SeriesKey, date], tuple[Floats, float]] = {}
        self._chains: dict[tuple[str, date], list[tuple[Decimal, str, date, float]]] = {}

    def stock(self, ticker: str, day: date, path: Path, spread: float = 0.02) -> InMemoryMarket:
        """A stock's day: (clock time, price) points from 9:30 on."""
        key: SeriesKey = (Kind.EQUITY, ticker.lower(), None, None, None)
        self._quotes[key, day] = (minute_prices(path), spread)
        return self

    def option(self, underlying: str, day: date, expiry: date, strike: float, right: OptionRight, path: Path, spread: float = 0.1) -> InMemoryMarket:
        """An option's day, and its row in the day's chain file."""
        exact = Decimal(str(strike))
        word = "call" if right == OptionRight.CALL else "put"
        prices = minute_prices(path)
        self._quotes[(Kind.OPTION, underlying.lower(), expiry, exact, word), day] = (prices, spread)
        self._chains.setdefault((underlying.lower(), day), []).append((exact, word[0].upper(), expiry, float(prices[-1])))
        return self

    # the port ------------------------------------------------------------------------------------------------------------------------

    def bars(self, instrument: Instrument, step: Step, tick: Tick, day: date | None) -> Columns | None:
        """Minute rows of a stated day, daily rows of a stock; stocks trade at the price, options are only quoted."""
        if step is Step.DAILY and instrument.kind is Kind.EQUITY and tick is Tick.TRADE:
            return self._daily(key_of(instrument))
        found = self._quotes.get((key_of(instrument), day)) if day is not None and step is Step.MINUTE else None
        if found is None or day is None or tick is Tick.OPEN_INTEREST or (tick is Tick.TRADE and instrument.kind is Kind.OPTION):
            return None
        prices, spread = found
        starts = session_starts(day)
        if tick is Tick.TRADE:
            raw = np.round(prices * PRICE_DIVISOR)
            return TradeColumns(starts, raw, raw, raw, raw, np.full(MINUTES, 100.0), PRICE_DIVISOR)
        sides = [np.repeat(np.maximum(np.round((prices + shift) * PRICE_DIVISOR), 0.0)[:, None], 4, axis=1) for shift in (-spread / 2, spread / 2)]
        sizes = np.full(MINUTES, 10.0)
        return QuoteColumns(starts, sides[0], sides[1], sizes, sizes, PRICE_DIVISOR)

    def _daily(self, key: SeriesKey) -> TradeColumns | None:
        days = sorted(day for known, day in self._quotes if known == key)
        if not days:
            return None
        starts = np.array([micros_of(datetime.combine(day, time())) for day in days], dtype=np.int64)
        prices = [np.round(self._quotes[key, day][0] * PRICE_DIVISOR) for day in days]
        opens, highs, lows, closes = (np.array([pick(one) for one in prices]) for pick in (lambda p: p[0], np.max, np.min, lambda p: p[-1]))
        return TradeColumns(starts, opens, highs, lows, closes, np.full(len(days), 100.0 * MINUTES), PRICE_DIVISOR)

    def universe(self, canonical: Instrument, day: date) -> UniverseRows | None:
        """The chain of a stated day."""
        rows = self._chains.get((canonical.ticker, day))
        if rows is None:
            return None
        stock = self._quotes.get(((Kind.EQUITY, canonical.ticker, None, None, None), day))
        spot = float(stock[0][-1]) if stock is not None else float("nan")
        close = np.array([row[3] for row in rows])
        none = np.full(len(rows), np.nan)
        return UniverseRows(
            day,
            (spot, spot, spot, spot, 0.0),
            [row[2] for row in rows],
            [row[0] for row in rows],
            [row[1] for row in rows],
            close,
            close,
            close,
            close,
            *(none for _ in range(8)),
        )

    def universe_days(self, canonical: Instrument) -> Sequence[date]:
        """Days with a chain."""
        return sorted(day for ticker, day in self._chains if ticker == canonical.ticker)

    def map_rows(self, ticker: str, market: str, kind: Kind) -> Sequence[MapRow]:
        """No ticker ever changed."""
        return ()

    def factor_rows(self, ticker: str, market: str) -> Sequence[FactorRow]:
        """No splits, no dividends."""
        return ()

    def future_factor_rows(self, ticker: str, market: str) -> Sequence[FutureFactorRow]:
        """No futures."""
        return ()

    def margins(self, ticker: str, market: str) -> Sequence[MarginRow]:
        """No futures."""
        return ()

    def interest_rates(self) -> Sequence[tuple[date, Decimal]]:
        """No rates stated: LEAN's default applies."""
        return ()

    def market_hours(self) -> dict[str, object]:
        """Sessions of stocks and their options."""
        return {"entries": {"Equity-usa-[*]": HOURS, "Option-usa-[*]": HOURS}}

    def symbol_properties(self) -> Mapping[tuple[str, str, str], SymbolProperties]:
        """Contract sizes of stocks and options."""
        one, hundred = Decimal(1), Decimal(100)
        return {
            ("usa", "[*]", "equity"): SymbolProperties("", "USD", one, CENT, one, one, one),
            ("usa", "[*]", "option"): SymbolProperties("", "USD", hundred, CENT, one, one, one),
        }

    def last_time(self) -> datetime | None:
        """End of the last stated day."""
        last = max((day for _, day in self._quotes), default=None)
        return None if last is None else datetime.combine(last, time(23, 59))


def key_of(instrument: Instrument) -> SeriesKey:
    """What a series is stored under."""
    return instrument.kind, instrument.ticker, instrument.expiry, instrument.strike, instrument.right


def session_starts(day: date) -> Ints:
    """Starts of the session's minutes as clock micros."""
    first = micros_of(datetime.combine(day, OPENS))
    return first + np.arange(MINUTES, dtype=np.int64) * MINUTE


def minute_prices(path: Path) -> Floats:
    """Price of every minute of the session from (clock time, price) points; ValueError when the first is later than the opening."""
    if not path or path[0][0] > OPENS:
        raise ValueError("a path needs a price at 09:30: its first point must not be later")
    prices = np.empty(MINUTES)
    for clock, price in path:
        minutes = (timedelta(hours=clock.hour, minutes=clock.minute) - timedelta(hours=OPENS.hour, minutes=OPENS.minute)) // timedelta(minutes=1)
        prices[max(0, minutes) :] = price
    return prices
