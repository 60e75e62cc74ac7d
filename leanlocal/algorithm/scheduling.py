"""Scheduled events and trainings."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from leanlocal.algorithm.base import AlgorithmPart
from leanlocal.schedule.surface import DateRules, ScheduledEvent, ScheduleManager, TimeRules


class SchedulingPart(AlgorithmPart):
    """`schedule`, `date_rules`, `time_rules`, `train`."""

    @cached_property
    def schedule(self) -> ScheduleManager:
        """Schedule of the algorithm."""
        return ScheduleManager(self._run)

    @cached_property
    def date_rules(self) -> DateRules:
        """Rules for dates."""
        return DateRules(self._run)

    @cached_property
    def time_rules(self) -> TimeRules:
        """Rules for times."""
        return TimeRules(self._run)

    def train(self, *arguments: Any, **named: Any) -> ScheduledEvent:
        """Run training code now (callback), or by (date rule, time rule, callback)."""
        values = [*arguments, *named.values()]
        if len(values) == 1:
            return self.schedule.on(f"Training Now: {self.utc_time:%H:%M:%S}", self.date_rules.today, self.time_rules.now, values[0])
        return self.schedule.on(f"Training: {values[0].name}: {values[1].name}", *values)
