"""One leg among others, as arrays: what is held of which contract in which position, and the Greeks of each row.

Sums never hide a gap. A leg whose Greeks are unknown (NaN) makes every sum it belongs to NaN and is named, because a limit that is checked on the legs
that happened to have a quote is not checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greeks.units import GreekArrays
from vocabulary.contracts import Contract
from vocabulary.decisions import Strategy
from vocabulary.errors import BadInput
from vocabulary.positions import Greeks, Position

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LegTable:
    """Held legs, one row each: position id, strategy, contract and signed quantity in contracts or shares."""

    position: tuple[str, ...]
    strategy: tuple[Strategy, ...]
    contract: tuple[Contract, ...]
    quantity: Floats

    @classmethod
    def of(cls, positions: Sequence[Position]) -> LegTable:
        """Everything the positions hold now, in their order."""
        rows = [(one.id, one.strategy, held.contract, float(held.quantity)) for one in positions for held in one.holdings if held.quantity]
        return cls(tuple(r[0] for r in rows), tuple(r[1] for r in rows), tuple(r[2] for r in rows), np.array([r[3] for r in rows], dtype=np.float64))

    def __len__(self) -> int:
        return len(self.contract)

    @property
    def underlying(self) -> tuple[str, ...]:
        """Underlying ticker of each row."""
        return tuple(one.underlying for one in self.contract)

    @property
    def size(self) -> Floats:
        """Signed quantity times multiplier of each row: what per-unit Greeks and prices are scaled with."""
        return self.quantity * np.array([one.multiplier for one in self.contract], dtype=np.float64)


def sum_by(labels: Sequence[str], greeks: GreekArrays) -> dict[str, Greeks]:
    """Sum the rows of each label; labels in order of first appearance. A NaN stays inside its own label."""
    if len(labels) != greeks.delta.size:
        raise BadInput(f"sum by label: {len(labels)} labels for {greeks.delta.size} rows")
    order = {label: code for code, label in enumerate(dict.fromkeys(labels))}
    codes = np.array([order[one] for one in labels], dtype=np.int64)
    sums = [np.bincount(codes, weights=column, minlength=len(order)) for column in greeks.columns()]
    return {label: Greeks(*(float(one[i]) for one in sums)) for label, i in order.items()}


def beta_weighted(greeks: GreekArrays, beta: ArrayLike, spot: ArrayLike, benchmark: float) -> GreekArrays:
    """Delta and gamma expressed in shares of the benchmark: an underlying at `spot` that moves `beta` times as many percent as the benchmark.

    One point of the benchmark moves the underlying by beta x spot / benchmark points, so delta scales with that ratio and gamma with its square; theta,
    vega and rho are money already and stay.
    """
    ratio = np.asarray(beta, dtype=np.float64) * np.asarray(spot, dtype=np.float64) / benchmark
    return GreekArrays(greeks.delta * ratio, greeks.gamma * ratio**2, greeks.theta, greeks.vega, greeks.rho)


def beta_to(returns: ArrayLike, benchmark_returns: ArrayLike, least: int = 60) -> Any:
    """Slope of returns on the benchmark's over the same days (last axis), any leading shape; NaN with fewer than `least` common days.

    returns: fractions per day, NaN where unknown; benchmark_returns: broadcast against it.
    """
    r, m = np.broadcast_arrays(np.asarray(returns, dtype=np.float64), np.asarray(benchmark_returns, dtype=np.float64))
    both = np.isfinite(r) & np.isfinite(m)
    count = np.sum(both, axis=-1)
    known = np.maximum(count, 1)
    r_mean, m_mean = np.sum(np.where(both, r, 0.0), axis=-1) / known, np.sum(np.where(both, m, 0.0), axis=-1) / known
    r_dev, m_dev = np.where(both, r - r_mean[..., None], 0.0), np.where(both, m - m_mean[..., None], 0.0)
    variance = np.sum(m_dev**2, axis=-1)
    enough = (count >= least) & (variance > 0)
    return np.where(enough, np.sum(r_dev * m_dev, axis=-1) / np.where(enough, variance, 1.0), np.nan)[()]
