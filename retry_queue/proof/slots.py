"""When a destination answers, cut into slots, and which job can be begun in which slot by whose hands.

Times are whole microseconds since any common origin.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Micros = int
ANYBODY = -1
"""A crew without end, for whoever does not ask by whom a job is done."""
_NEVER = 2**62


@dataclass(frozen=True, slots=True)
class Stretch:
    """A destination answers from `start` until before `end`, each job in `service`, so many at once."""

    start: Micros
    end: Micros
    service: Micros
    places: int


@dataclass(frozen=True, slots=True)
class Hand:
    """A crew that knows of a job can begin it from `start` until before `end`."""

    crew: int
    start: Micros
    end: Micros


@dataclass(frozen=True, slots=True)
class Task:
    """A job as the oracle sees it: from when on it can go, by when it must be there, who can begin it."""

    name: str
    release: Micros
    due: Micros
    by: tuple[Hand, ...] | None = None
    """None: anybody, at any time."""

    @property
    def hands(self) -> tuple[Hand, ...]:
        """Who can begin it."""
        return (Hand(ANYBODY, self.release, _NEVER),) if self.by is None else self.by


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


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch and what follows it."""

    stretch: Stretch
    closes: Micros
    """Where the unbroken run of stretches ends."""
    later: Micros | None
    """When a job that begins in a later stretch is there at the earliest."""

    def slot(self, start: Micros, stop: Micros) -> Slot:
        """The slot that begins at `start`, and ends at `stop` at the latest."""
        service = self.stretch.service
        completes = start + service
        # A job that starts later, in a faster stretch, may be there earlier; that must not beat the bound.
        return Slot(
            start=start,
            stop=min(completes, self.stretch.end, stop),
            service=service,
            completes=completes if self.later is None else min(completes, self.later),
            closes=self.closes,
            places=self.stretch.places,
        )

    def has_room(self, start: Micros) -> bool:
        """Whether a job that begins then is there before the destination closes."""
        return start < self.stretch.end and start + self.stretch.service <= self.closes


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a run in which nobody had anything to begin; cut into slots only if they are asked for."""

    run: Run
    start: Micros
    stop: Micros

    def slots_from(self, at: Micros) -> Iterator[Slot]:
        """From the one on that `at` lies in."""
        service = self.run.stretch.service
        start = self.start + max(0, at - self.start) // service * service
        while start < self.stop and self.run.has_room(start):
            yield self.run.slot(start, self.stop)
            start += service


def runs(stretches: Sequence[Stretch]) -> Iterator[Run]:
    """Each stretch with what follows."""
    for index, stretch in enumerate(stretches):
        following = stretches[index + 1 :]
        later = min((each.start + each.service for each in following), default=None)
        yield Run(stretch, _closes(stretches, index), later)


def slots(stretches: Sequence[Stretch]) -> Iterator[Slot]:
    """All slots, also those that nobody needs; for tests and small cases."""
    for run in runs(stretches):
        start = run.stretch.start
        while run.has_room(start):
            slot = run.slot(start, _NEVER)
            yield slot
            start = slot.stop


def crews_for(task: Task, slot: Slot) -> Iterator[int]:
    """Those who can begin it in that slot so that it is there in time."""
    for hand in task.hands:
        begins = max(slot.start, task.release, hand.start)
        if begins >= min(slot.stop, hand.end):
            continue
        is_whole = begins == slot.start and task.due >= slot.completes
        if is_whole or begins + slot.service <= min(task.due, slot.closes):
            yield hand.crew


def _closes(stretches: Sequence[Stretch], index: int) -> Micros:
    end = stretches[index].end
    for following in stretches[index + 1 :]:
        if following.start != end:
            break
        end = following.end
    return end
