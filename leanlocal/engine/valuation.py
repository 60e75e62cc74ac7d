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


class Valuation:
    """Collects steps and hands (times, values) to the samplers in order."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._single: list[Micros] = []
        self._skipped: list[Times] = []

    def step(self, moment: Micros) -> None:
        """A step has run."""
        self._single.append(moment)

    def skip(self, times: Times) -> None:
        """Steps that were jumped over."""
        if times.size:
            self._skipped.append(times)

    def flush(self) -> None:
        """Value and hand over everything collected."""
        if not (self._single or self._skipped):
            return
        times = np.sort(np.concatenate([np.array(self._single, dtype=np.int64), *self._skipped]))
        self._single, self._skipped = [], []
        if not self._run.is_warming_up:
            values = self._run.ledger.value_array(times)
            self._run.samplers.on_steps(times, values)
            if float(values[-1]) <= 0 and self._run.stopping is None:
                self._run.log.engine("Portfolio value is less than or equal to zero: the run stops")
                self._run.stopping = "portfolio value is less than or equal to zero"
