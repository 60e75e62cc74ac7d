"""Rolling windows: LEAN's `RollingWindow`, newest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from leanlocal.surface import LeanObject
from leanlocal.symbol_book import ArgumentException


class RollingWindow(LeanObject[None]):
    """The newest `size` items, index 0 the newest."""

    def __init__(self, size: int) -> None:
        if size < 0:
            raise ArgumentException("RollingWindow must have size of at least 1. (Parameter 'size')")
        self._items: deque[Any] = deque(maxlen=size)
        self._size = size
        self._samples = 0
        self._removed: Any = None

    def __class_getitem__(cls, item: Any) -> type[RollingWindow]:
        return cls

    def add(self, item: Any) -> None:
        """Take the newest item; the oldest leaves a full window."""
        if len(self._items) == self._size and self._items:
            self._removed = self._items[-1]
        self._items.appendleft(item)
        self._samples += 1

    def reset(self) -> None:
        """Forget everything."""
        self._items.clear()
        self._samples, self._removed = 0, None

    @property
    def size(self) -> int:
        """Capacity; items beyond it leave."""
        return self._size

    @size.setter
    def size(self, value: int) -> None:
        self._items = deque(list(self._items)[:value], maxlen=value)
        self._size = value

    @property
    def count(self) -> int:
        """Items held."""
        return len(self._items)

    @property
    def samples(self) -> int:
        """Items ever taken."""
        return self._samples

    @property
    def is_ready(self) -> bool:
        """Whether as many items were taken as fit."""
        return self._samples >= self._size

    @property
    def most_recently_removed(self) -> Any:
        """The item that left last."""
        if self._samples <= self._size:
            raise ArgumentException("No items have been removed yet!")
        return self._removed

    def __getitem__(self, index: int) -> Any:
        if index < 0:
            raise IndexError(f"Index must be positive. Was {index}")
        return self._items[index] if index < len(self._items) else None

    def __setitem__(self, index: int, value: Any) -> None:
        if index >= len(self._items):
            self._items.extend([None] * (index + 1 - len(self._items)))
        self._items[index] = value

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._items))

    def __len__(self) -> int:
        return len(self._items)
