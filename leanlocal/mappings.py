"""Dictionaries of LEAN's API: looked up by symbol, ticker, identity text or security; iterated as key/value pairs.

LEAN's dictionaries are .NET ones: iterating gives pairs with `.key` and `.value`, `keys` and `values` can be called or iterated, `count` is a property,
`contains_key` and `get` exist. A missing key raises KeyError with LEAN's sense.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from leanlocal import symbol_book
from leanlocal.surface import LeanObject
from leanlocal.symbols import Symbol

ValueT = TypeVar("ValueT")
ItemT = TypeVar("ItemT")


class KeyValuePair(LeanObject[None], Generic[ValueT]):
    """An entry of a dictionary; unpacks into key and value."""

    def __init__(self, key: Any, value: ValueT) -> None:
        self.key = key
        self.value = value

    def __iter__(self) -> Iterator[Any]:
        return iter((self.key, self.value))

    def __getitem__(self, position: int) -> Any:
        return (self.key, self.value)[position]

    def __len__(self) -> int:
        return 2


class CallableList(list[ItemT]):
    """A list that may also be called for itself: LEAN's `keys` and `values` answer to both spellings."""

    def __call__(self) -> CallableList[ItemT]:
        return self

    @property
    def count(self) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Number of entries (LEAN's collections have no count method)."""
        return len(self)


def as_symbol(key: Any) -> Symbol | None:
    """The symbol meant by a key: itself, a security's, or the known one of a text."""
    if isinstance(key, Symbol):
        return key
    if isinstance(key, str):
        return symbol_book.book().find(key)
    own = getattr(key, "symbol", None)
    return own if isinstance(own, Symbol) else None


class SymbolMapping(LeanObject[Callable[[], Mapping[Symbol, Any]]], Generic[ValueT]):
    """A dictionary by symbol. The core is a function that gives the current entries."""

    def __init__(self, entries: Callable[[], Mapping[Symbol, ValueT]]) -> None:
        self._core = entries

    def __getitem__(self, key: Any) -> ValueT:
        symbol = as_symbol(key)
        entries = self._core()
        if symbol is None or symbol not in entries:
            raise KeyError(f"'{key}' wasn't found in the {type(self).__name__} object, likely because there was no-data at this moment in time")
        return entries[symbol]

    def __contains__(self, key: object) -> bool:
        symbol = as_symbol(key)
        return symbol is not None and symbol in self._core()

    def __iter__(self) -> Iterator[KeyValuePair[ValueT]]:
        return (KeyValuePair(key, value) for key, value in list(self._core().items()))

    def __len__(self) -> int:
        return len(self._core())

    def __bool__(self) -> bool:
        return True

    @property
    def count(self) -> int:
        """Number of entries."""
        return len(self)

    def contains_key(self, key: Any) -> bool:
        """Whether there is an entry."""
        return key in self

    def get(self, key: Any, default_value: ValueT | None = None) -> ValueT | None:
        """The entry or a default."""
        return self[key] if key in self else default_value  # noqa: SIM401 (this is what get is made of)

    @property
    def keys(self) -> CallableList[Symbol]:
        """Symbols."""
        return CallableList(self._core().keys())

    @property
    def values(self) -> CallableList[ValueT]:
        """Entries."""
        return CallableList(self._core().values())

    @property
    def items(self) -> Callable[[], list[tuple[Symbol, ValueT]]]:
        """(symbol, entry) pairs."""
        return lambda: list(self._core().items())

    def try_get_value(self, key: Any, value: ValueT | None = None) -> tuple[bool, ValueT | None]:
        """(found, entry)."""
        return (True, self[key]) if key in self else (False, None)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(str(key) for key in self._core())})"
