"""Which process can know of a job, and from when on.

A process knows at once of what it has committed itself, and when it starts it looks. Of what another process
has committed it learns by looking: within one poll, or sooner when it looks because it is at work and finds
some. No schedule changes that: who sleeps until his next look does not see that something has come, however
well he knows the weather. What a process has really found it has known; so nothing that happened is thought
impossible.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from retry_queue.proof.chronicle import NEVER, Life
from retry_queue.proof.slots import Hand, Micros


@dataclass(frozen=True, slots=True)
class Shift:
    """A process works from `start` until before `end`."""

    process: str
    start: Micros
    end: Micros


class Knowing:
    """Asked job by job, in the order in which they came."""

    def __init__(
        self, shifts: Sequence[Shift], found: Mapping[tuple[str, str], Sequence[Micros]], news: Micros
    ) -> None:
        self._shifts = shifts
        self._found = found
        self._news = news
        self._since: dict[str, tuple[Micros, ...]] = {}
        """Job -> from when on each shift can know that it is there."""

    def hands(self, life: Life, exists: Micros) -> tuple[Hand, ...]:
        """Who can begin it, and when; after whatever it hangs on."""
        since = tuple(self._knows(index, life, exists) for index in range(len(self._shifts)))
        self._since[life.new.job_id] = since
        return tuple(
            Hand(index, known, shift.end)
            for index, (known, shift) in enumerate(zip(since, self._shifts, strict=True))
            if known < shift.end
        )

    def _knows(self, index: int, life: Life, exists: Micros) -> Micros:
        shift = self._shifts[index]
        if shift.start >= exists:
            return shift.start
        if shift.process == life.brought_by or self._may_have_brought(index, life, exists):
            return exists
        return min(exists + self._news, self._next_found(shift.process, life.new.lane, exists))

    def _may_have_brought(self, index: int, life: Life, exists: Micros) -> bool:
        """In another schedule this process might have done what the job follows from."""
        return any(
            since[index] <= exists
            for since in (self._since.get(cause.job_id) for cause in life.causes)
            if since is not None
        )

    def _next_found(self, process: str, lane: str, at: Micros) -> Micros:
        times = self._found.get((process, lane), ())
        index = bisect_left(times, at)
        return times[index] if index < len(times) else NEVER


def opens(hands: Sequence[Hand], at: Micros) -> Micros | None:
    """The first instant from then on at which somebody can begin it."""
    return min((max(at, hand.start) for hand in hands if max(at, hand.start) < hand.end), default=None)
