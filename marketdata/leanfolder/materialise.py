"""Any provider's data as a LEAN folder: a planned range of symbols and days.

Work is cut into days, which are independent of each other: they can be written by several processes, and a day whose archives are there is skipped, so that
an interrupted write goes on where it stopped. What is written does not depend on how the work was cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from marketdata.leanfolder.paths import OPTIONS, long_ticks
from marketdata.leanfolder.writer import FolderWriter, Series, remove_abandoned
from marketdata.port import (
    Columns,
    Instrument,
    InterestColumns,
    Kind,
    MarketData,
    QuoteColumns,
    Step,
    Tick,
    TradeColumns,
    UniverseRows,
)
from vocabulary.errors import BadInput

RIGHTS = {"C": "call", "P": "put"}
DAY_MICROS = 86_400_000_000
EPOCH = date(1970, 1, 1)
CHUNK_DAYS, CHUNK_CONTRACTS = 7, 50
Source = Callable[[], MarketData]
"""Makes the provider; sources that compare equal are the same provider (and must do so after travelling to another process, or every part of the work makes
its own)."""
Report = Callable[[str], None]
LongPart = tuple[Step, int | None, Series]
"""Rows of one series in one archive: its step, its year for options."""


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """What to write. plain: equities, indices, futures' canonical instruments (no contract month) and forex; roots: option roots (style set, no expiry).

    first and last day inclusive; steps: resolutions; contracts: at most so many contracts per root and day, nearest to the money first within the nearest
    expiries; horizon_days: no expiry further away.
    """

    plain: tuple[Instrument, ...]
    roots: tuple[Instrument, ...]
    first: date
    last: date
    steps: frozenset[Step] = frozenset(Step)
    contracts: int = 300
    horizon_days: int = 400

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise BadInput(f"first day {self.first} is after last day {self.last}")
        if self.contracts < 1 or self.horizon_days < 0:
            raise BadInput(f"contracts {self.contracts} must be at least 1 and horizon_days {self.horizon_days} at least 0")

    def days(self) -> list[date]:
        """Every calendar day of the range; a day without trading has no rows and makes no file."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def materialise(source: Source, plan: FolderPlan, root: Path, processes: int, report: Report) -> int:
    """Write the plan below `root` and answer the number of files written. `report` is called with each finished day or part."""
    market, writer = market_of(source), FolderWriter(root)
    remove_abandoned(root)
    files = write_references(market, plan, writer)
    report("reference files")
    files += write_days(source, plan, root, processes, report)
    return files + write_long(source, plan, root, processes, report)


@lru_cache(maxsize=1)
def market_of(source: Source) -> MarketData:
    """The provider a source makes, made once for all days that a process writes."""
    return source()


def write_days(source: Source, plan: FolderPlan, root: Path, processes: int, report: Report) -> int:
    """Chain files and minute archives of every day, in `processes` processes."""
    days = plan.days()
    if processes <= 1:
        market = market_of(source)
        return sum(reported(write_day(market, plan, root, day), day, report) for day in days)
    files = 0
    with ProcessPoolExecutor(processes) as pool:
        chunks = [days[at : at + CHUNK_DAYS] for at in range(0, len(days), CHUNK_DAYS)]
        waiting = {pool.submit(write_chunk, source, plan, root, chunk): chunk for chunk in chunks}
        for done in as_completed(waiting):
            files += done.result()
            for day in waiting[done]:
                report(day.isoformat())
    return files


def reported(files: int, day: date, report: Report) -> int:
    """`files`, after saying that the day is done."""
    report(day.isoformat())
    return files


def write_chunk(source: Source, plan: FolderPlan, root: Path, days: Sequence[date]) -> int:
    """Several days in one process."""
    market = market_of(source)
    return sum(write_day(market, plan, root, day) for day in days)


def write_day(market: MarketData, plan: FolderPlan, root: Path, day: date) -> int:
    """Chain files and minute archives of one day that are not there yet."""
    writer = FolderWriter(root)
    files = write_universes(market, plan, writer, day)
    if Step.MINUTE not in plan.steps:
        return files
    for instruments in day_groups(market, plan, day):
        absent = [tick for tick in Tick if instruments and not writer.has_day(instruments[0], tick, day)]
        files += len(writer.day(day, minute_series(market, instruments, day, absent)))
    return files


