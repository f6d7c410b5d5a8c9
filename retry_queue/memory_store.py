"""The queue in memory: the SQL store's twin for tests and simulations, held to the same contract suite."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from retry_queue import moves
from retry_queue.entry import entries
from retry_queue.errors import JobExists
from retry_queue.job import GateKey, Job, JobId, Lane, Lease, NewJob, OrderingKey
from retry_queue.memory.ledger import Ledger
from retry_queue.memory.transactions import MemoryTransaction, MemoryTransactions
from retry_queue.states import State
from retry_queue.store import LaneCount, LaneHealth, Transactions
from retry_queue.verdict import Verdict


class MemoryStore:
    """All of the port over dictionaries."""

    def __init__(self, transactions: Transactions[MemoryTransaction] | None = None) -> None:
        self._transactions = MemoryTransactions() if transactions is None else transactions
        self._ledger = Ledger()

    def write(self) -> AbstractContextManager[MemoryTransaction]:
        """Commit on leaving, roll back on an exception."""
        return self._transactions.write()

    def read(self) -> AbstractContextManager[MemoryTransaction]:
        """A consistent view that writes nothing."""
        return self._transactions.read()

    def enqueue(self, transaction: MemoryTransaction, jobs: Sequence[NewJob], now: datetime) -> None:
        """Add jobs in this order. Raises `JobExists`."""
        ids = [job.job_id for job in jobs]
        if len(set(ids)) < len(ids) or not self._ledger.sequences.keys().isdisjoint(ids):
            raise JobExists(ids)
        for entry in entries(jobs, self._ledger.lines.keys(), self._ledger.opened.keys(), now):
            self._ledger.add(transaction, entry, now)

    def open_gate(self, transaction: MemoryTransaction, gate: GateKey, now: datetime) -> None:
        """Remember it, and let go on whoever waits at it."""
        if gate not in self._ledger.opened:
            transaction.put(self._ledger.opened, gate, now)
        for sequence in sorted(self._ledger.shut):
            if self._ledger.jobs[sequence].gate == gate:
                transaction.drop(self._ledger.shut, sequence)
                self._ledger.clear_way(transaction, sequence, now)

    def lock_keys(
        self,
        transaction: MemoryTransaction,
        keys: Iterable[OrderingKey] = (),
        gates: Iterable[GateKey] = (),
        job_ids: Iterable[JobId] = (),
    ) -> None:
        """There is one writer: everything is locked already."""

    def claim(
        self,
        transaction: MemoryTransaction,
        lane: Lane,
        worker: str,
        limit: int,
        now: datetime,
        lease_until: datetime,
    ) -> Sequence[Lease]:
        """Lease the earliest due jobs that may go."""
        ready = [job for job in self._ledger.jobs.values() if job.lane == lane and _is_ready(job, now)]
        ready.sort(key=lambda job: (job.due_at, job.sequence))
        leased = [moves.claimed(job, now, lease_until) for job in ready[:limit]]
        for job in leased:
            transaction.put(self._ledger.jobs, job.sequence, job)
        return [Lease(job, worker) for job in leased]

    def mark_maybe_sent(self, transaction: MemoryTransaction, lease: Lease, now: datetime) -> None:
        """Before the first byte leaves. Raises `LeaseLost`."""
        job = self._ledger.live(lease, now)
        transaction.put(self._ledger.jobs, job.sequence, replace(job, maybe_sent=True, updated_at=now))

    def extend(
        self, transaction: MemoryTransaction, lease: Lease, lease_until: datetime, now: datetime
    ) -> None:
        """Keep the lease a while longer. Raises `LeaseLost`."""
        job = self._ledger.live(lease, now)
        transaction.put(
            self._ledger.jobs, job.sequence, replace(job, lease_until=lease_until, updated_at=now)
        )

    def complete(self, transaction: MemoryTransaction, lease: Lease, verdict: Verdict, now: datetime) -> Job:
        """Apply the verdict. Raises `LeaseLost`."""
        self._ledger.leased(lease)
        return self._ledger.settle(transaction, moves.completed(lease.job, verdict, now), now)

    def give_back(self, transaction: MemoryTransaction, lease: Lease, now: datetime) -> Job:
        """Put back what was not begun. Raises `LeaseLost`."""
        return self._ledger.settle(transaction, moves.given_back(self._ledger.leased(lease), now), now)

    def promote_due(self, transaction: MemoryTransaction, now: datetime, limit: int) -> int:
        """Gates and deferred jobs whose instant has come; says how many."""
        gates = sorted(
            (job.gate_opens_at, job.sequence)
            for job in map(self._ledger.jobs.__getitem__, self._ledger.shut)
            if job.state is State.WAITING and job.gate_opens_at is not None and job.gate_opens_at <= now
        )[:limit]
        for _, sequence in gates:
            transaction.drop(self._ledger.shut, sequence)
        for _, sequence in gates:
            self._ledger.clear_way(transaction, sequence, now)
        deferred = [
            job
            for job in self._ledger.jobs.values()
            if job.state is State.DEFERRED and job.next_attempt_at is not None and job.next_attempt_at <= now
        ]
        deferred.sort(key=lambda job: (job.next_attempt_at, job.sequence))
        due = deferred[: limit - len(gates)]
        for job in due:
            transaction.put(self._ledger.jobs, job.sequence, moves.time_came(job, now))
        return len(gates) + len(due)

    def rescue_expired(self, transaction: MemoryTransaction, now: datetime, limit: int) -> int:
        """Jobs of vanished workers; says how many."""
        vanished = [
            job
            for job in self._ledger.jobs.values()
            if job.lease_until is not None and job.lease_until <= now
        ]
        vanished.sort(key=lambda job: (job.lease_until, job.sequence))
        for job in vanished[:limit]:
            transaction.put(self._ledger.jobs, job.sequence, moves.expired(job, now))
        return len(vanished[:limit])

    def end_leases(self, transaction: MemoryTransaction, now: datetime) -> int:
        """Every lease ends now; says how many."""
        running = [
            job for job in self._ledger.jobs.values() if job.lease_until is not None and job.lease_until > now
        ]
        for job in running:
            transaction.put(self._ledger.jobs, job.sequence, replace(job, lease_until=now))
        return len(running)

    def release(self, transaction: MemoryTransaction, job_id: JobId, now: datetime) -> Job:
        """Let it go on. Raises `UnknownJob`, `NotAllowed`."""
        job = self._ledger.get(job_id)
        opened_by_time = job.gate_opens_at is not None and job.gate_opens_at <= now
        is_shut = job.sequence in self._ledger.shut and not opened_by_time
        is_clear = not is_shut and not self._ledger.earlier(job.sequence)
        after = moves.released(job, now, is_clear=is_clear)
        if not is_shut:
            transaction.drop(self._ledger.shut, job.sequence)
        return self._ledger.settle(transaction, after, now)

    def hold(self, transaction: MemoryTransaction, job_id: JobId, reason: str, now: datetime) -> Job:
        """Stop it. Raises `UnknownJob`, `NotAllowed`."""
        return self._ledger.settle(transaction, moves.held(self._ledger.get(job_id), reason, now), now)

    def cancel(self, transaction: MemoryTransaction, job_id: JobId, now: datetime) -> Job:
        """Withdraw it and let its followers go. Raises `UnknownJob`, `NotAllowed`."""
        return self._ledger.settle(transaction, moves.cancelled(self._ledger.get(job_id), now), now)

    def get_lane(self, transaction: MemoryTransaction, lane: Lane) -> LaneHealth:
        """A lane nobody has heard of is healthy."""
        transaction.require_open()
        return self._ledger.lanes.get(lane, LaneHealth(lane))

    def lock_lane(self, transaction: MemoryTransaction, lane: Lane) -> LaneHealth:
        """There is one writer: it is locked already."""
        return self.get_lane(transaction, lane)

    def put_lane(self, transaction: MemoryTransaction, health: LaneHealth) -> None:
        """Remember this."""
        transaction.put(self._ledger.lanes, health.lane, health)

    def find_job(self, transaction: MemoryTransaction, job_id: JobId) -> Job | None:
        """The job as stored."""
        return self.find_jobs(transaction, (job_id,)).get(job_id)

    def find_jobs(self, transaction: MemoryTransaction, job_ids: Iterable[JobId]) -> dict[JobId, Job]:
        """Those that exist."""
        transaction.require_open()
        return {name: self._ledger.get(name) for name in job_ids if name in self._ledger.sequences}

    def list_jobs(
        self, transaction: MemoryTransaction, lane: Lane | None, state: State | None, after: int, limit: int
    ) -> Sequence[Job]:
        """By sequence, after the given one."""
        transaction.require_open()
        wanted = (
            job
            for sequence, job in sorted(self._ledger.jobs.items())
            if sequence > after and lane in {None, job.lane} and state in {None, job.state}
        )
        return list(wanted)[:limit]

    def list_blockers(self, transaction: MemoryTransaction, job_id: JobId, limit: int) -> Sequence[JobId]:
        """Why it waits."""
        transaction.require_open()
        if job_id not in self._ledger.sequences:
            return []
        return [
            self._ledger.jobs[sequence].job_id
            for sequence in self._ledger.earlier(self._ledger.sequences[job_id])[:limit]
        ]

    def count_lanes(self, transaction: MemoryTransaction) -> Sequence[LaneCount]:
        """Unfinished jobs by lane and state."""
        transaction.require_open()
        groups: defaultdict[tuple[Lane, State], list[datetime]] = defaultdict(list)
        for job in self._ledger.jobs.values():
            if not job.state.is_final:
                groups[job.lane, job.state].append(job.due_at)
        return [
            LaneCount(lane, state, len(dues), min(dues)) for (lane, state), dues in sorted(groups.items())
        ]


def _is_ready(job: Job, now: datetime) -> bool:
    """To be sent, or due to be asked about."""
    if job.state is State.UNKNOWN:
        return job.next_attempt_at is not None and job.next_attempt_at <= now
    return job.state is State.QUEUED
