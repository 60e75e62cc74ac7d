"""Greeks of the whole book and of every part of it: position, strategy, underlying, correlation group.

Each part is shown twice: native (delta in shares of its own underlying, meaningful within one underlying) and weighted (delta and gamma in SPY shares by beta),
the only delta that may be added across underlyings. Every part is a sum of the same leg rows, so parts always add up to the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greeks.exposure import LegTable, beta_weighted, sum_by
from greeks.units import GreekArrays
from vocabulary.positions import Greeks

Floats = NDArray[np.float64]
GroupOf = Callable[[str], str]
"""Correlation group of an underlying; the risk room knows it."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Greeks of one part of the book in the desk's units. weighted: delta in SPY shares, gamma in SPY delta per SPY point."""

    native: Greeks
    weighted: Greeks


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What deltas are weighted to: price of the benchmark, and price and beta of every underlying held (absent or NaN: unknown)."""

    price: float
    spots: Mapping[str, float]
    betas: Mapping[str, float]

    def column(self, values: Mapping[str, float], underlyings: tuple[str, ...]) -> Floats:
        """One value per row, NaN where the mapping has none."""
        return np.array([values.get(one, float("nan")) for one in underlyings], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class PortfolioGreeks:
    """The book's Greeks. unknown: keys of the contracts whose Greeks are missing; unweighted: underlyings without price or beta."""

    total: Exposure
    by_position: Mapping[str, Exposure]
    by_strategy: Mapping[str, Exposure]
    by_underlying: Mapping[str, Exposure]
    by_group: Mapping[str, Exposure]
    unknown: tuple[str, ...]
    unweighted: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """True when every leg has Greeks and every underlying a weight."""
        return not self.unknown and not self.unweighted


def portfolio_greeks(legs: LegTable, greeks: GreekArrays, benchmark: Benchmark, group_of: GroupOf) -> PortfolioGreeks:
    """Sum leg Greeks (desk units, one row per leg of `legs`) over every part of the book."""
    underlyings = legs.underlying
    spots, betas = benchmark.column(benchmark.spots, underlyings), benchmark.column(benchmark.betas, underlyings)
    weighted = beta_weighted(greeks, betas, spots, benchmark.price)
    parts = (legs.position, tuple(one.value for one in legs.strategy), underlyings, tuple(group_of(one) for one in underlyings))
    by_position, by_strategy, by_underlying, by_group = (_exposures(labels, greeks, weighted) for labels in parts)
    missing = np.any([np.isnan(column) for column in greeks.columns()], axis=0)
    weightless = np.isnan(spots * betas)
    return PortfolioGreeks(
        Exposure(greeks.total(), weighted.total()),
        by_position,
        by_strategy,
        by_underlying,
        by_group,
        tuple(dict.fromkeys(legs.contract[i].key for i in np.flatnonzero(missing))),
        tuple(dict.fromkeys(underlyings[i] for i in np.flatnonzero(weightless))),
    )


def _exposures(labels: tuple[str, ...], greeks: GreekArrays, weighted: GreekArrays) -> dict[str, Exposure]:
    native, by_beta = sum_by(labels, greeks), sum_by(labels, weighted)
    return {label: Exposure(native[label], by_beta[label]) for label in native}


def rows_of(each: list[Greeks | None]) -> GreekArrays:
    """Leg Greeks that are already in desk units as arrays; None becomes NaN, which marks the leg as unknown."""
    nan = float("nan")
    known = [one if one is not None else Greeks(nan, nan, nan, nan, nan) for one in each]
    columns = np.array([[g.delta, g.gamma, g.theta, g.vega, g.rho] for g in known], dtype=np.float64).reshape(-1, 5)
    return GreekArrays(*(columns[:, i].copy() for i in range(5)))
