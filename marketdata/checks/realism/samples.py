"""The real samples in LEAN's format that the synthetic market is held against: what of them can be read without an engine."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marketdata.leanfolder import LeanFolder
from marketdata.port import Instrument, Kind, QuoteColumns, Step, Tick, TradeColumns, UniverseRows
from vocabulary.errors import InvariantBroken

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MINUTE = 60_000_000
EPOCH = date(1970, 1, 1)
CLOSES_AT = 16 * 60
ENTRY = re.compile(r"_(?P<style>american|european)_(?P<right>call|put)_(?P<strike>\d+)_(?P<expiry>\d{8})\.csv$")


@dataclass(frozen=True, slots=True)
class QuotedDay:
    """A root's quotes of one day. vix: close of the volatility index on that day (Cboe). underlying: instrument whose trades give the price, None where
    the sample has none and the price is what put-call parity gives; behind: minutes its clock is behind that of the options; step: bars of a minute or an
    hour, whose close is the quote."""

    root: Instrument
    day: date
    vix: float
    underlying: Instrument | None = None
    behind: int = 0
    step: Step = Step.MINUTE


@dataclass(frozen=True, slots=True)
class QuotedGroup:
    """Days held together against one of our roots. label: shown; ours: our root; every: minutes between the quotes taken; percentiles: of spreads, compared."""

    label: str
    ours: str
    days: tuple[QuotedDay, ...]
    every: int = 30
    percentiles: tuple[int, ...] = (50, 90)


SPY, SPY_OPTIONS = Instrument(Kind.EQUITY, "usa", "spy"), Instrument(Kind.OPTION, "usa", "spy")
AAPL, AAPL_OPTIONS = Instrument(Kind.EQUITY, "usa", "aapl"), Instrument(Kind.OPTION, "usa", "aapl")
GOOG, GOOG_OPTIONS = Instrument(Kind.EQUITY, "usa", "goog"), Instrument(Kind.OPTION, "usa", "goog")
SPX, SPX_OPTIONS, SPXW_OPTIONS = Instrument(Kind.INDEX, "usa", "spx"), Instrument(Kind.INDEX_OPTION, "usa", "spx"), Instrument(Kind.INDEX_OPTION, "usa", "spxw")
ES, ES_OPTIONS = (Instrument(kind, "cme", "es", contract_month="202003") for kind in (Kind.FUTURE, Kind.FUTURE_OPTION))
WEEKLY_2021 = ((4, 26.97), (5, 25.34), (6, 25.07), (7, 22.37), (8, 21.56))
"""January days with quotes of weekly index options, and the volatility index at their close."""
QUOTED_GROUPS = (
    QuotedGroup("SPX 2021", "spx", (QuotedDay(SPX_OPTIONS, date(2021, 1, 4), 26.97, SPX, 60), QuotedDay(SPX_OPTIONS, date(2021, 1, 14), 23.25, SPX, 60)), 5),
    QuotedGroup("SPXW 2021", "spxw", tuple(QuotedDay(SPXW_OPTIONS, date(2021, 1, day), vix) for day, vix in WEEKLY_2021), 5),
    QuotedGroup("SPXW 2023", "spxw", (QuotedDay(SPXW_OPTIONS, date(2023, 6, 26), 14.25, SPX, 60),), 5),
    QuotedGroup("ES", "es", (QuotedDay(ES_OPTIONS, date(2020, 1, 6), 13.85, ES),)),
    QuotedGroup("SPY 2023", "spy", (QuotedDay(SPY_OPTIONS, date(2023, 8, 3), 15.92, SPY),), 5),
    QuotedGroup("AAPL 2014", "qqq", (QuotedDay(AAPL_OPTIONS, date(2014, 6, 6), 10.73, AAPL, step=Step.HOUR),), percentiles=(50,)),
    QuotedGroup(
        "GOOG", "iwm", (QuotedDay(GOOG_OPTIONS, date(2015, 12, 24), 15.74, GOOG), QuotedDay(GOOG_OPTIONS, date(2015, 12, 28), 16.91, GOOG)), percentiles=(50,)
    ),
)


@dataclass(frozen=True, slots=True)
class QuotePoints:
    """Quotes of out-of-the-money contracts at one minute each. moneyness: log(strike / price); days: calendar days to 16:00 of the expiry day, with the part of
    the day that is left; relative: (ask - bid) / mid; mid: per unit."""

    moneyness: Floats
    days: Floats
    relative: Floats
    mid: Floats


class Samples:
    """Reads one folder of samples. What a file is missing for is simply not compared; the report names it."""

    def __init__(self, root: Path) -> None:
        self.folder = LeanFolder(root)

    def daily_bars(self, ticker: str) -> tuple[Floats, Floats]:
        """Adjusted for nothing: opens and closes of a share's daily bars, oldest first; empty when absent."""
        bars = self.folder.bars(Instrument(Kind.EQUITY, "usa", ticker), Step.DAILY, Tick.TRADE, None)
        return (bars.open / bars.divisor, bars.close / bars.divisor) if isinstance(bars, TradeColumns) else (np.empty(0), np.empty(0))

    def minute_trades(self, ticker: str) -> list[TradeColumns]:
        """Every day of a share's minute trades that is there."""
        folder = self.folder.root / "equity" / "usa" / "minute" / ticker
        days = sorted(date.fromisoformat(f"{path.name[:4]}-{path.name[4:6]}-{path.name[6:8]}") for path in folder.glob("*_trade.zip"))
        found = [self.folder.bars(Instrument(Kind.EQUITY, "usa", ticker), Step.MINUTE, Tick.TRADE, day) for day in days]
        return [bars for bars in found if isinstance(bars, TradeColumns)]

    def chain(self, root: Instrument, day: date) -> UniverseRows | None:
        """One chain file, None when absent."""
        return self.folder.universe(root, day)

    def quotes(self, quoted: QuotedDay, every: int = 30) -> QuotePoints:
        """Quotes of one day every `every` minutes of the regular session, out-of-the-money contracts with a bid."""
        rows = {contract: found for contract in self._contracts(quoted) if (found := self._rows(contract, quoted)) is not None}
        price = self._traded_price(quoted) if quoted.underlying is not None else parity_price(rows)
        parts = [points_of(contract, found, price, every) for contract, found in rows.items()] if price is not None else []
        columns = [np.concatenate([getattr(part, name) for part in parts]) if parts else np.empty(0) for name in ("moneyness", "days", "relative", "mid")]
        return QuotePoints(*columns)

    def _rows(self, contract: Instrument, quoted: QuotedDay) -> QuoteColumns | None:
        found = self.folder.bars(contract, quoted.step, Tick.QUOTE, quoted.day if quoted.step is Step.MINUTE else None)
        return rows_of_day(found, quoted.day) if isinstance(found, QuoteColumns) else None

    def _traded_price(self, quoted: QuotedDay) -> PriceRows | None:
        if quoted.underlying is None:
            return None
        trades = self.folder.bars(quoted.underlying, quoted.step, Tick.TRADE, quoted.day if quoted.step is Step.MINUTE else None)
        return PriceRows(trades.start + quoted.behind * MINUTE, trades.close / trades.divisor) if isinstance(trades, TradeColumns) else None

    def _contracts(self, quoted: QuotedDay) -> Iterator[Instrument]:
        """Contracts named in the day's archive, or the year's for hours."""
        root = quoted.root
        folder = self.folder.root / root.kind.value / root.market / quoted.step.value
        if quoted.step is Step.MINUTE:
            folder = folder / root.ticker / (root.contract_month or "")
        pattern = f"{quoted.day:%Y%m%d}_quote_*.zip" if quoted.step is Step.MINUTE else f"{root.ticker}_{quoted.day.year}_quote_*.zip"
        for path in folder.glob(pattern):
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
            for match in filter(None, (ENTRY.search(name) for name in names)):
                text = match["expiry"]
                expiry = date(int(text[:4]), int(text[4:6]), int(text[6:]))
                strike = Decimal(match["strike"]) / 10_000
                yield Instrument(root.kind, root.market, root.ticker, expiry, strike, match["right"], match["style"], root.contract_month)


