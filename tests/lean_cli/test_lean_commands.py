"""The repository as it stands is a LEAN workspace and project: the ordinary `lean` commands resolve it, mount it and start LEAN with our configuration."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from tests.lean_cli.docker_engine import DockerEngine, StartedContainer, serve
from tests.lean_cli.modules import copy_lean_package

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = shutil.ignore_patterns(".*", "__pycache__", "backtests", "data", "storage", "tests", "docs", "benchmarks", "*.egg-info")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lean_cli")]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    copy = tmp_path / "thetadesk"
    shutil.copytree(ROOT, copy, ignore=SKIPPED)
    (copy / "data").mkdir()
    mark_daily_checks_as_done(copy)
    return copy


def mark_daily_checks_as_done(workspace: Path) -> None:
    """The command asks its vendor once a day for updates and reference files; a test has no network, so say that it just did."""
    now = datetime.now(UTC)
    path = workspace / "lean.json"
    settings = json.loads(path.read_text())
    path.write_text(json.dumps({**settings, "file-database-last-update": now.strftime("%m/%d/%Y %H:%M:%S")}))
    cache = workspace.parent / "home" / ".lean" / "cache"
    cache.parent.mkdir(parents=True)
    checks = ("announcements", "quantconnect/lean:latest", "cli")
    cache.write_text(json.dumps({f"last-update-check-{check}": now.timestamp() for check in checks}))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DockerEngine]:
    with serve(tmp_path / "docker.sock") as running:
        yield running


@pytest.fixture(scope="module")
def lean_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("package")
    copy_lean_package(target)
    return target


Lean = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def lean(workspace: Path, engine: DockerEngine, lean_package: Path) -> Lean:
    return partial(run_lean, lean_package, workspace)


def run_lean(lean_package: Path, workspace: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the real `lean` command in the workspace against the test's Docker Engine, with a home of its own."""
    home = workspace.parent / "home"
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(lean_package),
        "DOCKER_HOST": f"unix://{workspace.parent / 'docker.sock'}",
        "LANG": "C.UTF-8",
    }
    command = [sys.executable, "-m", "lean", *arguments]
    return subprocess.run(command, cwd=workspace, env=environment, capture_output=True, text=True, timeout=300, check=False)


def only_container(engine: DockerEngine, done: subprocess.CompletedProcess[str]) -> StartedContainer:
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(engine.containers) == 1, done.stdout
    return engine.containers[0]


def test_lean_backtest_mounts_the_project_and_passes_our_parameters(workspace: Path, engine: DockerEngine, lean: Lean) -> None:
    container = only_container(engine, lean("backtest", ".", "--no-update"))
    assert container.image == "quantconnect/lean:latest"
    assert container.config["environment"] == "backtesting"
    assert container.config["algorithm-language"] == "Python"
    assert container.config["algorithm-location"].endswith("main.py")
    assert all(isinstance(value, str) for value in container.config["parameters"].values())
    assert container.config["parameters"]["start"]
    assert container.volumes["/LeanCLI"] == str(workspace)
    assert container.volumes["/Lean/Data"] == str(workspace / "data")
    assert "QuantConnect.Lean.Launcher.dll" in container.script


def test_parameters_given_on_the_command_line_reach_lean(workspace: Path, engine: DockerEngine, lean: Lean) -> None:
    container = only_container(engine, lean("backtest", ".", "--no-update", "--parameter", "start", "2024-02-01"))
    assert container.config["parameters"]["start"] == "2024-02-01"


def test_lean_live_deploy_paper_starts_a_live_environment(workspace: Path, engine: DockerEngine, lean: Lean) -> None:
    done = lean("live", "deploy", ".", "--brokerage", "Paper Trading", "--data-provider-live", "Custom data only", "--no-update")
    container = only_container(engine, done)
    live = container.config["environments"][container.config["environment"]]
    assert live["live-mode-brokerage"] == "PaperBrokerage"
    assert live["live-mode"] is True
    assert container.volumes["/LeanCLI"] == str(workspace)


def test_lean_report_reads_the_newest_result(workspace: Path, engine: DockerEngine, lean: Lean) -> None:
    results = workspace / "backtests" / "2026-01-02_03-04-05"
    results.mkdir(parents=True)
    (results / "1234567890.json").write_text("{}")
    (results / "config").write_text('{"id": 1234567890}')
    container = only_container(engine, lean("report"))
    assert container.mounts["/Lean/Report/bin/Debug/backtest-data-source-file.json"].endswith("1234567890.json")
    assert container.config["strategy-description"]
    assert "QuantConnect.Report.dll" in container.script
