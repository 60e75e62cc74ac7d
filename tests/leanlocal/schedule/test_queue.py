"""The order in which scheduled events fire."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from leanlocal.schedule.queue import NEVER, Event, EventQueue

Plan = list[list[int]]


def event(name: str, moments: Sequence[int]) -> Event:
    return Event(name, lambda _first: iter(moments), lambda: None)


def fired(plan: Plan) -> list[tuple[int, str]]:
    queue = EventQueue()
    for number, moments in enumerate(plan):
        queue.add(event(str(number), sorted(set(moments))))
    queue.start(0)
    return [(moment, one.name) for moment, one in queue.due(NEVER - 1)]


def put_back_in_one_list(plan: Plan) -> list[tuple[int, str]]:
    """The rule in its plainest form: one list, finished events stay in it, an event goes behind one that a binary search meets."""
    left = {str(number): sorted(set(moments)) for number, moments in enumerate(plan)}

    def due(name: str) -> int:
        return left[name][0] if left[name] else NEVER

    order, found = sorted(left, key=lambda name: (due(name), int(name))), list[tuple[int, str]]()
    while order and due(order[0]) < NEVER:
        name = order[0]
        found.append((left[name].pop(0), name))
        if len(order) > 1 and due(name) > due(order[1]):
            del order[0]
            order.insert(place(due(name), [due(other) for other in order]), name)
    return found


def place(moment: int, moments: Sequence[int]) -> int:
    low, high = 0, len(moments) - 1
    while low <= high:
        middle = (low + high) // 2
        if moments[middle] == moment:
            return middle + 1
        low, high = (low, middle - 1) if moment < moments[middle] else (middle + 1, high)
    return low


@given(st.lists(st.lists(st.integers(86_400_000_000, 86_400_000_000 + 12), max_size=5), max_size=9))
def test_finished_events_keep_their_weight_in_the_search_for_a_place(plan: Plan) -> None:
    assert fired(plan) == put_back_in_one_list(plan)


def test_an_event_that_has_finished_can_still_be_removed() -> None:
    queue, once = EventQueue(), event("once", [86_400_000_000])
    queue.add(once)
    queue.start(0)
    assert [moment for moment, _ in queue.due(NEVER - 1)] == [86_400_000_000]
    queue.remove(once)
    assert queue.next_time == NEVER