def rows_of_day(quotes: QuoteColumns, day: date) -> QuoteColumns:
    """The rows that start on a day."""
    first = (day - EPOCH).days * 1440 * MINUTE
    keep = (quotes.start >= first) & (quotes.start < first + 1440 * MINUTE)
    return QuoteColumns(quotes.start[keep], quotes.bid[keep], quotes.ask[keep], quotes.bid_size[keep], quotes.ask_size[keep], quotes.divisor)


@dataclass(frozen=True, slots=True)
class PriceRows:
    """Price of an underlying by minute, oldest first; start as in the port."""

    start: Ints
    price: Floats


def parity_price(rows: Mapping[Instrument, QuoteColumns]) -> PriceRows | None:
    """Strike plus call less put of the pair nearest the money among those of the nearest expiry, minute by minute; None without a pair. Interest and dividends
    of the few days to expiry are left out (an index moves by less than 0.02 % through them)."""
    pairs = [
        (call, put) for call in rows for put in rows if call.right == "call" and put.right == "put" and (call.expiry, call.strike) == (put.expiry, put.strike)
    ]
    nearest = [(call, put) for call, put in pairs if call.expiry == min(one.expiry or date.max for one, _ in pairs)]
    starts = np.unique(np.concatenate([rows[call].start for call, _ in nearest])) if nearest else np.empty(0, dtype=np.int64)
    if not len(starts):
        return None
    forwards, gaps = np.full((len(nearest), len(starts)), np.nan), np.full((len(nearest), len(starts)), np.inf)
    for row, (call, put) in enumerate(nearest):
        both, at_call, at_put = np.intersect1d(rows[call].start, rows[put].start, return_indices=True)
        gap = mids(rows[call])[at_call] - mids(rows[put])[at_put]
        at = np.searchsorted(starts, both)
        forwards[row, at], gaps[row, at] = float(call.strike or 0) + gap, np.abs(gap)
    best = gaps.argmin(axis=0)
    price = forwards[best, np.arange(len(starts))]
    return PriceRows(starts[np.isfinite(price)], price[np.isfinite(price)])


