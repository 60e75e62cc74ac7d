"""`thetadesk data import`: vendors' files and services into a LEAN data folder, with a report of everything that is wrong with them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from cli.console import out, pairs, print_json
from vocabulary.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

    from marketdata.importers.lean_output import ImportOutcome
    from marketdata.importers.quality import Fault, QualityReport


class Source(Enum):
    """Where the history comes from: three file formats, three services."""

    OPTIONSDX = "optionsdx"
    CBOE = "cboe"
    CHAINS = "chains"
    THETADATA = "thetadata"
    MASSIVE = "massive"
    TASTYTRADE = "tastytrade"


def import_history(
    source: Annotated[Source, typer.Argument(help="format or service")],
    ticker: Annotated[str, typer.Argument(help="option root: SPY, SPXW …")],
    files: Annotated[list[Path] | None, typer.Argument(help="files to read (optionsdx, cboe, chains)")] = None,
    output: Annotated[Path, typer.Option(help="LEAN data folder to write")] = Path("data"),
    underlying: Annotated[str | None, typer.Option(help="underlying when it differs from the root: SPX for SPXW")] = None,
    index: Annotated[bool, typer.Option("--index", help="the underlying is an index (European options)")] = False,
    column: Annotated[list[str] | None, typer.Option("--map", help="chains: our column=the file's column; repeat")] = None,
    drop: Annotated[list[str] | None, typer.Option(help="also leave out these faults: crossed, negative, stale")] = None,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="services: first day")] = None,
    end: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="services: last day")] = None,
    option: Annotated[list[str] | None, typer.Option(help="massive, tastytrade: option tickers, O:SPY251220P00550000 or .SPY251220P550; repeat")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only check, write nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the report as JSON")] = False,
) -> None:
    """Import option history; crossed quotes, gaps, duplicates, splits, negative time value and stale rows are counted and shown."""
    from marketdata.importers.lean_output import ImportPolicy, ImportTarget, write_chains
    from marketdata.importers.quality import QualityLimits, check
    from marketdata.leanfolder.writer import FolderWriter
    from marketdata.port import Kind

    frame = read_source(source, ticker, files or [], pairs(column or [], "--map"), start, end, option or [])
    limits = QualityLimits()
    report = check(frame, limits)
    outcome = None
    if not dry_run:
        target = ImportTarget(Kind.INDEX_OPTION if index else Kind.OPTION, ticker.lower(), (underlying or ticker).lower())
        outcome = write_chains(frame, target, FolderWriter(output), ImportPolicy(ImportPolicy().drop | faults(drop or [])), limits)
    if as_json:
        print_json(as_data(report, outcome))
    else:
        show(report, outcome, output)


def read_source(
    source: Source, ticker: str, files: list[Path], names: dict[str, str], start: datetime | None, end: datetime | None, options: list[str]
) -> pd.DataFrame:
    """All rows of the source. Raises BadInput when what the source needs was not given."""
    import pandas as pd

    from marketdata.importers import clients
    from marketdata.importers.files import FileFormat, read_file

    if source in (Source.THETADATA, Source.MASSIVE, Source.TASTYTRADE):
        if start is None or end is None:
            raise BadInput(f"{source.value}: give --start and --end")
        request = clients.HistoryRequest(ticker.upper(), start.date(), end.date())
        if source is Source.THETADATA:
            return clients.fetch_thetadata(request)
        if not options:
            raise BadInput(f"{source.value}: give at least one --option ticker (massive O:SPY251220P00550000, tastytrade .SPY251220P550)")
        if source is Source.TASTYTRADE:
            return clients.tastytrade_candles(request, options)
        return clients.fetch_massive(request, options, clients.massive_client())
    if not files:
        raise BadInput(f"{source.value}: give at least one file")
    return pd.concat([read_file(path, FileFormat(source.value), names or None) for path in files], ignore_index=True)


def faults(words: list[str]) -> frozenset[Fault]:
    """Faults named on the command line. Raises BadInput naming the allowed words."""
    from marketdata.importers.quality import Fault

    known = {"crossed": Fault.CROSSED, "negative": Fault.NEGATIVE_TIME_VALUE, "stale": Fault.STALE}
    for word in words:
        if word not in known:
            raise BadInput(f"--drop {word!r}: allowed are {', '.join(known)}")
    return frozenset(known[word] for word in words)


def as_data(report: QualityReport, outcome: ImportOutcome | None) -> dict[str, Any]:
    """Report and outcome as plain values."""
    found = [{"fault": item.fault.value, "count": item.count, "examples": list(item.examples)} for item in report.findings]
    written = None if outcome is None else {"rows": outcome.rows, "files": outcome.files, "dropped": {f.value: n for f, n in outcome.dropped.items()}}
    return {"rows": report.rows, "contracts": report.contracts, "sessions": report.sessions, "faults": found, "written": written}


def show(report: QualityReport, outcome: ImportOutcome | None, output: Path) -> None:
    """The quality table, then what was written and left out."""
    console = out()
    console.print(f"{report.rows:,} rows of {report.contracts:,} contracts on {report.sessions} sessions")
    table = Table("fault", "rows or days", "left out", "first examples", box=None, pad_edge=False)
    for item in report.findings:
        gone = outcome.dropped.get(item.fault) if outcome else None
        table.add_row(item.fault.value, str(item.count), "" if gone is None else str(gone), "; ".join(item.examples[:2]))
    console.print(table)
    if outcome:
        console.print(f"{outcome.rows:,} rows written to {output} in {outcome.files} files")
