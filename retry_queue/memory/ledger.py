"""The queue's dictionaries and the steps that keep them in agreement."""

from collections.abc import Sequence
from datetime import datetime

from retry_queue import moves
from retry_queue.entry import Entry, LaneKey, lane_keys
from retry_queue.errors import LeaseLost, UnknownJob
from retry_queue.job import Fence, GateKey, Job, JobId, Lane, Lease
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.states import State
from retry_queue.store import LaneHealth


class Ledger:
    """Every job by its sequence, and who stands in which line."""

    def __init__(self) -> None:
        self.jobs: dict[int, Job] = {}
        self.sequences: dict[JobId, int] = {}
        self.keys: dict[int, frozenset[LaneKey]] = {}
        """Of unfinished jobs only."""
        self.lines: dict[LaneKey, dict[int, None]] = {}
        """The unfinished jobs of each key."""
        self.shut: dict[int, None] = {}
        """Unfinished jobs whose gate is shut."""
        self.opened: dict[GateKey, datetime] = {}
        self.lanes: dict[Lane, LaneHealth] = {}
        self._last_sequence = 0

    def add(self, transaction: MemoryTransaction, entry: Entry, now: datetime) -> None:
        """A number is used once, also when the transaction is rolled back."""
        self._last_sequence += 1
        job = _new_job(entry, self._last_sequence, now)
        keys = frozenset(lane_keys(entry.job))
        transaction.put(self.jobs, job.sequence, job)
        transaction.put(self.sequences, job.job_id, job.sequence)
        transaction.put(self.keys, job.sequence, keys)
        for key in keys:
            if key not in self.lines:
                transaction.put(self.lines, key, {})
            transaction.put(self.lines[key], job.sequence, None)
        if entry.gate_shut:
            transaction.put(self.shut, job.sequence, None)

    def get(self, job_id: JobId) -> Job:
        """Raises `UnknownJob`."""
        if job_id not in self.sequences:
            raise UnknownJob(job_id)
        return self.jobs[self.sequences[job_id]]

    def leased(self, lease: Lease) -> Job:
        """The job, if the lease still stands. Raises `LeaseLost`."""
        job = self.jobs.get(lease.job.sequence)
        if job is None or job.state is not State.LEASED or job.fence != lease.job.fence:
            raise LeaseLost(lease.job.job_id)
        return job

    def live(self, lease: Lease, now: datetime) -> Job:
        """The job, if the lease still stands and has not run out. Raises `LeaseLost`."""
        job = self.leased(lease)
        if job.lease_until is None or job.lease_until <= now:
            raise LeaseLost(lease.job.job_id)
        return job

    def settle(self, transaction: MemoryTransaction, after: Job, now: datetime) -> Job:
        """Store a step; a final one leaves its lines and lets the followers go."""
        transaction.put(self.jobs, after.sequence, after)
        if after.state.is_final:
            self._leave_lines(transaction, after.sequence, now)
        return after

    def clear_way(self, transaction: MemoryTransaction, sequence: int, now: datetime) -> None:
        """Queue a waiting job that nothing holds back any more."""
        job = self.jobs[sequence]
        if job.state is State.WAITING and sequence not in self.shut and not self.earlier(sequence):
            transaction.put(self.jobs, sequence, moves.way_cleared(job, now))

    def earlier(self, sequence: int) -> Sequence[int]:
        """The unfinished jobs before this one that share a key."""
        lines = (self.lines[key] for key in self.keys.get(sequence, frozenset()))
        return sorted({other for line in lines for other in line if other < sequence})

    def _leave_lines(self, transaction: MemoryTransaction, sequence: int, now: datetime) -> None:
        keys = self.keys[sequence]
        transaction.drop(self.keys, sequence)
        transaction.drop(self.shut, sequence)
        for key in keys:
            transaction.drop(self.lines[key], sequence)
        heads = {min(self.lines[key]) for key in keys if self.lines[key]}
        for key in keys:
            if not self.lines[key]:
                transaction.drop(self.lines, key)
        for head in sorted(heads):
            self.clear_way(transaction, head, now)


def _new_job(entry: Entry, sequence: int, now: datetime) -> Job:
    new = entry.job
    return Job(
        job_id=new.job_id,
        lane=new.lane,
        kind=new.kind,
        sequence=sequence,
        state=entry.state,
        due_at=new.due_at,
        enqueued_at=now,
        updated_at=now,
        attempts=0,
        asks=0,
        fence=Fence(0),
        maybe_sent=False,
        next_attempt_at=None,
        lease_until=None,
        gate=new.gate,
        gate_opens_at=new.gate_opens_at,
        held_reason=None,
        finished_at=None,
    )