def write_universes(market: MarketData, plan: FolderPlan, writer: FolderWriter, day: date) -> int:
    """Chain files of one day."""
    count = 0
    futures = [item for item in plan.plain if item.kind is Kind.FUTURE]
    for canonical in [*futures, *expanded_roots(market, plan, day)]:
        rows = market.universe(canonical, day)
        if rows is not None:
            writer.universe(canonical, rows)
            count += 1
    return count


def day_groups(market: MarketData, plan: FolderPlan, day: date) -> Iterator[list[Instrument]]:
    """Instruments that share an archive: each plain symbol, each future's months, each option root's contracts."""
    for item in plan.plain:
        yield future_months(market, item, day) if item.kind is Kind.FUTURE else [item]
    for canonical in expanded_roots(market, plan, day):
        picked = chosen_contracts(market, plan, canonical, day)
        if picked:
            yield picked


def expanded_roots(market: MarketData, plan: FolderPlan, day: date) -> list[Instrument]:
    """Option roots; a future option's root once per contract month of its future."""
    found: list[Instrument] = []
    for root in plan.roots:
        if root.kind is not Kind.FUTURE_OPTION or root.contract_month is not None:
            found.append(root)
            continue
        for future in (item for item in plan.plain if item.kind is Kind.FUTURE and item.ticker == future_of(root)):
            found += [replace(root, contract_month=month.contract_month) for month in future_months(market, future, day)]
    return found


def future_of(root: Instrument) -> str:
    """Ticker of the future under a future option root (the roots that differ, by exchange convention)."""
    return {"lo": "cl", "og": "gc", "so": "si", "hxe": "hg", "on": "ng", "ozb": "zb", "ozn": "zn"}.get(root.ticker, root.ticker)


def future_months(market: MarketData, future: Instrument, day: date) -> list[Instrument]:
    """The months of a future listed on a day; the canonical's own file names them."""
    rows = market.universe(future, day)
    return [replace(future, contract_month=f"{month:%Y%m}") for month in rows.expiry] if rows is not None else []


def chosen_contracts(market: MarketData, plan: FolderPlan, canonical: Instrument, day: date) -> list[Instrument]:
    """Contracts of a root on a day, nearest expiries and strikes first, at most the plan's number, in the chain's order."""
    rows = market.universe(canonical, day)
    if rows is None or not len(rows.strike):
        return []
    strikes = np.array([float(strike) for strike in rows.strike])
    days_left = np.array([(expiry - day).days for expiry in rows.expiry])
    spot = rows.underlying[3] if rows.underlying is not None else float(np.median(strikes))
    width = np.abs(np.log(strikes / spot)) / np.sqrt(np.maximum(days_left, 1))
    open_rows = np.flatnonzero((days_left >= 0) & (days_left <= plan.horizon_days))
    picked = np.sort(open_rows[np.argsort(width[open_rows], kind="stable")][: plan.contracts])
    return [option_at(canonical, rows, int(i)) for i in picked]


def option_at(canonical: Instrument, rows: UniverseRows, row: int) -> Instrument:
    """The contract of a chain row."""
    return replace(canonical, expiry=rows.expiry[row], strike=rows.strike[row], right=RIGHTS[rows.right[row]])


def minute_series(market: MarketData, instruments: Iterable[Instrument], day: date, ticks: Sequence[Tick] = tuple(Tick)) -> list[Series]:
    """Every minute series of these tick types the provider has for some instruments on a day."""
    found: list[Series] = []
    for instrument in instruments:
        for tick in ticks:
            columns = market.bars(instrument, Step.MINUTE, tick, day)
            if columns is not None:
                found.append((instrument, tick, columns))
    return found


def write_long(source: Source, plan: FolderPlan, root: Path, processes: int, report: Report) -> int:
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


def write_references(market: MarketData, plan: FolderPlan, writer: FolderWriter) -> int:
    """Databases and the map, factor and margin files of the plan's symbols."""
    writer.market_hours(market.market_hours())
    writer.symbol_properties(market.symbol_properties())
    writer.interest_rates(market.interest_rates())
    files = 3
    for item in plan.plain:
        if item.kind is Kind.EQUITY:
            writer.map_file(item.ticker, item.market, item.kind, market.map_rows(item.ticker, item.market, item.kind))
            writer.factor_file(item.ticker, item.market, market.factor_rows(item.ticker, item.market))
            files += 2
        elif item.kind is Kind.FUTURE:
            writer.margins(item.ticker, item.market, market.margins(item.ticker, item.market))
            writer.map_file(item.ticker, item.market, item.kind, market.map_rows(item.ticker, item.market, item.kind))
            files += 2
    return files


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
