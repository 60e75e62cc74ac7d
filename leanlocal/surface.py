"""What every object of LEAN's Python API shares: names in two spellings, and an honest answer to names that are not here.

A surface object shows floats and naive datetimes and keeps the exact object of the engine behind it, which other modules reach with `core_of`.
PascalCase names of the C# API are the snake_case ones. A name that LEAN has but this engine lacks raises NotImplementedError; a name neither has is an
ordinary AttributeError. LEAN's names are looked up in `leanlocal/lean_names.json`, made from the published type stubs.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from leanlocal.enums import upper_snake

CoreT = TypeVar("CoreT")
COVERAGE_PAGE = "docs/lean-coverage.md"


@lru_cache(maxsize=8192)
def snake_case(name: str) -> str:
    """PascalCase name in LEAN's Python spelling."""
    return upper_snake(name).lower()


@lru_cache(maxsize=1)
def _names() -> dict[str, Any]:
    return json.loads(Path(__file__).with_name("lean_names.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def lean_class_names() -> frozenset[str]:
    """Names of all public classes of LEAN's API."""
    return frozenset(_names()["classes"])


def lean_has(owner: type, name: str) -> bool:
    """True when LEAN's class of that name (or one of its bases here) has a public member of that name."""
    members = _names()["members"]
    return any(name in members.get(base.__name__, ()) for base in owner.__mro__)


class ClassMemberMissing(NotImplementedError, AttributeError):
    """LEAN's class has the member and this one has not; to who only asks whether it is there (`hasattr`), it is not."""


class LeanClass(type):
    """Names of a class itself, such as `OptionStrategies.IronCondor`: two spellings and honest answers, as for objects."""

    def __getattr__(cls, name: str) -> Any:
        if not name.startswith("_"):
            for spelling in (snake_case(name), upper_snake(name)) if name[0].isupper() else ():
                if spelling != name and hasattr(cls, spelling):
                    return getattr(cls, spelling)
            if lean_has(cls, name) or lean_has(cls, snake_case(name)):
                raise ClassMemberMissing(f"{cls.__name__}.{name} is not in leanlocal; see {COVERAGE_PAGE}")
        raise AttributeError(f"type object '{cls.__name__}' has no attribute '{name}'")


class LeanObject(Generic[CoreT], metaclass=LeanClass):
    """Base of surface classes."""

    _core: CoreT

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name[0].isupper():
            return getattr(self, snake_case(name))
        owner = type(self)
        if lean_has(owner, name):
            raise NotImplementedError(f"{owner.__name__}.{name} is not in leanlocal; see {COVERAGE_PAGE}")
        raise AttributeError(f"'{owner.__name__}' object has no attribute '{name}'")


def core_of(surface: LeanObject[CoreT]) -> CoreT:
    """The engine's object behind a surface object."""
    return surface._core  # pyright: ignore[reportPrivateUsage]
