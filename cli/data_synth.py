"""`thetadesk data synth`: the synthetic market written as a LEAN data folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from cli.console import err, out, print_json
from cli.markets import ScenarioChoice, folder_plan, synthetic_source
from vocabulary.errors import BadInput


def synth(
    start: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="first day")] = datetime(2024, 1, 2),  # noqa: DTZ001 - a calendar day
    end: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="last day")] = datetime(2024, 1, 31),  # noqa: DTZ001
    output: Annotated[Path, typer.Option(help="LEAN data folder to write; days that are there are kept")] = Path("data"),
    symbol: Annotated[list[str] | None, typer.Option(help="underlyings; repeat; all of them when left out")] = None,
    seed: Annotated[int, typer.Option(help="the market's seed: the same seed is the same market")] = 1,
    contracts: Annotated[int, typer.Option(help="option contracts per root and day, nearest to the money first")] = 300,
    step: Annotated[list[str] | None, typer.Option(help="minute, hour or daily; repeat; all three when left out")] = None,
    scenario: Annotated[str | None, typer.Option(help="put the market through a scenario: a name (crash-2024) or a TOML file")] = None,
    at: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day the scenario is laid on")] = None,
    processes: Annotated[int, typer.Option(help="processes to write with")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="print what was written as JSON")] = False,
) -> None:
    """Write a synthetic market in LEAN's format; interrupted, it goes on where it stopped."""
    from marketdata.leanfolder.materialise import materialise

    source = synthetic_source(seed, start.date(), end.date(), ScenarioChoice(scenario, at.date() if at else None), history_days=0)
    plan = folder_plan(symbol or [], start.date(), end.date(), steps_named(step or []), contracts)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task("writing", total=len(plan.days()) + len(plan.steps))

        def finished(part: str) -> None:
            bar.update(task, description=part, advance=1)

        files = materialise(source, plan, output, processes, finished)
    if as_json:
        print_json({"output": str(output), "files": files, "first": str(plan.first), "last": str(plan.last), "seed": seed})
    else:
        out().print(f"{files:,} files of {plan.first} to {plan.last} in {output}")


def steps_named(names: list[str]) -> frozenset[str]:
    """Resolutions by name. Raises BadInput naming the allowed ones."""
    allowed = ("minute", "hour", "daily")
    for name in names:
        if name not in allowed:
            raise BadInput(f"--step {name!r}: allowed are {', '.join(allowed)}")
    return frozenset(names or allowed)
