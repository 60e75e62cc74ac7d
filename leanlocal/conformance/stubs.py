"""LEAN's API as its type stubs declare it: classes, their members with kinds and parameters, enumeration values.

Stubs are read as syntax, never imported. Overloads of a method are all kept.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from importlib import util
from pathlib import Path

from vocabulary.errors import MissingData

HIDDEN_BASES = {"QuantConnect_Indicators_IndicatorBase": "WindowBase"}
"""Bases that the stubs hide behind an alias of Any."""


class MemberKind(Enum):
    """What a member is."""

    METHOD = "method"
    PROPERTY = "property"
    VALUE = "value"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Signature:
    """Parameter names without self, how many have no default, and whether more positional ones are taken."""

    names: tuple[str, ...]
    required: int
    variadic: bool


@dataclass(slots=True)
class StubMember:
    """One member: its kind, the signatures of its overloads, an enumeration's number."""

    kind: MemberKind
    signatures: list[Signature] = field(default_factory=list[Signature])
    number: int | None = None


@dataclass(slots=True)
class StubClass:
    """One class: names of its bases, and members by name."""

    bases: list[str] = field(default_factory=list[str])
    members: dict[str, StubMember] = field(default_factory=dict[str, StubMember])


def stub_files() -> list[Path]:
    """Every stub file of the installed package; MissingData when it is not installed."""
    found = util.find_spec("QuantConnect")
    folders = list(found.submodule_search_locations or []) if found is not None else []
    files = [path for folder in folders for path in sorted(Path(folder).rglob("*.pyi"))]
    if not files:
        raise MissingData("the package quantconnect-stubs is not installed: install requirements/dev.lock")
    return files


def read_stubs() -> dict[str, StubClass]:
    """Class name -> declaration; classes of one name in several namespaces are one."""
    classes: dict[str, StubClass] = {}
    for path in stub_files():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                _read_class(node, classes)
    return classes


def _read_class(node: ast.ClassDef, classes: dict[str, StubClass]) -> None:
    found = classes.setdefault(node.name, StubClass())
    found.bases += [name for base in node.bases for name in _base_names(base)]
    for item in node.body:
        if isinstance(item, ast.FunctionDef):
            _read_function(item, found)
        elif isinstance(item, ast.Assign | ast.AnnAssign):
            for name, number in _values(item):
                found.members[name] = StubMember(MemberKind.VALUE, number=number)
        elif isinstance(item, ast.ClassDef):
            found.members[item.name] = StubMember(MemberKind.CLASS)
            _read_class(item, classes)


def _base_names(base: ast.expr) -> Iterator[str]:
    target = base.value if isinstance(base, ast.Subscript) else base
    if isinstance(target, ast.Attribute):
        yield target.attr
    elif isinstance(target, ast.Name):
        yield target.id


def _values(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, int | None]]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    number = node.value.value if isinstance(node.value, ast.Constant) and isinstance(node.value.value, int) else None
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id, number


def _read_function(node: ast.FunctionDef, owner: StubClass) -> None:
    decorators = {name for decorator in node.decorator_list for name in _decorator_names(decorator)}
    is_property = bool(decorators & {"property", "setter"}) and not _is_generic_method(node)
    member = owner.members.setdefault(node.name, StubMember(MemberKind.PROPERTY if is_property else MemberKind.METHOD))
    if not is_property and not decorators & {"property", "setter"}:
        member.signatures.append(signature_of(node, "staticmethod" in decorators))


def _is_generic_method(node: ast.FunctionDef) -> bool:
    """Stubs declare a method that takes a type in brackets as a property of a private callable class."""
    return node.returns is not None and ast.unparse(node.returns).rpartition(".")[2].startswith("_")


def _decorator_names(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr


def signature_of(node: ast.FunctionDef, static: bool) -> Signature:
    """Signature of a declared function."""
    arguments = [*node.args.posonlyargs, *node.args.args]
    names = tuple(argument.arg for argument in (arguments if static else arguments[1:]))
    return Signature(names, len(names) - len(node.args.defaults), node.args.vararg is not None)


def members_of(name: str, classes: dict[str, StubClass]) -> dict[str, StubMember]:
    """Members of a class with those of its bases; the nearest declaration wins, overloads of all are kept."""
    found: dict[str, StubMember] = {}
    waiting, seen = [name], set[str]()
    while waiting:
        current = waiting.pop(0)
        if current in seen or current not in classes:
            continue
        seen.add(current)
        for member, declared in classes[current].members.items():
            if member in found:
                found[member] = StubMember(found[member].kind, [*found[member].signatures, *declared.signatures], found[member].number)
            else:
                found[member] = declared
        waiting += [HIDDEN_BASES.get(base, base) for base in classes[current].bases]
    return found
