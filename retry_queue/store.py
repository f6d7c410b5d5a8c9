"""The port of the queue's storage, split by need; memory and SQL implement it and pass one contract suite."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from retry_queue.job import Fence, GateKey, Job, JobId, Lane, Lease, NewJob, OrderingKey, Track
from retry_queue.profile import Profile
from retry_queue.states import State
from retry_queue.verdict import Verdict

TransactionT = TypeVar("TransactionT")
TransactionT_co = TypeVar("TransactionT_co", covariant=True)
TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)


class BreakerState(StrEnum):
    """Closed lets work through, open lets nothing, half-open lets one probe."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class LaneHealth:
    """What is known of a destination; shared by all processes that serve the lane."""

    lane: Lane
    breaker: BreakerState = BreakerState.CLOSED
    failures_in_row: int = 0
    open_until: datetime | None = None
    hold_reason: str | None = None
    window: float | None = None
    """How many attempts may be under way at once; None while nothing has cut it."""
    window_goal: float | None = None
    """Up to here the window doubles with each good round trip, above it grows one by one."""
    window_changed_at: datetime | None = None
    next_start_at: datetime | None = None
    """The rate limit lets the next attempt begin then; None when it has not been met yet."""
    window_cut_at: datetime | None = None
    """When the window was last made narrower; attempts that began earlier say nothing of it any more."""
    recent_failures: int = 0
    """Which of the last answers failed, a bit for each, the newest lowest; 0 when none did."""


@dataclass(frozen=True, slots=True)
class LaneCount:
    """How many jobs of a lane stand in a state, and the earliest due of them."""

    lane: Lane
    state: State
    jobs: int
    earliest_due_at: datetime


@dataclass(frozen=True, slots=True)
class Appetite:
    """How much a worker takes at once."""

    jobs: int
    """At most so many in all."""
    bulk_jobs: int
    """At most so many of them bulk."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a batch of completions."""

    jobs: Sequence[Job]
    """As stored now, in the order in which they were handed in."""
    lost: Sequence[Lease]
    """Somebody else has these, or they are finished: drop their results."""


class Transactions(Protocol[TransactionT_co]):
    """Opens transactions that the queue shares with its user."""

    def write(self) -> AbstractContextManager[TransactionT_co]:
        """Commit on leaving, roll back on an exception."""
        ...

    def read(self) -> AbstractContextManager[TransactionT_co]:
        """A consistent view that writes nothing."""
        ...


class Producer(Protocol[TransactionT_contra]):
    """Puts work in and clears its way."""

    def enqueue(self, transaction: TransactionT_contra, jobs: Sequence[NewJob], now: datetime) -> None:
        """Add jobs in this order, each `queued`, or `waiting` behind a key or a gate. Raises `JobExists`."""
        ...

    def open_gate(self, transaction: TransactionT_contra, gate: GateKey, now: datetime) -> None:
        """Let everything behind the gate go on, now and in future; unknown gates are remembered."""
        ...

    def lock_keys(
        self,
        transaction: TransactionT_contra,
        keys: Iterable[OrderingKey] = (),
        gates: Iterable[GateKey] = (),
        job_ids: Iterable[JobId] = (),
    ) -> None:
        """Lock in one sorted pass whatever acts on these keys, gates and jobs will touch.

        A transaction that does more than one act (complete, enqueue, open a gate, cancel, release) calls
        this first with everything, or two such transactions may wait for each other for ever.
        """
        ...


class Claims(Protocol[TransactionT_contra]):
    """What a worker needs."""

    def claim(
        self,
        transaction: TransactionT_contra,
        lane: Lane,
        worker: str,
        appetite: Appetite,
        now: datetime,
        lease_until: datetime,
    ) -> Sequence[Lease]:
        """Lease what may go, be it to be sent or to be asked about, in this order.

        First live jobs that can still be in time, then live jobs that are late, then bulk; each by rank.
        """
        ...

    def count_leased(self, transaction: TransactionT_contra, lane: Lane) -> Mapping[Track, int]:
        """How many jobs of the lane are in the hands of workers of any process."""
        ...

    def nearest_due(self, transaction: TransactionT_contra, lane: Lane, now: datetime) -> datetime | None:
        """The earliest rank after `now` of a live job that could be claimed; one look into an index."""
        ...

    def mark_maybe_sent(self, transaction: TransactionT_contra, lease: Lease, now: datetime) -> None:
        """Commit this before the first byte leaves. Raises `LeaseLost`, also when the lease has run out."""
        ...

    def mark_all_maybe_sent(
        self, transaction: TransactionT_contra, leases: Sequence[Lease], now: datetime
    ) -> Sequence[Lease]:
        """As `mark_maybe_sent` for a batch; says which leases are lost: these must not be sent."""
        ...

    def complete(
        self, transaction: TransactionT_contra, lease: Lease, verdict: Verdict, now: datetime
    ) -> Job:
        """Apply the verdict and release followers of a final job. Raises `LeaseLost`."""
        ...

    def complete_all(
        self, transaction: TransactionT_contra, outcomes: Sequence[tuple[Lease, Verdict]], now: datetime
    ) -> Settled:
        """As `complete` for a batch of different jobs; a lost lease harms none of the others."""
        ...

    def give_back(self, transaction: TransactionT_contra, lease: Lease, now: datetime) -> Job:
        """Put back a job that was not begun; it costs nothing. Raises `LeaseLost`."""
        ...

    def give_back_all(
        self, transaction: TransactionT_contra, leases: Sequence[Lease], now: datetime
    ) -> Settled:
        """As `give_back` for a batch."""
        ...

    def extend(
        self, transaction: TransactionT_contra, lease: Lease, lease_until: datetime, now: datetime
    ) -> None:
        """Keep the lease a while longer. Raises `LeaseLost`, also when it has run out."""
        ...

    def list_lost(self, transaction: TransactionT_contra, leases: Sequence[Lease]) -> Sequence[Lease]:
        """Of leases of different jobs those that are lost, whatever any clock says; only looks."""
        ...

    def extend_all(
        self, transaction: TransactionT_contra, leases: Sequence[Lease], lease_until: datetime, now: datetime
    ) -> Sequence[Lease]:
        """As `extend` for a batch; says which leases are lost."""
        ...


