"""Scheduled events in the order they fire.

Events of one moment do not simply fire in order of creation: LEAN keeps a list sorted by next time, and an event that has fired is put back behind *one* of
those with its new time, the one a binary search happens to meet. The order this gives is the same in every run, and is visible to algorithms, so the queue
works the same way. Adding or removing an event sorts anew by time and creation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from operator import attrgetter

from leanlocal.clock import DAY, Micros, date_of
from leanlocal.schedule.rules import Dates, Moments

NEVER: Micros = 1 << 62
Callback = Callable[[], object]
BY_TIME = attrgetter("time", "number")


class Event:
    """One scheduled event. moments: gives its moments from a date on, ascending; done (and not yet started) events have time NEVER."""

    __slots__ = ("_moments", "_upcoming", "callback", "enabled", "name", "number", "time")

    def __init__(self, name: str, moments: Callable[[date], Iterator[Micros]], callback: Callback) -> None:
        self.name = name
        self.callback = callback
        self.enabled = True
        self.number = 0
        self._moments = moments
        self._upcoming: Iterator[Micros] = iter(())
        self.time = NEVER

    def start(self, now: Micros) -> None:
        """Moments before now are dropped; dates are looked at from the day before."""
        self._upcoming = self._moments(date_of(now - DAY))
        self.advance()
        while self.time < now:
            self.advance()

    def advance(self) -> None:
        """Move on to the next moment."""
        self.time = next(self._upcoming, NEVER)


def moments_of(dates: Dates, times: Moments, first: date, last: date) -> Iterator[Micros]:
    """All moments of a date rule with a time rule, ascending."""
    latest = -1
    for day in dates.between(first, last):
        for moment in times.of(day):
            if moment > latest:
                yield moment
                latest = moment


class EventQueue:
    """All events of a run."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._finished: list[Event] = []
        self._numbers = count()

    def add(self, event: Event) -> None:
        """Take in an event."""
        event.number = next(self._numbers)
        self._events.append(event)
        self._sort()

    def remove(self, event: Event) -> None:
        """Forget an event."""
        for events in (self._events, self._finished):
            if event in events:
                events.remove(event)
                self._sort()

    def start(self, now: Micros) -> None:
        """The run begins: moments before now are dropped."""
        for event in self._events:
            event.start(now)
        self._sort()

    def _sort(self) -> None:
        self._events.sort(key=BY_TIME)

    @property
    def next_time(self) -> Micros:
        """When the next event is due; NEVER when none is."""
        return self._events[0].time if self._events else NEVER

    def due(self, until: Micros) -> Iterator[tuple[Micros, Event]]:
        """Events due up to and including a moment, one by one; those added meanwhile take part."""
        while self._events and self._events[0].time <= until:
            event = self._events[0]
            moment = event.time
            yield moment, event
            event.advance()
            self._put_back(event)

    def _put_back(self, event: Event) -> None:
        events = self._events
        if event.time == NEVER:
            self._finish(event)
            return
        if events[0] is not event:
            self._sort()
            return
        if len(events) < 2 or event.time <= events[1].time:
            return
        del events[0]
        low, high = 0, len(events) + len(self._finished) - 1  # those that have finished still count, at the end
        while low <= high:
            middle = (low + high) // 2
            other = events[middle].time if middle < len(events) else NEVER
            if event.time == other:
                low = middle + 1
                break
            if event.time < other:
                high = middle - 1
            else:
                low = middle + 1
        events.insert(low, event)

    def _finish(self, event: Event) -> None:
        in_place = self._events[0] is event
        self._events.remove(event)
        self._finished.append(event)
        if not in_place:
            self._sort()
