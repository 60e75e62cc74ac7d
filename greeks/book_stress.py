"""Stress of the book as it stands: legs from positions, marks and volatilities from the market view, results as plain rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from greeks.exposure import LegTable
from greeks.market_legs import value_contracts
from greeks.stress import CrashLoss, StressGrid, StressParameters, crash_losses, stress_grid
from vocabulary.market import MarketView


@dataclass(frozen=True, slots=True)
class BookStress:
    """Grid and crashes of everything held. unknown: keys of the contracts that could not be valued; with any of them the totals are NaN."""

    legs: LegTable
    grid: StressGrid
    crashes: tuple[CrashLoss, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StressRow:
    """One point of the grid: move of the benchmark (fraction), shift of volatility, days on, and the profit of the book there."""

    spot: float
    volatility: float
    days: float
    profit: float


def stress_book(legs: LegTable, view: MarketView, betas: Mapping[str, float], parameters: StressParameters | None = None) -> BookStress:
    """Revalue every held leg over the grid and in the named crashes. betas: of each underlying to the benchmark; an underlying without one is unknown."""
    valued = value_contracts(legs.contract, legs.size, view)
    beta = np.array([betas.get(one, float("nan")) for one in legs.underlying], dtype=np.float64)
    grid = stress_grid(valued.legs, valued.volatility.volatility, legs.size, beta, parameters)
    crashes = crash_losses(valued.legs, valued.volatility.volatility, legs.size, beta, legs.position, parameters=parameters)
    return BookStress(legs, grid, tuple(crashes), tuple(dict.fromkeys(legs.contract[row].key for row in grid.unknown)))


def stress_rows(grid: StressGrid) -> list[StressRow]:
    """Every point of the grid as a row, spot first, then volatility, then days."""
    total = grid.total()
    axes = np.ndindex(*total.shape)
    return [StressRow(float(grid.spot[s]), float(grid.volatility[v]), float(grid.days[d]), float(total[s, v, d])) for s, v, d in axes]


def worst(grid: StressGrid) -> StressRow | None:
    """The point with the largest loss; None when a leg is unknown."""
    rows = stress_rows(grid)
    return None if any(np.isnan(row.profit) for row in rows) else min(rows, key=lambda row: row.profit)
