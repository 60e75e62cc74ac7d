"""Which series of the provider belong to a symbol: folder ticker of the day, contract month, and the factors that adjust an equity's prices.

An equity's files carry the ticker it had on the day (map file); its options are filed under the same. A future's folder month is its contract month, which
for energy is the month after expiry. Sources: lean-fidelity §1.1, §1.4.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from leanlocal.enums import DataNormalizationMode, OptionRight, OptionStyle, SecurityType
from leanlocal.exact import ONE, ZERO, add, div, mul, round_half_even, sub
from leanlocal.feeds.blocks import Factors
from leanlocal.feeds.feed import InstrumentOf
from leanlocal.symbols import OLE_EPOCH, Symbol, expiry_of, strike_of
from marketdata.port import FactorRow, FutureFactorRow, Instrument, Kind, MapRow, MarketData

KIND_OF = {
    SecurityType.EQUITY: Kind.EQUITY,
    SecurityType.OPTION: Kind.OPTION,
    SecurityType.FUTURE: Kind.FUTURE,
    SecurityType.FUTURE_OPTION: Kind.FUTURE_OPTION,
    SecurityType.INDEX: Kind.INDEX,
    SecurityType.INDEX_OPTION: Kind.INDEX_OPTION,
    SecurityType.FOREX: Kind.FOREX,
}
MONTHS_AFTER_EXPIRY = {"CL": 1, "NG": 1, "HO": 1, "RB": 1, "BZ": 2, "MCL": 1, "QM": 1, "QG": 1, "SB": 1}
TickerOn = Callable[[date], str]


def contract_month(future: Symbol) -> str:
    """Folder month (yyyymm) of a future contract."""
    expiry = expiry_of(future)
    index = expiry.year * 12 + expiry.month - 1 + MONTHS_AFTER_EXPIRY.get(future.id.symbol, 0)
    return f"{index // 12:04d}{index % 12 + 1:02d}"


def ticker_on(rows: Sequence[MapRow], fallback: str) -> TickerOn:
    """Ticker of a date from map rows; the fallback when there are none."""
    days = [row.day for row in rows]

    def lookup(day: date) -> str:
        if not rows:
            return fallback
        return rows[min(bisect_left(days, day), len(rows) - 1)].ticker.upper()

    return lookup


def instrument_of(symbol: Symbol, data: MarketData) -> InstrumentOf:
    """The provider's name for a symbol on a day."""
    kind, market = KIND_OF[symbol.security_type], symbol.id.market
    if kind is Kind.EQUITY:
        lookup = ticker_on(data.map_rows(symbol.value, market, kind), symbol.value)
        return lambda day: Instrument(kind, market, lookup(day).lower())
    if kind is Kind.OPTION:
        under = ticker_on(data.map_rows(symbol.underlying.value, market, Kind.EQUITY), symbol.underlying.value)
        return lambda day: _option(symbol, kind, under(day))
    fixed = _option(symbol, kind, symbol.id.symbol) if symbol.has_underlying else _single(symbol, kind)
    return lambda day: fixed


def _single(symbol: Symbol, kind: Kind) -> Instrument:
    dated = kind is Kind.FUTURE and expiry_of(symbol) != OLE_EPOCH
    expiry = expiry_of(symbol) if dated else None
    return Instrument(kind, symbol.id.market, symbol.id.symbol.lower(), expiry=expiry, contract_month=contract_month(symbol) if dated else None)


def _option(symbol: Symbol, kind: Kind, ticker: str) -> Instrument:
    sid = symbol.id
    dated = expiry_of(symbol) != OLE_EPOCH
    month = contract_month(symbol.underlying) if kind is Kind.FUTURE_OPTION else None
    style = "european" if sid.option_style == OptionStyle.EUROPEAN else "american"
    if not dated:
        return Instrument(kind, sid.market, ticker.lower(), style=style, contract_month=month)
    right = "call" if sid.option_right == OptionRight.CALL else "put"
    return Instrument(kind, sid.market, ticker.lower(), expiry_of(symbol), strike_of(symbol), right, style, month)


def distribution(row: FactorRow, following: FactorRow) -> Decimal:
    """Cash dividend per share that two factor rows imply, rounded to the cent."""
    return round_half_even(mul(row.reference_price, sub(ONE, div(row.price_factor, following.price_factor))), 2)


class FactorTable:
    """Price and split factors of one equity."""

    def __init__(self, rows: Sequence[FactorRow]) -> None:
        self.rows = rows
        self._days = [row.day for row in rows]

    def row_at(self, day: date) -> FactorRow | None:
        """The row whose factors hold on the date: the first at or after it; None past the last or without a file."""
        at = bisect_left(self._days, day)
        return self.rows[at] if at < len(self.rows) else None

    def split_factor(self, day: date) -> Decimal:
        """Split factor of the date, 1 without a row."""
        row = self.row_at(day)
        return row.split_factor if row else ONE

    def price_factor(self, day: date, mode: DataNormalizationMode) -> Decimal:
        """What a price of the date is multiplied with under a normalization mode."""
        row = self.row_at(day)
        if row is None or mode is DataNormalizationMode.RAW:
            return ONE
        return row.split_factor if mode in SPLITS_ONLY else mul(row.price_factor, row.split_factor)

    def factors(self, days: list[date], mode: DataNormalizationMode, since: date) -> Factors:
        """Factors of bars that ended on the dates, subscribed since a date; volumes are divided by what prices are multiplied with."""
        factors = [self.price_factor(day, mode) for day in days]
        added = [self.distributions(since, day) for day in days] if mode is DataNormalizationMode.TOTAL_RETURN else None
        return Factors(factors, factors, added)

    def distributions(self, since: date, day: date) -> Decimal:
        """Sum of the cash dividends per share with since <= row date < day."""
        total = ZERO
        for row, following in itertools.pairwise(self.rows):
            if since <= row.day < day and row.price_factor != following.price_factor:
                total = add(total, distribution(row, following))
        return total


class FutureFactorTable:
    """Adjustments of one continuous future for a mapping mode and a depth behind the mapped contract; a depth without figures is not adjusted."""

    def __init__(self, rows: Sequence[FutureFactorRow], mode: int, depth: int = 0) -> None:
        self.rows = [row for row in rows if row.mode == mode and len(row.ratio) > depth]
        self._depth = depth
        self._days = [row.day for row in self.rows]

    def factors(self, days: list[date], mode: DataNormalizationMode) -> Factors:
        """Factors of bars that ended on the dates: ratios multiply, the canals add; volumes stay."""
        rows = [self._row_at(day) for day in days]
        ones = [ONE] * len(days)
        if mode is DataNormalizationMode.BACKWARDS_RATIO:
            return Factors([row.ratio[self._depth] if row else ONE for row in rows], ones)
        forward = mode is DataNormalizationMode.FORWARD_PANAMA_CANAL
        return Factors(ones, ones, [(row.forward if forward else row.backward)[self._depth] if row else ZERO for row in rows])

    def _row_at(self, day: date) -> FutureFactorRow | None:
        at = bisect_left(self._days, day)
        return self.rows[at] if at < len(self.rows) else None


SPLITS_ONLY = frozenset({DataNormalizationMode.SPLIT_ADJUSTED, DataNormalizationMode.TOTAL_RETURN})
