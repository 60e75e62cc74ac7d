"""What every verb shares on the terminal: consoles, the JSON form, paths of the repository, key=value arguments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from vocabulary.errors import BadInput

REPOSITORY = Path(__file__).resolve().parents[1]


def out() -> Console:
    """Standard output: tables in full width when piped."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=160, soft_wrap=True)


def err() -> Console:
    """Standard error: progress and remarks, so that standard output stays clean for `--json`."""
    return Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(value, indent=1, allow_nan=False))


def pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """`name=value` arguments as a dictionary. Raises BadInput naming the argument that is not one."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise BadInput(f"{option} {text!r}: write it as name=value")
        found[name] = value
    return found
