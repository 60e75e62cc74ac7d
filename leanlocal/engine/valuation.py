"""The account's value at every step, computed in sweeps.

Between two changes of cash or positions the value is a function of prices alone, so steps are collected and valued together with arrays when something is
about to change or a day is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leanlocal.clock import Micros
from leanlocal.engine.timeline import Times

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

BATCH = 4096


class Valuation:
    """Collects steps and hands (times, values) to the samplers in order."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._times: list[Times] = []
        self._count = 0

    def step(self, moment: Micros) -> None:
        """A step has run."""
        self._add(np.array([moment], dtype=np.int64))

    def skip(self, times: Times) -> None:
        """Steps that were jumped over."""
        if times.size:
            self._add(times)

    def flush(self) -> None:
        """Value and hand over everything collected."""
        if not self._count:
            return
        times = np.concatenate(self._times)
        self._times, self._count = [], 0
        if not self._run.is_warming_up:
            self._run.samplers.on_steps(times, self._run.ledger.value_array(times))

    def _add(self, times: Times) -> None:
        self._times.append(times)
        self._count += int(times.size)
        if self._count >= BATCH:
            self.flush()
