"""Short text tables for the log: one line per row, columns padded, a dash where a figure is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite


def amount(value: float, digits: int = 0) -> str:
    """A number with thousands separators, "-" when unknown."""
    return f"{value:,.{digits}f}" if isfinite(value) else "-"


def percent(value: float, digits: int = 0) -> str:
    """A fraction as a percentage, "-" when unknown."""
    return f"{value:.{digits}%}" if isfinite(value) else "-"


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Title, header and rows; the first column is left-aligned, the others right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        first, *rest = (cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(cells, widths, strict=True)))
        return "  ".join((first, *rest)).rstrip()

    return "\n".join((title, *(f"  {line(cells)}" for cells in (header, *rows))))
