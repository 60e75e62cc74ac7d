"""The list of brokerages and data sources that the `lean` command normally fetches from its vendor, cut down to what needs no account.

The command refuses to start without the list. A copy of the installed package gets this one beside it, so that the package itself stays untouched.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

from vocabulary.errors import MissingData


def module(kind: str, identity: str, name: str, **settings: str) -> dict[str, Any]:
    """One entry in the form of the `lean` command's module list."""
    configurations = [{"id": key.replace("_", "-"), "type": "info", "value": value} for key, value in settings.items()]
    return {"type": [kind], "id": identity, "display-id": name, "platform": ["cli"], "installs": False, "configurations": configurations}


MODULES = {
    "modules": [
        module("brokerage", "PaperBrokerage", "Paper Trading", live_mode_brokerage="PaperBrokerage"),
        module("data-queue-handler", "LiveDataQueue", "Custom data only", data_queue_handler="LiveDataQueue"),
        module("data-downloader", "DefaultDataProvider", "Local", data_provider="DefaultDataProvider"),
    ]
}


def copy_lean_package(target: Path) -> None:
    """Copy the installed `lean` package below `target` with our module list beside it."""
    found = importlib.util.find_spec("lean")
    if found is None or found.origin is None:
        raise MissingData("the `lean` package is not installed; install requirements/dev.lock")
    source = Path(found.origin).parent
    shutil.copytree(source, target / "lean", ignore=shutil.ignore_patterns("__pycache__"))
    wanted = (source / "models" / "__init__.py").read_text(encoding="utf-8").split('file_name = "')[1].split('"')[0]
    (target / "lean" / wanted).write_text(json.dumps(MODULES), encoding="utf-8")
