"""Which methods of a model object are the user's own: the engine calls those, and its own rule otherwise.

A user's class may derive from one of our models or from nothing at all, and may spell a method in either of LEAN's two ways.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

OWN_PACKAGE = "leanlocal."


def pascal_case(name: str) -> str:
    """get_order_fee -> GetOrderFee."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


@lru_cache(maxsize=4096)
def _user_name(kind: type, name: str) -> str | None:
    for spelling in (name, pascal_case(name)):
        for base in kind.__mro__:
            if spelling in vars(base):
                if base.__module__.startswith(OWN_PACKAGE):
                    break
                return spelling
    return None


def user_method(model: object, name: str) -> Callable[..., Any] | None:
    """The bound method when the user's class defines it, else None."""
    spelling = _user_name(type(model), name)
    return None if spelling is None else getattr(model, spelling)
