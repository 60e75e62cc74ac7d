"""Where leanlocal's public classes differ from LEAN's: names LEAN does not have, members of another kind, parameters or arity LEAN does not accept."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

from leanlocal.conformance.stubs import MemberKind, Signature, StubClass, StubMember, members_of

OWN_PACKAGE = "leanlocal."
PYTHON_NAMES = frozenset({"keys", "values", "items", "get", "count", "real", "imag", "numerator", "denominator"})
"""Python's own protocol on LEAN's collections and numbers: bridged by LEAN's runtime, absent from its stubs."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """One difference: `Class.member` and what is wrong."""

    where: str
    what: str


def own_members(kind: type) -> dict[str, Any]:
    """Public attributes that leanlocal's classes define for a class, the nearest first."""
    found: dict[str, Any] = {}
    for base in kind.__mro__:
        if base.__module__.startswith(OWN_PACKAGE) and base.__name__ not in ("LeanObject", "LeanEnum"):
            for name, item in vars(base).items():
                if not name.startswith("_"):
                    found.setdefault(name, item)
    return found


def divergences(exported: Mapping[str, type], classes: Mapping[str, StubClass]) -> list[Divergence]:
    """Every difference of the exported classes."""
    found: list[Divergence] = []
    for name, kind in sorted(exported.items()):
        if name not in classes:
            found.append(Divergence(name, "LEAN has no such class"))
            continue
        found += _class_divergences(name, kind, members_of(name, dict(classes)))
    return found


def _class_divergences(name: str, kind: type, declared: Mapping[str, StubMember]) -> Iterator[Divergence]:
    if issubclass(kind, IntEnum):
        yield from _enum_divergences(name, kind, declared)
        return
    for member, item in own_members(kind).items():
        where = f"{name}.{member}"
        if member not in declared:
            if member not in PYTHON_NAMES:
                yield Divergence(where, "LEAN has no such member")
            continue
        yield from _member_divergences(where, item, declared[member])
    yield from _constructor_divergences(name, kind, declared)


def _enum_divergences(name: str, kind: type[IntEnum], declared: Mapping[str, StubMember]) -> Iterator[Divergence]:
    for member in kind:
        stub = declared.get(member.name)
        if stub is None:
            yield Divergence(f"{name}.{member.name}", "LEAN has no such value")
        elif stub.number is not None and stub.number != int(member):
            yield Divergence(f"{name}.{member.name}", f"is {int(member)}, LEAN {stub.number}")


def _member_divergences(where: str, item: Any, stub: StubMember) -> Iterator[Divergence]:
    ours = kind_of(item)
    if ours is MemberKind.METHOD and stub.kind is MemberKind.METHOD:
        yield from _signature_divergences(where, item, stub.signatures)
    elif ours is MemberKind.METHOD and stub.kind is MemberKind.PROPERTY:
        yield Divergence(where, "is a method, LEAN has a property")
    elif ours is MemberKind.PROPERTY and stub.kind is MemberKind.METHOD and not _gives_callable(item):
        yield Divergence(where, "is a property, LEAN has a method")


def kind_of(item: Any) -> MemberKind:
    """What a class attribute of ours is."""
    if isinstance(item, property | cached_property):
        return MemberKind.PROPERTY
    if isinstance(item, staticmethod | classmethod) or inspect.isfunction(item):
        return MemberKind.METHOD
    return MemberKind.CLASS if isinstance(item, type) else MemberKind.VALUE


def _gives_callable(item: Any) -> bool:
    getter = item.fget if isinstance(item, property) else item.func
    answer = str(getattr(getter, "__annotations__", {}).get("return", ""))
    return "Call" in answer or "list" in answer.lower()


def _constructor_divergences(name: str, kind: type, declared: Mapping[str, StubMember]) -> Iterator[Divergence]:
    stub = declared.get("__init__")
    if stub is None or "__init__" not in vars(kind) or not inspect.isfunction(kind.__init__):
        return
    known = {name for overload in stub.signatures for name in overload.names}
    if not known & set(parameters_of(kind.__init__)[0]):
        return  # made by the engine only, never by an algorithm
    yield from _signature_divergences(f"{name}()", kind.__init__, stub.signatures)


def parameters_of(function: Any) -> tuple[tuple[str, ...], int, bool]:
    """Names without self, how many are required, whether more are taken."""
    plain = function.__func__ if isinstance(function, staticmethod | classmethod) else function
    parameters = list(inspect.signature(plain).parameters.values())
    if not isinstance(function, staticmethod):
        parameters = parameters[1:]
    named = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    variadic = any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters)
    return tuple(p.name for p in named), sum(1 for p in named if p.default is p.empty), variadic


def _signature_divergences(where: str, function: Any, overloads: list[Signature]) -> Iterator[Divergence]:
    if not overloads:
        return
    names, required, variadic = parameters_of(function)
    known = {name for overload in overloads for name in overload.names} | ({"symbols", "values"} if any(o.variadic for o in overloads) else set[str]())
    strange = [name for name in names if name not in known]
    if strange and not variadic:
        yield Divergence(where, f"LEAN has no parameter {', '.join(strange)}")
    longest = max(len(overload.names) for overload in overloads)
    if required > longest and not any(overload.variadic for overload in overloads):
        yield Divergence(where, f"needs {required} arguments, LEAN takes at most {longest}")
    shortest = min(overload.required for overload in overloads)
    if len(names) < shortest and not variadic:
        yield Divergence(where, f"takes {len(names)} arguments, LEAN needs at least {shortest}")
