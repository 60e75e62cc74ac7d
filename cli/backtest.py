"""`thetadesk backtest`: main.py on the embedded engine, with a progress bar, LEAN's result files, a summary and a report page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.console import REPOSITORY, err, out, pairs, print_json
from cli.markets import SYNTHETIC, ScenarioChoice, market_of
from cli.progress import run_progress
from cli.report import BACKTESTS, RUN_FILE
from vocabulary.errors import BadInput, InvariantBroken, MissingData, StorageFailed, ThetadeskError

if TYPE_CHECKING:
    from leanlocal.results.run_result import RunResult
    from marketdata.port import MarketData

COMPLETED, STOPPED = "Completed", "Stopped"
INTERRUPTED = 130


def backtest(
    data: Annotated[str, typer.Option(help='"synthetic" or a LEAN data folder')] = SYNTHETIC,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="first day; config.json's when left out")] = None,
    end: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="last day; config.json's when left out")] = None,
    cash: Annotated[float | None, typer.Option(help="starting cash in account currency; config.json's when left out")] = None,
    parameter: Annotated[list[str] | None, typer.Option("--parameter", "-p", help="a parameter as name=value, lt112.target_dte=110; repeat")] = None,
    seed: Annotated[int, typer.Option(help="seed of the synthetic market")] = 1,
    scenario: Annotated[str | None, typer.Option(help="put the synthetic market through a scenario: a name (crash-2024) or a TOML file")] = None,
    at: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day the scenario is laid on")] = None,
    algorithm: Annotated[Path | None, typer.Option(help="LEAN algorithm to run; the desk's main.py when left out")] = None,
    output: Annotated[Path | None, typer.Option(help="folder for the results; backtests/TIME when left out")] = None,
    materialise: Annotated[Path | None, typer.Option(help="also write every file served, in LEAN's format, so that LEAN can repeat the run")] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="read a data folder's archives anew and keep nothing of them (docs/data.md)")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the summary as JSON instead of tables")] = False,
) -> None:
    """Run the five strategies on the embedded engine; the results read as LEAN's own."""
    project = (algorithm or REPOSITORY / "main.py").resolve()
    parameters = given_parameters(project, start, end, cash, pairs(parameter or [], "--parameter"))
    check_parameters(project, parameters)
    first, last = run_days(parameters)
    market = market_of(data, seed, first, last, ScenarioChoice(scenario, at.date() if at else None), cached=not no_cache)
    folder = result_folder(output)
    run_file = folder / RUN_FILE
    if is_desk(project):
        parameters["journal"] = str(run_file)
    result = simulate(project, market, parameters, folder, materialise)
    try:
        keep(result, project, parameters, folder)
        finish(result, (first, last), folder, run_file, as_json)
    except StorageFailed:
        if isinstance(result.problem, ThetadeskError):  # what stopped the run comes first: a full disk shows again when its results are written
            raise result.problem from None
        raise


def given_parameters(project: Path, start: datetime | None, end: datetime | None, cash: float | None, extra: Mapping[str, str]) -> dict[str, str]:
    """config.json's parameters with what the command line says on top."""
    found = dict(config_parameters(project.with_name("config.json")))
    if start is not None:
        found["start"] = f"{start:%Y-%m-%d}"
    if end is not None:
        found["end"] = f"{end:%Y-%m-%d}"
    if cash is not None:
        found["cash"] = f"{cash:g}"
    return {**found, **extra}


def config_parameters(path: Path) -> Mapping[str, str]:
    """The project's parameters; none without a file. Raises BadInput when the file is not valid or a parameter is not text."""
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8")).get("parameters", {})
    except ValueError as reason:
        raise BadInput(f"{path} is not valid JSON: {reason}") from reason
    for name, value in found.items():
        if not isinstance(value, str):
            raise BadInput(f"{path}: parameter {name} must be text, as LEAN wants it; write {json.dumps(str(value))}")
    return found


