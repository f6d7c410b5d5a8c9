"""Sorted lists over the jobs, as a database would keep them: what runs all day never looks at every job."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence

from retry_queue.job import GateKey, Job, Lane, Track
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.rank import microseconds
from retry_queue.states import READY, State

Place = tuple[Hashable, tuple[int, int]]
"""Which list, and where in it: a sorting number and the job's sequence."""


class Indexes:
    """Each list holds only jobs that its question could want."""

    def __init__(self) -> None:
        self._lists: defaultdict[Hashable, list[tuple[int, int]]] = defaultdict(list)
        self._places: dict[int, tuple[Place, ...]] = {}

    def put(self, transaction: MemoryTransaction, job: Job, *, leads: bool, shut: bool) -> None:
        """The job stands thus now."""
        before = self._places.get(job.sequence, ())
        after = tuple(_places(job, leads=leads, shut=shut))
        if before == after:
            return
        for place in before:
            if place not in after:
                self._drop(place)
                transaction.undo_with(self._add, place)
        for place in after:
            if place not in before:
                self._add(place)
                transaction.undo_with(self._drop, place)
        transaction.put(self._places, job.sequence, after)

    def has_ready(self, lane: Lane) -> bool:
        """Whether any may go."""
        return bool(self._lists[lane, Track.LIVE] or self._lists[lane, Track.BULK])

    def ready(self, lane: Lane, track: Track, *, above: int | None = None, limit: int) -> list[int]:
        """The first of those that may go, from the first rank that is above."""
        entries = self._lists[lane, track]
        if not entries:
            return []
        start = 0 if above is None else bisect_right(entries, (above, _LAST))
        return _sequences(entries[start : start + limit])

    def ready_until(self, lane: Lane, track: Track, rank: int, limit: int) -> list[int]:
        """The first of those that may go, up to this rank."""
        entries = self._lists[lane, track]
        if not entries:
            return []
        return _sequences(entries[: min(limit, bisect_right(entries, (rank, _LAST)))])

    def later(self, until: int, limit: int) -> list[int]:
        """Whose instant has come."""
        return self._until("later", until, limit)

    def all_later(self, after: int) -> list[int]:
        """Whose instant has not come, the earliest first."""
        entries = self._lists["later"]
        return _sequences(entries[bisect_right(entries, (after, _LAST)) :])

    def leased(self, until: int | None = None, limit: int | None = None) -> list[int]:
        """Whose lease has run out; without an instant every lease."""
        return self._until("leased", until, limit)

    def leading(self, until: int, limit: int) -> list[int]:
        """Leading jobs whose rank has passed."""
        return self._until("leading", until, limit)

    def gates_by_time(self, until: int, limit: int) -> list[int]:
        """Waiting behind a gate whose instant has come."""
        return self._until("gates", until, limit)

    def behind(self, gate: GateKey) -> list[int]:
        """Behind a shut gate of that name."""
        return _sequences(self._lists["gate", gate])

    def _until(self, name: str, until: int | None, limit: int | None) -> list[int]:
        entries = self._lists[name]
        if not entries:
            return []
        end = len(entries) if until is None else bisect_right(entries, (until, _LAST))
        return _sequences(entries[: end if limit is None else min(end, limit)])

    def _add(self, place: Place) -> None:
        insort(self._lists[place[0]], place[1])

    def _drop(self, place: Place) -> None:
        entries = self._lists[place[0]]
        del entries[bisect_left(entries, place[1])]


_LAST = 2**63
"""Above every sequence."""


def _places(job: Job, *, leads: bool, shut: bool) -> Iterator[Place]:
    number = job.sequence
    if job.state in READY and job.next_attempt_at is None:
        yield (job.lane, job.track), (job.rank, number)
    if job.next_attempt_at is not None:
        yield "later", (microseconds(job.next_attempt_at), number)
    if job.lease_until is not None:
        yield "leased", (microseconds(job.lease_until), number)
    if leads:
        yield "leading", (job.rank, number)
    if shut and job.gate is not None:
        yield ("gate", job.gate), (0, number)
    if shut and job.gate_opens_at is not None and job.state is State.WAITING:
        yield "gates", (microseconds(job.gate_opens_at), number)


def _sequences(entries: Sequence[tuple[int, int]]) -> list[int]:
    return [sequence for _, sequence in entries]
