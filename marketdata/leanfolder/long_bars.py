"""Hour and daily archives of a plan. A contract's rows are made for all steps at once, by as many processes as wanted; the bytes do not depend on that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from marketdata.leanfolder.paths import OPTIONS, long_ticks
from marketdata.leanfolder.plan import FolderPlan, chosen_contracts, expanded_roots, future_months
from marketdata.leanfolder.sources import Source, market_of
from marketdata.leanfolder.writer import FolderWriter, Series
from marketdata.port import Columns, Instrument, InterestColumns, Kind, MarketData, QuoteColumns, Step, Tick, TradeColumns

EPOCH = date(1970, 1, 1)
DAY_MICROS = 86_400_000_000
CHUNK_CONTRACTS = 50
LongPart = tuple[Step, int | None, Series]
"""Rows of one series in one archive: its step, its year for options."""


def write_long(source: Source, plan: FolderPlan, root: Path, processes: int, report: Callable[[str], None]) -> int:
    """Hour and daily archives of every instrument of the plan, rows of the plan's range only."""
    steps = sorted(plan.steps - {Step.MINUTE}, key=lambda item: item.value)
    if not steps:
        return 0
    market, writer = market_of(source), FolderWriter(root)
    instruments = [*long_instruments(market, plan), *long_contracts(market, plan)]
    archives: dict[tuple[Step, int | None], list[Series]] = {}
    for found in long_chunks(source, plan, instruments, steps, processes):
        for step, year, series in found:
            archives.setdefault((step, year), []).append(series)
    files = 0
    for step in steps:
        files += sum(len(writer.long(step, year, series)) for (made, year), series in archives.items() if made is step)
        report(f"{step.value} bars")
    return files


def long_chunks(source: Source, plan: FolderPlan, instruments: Sequence[Instrument], steps: Sequence[Step], processes: int) -> Iterator[list[LongPart]]:
    """The parts of all instruments in their order, worked out by `processes` processes."""
    chunks = [instruments[at : at + CHUNK_CONTRACTS] for at in range(0, len(instruments), CHUNK_CONTRACTS)]
    if processes <= 1:
        yield from (long_chunk(source, plan, steps, chunk) for chunk in chunks)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(partial(long_chunk, source, plan, steps), chunks)


def long_chunk(source: Source, plan: FolderPlan, steps: Sequence[Step], instruments: Sequence[Instrument]) -> list[LongPart]:
    """Hour and daily rows of some instruments, one instrument after the other."""
    market = market_of(source)
    return [
        (step, year, (item, tick, part))
        for instrument in instruments
        for tick in long_ticks(instrument.kind)
        for step in steps
        for item, tick, columns in long_series(market, plan, instrument, step, tick)
        for year, part in by_years(item, columns)
    ]


def long_instruments(market: MarketData, plan: FolderPlan) -> list[Instrument]:
    """Plain symbols, and every month a future had in the range."""
    months = {month for item in plan.plain if item.kind is Kind.FUTURE for day in plan.days() for month in future_months(market, item, day)}
    ordered = sorted(months, key=lambda item: (item.ticker, item.contract_month or ""))
    return [*(item for item in plan.plain if item.kind is not Kind.FUTURE), *ordered]


def long_contracts(market: MarketData, plan: FolderPlan) -> list[Instrument]:
    """Every option contract that was chosen on some day of the range."""
    chosen = {contract for day in plan.days() for canonical in expanded_roots(market, plan, day) for contract in chosen_contracts(market, plan, canonical, day)}
    return sorted(chosen, key=repr)


def long_series(market: MarketData, plan: FolderPlan, instrument: Instrument, step: Step, tick: Tick) -> list[Series]:
    """The series of one instrument and tick type cut to the range; empty when there is nothing in it."""
    columns = market.bars(instrument, step, tick, None)
    if columns is None:
        return []
    cut = between(columns, (plan.first - EPOCH).days * DAY_MICROS, ((plan.last - EPOCH).days + 1) * DAY_MICROS)
    return [(instrument, tick, cut)] if len(cut.start) else []


def between(columns: Columns, first: int, last: int) -> Columns:
    """Rows that start in [first, last)."""
    keep = (columns.start >= first) & (columns.start < last)
    match columns:
        case InterestColumns():
            return InterestColumns(columns.start[keep], columns.value[keep])
        case TradeColumns():
            prices = (columns.open[keep], columns.high[keep], columns.low[keep], columns.close[keep])
            return TradeColumns(columns.start[keep], *prices, columns.volume[keep], columns.divisor)
        case QuoteColumns():
            sides = (columns.bid[keep], columns.ask[keep], columns.bid_size[keep], columns.ask_size[keep])
            return QuoteColumns(columns.start[keep], *sides, columns.divisor)


def by_years(instrument: Instrument, columns: Columns) -> Iterator[tuple[int | None, Columns]]:
    """Options' rows per calendar year (their archives are yearly), everything else whole."""
    if instrument.kind not in OPTIONS:
        yield None, columns
        return
    years = columns.start.astype("datetime64[us]").astype("datetime64[Y]").astype(np.int64) + 1970
    for year in np.unique(years).tolist():
        first = (date(year, 1, 1) - EPOCH).days * DAY_MICROS
        last = (date(year + 1, 1, 1) - EPOCH).days * DAY_MICROS
        yield year, between(columns, first, last)