class Upkeep(Protocol[TransactionT_contra]):
    """What must happen when time passes; each call takes a bounded batch and says how many it moved."""

    def promote_due(self, transaction: TransactionT_contra, now: datetime, limit: int) -> int:
        """Whatever waited for an instant that has come may go: deferred jobs, questions, gates."""
        ...

    def ask_soon(self, transaction: TransactionT_contra, lane: Lane, now: datetime, limit: int) -> int:
        """The destination answers again: what would be asked about later is asked about now. How many."""
        ...

    def rerank_overdue(self, transaction: TransactionT_contra, now: datetime, limit: int) -> int:
        """Late jobs that hold up others which can still be in time go before the other late ones.

        Says at how many it has looked; each is looked at once whenever its rank has passed.
        """
        ...

    def rescue_expired(self, transaction: TransactionT_contra, now: datetime, limit: int) -> int:
        """Jobs of vanished workers become queued, or unknown where something may have been sent."""
        ...

    def end_leases(self, transaction: TransactionT_contra, now: datetime) -> int:
        """Every lease ends now: only for a process that knows that no other one is at work. Says how many."""
        ...


class Operations(Protocol[TransactionT_contra]):
    """What a person may do."""

    def release(self, transaction: TransactionT_contra, job_id: JobId, now: datetime) -> Job:
        """Let a held or deferred job go on. Raises `UnknownJob`, `NotAllowed`."""
        ...

    def hold(self, transaction: TransactionT_contra, job_id: JobId, reason: str, now: datetime) -> Job:
        """Stop a job that no worker has. Raises `UnknownJob`, `NotAllowed`."""
        ...

    def cancel(self, transaction: TransactionT_contra, job_id: JobId, now: datetime) -> Job:
        """Withdraw a job that was never sent. Raises `UnknownJob`, `NotAllowed`."""
        ...

    def confirm(self, transaction: TransactionT_contra, job_id: JobId, now: datetime) -> Job:
        """A person knows that the destination has this held job. Raises `UnknownJob`, `NotAllowed`."""
        ...

    def deny(self, transaction: TransactionT_contra, job_id: JobId, now: datetime) -> Job:
        """Release it as never sent: a person knows that. Raises `UnknownJob`, `NotAllowed`."""
        ...


class Tracks(Protocol[TransactionT_contra]):
    """Work that is there already becomes bulk, or live again; its due time stays.

    What a worker has, and what is finished, stays as it is: look at the job that comes back.
    """

    def make_bulk(self, transaction: TransactionT_contra, job_id: JobId, party: str, now: datetime) -> Job:
        """Take its turn among the bulk work, unless a live job waits behind it. Raises `UnknownJob`."""
        ...

    def make_live(self, transaction: TransactionT_contra, job_id: JobId, now: datetime) -> Job:
        """As urgent as its due time; what stands before it, too. Raises `UnknownJob`."""
        ...


class Lanes(Protocol[TransactionT_contra]):
    """The shared memory of the breakers."""

    def get_lane(self, transaction: TransactionT_contra, lane: Lane) -> LaneHealth:
        """A lane nobody has heard of is closed and healthy."""
        ...

    def lock_lane(self, transaction: TransactionT_contra, lane: Lane) -> LaneHealth:
        """As `get_lane`, and nobody else who locks it can change it before this transaction ends."""
        ...

    def put_lane(self, transaction: TransactionT_contra, health: LaneHealth) -> None:
        """Remember this for every process."""
        ...


class Inspection(Protocol[TransactionT_contra]):
    """Reading without moving."""

    def find_job(self, transaction: TransactionT_contra, job_id: JobId) -> Job | None:
        """The job as stored."""
        ...

    def find_jobs(self, transaction: TransactionT_contra, job_ids: Iterable[JobId]) -> dict[JobId, Job]:
        """Those that exist."""
        ...

    def list_jobs(
        self, transaction: TransactionT_contra, lane: Lane | None, state: State | None, after: int, limit: int
    ) -> Sequence[Job]:
        """By sequence, after the given one."""
        ...

    def list_blockers(self, transaction: TransactionT_contra, job_id: JobId, limit: int) -> Sequence[JobId]:
        """The earlier unfinished jobs of the same lane that share a key: why it waits."""
        ...

    def count_lanes(self, transaction: TransactionT_contra) -> Sequence[LaneCount]:
        """Unfinished jobs by lane and state."""
        ...


class Store(
    Transactions[TransactionT],
    Producer[TransactionT],
    Claims[TransactionT],
    Upkeep[TransactionT],
    Operations[TransactionT],
    Tracks[TransactionT],
    Lanes[TransactionT],
    Inspection[TransactionT],
    Profile[TransactionT],
    Protocol[TransactionT],
):
    """All of it; a backend proves itself by passing the contract suite."""


__all__ = [
    "Appetite",
    "BreakerState",
    "Claims",
    "Fence",
    "Inspection",
    "LaneCount",
    "LaneHealth",
    "Lanes",
    "Operations",
    "Producer",
    "Settled",
    "Store",
    "Tracks",
    "Transactions",
    "Upkeep",
]
