"""What enters and leaves a run while it goes on: securities, universes, and the events of their lives.

Additions are reported by `on_securities_changed` at the next step; an addition made while the run goes on gets a step of its own at the same moment, after
`on_data`. Events (splits, dividends, delistings, universe selections) have marks: moments that must be steps even when no row arrives.
Sources: lean-fidelity §2.3-2.5, §6; recordings of add/remove.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from leanlocal.clock import Micros
from leanlocal.engine.start import schedule_end_of_day
from leanlocal.schedule.queue import Event
from leanlocal.securities.core import SecurityCore

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.engine.marks import MarkSource

RENAMED_TAG = "Open order cancelled on symbol changed event"


@dataclass(slots=True)
class Changes:
    """Securities that came and went since the last report."""

    added: list[SecurityCore] = field(default_factory=list[SecurityCore])
    removed: list[SecurityCore] = field(default_factory=list[SecurityCore])

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


class Subscriptions:
    """Additions, removals and life events of securities."""

    def __init__(self, run: RunContext, sources: list[MarkSource]) -> None:
        self._run = run
        self._sources = sources
        self._changes = Changes()
        self._delisted: list[SecurityCore] = []
        self._gone: list[SecurityCore] = []
        self._to_report: set[SecurityCore] = set()
        self._retiring: list[SecurityCore] = []
        self._ends_of_day: dict[SecurityCore, Event] = {}
        self._started = False
        self._fresh = True
        self._same_moment = False

    def add_source(self, source: MarkSource) -> None:
        """Another source of marks (a universe)."""
        self._sources.append(source)
        self._fresh = True
        self._run.timeline.mark_changed()

    # changes -------------------------------------------------------------------------------------------------------------------------

    def added(self, security: SecurityCore, at_once: bool = True) -> None:
        """A security has been subscribed; at_once: report it at this very moment, after everything else of the step."""
        if security in self._changes.removed:
            self._changes.removed.remove(security)
        if security not in self._changes.added:
            self._changes.added.append(security)
        if self._started:
            self._same_moment = self._same_moment or at_once
            self._run.timeline.refresh()

    def removed(self, security: SecurityCore, at_once: bool = True) -> None:
        """A security is no longer subscribed."""
        self._changes.removed.append(security)
        if self._started:
            self._same_moment = self._same_moment or at_once
            self._run.timeline.refresh()

    def retire(self, security: SecurityCore) -> None:
        """Its subscription ends with the step; until then its prices stand."""
        self._retiring.append(security)

    def start(self) -> None:
        """The run begins: additions from now on are reported at their own moment."""
        self._started = True

    def report_changes(self) -> None:
        """Tell the algorithm what came and went."""
        if not self._changes:
            return
        changes, self._changes = self._changes, Changes()
        self._end_of_day_events(changes)
        self._run.hooks.securities_changed(changes)

    def _end_of_day_events(self, changes: Changes) -> None:
        run = self._run
        if run.hooks.overrides("on_end_of_day"):
            for security in sorted(changes.added, key=lambda one: one.symbol.value):
                self._ends_of_day[security] = schedule_end_of_day(run, security)
        for security in changes.removed:
            event = self._ends_of_day.pop(security, None)
            if event is not None:
                run.events.remove(event)

    # marks ---------------------------------------------------------------------------------------------------------------------------

    def marks(self, after: Micros, until: Micros) -> list[Micros]:
        """Moments after < t <= until that must be steps."""
        return [moment for source in self._sources for moment in source.marks(after, until)]

    # a step --------------------------------------------------------------------------------------------------------------------------

    @property
    def has_new_source(self) -> bool:
        """Whether a universe has been added that has not selected yet."""
        return self._fresh

    def begin_step(self, moment: Micros, eventful: bool) -> None:
        """Life events of the moment take effect; eventful: some source has something to do now."""
        if not eventful:
            for universe in self._run.universes:
                universe.release(moment)
            return
        self._fresh = False
        for source in sorted(self._sources, key=lambda one: one.rank):
            source.begin_step(moment)

    def report_renames(self) -> None:
        """on_symbol_changed_events; open orders of what has another name now are cancelled."""
        run = self._run
        if run.hooks.overrides("on_symbol_changed_events"):
            run.hooks.call("on_symbol_changed_events", run.slice.symbol_changed_events)
        for symbol in run.slice_events.renames:
            run.handler.cancel_open_orders(run.securities[symbol], RENAMED_TAG)

    def delist(self, security: SecurityCore, report: bool) -> None:
        """The security's last moment has come: positions are settled in this step; report: its removal has not been told before."""
        self._delisted.append(security)
        if report:
            self._to_report.add(security)

    def take_delisted(self) -> list[SecurityCore]:
        """Securities delisted in this step."""
        delisted, self._delisted = self._delisted, []
        self._gone = delisted
        return delisted

    def liquidate_before_splits(self, moment: Micros) -> None:
        """Options on a security about to split are sold, and not traded any more."""
        for security in self._run.corporate.contracts_to_sell(moment):
            self._run.handler.liquidate_before_split(security)
            security.is_tradable = False

    def drop_delisted(self) -> None:
        """Delisted securities end; their removal is reported with the step's other changes."""
        for security in self._gone:
            security.is_delisted = True
            security.is_tradable = False
            security.reset()
            if security in self._to_report:
                self._to_report.discard(security)
                self.removed(security, at_once=False)

    def apply_corporate_actions(self) -> None:
        """Dividends, then splits of the step."""
        for source in self._sources:
            source.apply()

    def deliver_event_callbacks(self) -> None:
        """on_splits, on_dividends, on_delistings of the step."""
        for source in self._sources:
            source.deliver()

    def end_step(self, moment: Micros) -> None:
        """Changes made in the step are reported at once, at the same moment."""
        if self._gone:
            self._run.timeline.refresh()
            gone, self._gone = self._gone, []
            for security in gone:
                if self._run.added_contracts.forget(security):
                    self._same_moment = True
        if self._retiring:
            retiring, self._retiring = self._retiring, []
            for security in retiring:
                security.reset()
            self._run.timeline.refresh()
        if self._same_moment:
            self._same_moment = False
            self.report_changes()
            self._run.valuation.step(moment + 1)  # a step of its own an instant later: it is sampled too
            self._run.log.flush()

    def finish_warm_up(self) -> None:
        """The start date is reached."""
        self._run.is_warming_up = False
        self._run.hooks.call("on_warmup_finished")
