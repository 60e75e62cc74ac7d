"""A market in memory for tests of the trading rules: a share, its options and their minute rows, given as plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from leanlocal import symbol_book
from leanlocal.engine.context import RunContext
from leanlocal.exact import exact_arithmetic
from leanlocal.run import go, make_algorithm, make_run
from marketdata.port import Columns, Instrument, Kind, QuoteColumns, Step, SymbolProperties, Tick, TradeColumns, UniverseRows

DAY = date(2024, 7, 1)
NEXT_DAY = date(2024, 7, 2)
MINUTE = 60_000_000
Row = tuple[int, float, float]
"""Minute of the day at which the row ends (in New York), bid, ask; of the share: minute, price, price."""


def _hours(start: str = "09:30:00", end: str = "16:00:00") -> dict[str, Any]:
    week = {day: [{"start": start, "end": end, "state": "market"}] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
    return {"dataTimeZone": "America/New_York", "exchangeTimeZone": "America/New_York", **week, "holidays": [], "earlyCloses": {}, "lateOpens": {}}


@dataclass
class MemoryMarket:
    """Rows by instrument and day. shares: (minute, price); options: (right, strike) -> rows, all with one expiry."""

    shares: dict[date, Sequence[Row]] = field(default_factory=dict)
    options: dict[tuple[str, float], dict[date, Sequence[Row]]] = field(default_factory=dict)

    def bars(self, instrument: Instrument, step: Step, tick: Tick, day: date | None) -> Columns | None:
        if step is not Step.MINUTE or day is None or tick is Tick.OPEN_INTEREST or instrument.ticker != "abc":
            return None
        if instrument.kind is Kind.EQUITY:
            return _columns(self.shares.get(day), tick, day)
        rows = self.options.get((instrument.right or "", float(instrument.strike or 0)), {}).get(day)
        return _columns(rows, tick, day) if tick is Tick.QUOTE else None

    def universe(self, canonical: Instrument, day: date) -> UniverseRows | None:
        return None

    def universe_days(self, canonical: Instrument) -> Sequence[date]:
        return ()

    def map_rows(self, ticker: str, market: str, kind: Kind) -> Sequence[Any]:
        return ()

    def factor_rows(self, ticker: str, market: str) -> Sequence[Any]:
        return ()

    def future_factor_rows(self, ticker: str, market: str) -> Sequence[Any]:
        return ()

    def margins(self, ticker: str, market: str) -> Sequence[Any]:
        return ()

    def interest_rates(self) -> Sequence[tuple[date, Decimal]]:
        return ()

    def market_hours(self) -> dict[str, object]:
        return {"entries": {f"{kind}-usa-[*]": _hours() for kind in ("Equity", "Option", "Index", "IndexOption")}}

    def symbol_properties(self) -> dict[tuple[str, str, str], SymbolProperties]:
        one = Decimal(1)
        share = SymbolProperties("share", "USD", one, Decimal("0.01"), one, one, one)
        option = SymbolProperties("option", "USD", Decimal(100), Decimal("0.01"), one, one, one)
        return {("usa", "[*]", "equity"): share, ("usa", "[*]", "option"): option}

    def last_time(self) -> datetime | None:
        return None


def _columns(rows: Sequence[Row] | None, tick: Tick, day: date) -> Columns | None:
    if not rows:
        return None
    midnight = (day - date(1970, 1, 1)).days * 1440
    starts = np.array([(midnight + minute - 1) * MINUTE for minute, _, _ in rows], dtype=np.int64)
    bid = np.array([[round(low * 10000)] * 4 for _, low, _ in rows], dtype=np.float64)
    ask = np.array([[round(high * 10000)] * 4 for _, _, high in rows], dtype=np.float64)
    size = np.full(len(rows), 10.0)
    if tick is Tick.QUOTE:
        return QuoteColumns(starts, bid, ask, size, size, 10000)
    flat = (bid[:, 0] + ask[:, 0]) / 2
    return TradeColumns(starts, flat, flat, flat, flat, size * 100, 10000)


def every_minute(price: Callable[[int], float] | float, spread: float = 0.02, first: int = 571, last: int = 960) -> list[Row]:
    """One row a minute of a session, around a price that may depend on the minute."""
    mids = [(minute, price(minute) if callable(price) else price) for minute in range(first, last + 1)]
    return [(minute, mid - spread / 2, mid + spread / 2) for minute, mid in mids]


def run_on(market: MemoryMarket, kind: type[Any], folder: Path) -> RunContext:
    """Run an algorithm class on the market; the run with all its orders, events and cash."""
    run = make_run(market, {}, folder)
    with symbol_book.using(run.symbols), exact_arithmetic():
        make_algorithm(run, kind)
        go(run)
    return run
