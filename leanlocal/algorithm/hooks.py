"""The engine's way to an algorithm's own hooks, in whichever spelling the algorithm defines them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from leanlocal.algorithm.lifecycle import LifecyclePart, SecurityChanges

if TYPE_CHECKING:
    from leanlocal.engine.subscriptions import Changes
    from leanlocal.slices.slice import Slice


def pascal_case(name: str) -> str:
    """on_data -> OnData."""
    return "".join(part.capitalize() for part in name.split("_"))


class Hooks:
    """Hooks of one algorithm."""

    def __init__(self, algorithm: LifecyclePart) -> None:
        self._algorithm = algorithm

    def overrides(self, name: str) -> bool:
        """Whether the algorithm defines a hook itself."""
        owner = type(self._algorithm)
        pascal = pascal_case(name)
        if name in vars(self._algorithm) or pascal in vars(self._algorithm) or self._class_has(pascal):
            return True
        return getattr(owner, name, None) is not getattr(LifecyclePart, name, None)

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a hook."""
        return self.find(name)(*arguments)

    def find(self, name: str) -> Any:
        """The hook as the algorithm defines it."""
        pascal = pascal_case(name)
        pascal_defined = pascal in vars(self._algorithm) or self._class_has(pascal)
        return getattr(self._algorithm, pascal if pascal_defined else name)

    @cached_property
    def wants_every_slice(self) -> bool:
        """Whether the algorithm looks at every moment's data."""
        return self.overrides("on_data")

    @cached_property
    def _on_data(self) -> Any:
        return self.find("on_data")

    def deliver(self, moment: Slice) -> None:
        """Hand a slice to on_data."""
        self._on_data(moment)

    def securities_changed(self, changes: Changes) -> None:
        """Tell of securities that came or went."""
        self.call("on_securities_changed", SecurityChanges(changes))

    def _class_has(self, name: str) -> bool:
        return any(name in vars(owner) for owner in type(self._algorithm).__mro__)
