"""Writes leanlocal/lean_names.json: the names LEAN's classes have, read from the installed `quantconnect-stubs`.

With it a name that LEAN has and leanlocal has not is refused as "not in leanlocal" instead of looking like a typing mistake. Run it after adding a class to
leanlocal's surface: `python docs/build_lean_names.py`.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "leanlocal" / "lean_names.json"
Known = dict[str, tuple[set[str], set[str]]]


def stubs() -> Path:
    """Folder of the stubs. Raises SystemExit when they are not installed."""
    found = importlib.util.find_spec("QuantConnect")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("quantconnect-stubs is not installed; install requirements/dev.lock")
    return Path(next(iter(found.submodule_search_locations)))


def lean_classes() -> Known:
    """Class name -> (its own public members, names of its bases)."""
    classes: Known = {}
    for path in sorted(stubs().rglob("*.pyi")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                own, bases = classes.setdefault(node.name, (set(), set()))
                bases |= {re.sub(r"\[.*", "", ast.unparse(base)).split(".")[-1] for base in node.bases}
                own |= set(members_of(node))
    return classes


def members_of(node: ast.ClassDef) -> Iterator[str]:
    """Public methods and annotated fields."""
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef) and not statement.name.startswith("_"):
            yield statement.name
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id


def with_inherited(classes: Known, name: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """Members of a class and of everything it derives from."""
    if name not in classes or name in seen:
        return set()
    own, bases = classes[name]
    return own.union(*(with_inherited(classes, base, seen | {name}) for base in bases))


def our_classes(classes: Known) -> set[str]:
    """LEAN's class names that leanlocal defines."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "leanlocal").rglob("*.py"))
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name in classes}


def main() -> None:
    """Write the table."""
    classes = lean_classes()
    ours = our_classes(classes)
    names = sorted(name for name in classes if not name.endswith("Extensions") or name in ours)
    table = {"classes": names, "members": {name: sorted(with_inherited(classes, name)) for name in sorted(ours)}}
    TABLE.write_text(json.dumps(table, separators=(",", ":")).replace('],"', '],\n"'), encoding="utf-8")
    print(f"{len(names)} classes, members of {len(ours)}")


if __name__ == "__main__":
    main()
