"""`thetadesk report`: the HTML page and the summary of a finished run, made again from its run file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.console import out, print_json
from vocabulary.errors import MissingData

RUN_FILE = "run.sqlite"
BACKTESTS = Path("backtests")


def report(
    run: Annotated[Path | None, typer.Argument(help="a run's folder or its run file; the newest below backtests/ when left out")] = None,
    output: Annotated[Path | None, typer.Option(help="where to write the page; report.html beside the run file when left out")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the summary as JSON instead of tables")] = False,
) -> None:
    """Write the report page of a run and print its summary."""
    from reporting.page import write_page
    from reporting.run_facts import read_run
    from reporting.summary import print_summary, summary_data

    path = run_file(run)
    facts = read_run(path)
    page = write_page(facts, output or path.with_name("report.html"))
    if as_json:
        print_json({**summary_data(facts), "report": str(page)})
        return
    print_summary(facts, out())
    out().print(f"\nreport: {page}")


def run_file(run: Path | None) -> Path:
    """The run file meant by the argument. Raises MissingData when there is none."""
    if run is None:
        found = sorted(BACKTESTS.glob(f"*/{RUN_FILE}"))
        if not found:
            raise MissingData(f"no run below {BACKTESTS.resolve()}; run `thetadesk backtest` first or name a run")
        return found[-1]
    return run / RUN_FILE if run.is_dir() else run
