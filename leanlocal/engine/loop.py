"""The time loop: LEAN's steps in LEAN's order, run only at moments where something can happen.

Between two such moments nothing changes but prices, so the loop jumps and computes the account's value of the skipped steps in one sweep.
Source of the order: lean-fidelity §2.5.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from leanlocal.clock import DAY, HOUR, Micros
from leanlocal.engine.timeline import Times
from leanlocal.progress import RunProgress
from leanlocal.slices.events import SliceEvents
from leanlocal.slices.slice import Slice

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext

MARGIN_CALL_INTERVAL = 5 * 60 * 1_000_000
NO_EVENTS = SliceEvents()
"""Events of a moment that is no mark: none, and none are added."""


class TimeLoop:
    """Runs one algorithm from its start to its end."""

    def __init__(self, run: RunContext) -> None:
        self._run = run
        self._last_step: Micros = 0
        self._passed: Micros = 0
        """The step before, run or jumped over."""
        self._next_hourly: Micros = 0
        self._next_margin_call: Micros = 0
        self._valuation = run.valuation
        self._marks: list[Micros] = []
        self._mark_set: frozenset[Micros] = frozenset()
        self._begin: Micros = 0
        self.pause_at: Micros | None = None
        self.steps = 0

    def run(self) -> None:
        """All days of the run; stops early when the algorithm quits, fails or has lost everything."""
        for _ in self.advance():
            pass

    def advance(self) -> Iterator[Micros]:
        """As `run`, handing over control whenever the time of `pause_at` is reached; events due by then have fired."""
        run = self._run
        run.timeline.refresh()
        self._begin = run.clock.now
        day = run.clock.now // DAY * DAY
        after = run.clock.now - 1
        while day < run.end and run.stopping is None:
            until = min(day + DAY, run.end)
            yield from self._day(after, until)
            self._valuation.flush()
            self._report(until)
            after, day = until, day + DAY
        if run.stopping is None:
            self._after_the_end()

    def _report(self, until: Micros) -> None:
        run = self._run
        if run.report_progress is not None:
            share = min(1.0, (until - self._begin) / max(1, run.end - self._begin))
            held = len(run.ledger.invested())
            run.report_progress(RunProgress(run.local_time, float(run.ledger.total_value), held, run.loader.rows, share))

    def _after_the_end(self) -> None:
        """What still comes when the last day is over: rows that began before its end, and the midnights at which its chain files become available.

        At those midnights time only moves on, and events before them fire.
        """
        run = self._run
        rows = run.timeline.unfinished_rows(run.end)
        pulses = {moment for universe in run.universes for moment in universe.pulses(run.end, run.end + DAY)}
        for moment in sorted(pulses | rows):
            if moment in rows:
                self._step(moment)
                continue
            self._past_events(moment)
            run.clock.now = moment
            run.log.flush()
        self._valuation.flush()

    def finish(self) -> None:
        """The last sample, at the time of the last step."""
        self._valuation.flush()
        self._run.samplers.finish(self._run.clock.now)

    def _day(self, after: Micros, until: Micros) -> Iterator[Micros]:
        run = self._run
        steps = self._steps(after, until)
        position = 0
        while position < steps.size and run.stopping is None:
            moment = int(steps[position])
            yield from self._pauses(moment)
            self._step(moment)
            if run.timeline.changed:
                steps, position = self._steps(moment, until), 0
                continue
            target = self._next_position(steps, position)
            if target > position + 1:
                self._jump(steps[position + 1 : target])
            position = target
        yield from self._pauses(until + 1)

    def _jump(self, skipped: Times) -> None:
        self._valuation.skip(skipped)
        self._pass_margin_checks(skipped)
        self._run.clock.now = self._passed = int(skipped[-1])

    def _pauses(self, moment: Micros) -> Iterator[Micros]:
        """Hand over control for every pause before a step."""
        while self.pause_at is not None and self.pause_at < moment:
            at, self.pause_at = self.pause_at, None
            self._past_events(at + 1)
            self._run.clock.now = max(self._run.clock.now, at)
            self._run.log.flush()
            yield at

    def _steps(self, after: Micros, until: Micros) -> Times:
        run = self._run
        marks = [*run.subscriptions.marks(after, until), *(own for own in {self._begin, run.start} if after < own <= until and own >= self._begin)]
        self._marks = sorted(marks)
        self._mark_set = frozenset(marks)
        last = until + 1 if until == run.end else until  # a row that ends with the last day is still delivered
        steps = run.timeline.steps(after, last)
        return np.union1d(steps, np.array(marks, dtype=np.int64)) if marks else steps

    def _next_position(self, steps: Times, position: int) -> int:
        """Index of the next step that must run."""
        following = position + 1
        if following >= steps.size or self._every_step():
            return following
        now = int(steps[position])
        due = min(self._due_times(now), default=None)
        stop = steps.size if due is None else max(following, int(np.searchsorted(steps, due)))
        called = self._run.handler.margin_call_due(steps[following:stop])
        return stop if called is None else following + called

    def _every_step(self) -> bool:
        return self._run.hooks.wants_every_slice

    def _due_times(self, now: Micros) -> list[Micros]:
        run = self._run
        mark = bisect_right(self._marks, now)
        candidates = [self.pause_at, run.events.next_time, run.handler.next_interesting(now), run.consolidators.next_due(now), *self._marks[mark : mark + 1]]
        return [moment for moment in candidates if moment is not None]

    def _step(self, moment: Micros) -> None:
        """One step. What can only happen at marks is left out elsewhere."""
        run, subscriptions = self._run, self._run.subscriptions
        self.steps += 1
        if run.events.next_time < moment:
            self._past_events(moment)
        run.consolidators.scan_past(moment)
        run.clock.now = moment
        eventful = moment in self._mark_set or subscriptions.has_new_source
        run.slice_events = SliceEvents() if eventful else NO_EVENTS
        run.slice = Slice(run, moment, run.slice_events)
        subscriptions.begin_step(moment, eventful)
        if moment >= self._next_hourly:
            run.handler.hourly(moment)
            self._next_hourly = moment // HOUR * HOUR + HOUR
        self._end_warm_up(moment)
        if run.slice_events.renames:
            subscriptions.report_renames()
        run.handler.scan()
        if eventful:
            run.handler.process_delistings(subscriptions.take_delisted())
        if run.events.next_time <= moment:
            self._events(moment)
        if eventful:
            subscriptions.liquidate_before_splits(moment)
            subscriptions.drop_delisted()
        self._margin_call(moment)
        subscriptions.report_changes()
        if eventful:
            subscriptions.apply_corporate_actions()
        run.consolidators.update(moment)
        self._deliver(eventful)
        run.handler.scan()
        self._last_step = self._passed = moment
        self._valuation.step(moment)
        run.log.flush()
        subscriptions.end_step(moment)

    def _past_events(self, moment: Micros) -> None:
        """Events between two steps see the slice of the step before, jumped over or not."""
        run = self._run
        if self._passed != self._last_step:
            run.slice = Slice(run, self._passed, SliceEvents())
        for at, event in run.events.due(moment - 1):
            run.clock.now = at
            _fire(event)

    def _events(self, moment: Micros) -> None:
        for _, event in self._run.events.due(moment):
            _fire(event)

    def _end_warm_up(self, moment: Micros) -> None:
        run = self._run
        if run.is_warming_up and moment >= run.start:
            run.valuation.flush()
            if run.securities.warm_up_step is not None:
                run.securities.end_warm_up(run.start - 1)
                run.timeline.refresh()
            run.subscriptions.finish_warm_up()

    def _margin_call(self, moment: Micros) -> None:
        if moment >= self._next_margin_call:
            self._run.handler.check_margin_call(moment)
            self._next_margin_call = moment + MARGIN_CALL_INTERVAL

    def _pass_margin_checks(self, skipped: Times) -> None:
        """Checks that would have found nothing still decide when the next one is due: five minutes after each, at the first step from then on."""
        while (due := int(np.searchsorted(skipped, self._next_margin_call))) < skipped.size:
            self._next_margin_call = int(skipped[due]) + MARGIN_CALL_INTERVAL

    def _deliver(self, eventful: bool) -> None:
        run = self._run
        if eventful:
            run.subscriptions.deliver_event_callbacks()
        if run.hooks.wants_every_slice and run.slice.has_data:
            run.hooks.deliver(run.slice)


def _fire(event: Any) -> None:
    if event.enabled:
        event.callback()
