"""The clairvoyant scheduler: how many jobs somebody who knew everything could have had there in time.

Every attempt that succeeds takes the destination's service time in one of its places. So the question is a
matching of jobs with slots, and because a job may use every slot between its release and its due time, taking
in each slot the released job that is due first gives a matching of the greatest size (Glover, 1967). That is
an upper bound of what any schedule reaches: whoever starts a job inside a slot may as well be matched with
that slot, and no place can start two jobs inside one. It is reached exactly where releases and due times fall
on the borders of slots.

Whatever makes a job unable to go (an earlier job of its key, a gate, faults that it meets for certain) is
handed in as its release; `retry_queue.proof.earliest` computes it. Times are whole microseconds since any
common origin.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

Micros = int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A destination answers from `start` until before `end`, each job in `service`, so many at once."""

    start: Micros
    end: Micros
    service: Micros
    places: int


@dataclass(frozen=True, slots=True)
class Task:
    """A job as the oracle sees it: from when on it can go, and by when it must be there."""

    name: str
    release: Micros
    due: Micros


@dataclass(frozen=True, slots=True)
class Slot:
    """In `[start, stop)` each place can start one job; it is there at `completes` at the earliest."""

    start: Micros
    stop: Micros
    service: Micros
    completes: Micros
    closes: Micros
    """From then on the destination does not answer: what is not there by then is not there."""
    places: int


def on_time(tasks: Sequence[Task], stretches: Sequence[Stretch]) -> frozenset[str]:
    """The names of a greatest set of tasks that can all be there in time."""
    run = _Greedy(tasks)
    for index, stretch in enumerate(stretches):
        closes = _closes(stretches, index)
        later = min((each.start + each.service for each in stretches[index + 1 :]), default=None)
        start = stretch.start
        while (start := run.next_start(start)) < stretch.end:
            slot = _slot(stretch, start, closes, later)
            if start + stretch.service > closes:
                break
            run.fill(slot)
            start = slot.stop
    return frozenset(run.chosen)


def misses(tasks: Sequence[Task], stretches: Sequence[Stretch]) -> int:
    """No schedule at all has fewer late jobs than this."""
    return len(tasks) - len(on_time(tasks, stretches))


def slots(stretches: Sequence[Stretch]) -> Iterator[Slot]:
    """All slots, also those that nobody needs; for tests and small cases."""
    for index, stretch in enumerate(stretches):
        closes = _closes(stretches, index)
        later = min((each.start + each.service for each in stretches[index + 1 :]), default=None)
        start = stretch.start
        while start < stretch.end and start + stretch.service <= closes:
            slot = _slot(stretch, start, closes, later)
            yield slot
            start = slot.stop


def _slot(stretch: Stretch, start: Micros, closes: Micros, later: Micros | None) -> Slot:
    completes = start + stretch.service
    # A job that starts later, in a faster stretch, may be there earlier; that must not beat the bound.
    return Slot(
        start=start,
        stop=min(completes, stretch.end),
        service=stretch.service,
        completes=completes if later is None else min(completes, later),
        closes=closes,
        places=stretch.places,
    )


def _closes(stretches: Sequence[Stretch], index: int) -> Micros:
    """Where the unbroken run of stretches ends."""
    end = stretches[index].end
    for following in stretches[index + 1 :]:
        if following.start != end:
            break
        end = following.end
    return end


class _Greedy:
    """Tasks wait by release, then by due time."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._coming = sorted(tasks, key=lambda task: (task.release, task.due, task.name), reverse=True)
        self._ready: list[tuple[Micros, str]] = []
        self.chosen: list[str] = []

    def next_start(self, start: Micros) -> Micros:
        """Slots that nobody could use are passed over."""
        if self._ready or not self._coming:
            return start if self._ready else _NEVER
        return max(start, self._coming[-1].release)

    def fill(self, slot: Slot) -> None:
        """The earliest due that can still be in time, as many as there are places."""
        self._admit(slot)
        free = slot.places
        while free > 0 and self._ready:
            due, name = heappop(self._ready)
            if due >= slot.completes:
                self.chosen.append(name)
                free -= 1

    def _admit(self, slot: Slot) -> None:
        left: list[Task] = []
        while self._coming and self._coming[-1].release < slot.stop:
            task = self._coming.pop()
            there = max(slot.start, task.release) + slot.service
            if task.release <= slot.start or there <= min(task.due, slot.closes):
                heappush(self._ready, (task.due, task.name))
            else:
                left.append(task)  # released inside the slot, and too late for it
        self._coming += reversed(left)


_NEVER = 2**62