def mids(quotes: QuoteColumns) -> Floats:
    """Middle of closing bid and ask."""
    return 0.5 * (quotes.bid[:, 3] + quotes.ask[:, 3]) / quotes.divisor


def points_of(contract: Instrument, quotes: QuoteColumns, price: PriceRows, every: int) -> QuotePoints:
    """The contract's quotes while it is out of the money and somebody bids; the price is the last known one."""
    if contract.expiry is None or contract.strike is None:
        raise InvariantBroken(f"{contract.ticker}: an entry of an option archive without expiry or strike; its name must have both")
    at = np.searchsorted(price.start, quotes.start, side="right") - 1
    moneyness = np.log(float(contract.strike) / price.price[np.maximum(at, 0)])
    outside = moneyness > 0 if contract.right == "call" else moneyness < 0
    bid, ask = quotes.bid[:, 3] / quotes.divisor, quotes.ask[:, 3] / quotes.divisor
    keep = outside & (bid > 0) & (ask > bid) & (quotes.start // MINUTE % every == 0) & (at >= 0)
    close = ((contract.expiry - EPOCH).days * 1440 + CLOSES_AT) * MINUTE
    mid = mids(quotes)[keep]
    return QuotePoints(moneyness[keep], (close - quotes.start[keep]) / (1440.0 * MINUTE), (ask - bid)[keep] / mid, mid)
