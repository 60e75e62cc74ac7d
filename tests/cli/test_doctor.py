"""The doctor finds what is missing and prints the command that puts it right."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.doctor import check_docker, check_project, check_python
from cli.main import app

ROOT = Path(__file__).resolve().parents[2]


def project(folder: Path, parameters: dict[str, object]) -> Path:
    (folder / "main.py").write_text("")
    (folder / "config.json").write_text(json.dumps({"parameters": parameters}))
    (folder / "lean.json").write_text(json.dumps({"data-folder": "data", "job-organization-id": ""}))
    return folder


def test_the_repository_itself_is_a_sound_project() -> None:
    assert check_project(ROOT).ok
    assert check_python(ROOT).ok


def test_a_parameter_that_is_not_text_is_named(tmp_path: Path) -> None:
    finding = check_project(project(tmp_path, {"cash": 100000}))
    assert not finding.ok
    assert "parameter cash must be text" in finding.detail


def test_absent_and_broken_files_are_named(tmp_path: Path) -> None:
    assert "main.py is absent" in check_project(tmp_path).detail
    project(tmp_path, {})
    (tmp_path / "lean.json").write_text("{")
    assert "lean.json is not valid JSON" in check_project(tmp_path).detail


def test_without_docker_the_remedy_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = check_docker(tmp_path)
    assert not finding.ok
    assert "install Docker" in finding.remedy


def test_findings_as_json_and_strict_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    relaxed = CliRunner().invoke(app, ["doctor", "--json", "--folder", str(ROOT)])
    strict = CliRunner().invoke(app, ["doctor", "--json", "--strict", "--folder", str(ROOT)])
    findings = {row["what"]: row for row in json.loads(relaxed.output)}
    assert relaxed.exit_code == 0
    assert strict.exit_code == 3
    assert findings["lean login"]["remedy"] == "lean login"
    assert findings["Docker"]["ok"] is False


def test_the_table_prints_the_lean_commands() -> None:
    result = CliRunner().invoke(app, ["doctor", "--folder", str(ROOT)])
    for command in ("lean backtest .", "lean live deploy .", "lean report"):
        assert command in result.output


def test_the_console_script_is_installed() -> None:
    assert os.access(Path(sys.executable).with_name("thetadesk"), os.X_OK)
