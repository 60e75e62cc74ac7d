"""The docs page that lists, class by class, how much of LEAN's API is here and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from leanlocal.conformance.compare import own_members
from leanlocal.conformance.stubs import StubClass, members_of

HEAD = """# What of LEAN's API is here

leanlocal holds the classes below. A name of LEAN that is missing raises `NotImplementedError` with its own name; a name neither has is an ordinary
`AttributeError`; nothing is silently different. The page is generated from the published type stubs by `python docs/build_lean_coverage.py`; a test fails
while it is out of date. Behaviour is proven by the recorded runs (`make parity`); cases that still differ are named with the reason in
`tests/parity/known_differences.json`.

| class | here | of LEAN's | missing |
|---|---|---|---|
"""
LONGEST_LIST = 40


def coverage_page(exported: Mapping[str, type], classes: Mapping[str, StubClass]) -> str:
    """The whole page as Markdown."""
    rows = [_row(name, exported[name], classes) for name in sorted(exported) if name in classes]
    return HEAD + "".join(row + "\n" for row in rows)


def _row(name: str, kind: type, classes: Mapping[str, StubClass]) -> str:
    declared = {member for member in members_of(name, dict(classes)) if not member.startswith("_") and member.isascii()}
    here = {member.name for member in kind} if issubclass(kind, IntEnum) else set(own_members(kind))
    missing = sorted(declared - here)
    shown = ", ".join(missing[:LONGEST_LIST]) + (f" and {len(missing) - LONGEST_LIST} more" if len(missing) > LONGEST_LIST else "")
    return f"| {name} | {len(declared & here)} | {len(declared)} | {shown} |"
