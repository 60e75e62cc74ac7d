"""`thetadesk data check`: is the synthetic market free of static arbitrage, and how real does it look."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from cli.console import err, out, print_json
from vocabulary.errors import BadInput

SHOWN = 20


def check(
    no_arbitrage: Annotated[bool, typer.Option("--no-arbitrage", help="search chains for butterfly, calendar, vertical and parity arbitrage")] = False,
    chains: Annotated[int, typer.Option(help="chains to search")] = 2000,
    realism: Annotated[bool, typer.Option("--realism", help="compare the market's figures with real samples and published ones; writes a page")] = False,
    samples: Annotated[Path | None, typer.Option(help="realism: LEAN data folder with real samples")] = None,
    output: Annotated[Path, typer.Option(help="realism: the page to write")] = Path("realism.html"),
    seed: Annotated[int, typer.Option(help="seed of the market")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="print the report as JSON")] = False,
) -> None:
    """Check the synthetic market; exit 1 when an arbitrage is found."""
    if no_arbitrage == realism:
        raise BadInput("say what to check: --no-arbitrage or --realism")
    if realism:
        compare(seed, samples, output, as_json)
    else:
        search(seed, chains, as_json)


def compare(seed: int, samples: Path | None, output: Path, as_json: bool) -> None:
    """The realism report: page, and its figures on the terminal."""
    from marketdata.checks.realism import RealismParameters, realism_report, write_realism
    from marketdata.synthetic import MarketParameters, SyntheticMarket

    report = realism_report(SyntheticMarket(MarketParameters(seed=seed)), RealismParameters(samples=samples))
    write_realism(report, output)
    if as_json:
        print_json({**report.as_dict(), "page": str(output)})
    else:
        found = report.as_dict()
        out().print(f"{found['within_tolerance']} of {found['compared']} figures within tolerance; the page names each deviation\nrealism report: {output}")


def search(seed: int, chains: int, as_json: bool) -> None:
    """Search chains for static arbitrage."""
    from marketdata.checks import NoArbitrageParameters, check_no_arbitrage
    from marketdata.synthetic import MarketParameters, SyntheticMarket

    columns = (TextColumn("chains"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task("chains", total=chains)
        market = SyntheticMarket(MarketParameters(seed=seed))
        report = check_no_arbitrage(market, NoArbitrageParameters(chains=chains), lambda done, _: bar.update(task, completed=done))
    if as_json:
        print_json(report.as_dict())
    else:
        table = Table("", "", box=None, show_header=False)
        for name, value in report.as_dict().items():
            table.add_row(name.replace("_", " "), str(value) if not isinstance(value, list) else str(len(value)))
        out().print(table)
        for found in report.breaks[:SHOWN]:
            out().print(str(found))
    raise typer.Exit(1 if report.breaks else 0)
