"""Greeks kept for a while, each with its age, and never handed to a stop.

Reports and displays may show Greeks that are up to five minutes old (S002-47). A stop, limit or exit rule may not; taking stop decisions on cached
figures was a fault of an earlier implementation (methodology H24). The purpose is part of every read, so the rule cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from vocabulary.errors import BadInput
from vocabulary.parameters import setting
from vocabulary.positions import Greeks


class Purpose(Enum):
    """What the reader will do with the figures."""

    DISPLAY = "display"
    REPORT = "report"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class CacheParameters:
    """Ages and size. A move of the underlying beyond `spot_move` since the entry makes it stale before its time."""

    seconds: float = setting(300.0, "seconds", "S002-47", "oldest entry shown", 0.0)
    spot_move: float = setting(0.0025, "fraction of price", "half of a quiet day's hourly range", "move of the underlying that makes an entry stale", 0.0)
    entries: int = setting(5000, "contracts", "one full chain", "entries kept; the oldest leave first", 1)


@dataclass(frozen=True, slots=True)
class CachedGreeks:
    """Greeks and when and at which underlying price they were computed."""

    greeks: Greeks
    computed: datetime
    spot: float

    def age(self, now: datetime) -> float:
        """Seconds since they were computed."""
        return (now - self.computed).total_seconds()


class GreeksCache:
    """Greeks by contract key for one desk."""

    def __init__(self, parameters: CacheParameters | None = None) -> None:
        self._parameters = parameters or CacheParameters()
        self._entries: dict[str, CachedGreeks] = {}
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, key: str, greeks: Greeks, now: datetime, spot: float) -> None:
        """Keep Greeks computed now; the oldest entries leave when there are too many."""
        if now.tzinfo is None:
            raise BadInput(f"Greeks cache: the time of {key} has no time zone")
        self._entries.pop(key, None)
        self._entries[key] = CachedGreeks(greeks, now, spot)
        while len(self._entries) > self._parameters.entries:
            del self._entries[next(iter(self._entries))]

    def read(self, key: str, now: datetime, spot: float, purpose: Purpose) -> CachedGreeks | None:
        """The entry if it is fresh enough for the purpose, else None. A stop never gets one; an entry from the future counts as stale."""
        entry = self._entries.get(key)
        if entry is None or purpose is Purpose.STOP or not self._fresh(entry, now, spot):
            self.misses += 1
            return None
        self.hits += 1
        return entry

    def read_or_compute(self, key: str, now: datetime, spot: float, purpose: Purpose, compute: Callable[[], Greeks]) -> CachedGreeks:
        """A fresh entry, or newly computed Greeks which are then kept; for a stop always newly computed."""
        entry = self.read(key, now, spot, purpose)
        if entry is not None:
            return entry
        self.put(key, compute(), now, spot)
        return self._entries[key]

    def drop_expired(self, now: datetime) -> int:
        """Forget entries older than the allowed age; returns how many."""
        limit = now - timedelta(seconds=self._parameters.seconds)
        old = [key for key, entry in self._entries.items() if entry.computed < limit]
        for key in old:
            del self._entries[key]
        return len(old)

    def _fresh(self, entry: CachedGreeks, now: datetime, spot: float) -> bool:
        within = 0.0 <= entry.age(now) <= self._parameters.seconds
        return within and abs(spot / entry.spot - 1.0) <= self._parameters.spot_move
