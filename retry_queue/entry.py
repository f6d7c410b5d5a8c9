"""Where new jobs start: pure, for every backend."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from retry_queue.job import GateKey, Lane, NewJob, OrderingKey, Track
from retry_queue.rank import microseconds, most_urgent
from retry_queue.states import State

LaneKey = tuple[Lane, OrderingKey]
"""Order is kept per lane and key; the same key in two lanes is two orders."""
Share = tuple[Lane, str]
"""A party's part of a lane's bulk work."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A new job with its first state."""

    job: NewJob
    state: State
    gate_shut: bool
    track: Track
    rank: int
    leads: bool
    """A live job waits behind it."""


@dataclass(frozen=True, slots=True)
class Entries:
    """A batch in its order, and how urgently it pulls at what stands before it."""

    entries: Sequence[Entry]
    pulls: Mapping[LaneKey, int]
    """Per key the most urgent live rank of the batch."""


def entries(
    jobs: Sequence[NewJob],
    taken: AbstractSet[LaneKey],
    opened: AbstractSet[GateKey],
    turns: Mapping[Share, int],
    now: datetime,
) -> Entries:
    """Walk the batch in order; `taken`: keys of unfinished jobs; `turns`: each party's next free turn."""
    seen, next_turns = set[LaneKey](), dict(turns)
    walked: list[Entry] = []
    standing = [lane_keys(job) for job in jobs]
    for job, own in zip(jobs, standing, strict=True):
        shut = is_gate_shut(job.gate, job.gate_opens_at, opened, now)
        is_behind = not (seen.isdisjoint(own) and taken.isdisjoint(own))
        state = State.WAITING if shut or is_behind else State.QUEUED
        seen |= own
        if job.track is Track.BULK:
            rank = next_turns[job.lane, job.party]
            next_turns[job.lane, job.party] = rank + 1
        else:
            rank = microseconds(job.due_at)
        walked.append(Entry(job, state, shut, job.track, rank, leads=False))
    return _pulled(walked, standing, microseconds(now))


def _pulled(walked: Sequence[Entry], standing: Sequence[set[LaneKey]], now_rank: int) -> Entries:
    """From the last to the first: each takes over the urgency of whoever waits behind it."""
    pulls: dict[LaneKey, int] = {}
    after: list[Entry] = []
    for entry, keys in zip(reversed(walked), reversed(standing), strict=True):
        pulling = [pulls[key] for key in keys if key in pulls]
        pulled = _with_followers(entry, pulling, now_rank) if pulling else entry
        if pulled.track is Track.LIVE:
            for key in keys:
                pulls[key] = most_urgent([pulled.rank, pulls.get(key, pulled.rank)], now_rank)
        after.append(pulled)
    return Entries(after[::-1], pulls)


def _with_followers(entry: Entry, pulling: Sequence[int], now_rank: int) -> Entry:
    own = entry.rank if entry.track is Track.LIVE else microseconds(entry.job.due_at)
    rank = most_urgent([own, *pulling], now_rank)
    return replace(entry, track=Track.LIVE, rank=rank, leads=True)


def shares(jobs: Iterable[NewJob]) -> Counter[Share]:
    """How many turns each party needs."""
    return Counter((job.lane, job.party) for job in jobs if job.track is Track.BULK)


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
