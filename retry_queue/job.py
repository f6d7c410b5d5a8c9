"""A job: one thing to be done once at one destination, and what the queue knows about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from retry_queue.states import State

JobId = NewType("JobId", str)
Lane = NewType("Lane", str)
"""A destination's queue; order, breaker and concurrency are kept per lane."""
OrderingKey = NewType("OrderingKey", str)
GateKey = NewType("GateKey", str)
"""The name of something that must have happened before a job may go."""
Fence = NewType("Fence", int)
"""Grows with each claim of a job; a completion with an older one is refused."""


class Track(StrEnum):
    """Bulk work (old books, replays) takes what live work leaves over; its parties take turns."""

    LIVE = "live"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a producer hands to the queue."""

    job_id: JobId
    lane: Lane
    kind: str
    due_at: datetime
    keys: frozenset[OrderingKey]
    gate: GateKey | None = None
    gate_opens_at: datetime | None = None
    """Without an instant a gate opens only by name; with one it also opens by itself then."""
    track: Track = Track.LIVE
    party: str = ""
    """Whose work it is; the parties of a lane's bulk work take turns."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as stored; times are UTC."""

    job_id: JobId
    lane: Lane
    kind: str
    sequence: int
    state: State
    due_at: datetime
    enqueued_at: datetime
    updated_at: datetime
    attempts: int
    """Attempts that counted; a destination's own faults do not."""
    asks: int
    """How often in a row the outcome was found to be unknown; a known outcome sets it back."""
    fence: Fence
    maybe_sent: bool
    """Set before the first byte leaves; cleared only when the outcome is known."""
    next_attempt_at: datetime | None
    lease_until: datetime | None
    gate: GateKey | None
    gate_opens_at: datetime | None
    held_reason: str | None
    """A stable code of why a person must decide."""
    finished_at: datetime | None
    track: Track = Track.LIVE
    """A bulk job that a live one waits for has become live."""
    party: str = ""
    rank: int = 0
    """Live: microseconds since 1970 of the most urgent deadline that hangs on it. Bulk: its turn."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's right to one job until `job.lease_until`."""

    job: Job
    worker: str

    @property
    def must_ask(self) -> bool:
        """An earlier attempt may have arrived: ask the destination, never send blindly."""
        return self.job.maybe_sent
