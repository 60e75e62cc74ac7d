"""Any provider's data as a LEAN folder: a planned range of symbols and days.

Work is cut into days, which are independent of each other: they can be written by several processes, and a day whose archives are there is skipped, so that
an interrupted write goes on where it stopped. What is written does not depend on how the work was cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from pathlib import Path

from marketdata.leanfolder.long_bars import write_long
from marketdata.leanfolder.plan import FolderPlan, day_groups, expanded_roots
from marketdata.leanfolder.sources import Source, market_of
from marketdata.leanfolder.writer import FolderWriter, Series, remove_abandoned
from marketdata.port import Instrument, Kind, MarketData, Step, Tick

CHUNK_DAYS = 7
Report = Callable[[str], None]


def materialise(source: Source, plan: FolderPlan, root: Path, processes: int, report: Report) -> int:
    """Write the plan below `root` and answer the number of files written. `report` is called with each finished day or part."""
    market, writer = market_of(source), FolderWriter(root)
    remove_abandoned(root)
    files = write_references(market, plan, writer)
    report("reference files")
    files += write_days(source, plan, root, processes, report)
    return files + write_long(source, plan, root, processes, report)


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


def minute_series(market: MarketData, instruments: Iterable[Instrument], day: date, ticks: Sequence[Tick] = tuple(Tick)) -> list[Series]:
    """Every minute series of these tick types the provider has for some instruments on a day."""
    found: list[Series] = []
    for instrument in instruments:
        for tick in ticks:
            columns = market.bars(instrument, Step.MINUTE, tick, day)
            if columns is not None:
                found.append((instrument, tick, columns))
    return found


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
