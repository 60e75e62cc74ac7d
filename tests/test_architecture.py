"""The shape of the house, checked: which room may import which, what the algorithm side may need, how large a room may grow."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ARROWS: dict[str, set[str]] = {
    "vocabulary": set(),
    "greeks": {"vocabulary"},
    "risk": {"vocabulary", "greeks"},
    "trading": {"vocabulary", "greeks"},
    "strategies": {"vocabulary", "greeks", "risk", "trading"},
    "conductor": {"vocabulary", "greeks", "risk", "trading", "strategies"},
    "marketdata": {"vocabulary", "greeks"},
    "leanlocal": {"vocabulary", "marketdata"},
    "reporting": {"vocabulary"},
    "cli": {"vocabulary", "greeks", "risk", "trading", "strategies", "conductor", "marketdata", "leanlocal", "reporting"},
}
ALGORITHM_ROOMS = ("vocabulary", "greeks", "risk", "trading", "strategies", "conductor")
ALLOWED_THERE = {"numpy", "scipy", "pandas", "AlgorithmImports"}
ACCELERATOR = "numba"
LEAN_EDGE = ("main.py", "trading/lean_gateway")
MAX_MODULE_LINES, MAX_MODULE_BYTES, MAX_FUNCTION_LINES = 600, 30_000, 60


def sources() -> list[Path]:
    """Every module of the product."""
    rooms = [path for room in ARROWS for path in sorted((ROOT / room).rglob("*.py"))]
    return [*rooms, *sorted(ROOT.glob("*.py"))]


def imported(tree: ast.AST) -> set[str]:
    """Top-level names of everything a module imports, wherever the statement stands."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


def imported_at_import_time(tree: ast.Module) -> set[str]:
    """Names a module imports when it is imported: statements outside functions, `try` (optional packages) and `if TYPE_CHECKING` left out."""
    plain = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    return imported(ast.Module(body=list(plain), type_ignores=[]))


@pytest.mark.parametrize("room", sorted(ARROWS))
def test_imports_follow_the_arrows(room: str) -> None:
    for path in (ROOT / room).rglob("*.py"):
        ours = imported(ast.parse(path.read_text(encoding="utf-8"))) & set(ARROWS)
        assert ours <= ARROWS[room] | {room}, f"{path.relative_to(ROOT)} imports {sorted(ours - ARROWS[room] - {room})}"


def test_only_the_edge_knows_lean() -> None:
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith((*LEAN_EDGE, "leanlocal/")):
            assert "AlgorithmImports" not in imported(ast.parse(path.read_text(encoding="utf-8"))), name


def compiled_forms() -> set[str]:
    """Modules of the algorithm side that need the accelerator themselves: nobody may need them in turn."""
    paths = [path for room in ALGORITHM_ROOMS for path in (ROOT / room).rglob("*.py")]
    return {module_name(path) for path in paths if ACCELERATOR in imported_at_import_time(ast.parse(path.read_text(encoding="utf-8")))}


def module_name(path: Path) -> str:
    """Dotted name of a module of ours."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("room", ALGORITHM_ROOMS)
def test_the_algorithm_side_needs_only_what_lean_has(room: str) -> None:
    allowed = ALLOWED_THERE | {ACCELERATOR} | set(ARROWS) | set(sys.stdlib_module_names)
    for path in (ROOT / room).rglob("*.py"):
        names = imported_at_import_time(ast.parse(path.read_text(encoding="utf-8")))
        assert names <= allowed, f"{path.relative_to(ROOT)} needs {sorted(names - allowed)} at import time"


BLOCKER = """
import sys
from importlib.abc import MetaPathFinder

class OnlyWhatLeanHas(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"numba", "llvmlite", "pyarrow", "pydantic", "typer", "rich", "plotly", "exchange_calendars", "jinja2", "psutil"}:
            raise ModuleNotFoundError(f"{name} is not in LEAN's minimal environment", name=name)

sys.meta_path.insert(0, OnlyWhatLeanHas())
import importlib
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


@pytest.mark.slow
def test_the_algorithm_side_imports_without_any_accelerator() -> None:
    paths = [path for room in ALGORITHM_ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    ours = [module_name(path) for path in paths if not path.relative_to(ROOT).as_posix().startswith(LEAN_EDGE)]
    modules = [name for name in ours if name not in compiled_forms()]
    done = subprocess.run([sys.executable, "-c", BLOCKER, *modules], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


def function_lines(node: ast.FunctionDef | ast.AsyncFunctionDef, text: list[str]) -> int:
    """Code lines of a function: without its docstring, comments and blank lines."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    skipped = range(first.lineno, (first.end_lineno or first.lineno) + 1) if documented else range(0)
    numbers = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return sum(1 for n in numbers if n not in skipped and text[n - 1].strip() and not text[n - 1].lstrip().startswith("#"))


def test_rooms_stay_small() -> None:
    for path in sources():
        source = path.read_text(encoding="utf-8")
        lines, name = source.splitlines(), path.relative_to(ROOT).as_posix()
        assert len(lines) <= MAX_MODULE_LINES, f"{name}: {len(lines)} lines"
        assert len(source.encode()) <= MAX_MODULE_BYTES, f"{name}: {len(source.encode())} bytes (LEAN's cloud takes no larger files)"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                assert function_lines(node, lines) <= MAX_FUNCTION_LINES, f"{name}:{node.lineno} {node.name}"


def test_names_say_what_is_inside() -> None:
    empty_words = {"utils", "util", "helpers", "helper", "misc", "common"}
    assert not [path for path in sources() if path.stem in empty_words]


def test_every_module_says_what_it_holds() -> None:
    silent = [path.relative_to(ROOT).as_posix() for path in sources() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not silent, silent
