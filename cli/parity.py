"""`thetadesk parity`: replay recorded LEAN runs on the embedded engine and show, case by case, what is identical and the first thing that is not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from cli.console import err, out, pairs, print_json

if TYPE_CHECKING:
    from leanlocal.parity.replay import CaseResult

ASPECTS = ("events", "log", "equity", "statistics")


def parity(
    cases: Annotated[list[Path], typer.Argument(help="folders that hold recorded cases, at any depth")],
    data: Annotated[list[str] | None, typer.Option("--data", help="data folder of a name used in case.json, as NAME=DIR; repeat per name")] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="read the archives anew and keep nothing of them (docs/data.md)")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the rows as JSON")] = False,
) -> None:
    """Replay recorded LEAN runs; exit 1 when any case differs."""
    from leanlocal.parity.cases import find_cases
    from leanlocal.parity.replay import run_case, table_rows
    from marketdata.leanfolder import ColumnCache

    roots = {name: Path(folder) for name, folder in pairs(data or [], "--data").items()}
    found, cache = find_cases(cases), None if no_cache else ColumnCache.of_user()
    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=err(), transient=True)
    results: list[CaseResult] = []
    with bar:
        task = bar.add_task("replaying", total=len(found))
        for case in found:
            bar.update(task, description=case.name)
            results.append(run_case(case, roots, cache))
            bar.advance(task)
    rows = table_rows(results)
    if as_json:
        print_json(rows)
    else:
        show(rows, out())
    raise typer.Exit(0 if all(row["identical"] for row in rows) else 1)


def show(rows: Sequence[dict[str, Any]], console: Console) -> None:
    """The table, then each failure's first differences, then the count."""
    table = Table("case", *ASPECTS, "seconds", "LEAN", "ratio", box=None, pad_edge=False)
    for row in rows:
        lean = row["lean_seconds"]
        ratio = f"{lean / row['seconds']:.1f}x" if lean and row["seconds"] else ""
        table.add_row(row["case"], *(mark(row, aspect) for aspect in ASPECTS), f"{row['seconds']:.2f}", f"{lean:.2f}" if lean else "", ratio)
    console.print(table)
    for row in rows:
        for difference in [*row["differences"], row["error"]]:
            if difference:
                console.print(f"\n{row['case']}: {difference}", markup=False)
    identical = sum(row["identical"] for row in rows)
    console.print(f"\n{identical} of {len(rows)} cases identical")


def mark(row: dict[str, Any], aspect: str) -> str:
    """How one aspect went."""
    return "error" if row["error"] else "same" if row[aspect] else "differs"
