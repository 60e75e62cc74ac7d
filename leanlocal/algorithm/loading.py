"""Load an algorithm class from a project's file, with the project's own modules importable and `AlgorithmImports` ours.

Modules of the project are forgotten again afterwards, so that two projects with a module of the same name do not meet.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from leanlocal.algorithm.qc_algorithm import QCAlgorithm
from vocabulary.errors import BadInput

RUNTIME = Path(__file__).parent.parent / "runtime"
IMPORTS = "AlgorithmImports"


def algorithm_class(main: Path) -> type[Any]:
    """The class of the file that derives from QCAlgorithm, loaded inside `project`. BadInput when the file is missing or has none or several."""
    if not main.is_file():
        raise BadInput(f"{main} does not exist; give the algorithm's main.py")
    module = _load(main)
    own = {kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, QCAlgorithm) and kind is not QCAlgorithm}
    found = [kind for kind in own if not any(other is not kind and issubclass(other, kind) for other in own)]
    if len(found) != 1:
        names = ", ".join(sorted(kind.__name__ for kind in found)) or "none"
        raise BadInput(f"{main} must have exactly one class deriving from QCAlgorithm; found {names}")
    return found[0]


def _load(main: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("leanlocal_project_main", main)
    if spec is None or spec.loader is None:
        raise BadInput(f"{main} cannot be loaded as Python source")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def project(folder: Path) -> Generator[None]:
    """A project's own modules and `AlgorithmImports` are importable inside the block; the modules are forgotten after it."""
    before = set(sys.modules)
    path = list(sys.path)
    sys.path[:0] = [str(folder.resolve()), str(RUNTIME)]
    foreign = sys.modules.pop(IMPORTS, None) if not _is_ours(sys.modules.get(IMPORTS)) else None
    try:
        yield
    finally:
        sys.path[:] = path
        _forget(before, folder.resolve())
        if foreign is not None:
            sys.modules[IMPORTS] = foreign


def _is_ours(module: ModuleType | None) -> bool:
    return module is not None and str(RUNTIME) in str(getattr(module, "__file__", ""))


def _forget(before: set[str], folder: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    if folder == root:
        return
    for name in set(sys.modules) - before:
        source = getattr(sys.modules[name], "__file__", None)
        if source is not None and Path(source).resolve().is_relative_to(folder):
            del sys.modules[name]
