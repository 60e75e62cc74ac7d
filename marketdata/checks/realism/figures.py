"""A figure of the synthetic market beside the same figure of a real one, with how far apart they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """One comparison. group: heading it stands under; ours and reference in the same unit, reference NaN when there is none; source: where the reference
    comes from; tolerance: deviation up to which the two count as alike, in the unit; note: what explains a larger one.
    """

    group: str
    name: str
    ours: float
    reference: float
    unit: str
    source: str
    tolerance: float
    note: str = ""

    @property
    def deviation(self) -> float:
        """Ours less the reference."""
        return self.ours - self.reference

    @property
    def alike(self) -> bool | None:
        """Whether the deviation is within the tolerance, None without a reference."""
        return None if np.isnan(self.reference) else bool(abs(self.deviation) <= self.tolerance)

    def as_dict(self) -> dict[str, object]:
        """For `--json`; a missing number is None."""
        known = not np.isnan(self.reference)
        return {
            "group": self.group,
            "name": self.name,
            "ours": round(self.ours, 6),
            "reference": round(self.reference, 6) if known else None,
            "deviation": round(self.deviation, 6) if known else None,
            "alike": self.alike,
            "unit": self.unit,
            "source": self.source,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a plot."""

    name: str
    x: Floats
    y: Floats


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines under one heading."""

    title: str
    x_title: str
    y_title: str
    curves: tuple[Curve, ...]
    log_y: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """What one part of the report measures."""

    figures: tuple[Figure, ...]
    plots: tuple[Plot, ...]