def run_days(parameters: Mapping[str, str]) -> tuple[date, date]:
    """First and last day of the run. Raises BadInput naming what is no date, or a start after the end."""
    days: list[date] = []
    for name in ("start", "end"):
        try:
            days.append(date.fromisoformat(parameters.get(name, "")))
        except ValueError as reason:
            raise BadInput(f"parameter {name} {parameters.get(name)!r}: write it as yyyy-mm-dd") from reason
    if days[0] > days[1]:
        raise BadInput(f"start {days[0]} is after end {days[1]}")
    return days[0], days[1]


def is_desk(project: Path) -> bool:
    """True for the desk's own algorithm, which takes the desk's parameters and writes a run file."""
    return project == REPOSITORY / "main.py"


def check_parameters(project: Path, parameters: Mapping[str, str]) -> None:
    """Refuse bad parameters before anything is made or simulated."""
    if is_desk(project):
        from conductor.compose import read_blueprint

        read_blueprint(parameters)


def result_folder(output: Path | None) -> Path:
    """The folder of this run, made. Raises StorageFailed when it cannot be."""
    folder = output or BACKTESTS / f"{datetime.now():%Y-%m-%d_%H-%M-%S}"  # noqa: DTZ005 - LEAN names its folders by the local clock
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RUN_FILE).unlink(missing_ok=True)
    except OSError as reason:
        raise StorageFailed(f"result folder {folder} cannot be made: {reason.strerror or reason}; choose another with --output") from reason
    return folder.resolve()


def simulate(project: Path, market: MarketData, parameters: dict[str, str], folder: Path, materialise: Path | None) -> RunResult:
    """Run the algorithm with a progress bar; write the served data when asked."""
    from leanlocal.run import run_algorithm
    from marketdata.leanfolder.served import ServedMarket

    served = ServedMarket(market) if materialise else None
    with run_progress(err()) as progress:
        result = run_algorithm(project, served or market, parameters, storage=folder / "storage", progress=progress)
    if served and materialise:
        files = served.write(materialise)
        err().print(f"{files:,} data files written to {materialise}")
    return result


def keep(result: RunResult, project: Path, parameters: dict[str, str], folder: Path) -> None:
    """Write LEAN's result files."""
    from leanlocal.results.files import write_results

    write_results(result, folder, sources=project.parent, config={"parameters": parameters})
    shutil.rmtree(folder / "storage", ignore_errors=True)


def finish(result: RunResult, period: tuple[date, date], folder: Path, run_file: Path, as_json: bool) -> None:
    """Report on what was done, then say how it ended: a stopped or failed run keeps its results and has its exit code."""
    summary: dict[str, Any] = {}
    if run_file.is_file():
        summary = desk_report(run_file, folder / "report.html", as_json)
    elif not as_json:
        out().print("\n".join(f"{name}: {value}" for name, value in result.statistics.items()))
    if as_json:
        print_json({**summary, "status": result.status, "folder": str(folder), "data_points": result.data_points, "statistics": dict(result.statistics)})
    else:
        out().print(f"\nresults: {folder}\n{result.data_points:,} data points in {result.seconds:.1f} s")
    if result.status == STOPPED:
        err().print("thetadesk: interrupted; what was finished is kept")
        raise typer.Exit(INTERRUPTED)
    if isinstance(result.problem, ThetadeskError):
        raise result.problem
    if result.status == COMPLETED and not result.data_points and run_file.is_file():
        raise MissingData(f"no data from {period[0]} to {period[1]}; `thetadesk data check` says what a folder holds")
    if result.status != COMPLETED:
        raise InvariantBroken(f"the algorithm stopped with an error: {result.error}")


def desk_report(run_file: Path, page: Path, as_json: bool) -> dict[str, Any]:
    """Write the report page and print the summary; answers it as data for `--json`."""
    from reporting.page import write_page
    from reporting.run_facts import read_run
    from reporting.summary import print_summary, summary_data

    facts = read_run(run_file)
    if not len(facts.samples):
        return {"report": None}
    if not as_json:
        print_summary(facts, out())
    write_page(facts, page)
    if not as_json:
        out().print(f"\nreport: {page}")
    return {**summary_data(facts), "report": str(page)}
