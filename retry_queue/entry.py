"""Where new jobs start: pure, for every backend."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from retry_queue.job import GateKey, Lane, NewJob, OrderingKey
from retry_queue.states import State

LaneKey = tuple[Lane, OrderingKey]
"""Order is kept per lane and key; the same key in two lanes is two orders."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A new job with its first state."""

    job: NewJob
    state: State
    gate_shut: bool


def entries(
    jobs: Sequence[NewJob], taken: AbstractSet[LaneKey], opened: AbstractSet[GateKey], now: datetime
) -> list[Entry]:
    """Walk the batch in order; `taken`: keys of unfinished jobs; `opened`: gates known to be open."""
    seen = set(taken)
    walked: list[Entry] = []
    for job in jobs:
        own = lane_keys(job)
        shut = is_gate_shut(job.gate, job.gate_opens_at, opened, now)
        state = State.WAITING if shut or not seen.isdisjoint(own) else State.QUEUED
        seen |= own
        walked.append(Entry(job, state, shut))
    return walked


def lane_keys(job: NewJob) -> set[LaneKey]:
    """The orders that a job stands in."""
    return {(job.lane, key) for key in job.keys}


def is_gate_shut(
    gate: GateKey | None, opens_at: datetime | None, opened: AbstractSet[GateKey], now: datetime
) -> bool:
    """A gate opens by name or by time; an instant without a name is a gate that only time opens."""
    if gate is None and opens_at is None:
        return False
    by_name = gate is not None and gate in opened
    by_time = opens_at is not None and opens_at <= now
    return not (by_name or by_time)


def all_keys(jobs: Iterable[NewJob]) -> set[OrderingKey]:
    """Every key of a batch."""
    return {key for job in jobs for key in job.keys}


def all_gates(jobs: Iterable[NewJob]) -> set[GateKey]:
    """Every gate of a batch."""
    return {job.gate for job in jobs if job.gate is not None}
