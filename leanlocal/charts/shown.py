"""What an algorithm adds to its results: lines of the summary and of the banner, labels, a rate model of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class Tags(set[str]):
    """Labels of a run; `count` is LEAN's property."""

    @property
    def count(self) -> int:
        """Number of labels."""
        return len(self)


@dataclass(slots=True)
class Shown:
    """What the algorithm adds to the statistics: summary lines, banner lines, its own rate model, its tags."""

    summary: dict[str, str] = field(default_factory=dict[str, str])
    runtime: dict[str, str] = field(default_factory=dict[str, str])
    rate_model: Any = None
    tags: Tags = field(default_factory=Tags)
