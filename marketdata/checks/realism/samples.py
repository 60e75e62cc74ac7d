"""The real samples in LEAN's format that the synthetic market is held against: what of them can be read without an engine."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marketdata.leanfolder import LeanFolder
from marketdata.port import Instrument, Kind, QuoteColumns, Step, Tick, TradeColumns, UniverseRows

Floats = NDArray[np.float64]
MINUTE = 60_000_000
ENTRY = re.compile(r"_(?P<style>american|european)_(?P<right>call|put)_(?P<strike>\d+)_(?P<expiry>\d{8})\.csv$")


@dataclass(frozen=True, slots=True)
class QuotedDay:
    """A root's minute quotes of one day. label: shown; month: delivery month for a future option; underlying: instrument whose trades give the price;
    behind: minutes its clock is behind that of the options."""

    label: str
    root: Instrument
    day: date
    underlying: Instrument
    behind: int = 0


GOOG, GOOG_OPTIONS = Instrument(Kind.EQUITY, "usa", "goog"), Instrument(Kind.OPTION, "usa", "goog")
SPX, SPX_OPTIONS, SPXW_OPTIONS = Instrument(Kind.INDEX, "usa", "spx"), Instrument(Kind.INDEX_OPTION, "usa", "spx"), Instrument(Kind.INDEX_OPTION, "usa", "spxw")
ES, ES_OPTIONS = (Instrument(kind, "cme", "es", contract_month="202003") for kind in (Kind.FUTURE, Kind.FUTURE_OPTION))
QUOTED_DAYS = (
    QuotedDay("GOOG", GOOG_OPTIONS, date(2015, 12, 24), GOOG),
    QuotedDay("GOOG", GOOG_OPTIONS, date(2015, 12, 28), GOOG),
    QuotedDay("SPX", SPX_OPTIONS, date(2021, 1, 4), SPX, 60),
    QuotedDay("SPX", SPX_OPTIONS, date(2021, 1, 14), SPX, 60),
    QuotedDay("SPXW", SPXW_OPTIONS, date(2021, 1, 4), SPX, 60),
    QuotedDay("SPXW", SPXW_OPTIONS, date(2023, 6, 26), SPX, 60),
    QuotedDay("ES", ES_OPTIONS, date(2020, 1, 6), ES),
)


@dataclass(frozen=True, slots=True)
class QuotePoints:
    """Quotes of out-of-the-money contracts at one minute each. moneyness: log(strike / price); days: to expiry; relative: (ask - bid) / mid; mid: per unit."""

    moneyness: Floats
    days: Floats
    relative: Floats
    mid: Floats


class Samples:
    """Reads one folder of samples. What a file is missing for is simply not compared; the report names it."""

    def __init__(self, root: Path) -> None:
        self.folder = LeanFolder(root)

    def daily_closes(self, ticker: str) -> Floats:
        """Adjusted for nothing: closes of a share's daily bars, oldest first; empty when absent."""
        bars = self.folder.bars(Instrument(Kind.EQUITY, "usa", ticker), Step.DAILY, Tick.TRADE, None)
        return bars.close / bars.divisor if isinstance(bars, TradeColumns) else np.empty(0)

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
        parts = [self._points(quoted, contract, every) for contract in self._contracts(quoted)]
        columns = [np.concatenate([getattr(part, name) for part in parts]) if parts else np.empty(0) for name in ("moneyness", "days", "relative", "mid")]
        return QuotePoints(*columns)

    def _contracts(self, quoted: QuotedDay) -> Iterator[Instrument]:
        """Contracts named in the day's archive."""
        root = quoted.root
        folder = self.folder.root / root.kind.value / root.market / "minute" / root.ticker
        folder = folder / root.contract_month if root.contract_month else folder
        for path in folder.glob(f"{quoted.day:%Y%m%d}_quote_*.zip"):
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
            for match in filter(None, (ENTRY.search(name) for name in names)):
                text = match["expiry"]
                expiry = date(int(text[:4]), int(text[4:6]), int(text[6:]))
                strike = Decimal(match["strike"]) / 10_000
                yield Instrument(root.kind, root.market, root.ticker, expiry, strike, match["right"], match["style"], root.contract_month)

    def _points(self, quoted: QuotedDay, contract: Instrument, every: int) -> QuotePoints:
        quotes = self.folder.bars(contract, Step.MINUTE, Tick.QUOTE, quoted.day)
        trades = self.folder.bars(quoted.underlying, Step.MINUTE, Tick.TRADE, quoted.day)
        empty = np.empty(0)
        if not isinstance(quotes, QuoteColumns) or not isinstance(trades, TradeColumns) or contract.expiry is None or contract.strike is None:
            return QuotePoints(empty, empty, empty, empty)
        at = np.searchsorted(trades.start + quoted.behind * MINUTE, quotes.start, side="right") - 1
        price = trades.close[np.maximum(at, 0)] / trades.divisor
        bid, ask = quotes.bid[:, 3] / quotes.divisor, quotes.ask[:, 3] / quotes.divisor
        moneyness = np.log(float(contract.strike) / price)
        outside = moneyness > 0 if contract.right == "call" else moneyness < 0
        minute = quotes.start // MINUTE
        keep = outside & (bid > 0) & (ask > bid) & (minute % every == 0) & (at >= 0)
        mid = 0.5 * (bid + ask)
        days = np.full(len(mid), float((contract.expiry - quoted.day).days))
        return QuotePoints(moneyness[keep], days[keep], ((ask - bid) / np.where(mid > 0, mid, 1.0))[keep], mid[keep])
