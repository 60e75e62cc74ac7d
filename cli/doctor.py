"""`thetadesk doctor`: what is there, what is missing for the Docker path, and the exact commands that put it right."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.table import Table

IMAGE = "quantconnect/lean:latest"
ENGINE_PACKAGES = ("numpy", "scipy", "pandas", "numba", "pyarrow")
COMMAND_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. needed_for: "embedded" (make backtest) or "lean" (the Docker path); remedy: the command to type, empty when all is well."""

    what: str
    ok: bool
    detail: str
    needed_for: str
    remedy: str = ""


def doctor(
    folder: Annotated[Path, typer.Option(help="the repository: where lean.json and main.py are")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="print the findings as JSON")] = False,
    strict: Annotated[bool, typer.Option(help="exit 3 also when only the Docker path is incomplete")] = False,
) -> None:
    """Say what is missing, for the embedded engine and for `lean` with Docker, and print the commands that help."""
    findings = [check(folder) for check in CHECKS]
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        show(findings)
    broken = [finding for finding in findings if not finding.ok and (strict or finding.needed_for == "embedded")]
    raise typer.Exit(3 if broken else 0)


def show(findings: Sequence[Finding]) -> None:
    """The findings as a table, then the commands in order, then the commands of daily use."""
    console = Console()
    table = Table("check", "", "found", "needed for", box=None, pad_edge=False)
    for finding in findings:
        table.add_row(finding.what, "ok" if finding.ok else "missing", finding.detail, finding.needed_for)
    console.print(table)
    remedies = [finding.remedy for finding in findings if not finding.ok and finding.remedy]
    if remedies:
        console.print("\nTo put it right:", highlight=False)
        for remedy in dict.fromkeys(remedies):
            console.print(f"  {remedy}", highlight=False, soft_wrap=True)
    console.print("\nWith LEAN in Docker:", highlight=False)
    for command in ("lean backtest .", 'lean live deploy . --brokerage "Paper Trading"', "lean report"):
        console.print(f"  {command}", highlight=False)


def check_python(_folder: Path) -> Finding:
    """The interpreter is one that LEAN's image and the pinned packages share."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    good = sys.version_info[:2] in ((3, 11), (3, 12))
    return Finding("Python", good, version, "embedded", "" if good else "install Python 3.11, then: make clean backtest PYTHON=python3.11")


def check_packages(_folder: Path) -> Finding:
    """The engine's packages are installed."""
    absent = [name for name in ENGINE_PACKAGES if not installed(name)]
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ENGINE_PACKAGES if name not in absent)
    return Finding("packages", not absent, f"absent: {', '.join(absent)}" if absent else versions, "embedded", "make backtest" if absent else "")


def check_project(folder: Path) -> Finding:
    """main.py, config.json and lean.json are there and readable, and every parameter is text as LEAN wants it."""
    problems = [f"{name} is absent" for name in ("main.py", "config.json", "lean.json") if not (folder / name).is_file()]
    if not problems:
        problems = parameter_problems(folder / "config.json") + workspace_problems(folder / "lean.json")
    return Finding(
        "LEAN project", not problems, "; ".join(problems) or "main.py, config.json, lean.json", "lean", "git checkout -- main.py config.json lean.json"
    )


def parameter_problems(path: Path) -> list[str]:
    """What is wrong with the project configuration."""
    settings = read_json(path)
    if settings is None:
        return [f"{path.name} is not valid JSON"]
    parameters = cast(dict[str, Any], settings.get("parameters", {}))
    return [f"{path.name}: parameter {name} must be text" for name, value in parameters.items() if not isinstance(value, str)]


def workspace_problems(path: Path) -> list[str]:
    """What is wrong with the workspace configuration."""
    settings = read_json(path)
    if settings is None:
        return [f"{path.name} is not valid JSON"]
    return [f"{path.name}: {key} is absent" for key in ("data-folder", "job-organization-id") if key not in settings]


def check_data(folder: Path) -> Finding:
    """LEAN's data folder holds the two databases LEAN cannot start without, and some market data."""
    data = folder / "data"
    wanted = ("market-hours/market-hours-database.json", "symbol-properties/symbol-properties-database.csv", "option")
    absent = [name for name in wanted if not (data / name).exists()]
    detail = f"absent below {data}: {', '.join(absent)}" if absent else str(data)
    return Finding("market data", not absent, detail, "lean", "thetadesk data synth --start 2024-01-01 --end 2024-12-31 --output data" if absent else "")


def check_lean(_folder: Path) -> Finding:
    """The `lean` command is on the path."""
    found = shutil.which("lean") or shutil.which("lean", path=str(Path(sys.executable).parent))
    return Finding("lean command", found is not None, found or "not found", "lean", "" if found else "python3 -m pip install lean")


def check_login(_folder: Path) -> Finding:
    """`lean login` was done; LEAN's command line asks for it before it downloads anything."""
    credentials = Path.home() / ".lean" / "credentials"
    return Finding("lean login", credentials.is_file(), "done" if credentials.is_file() else f"{credentials} is absent", "lean", "lean login")


def check_docker(_folder: Path) -> Finding:
    """A Docker engine answers."""
    if shutil.which("docker") is None:
        return Finding("Docker", False, "the docker command is not installed", "lean", "install Docker: docs.docker.com/engine/install")
    version = answer_of("docker", "version", "--format", "{{.Server.Version}}")
    remedy = "start Docker (Linux: sudo systemctl start docker)" if version is None else ""
    return Finding("Docker", version is not None, f"engine {version}" if version else "no engine answers", "lean", remedy)


def check_image(_folder: Path) -> Finding:
    """LEAN's image is there, so that the first run does not start with a download of gigabytes."""
    found = shutil.which("docker") is not None and answer_of("docker", "image", "inspect", "--format", "{{.Id}}", IMAGE) is not None
    return Finding("LEAN image", found, IMAGE if found else f"{IMAGE} is not pulled", "lean", "" if found else f"docker pull {IMAGE}")


CHECKS: tuple[Callable[[Path], Finding], ...] = (
    check_python,
    check_packages,
    check_project,
    check_data,
    check_lean,
    check_login,
    check_docker,
    check_image,
)


def installed(name: str) -> bool:
    """True when a distribution of that name is installed."""
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def answer_of(*command: str) -> str | None:
    """First line a command prints, None when it fails or does not answer in time."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip().splitlines()[0] if done.returncode == 0 and done.stdout.strip() else None


def read_json(path: Path) -> dict[str, Any] | None:
    """The file's object, None when it does not parse."""
    try:
        return cast(dict[str, Any], json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
