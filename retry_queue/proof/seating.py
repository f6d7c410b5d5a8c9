"""Who sits where: jobs in slots, each on a chair of a crew that can begin it. Grown by augmenting paths.

A slot has so many places, a crew so many threads in each slot. A job takes one of both. That is a flow from
the jobs over the crews' chairs to the slots; it is greatest when no path is left on which one more job can be
seated by moving others (Ford and Fulkerson, 1956). What a search in vain has looked at can be left out of all
later ones: nothing in there ever becomes free.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from retry_queue.proof.slots import ANYBODY, Gap, Micros, Slot, Task, crews_for

_Chair = tuple[Micros, int]
"""(Start of a slot, crew)."""
_Node = str | _Chair | Micros
"""A task, a crew in a slot, a slot."""
_Choice = Iterable[tuple[Slot, int]]


class Seating:
    """Which task is in which slot, by whose hands."""

    def __init__(self, threads: int | None) -> None:
        self._threads = threads
        self._slots: dict[Micros, Slot] = {}
        self._starts: list[Micros] = []
        self._gaps: list[Gap] = []
        self._tasks: dict[str, Task] = {}
        self._chair_of: dict[str, _Chair] = {}
        self._on: dict[_Chair, set[str]] = {}
        self._chairs: dict[Micros, list[_Chair]] = {}
        self._taken: dict[Micros, int] = {}
        self._in_vain: set[_Node] = set()

    def begins(self) -> Mapping[str, Micros]:
        """When each of them begins: in its slot, as soon as it is there and its crew knows of it."""
        return {name: self._begins(self._tasks[name], chair) for name, chair in self._chair_of.items()}

    def has_seat(self, name: str) -> bool:
        """Whether that one is among them."""
        return name in self._chair_of

    def is_full(self, slot: Slot) -> bool:
        """Whether every place is taken."""
        return self._taken.get(slot.start, 0) >= slot.places

    def open(self, slot: Slot) -> None:
        """One more slot, later than those before."""
        self._slots[slot.start] = slot
        self._starts.append(slot.start)

    def leave(self, gap: Gap) -> None:
        """Nobody had anything to begin there; but somebody may be moved there."""
        self._gaps.append(gap)

    def seat_in(self, slot: Slot, task: Task) -> bool:
        """In this slot; others are moved to other crews of it only."""
        return self._seat(task, lambda each: [(slot, crew) for crew in crews_for(each, slot)]) is None

    def seat_anywhere(self, task: Task) -> bool:
        """In any slot; others are moved anywhere."""
        seen = self._seat(task, self._everywhere)
        self._in_vain |= seen or set()
        return seen is None

    def seat_instead(self, task: Task, kept: Container[str]) -> bool:
        """In any slot, for somebody who is not among those that are kept; as many sit as before."""
        self._in_vain.clear()
        return self._seat(task, self._everywhere, kept) is None

    def _seat(
        self, task: Task, choice: Callable[[Task], _Choice], kept: Container[str] | None = None
    ) -> set[_Node] | None:
        """None if it sits now; else all that was looked at. If some are kept, others may lose their seat."""
        self._tasks[task.name] = task
        came_from: dict[_Node, _Node] = {task.name: task.name}
        waiting: deque[_Node] = deque(came_from)
        while waiting:
            node = waiting.popleft()
            if isinstance(node, Micros) and not self.is_full(self._slots[node]):
                self._move(came_from, node)
                return None
            if isinstance(node, str) and kept is not None and node != task.name and node not in kept:
                self._rise(node)
                self._move(came_from, node)
                return None
            for following in self._following(node, choice):
                if following not in came_from and following not in self._in_vain:
                    came_from[following] = node
                    waiting.append(following)
        return set(came_from)

    def _following(self, node: _Node, choice: Callable[[Task], _Choice]) -> Iterator[_Node]:
        match node:
            case str():
                yield from self._chairs_for(self._tasks[node], choice)
            case (start, _):
                if self._has_thread(node):
                    yield start
                yield from sorted(self._on.get(node, ()))
            case start:
                yield from self._chairs.get(start, ())

    def _chairs_for(self, task: Task, choice: Callable[[Task], _Choice]) -> Iterator[_Chair]:
        for slot, crew in choice(task):
            self._slots.setdefault(slot.start, slot)
            yield slot.start, crew

    def _move(self, came_from: dict[_Node, _Node], end: _Node) -> None:
        """Along the path: each job on it takes the chair that follows."""
        node = end
        while (before := came_from[node]) != node:
            if isinstance(before, str) and isinstance(node, tuple):
                self._sit(before, node)
            node = before

    def _begins(self, task: Task, chair: _Chair) -> Micros:
        start, crew = chair
        ready = max(task.release, start)
        knows = (hand.start for hand in task.hands if hand.crew == crew and hand.end > ready)
        return max(ready, min(knows, default=ready))

    def _rise(self, name: str) -> None:
        left = self._chair_of.pop(name, None)
        if left is not None:
            self._on[left].discard(name)
            self._taken[left[0]] -= 1

    def _sit(self, name: str, chair: _Chair) -> None:
        self._rise(name)
        if chair not in self._on:
            self._on[chair] = set()
            self._chairs.setdefault(chair[0], []).append(chair)
        self._on[chair].add(name)
        self._taken[chair[0]] = self._taken.get(chair[0], 0) + 1
        self._chair_of[name] = chair

    def _everywhere(self, task: Task) -> Iterator[tuple[Slot, int]]:
        """Up to the first chair that is free: a path that has come there ends there."""
        for slot, crew in self._any_of(task):
            yield slot, crew
            if self._is_free(slot, crew):
                return

    def _any_of(self, task: Task) -> Iterator[tuple[Slot, int]]:
        for start in self._starts[max(0, bisect_left(self._starts, task.release) - 1) :]:
            if start > task.due:
                break
            slot = self._slots[start]
            yield from ((slot, crew) for crew in crews_for(task, slot))
        for gap in self._gaps:
            if gap.start <= task.due and gap.stop > task.release:
                yield from self._in_gap(task, gap)

    def _in_gap(self, task: Task, gap: Gap) -> Iterator[tuple[Slot, int]]:
        """For each crew up to the first slot that has room for it."""
        for hand in task.hands:
            for slot in gap.slots_from(max(task.release, hand.start)):
                if slot.start >= hand.end or slot.start > task.due:
                    break
                if hand.crew not in crews_for(task, slot):
                    continue
                yield slot, hand.crew
                if self._is_free(slot, hand.crew):
                    break

    def _is_free(self, slot: Slot, crew: int) -> bool:
        return not self.is_full(slot) and self._has_thread((slot.start, crew))

    def _has_thread(self, chair: _Chair) -> bool:
        is_bound = self._threads is not None and chair[1] != ANYBODY
        return not is_bound or len(self._on.get(chair, ())) < (self._threads or 0)
