"""The equity curve: candles of the account's value, closed at the first step after each sampling period (reference: lean-fidelity §9.1).

The period is a 4000th of the run, at least four minutes. Steps arrive in batches with their values, so a batch costs one search per candle.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leanlocal.clock import MINUTE, Micros

SAMPLES = 4000
SHORTEST = 4 * MINUTE
NO_TIME = -(2**62)

Candle = tuple[Micros, float, float, float, float]


def sample_period(start: Micros, end: Micros) -> Micros:
    """Time between candles of a run from start to end."""
    return max(SHORTEST, (end - start) // SAMPLES)


class EquityCandles:
    """Collects values into candles (time, open, high, low, close), values rounded to 4 decimals."""

    def __init__(self, period: Micros) -> None:
        self._period = period
        self._next: Micros = NO_TIME
        self._bar: tuple[float, float, float, float] | None = None
        self.rows: list[Candle] = []

    def on_steps(self, times: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Values of the account at ascending step times."""
        rounded = np.round(values, 4)
        begin, size = 0, int(times.size)
        while begin < size:
            end = max(begin, int(np.searchsorted(times, self._next, side="right")))
            self._merge(rounded[begin : end + 1])
            if end >= size:
                return
            self._close(int(times[end]))
            self._next = int(times[end]) + self._period
            begin = end + 1

    def sample(self, moment: Micros, value: float) -> None:
        """Close the running candle now with the value, whatever the period."""
        self._merge(np.array([round(value, 4)]))
        self._close(moment)

    def _merge(self, values: NDArray[np.float64]) -> None:
        if not values.size:
            return
        high, low, close = float(values.max()), float(values.min()), float(values[-1])
        bar = self._bar
        self._bar = (float(values[0]), high, low, close) if bar is None else (bar[0], max(bar[1], high), min(bar[2], low), close)

    def _close(self, moment: Micros) -> None:
        bar, self._bar = self._bar, None
        if bar is not None and (not self.rows or moment > self.rows[-1][0]):
            self.rows.append((moment, *bar))
