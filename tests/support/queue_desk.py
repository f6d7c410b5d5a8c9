"""A queue as one person at a desk would use it: each act in a transaction of its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from retry_queue.job import GateKey, Job, JobId, Lane, Lease, NewJob, Track
from retry_queue.states import State
from retry_queue.store import Appetite, Settled, Store
from retry_queue.verdict import Done, Verdict
from tests.support.queue_builders import LANE, LEASE_SECONDS, START

TransactionT = TypeVar("TransactionT")


class Desk(Generic[TransactionT]):
    """Every act takes `now`; without it the day has just begun."""

    def __init__(self, store: Store[TransactionT]) -> None:
        self.store = store

    def enqueue(self, *jobs: NewJob, now: datetime = START) -> None:
        with self.store.write() as transaction:
            self.store.enqueue(transaction, jobs, now)

    def open_gate(self, gate: str, now: datetime = START) -> None:
        with self.store.write() as transaction:
            self.store.open_gate(transaction, GateKey(gate), now)

    def claim(
        self,
        limit: int = 1,
        bulk: int | None = None,
        *,
        now: datetime = START,
        lane: Lane = LANE,
        worker: str = "anna",
        lease_seconds: float = LEASE_SECONDS,
    ) -> Sequence[Lease]:
        with self.store.write() as transaction:
            until = now + timedelta(seconds=lease_seconds)
            appetite = Appetite(limit, limit if bulk is None else bulk)
            return self.store.claim(transaction, lane, worker, appetite, now, until)

    def claim_one(self, *, now: datetime = START, lane: Lane = LANE, worker: str = "anna") -> Lease:
        (lease,) = self.claim(1, now=now, lane=lane, worker=worker)
        return lease

    def announce(self, lease: Lease, now: datetime = START) -> None:
        with self.store.write() as transaction:
            self.store.mark_maybe_sent(transaction, lease, now)

    def extend(self, lease: Lease, until: datetime, now: datetime = START) -> None:
        with self.store.write() as transaction:
            self.store.extend(transaction, lease, until, now)

    def complete(self, lease: Lease, verdict: Verdict | None = None, now: datetime = START) -> Job:
        with self.store.write() as transaction:
            return self.store.complete(transaction, lease, verdict or Done(), now)

    def give_back(self, lease: Lease, now: datetime = START) -> Job:
        with self.store.write() as transaction:
            return self.store.give_back(transaction, lease, now)

    def complete_all(self, *outcomes: tuple[Lease, Verdict], now: datetime = START) -> Settled:
        with self.store.write() as transaction:
            return self.store.complete_all(transaction, outcomes, now)

    def give_back_all(self, *leases: Lease, now: datetime = START) -> Settled:
        with self.store.write() as transaction:
            return self.store.give_back_all(transaction, leases, now)

    def announce_all(self, *leases: Lease, now: datetime = START) -> Sequence[Lease]:
        with self.store.write() as transaction:
            return self.store.mark_all_maybe_sent(transaction, leases, now)

    def extend_all(self, *leases: Lease, until: datetime, now: datetime = START) -> Sequence[Lease]:
        with self.store.write() as transaction:
            return self.store.extend_all(transaction, leases, until, now)

    def lost(self, *leases: Lease) -> Sequence[Lease]:
        with self.store.read() as transaction:
            return self.store.list_lost(transaction, leases)

    def rerank(self, now: datetime, limit: int = 100) -> int:
        with self.store.write() as transaction:
            return self.store.rerank_overdue(transaction, now, limit)

    def leased(self, lane: Lane = LANE) -> dict[Track, int]:
        with self.store.read() as transaction:
            return dict(self.store.count_leased(transaction, lane))

    def names(self, limit: int = 99, bulk: int | None = None, now: datetime = START) -> list[str]:
        """Who is claimed, in this order."""
        return [lease.job.job_id for lease in self.claim(limit, bulk, now=now)]

    def finish(self, name: str, now: datetime = START, lane: Lane = LANE) -> None:
        lease = self.claim_one(now=now, lane=lane)
        assert lease.job.job_id == name
        self.complete(lease, Done(), now)

    def promote(self, now: datetime, limit: int = 100) -> int:
        with self.store.write() as transaction:
            return self.store.promote_due(transaction, now, limit)

    def ask_soon(self, now: datetime, lane: Lane = LANE, limit: int = 100) -> int:
        with self.store.write() as transaction:
            return self.store.ask_soon(transaction, lane, now, limit)

    def rescue(self, now: datetime, limit: int = 100) -> int:
        with self.store.write() as transaction:
            return self.store.rescue_expired(transaction, now, limit)

    def end_leases(self, now: datetime) -> int:
        with self.store.write() as transaction:
            return self.store.end_leases(transaction, now)

    def release(self, name: str, now: datetime = START) -> Job:
        with self.store.write() as transaction:
            return self.store.release(transaction, JobId(name), now)

    def hold(self, name: str, reason: str = "stopped", now: datetime = START) -> Job:
        with self.store.write() as transaction:
            return self.store.hold(transaction, JobId(name), reason, now)

    def cancel(self, name: str, now: datetime = START) -> Job:
        with self.store.write() as transaction:
            return self.store.cancel(transaction, JobId(name), now)

    def make_bulk(self, name: str, party: str = "", now: datetime = START) -> Job:
        with self.store.write() as transaction:
            return self.store.make_bulk(transaction, JobId(name), party, now)

    def make_live(self, name: str, now: datetime = START) -> Job:
        with self.store.write() as transaction:
            return self.store.make_live(transaction, JobId(name), now)

    def confirm(self, name: str, now: datetime = START) -> Job:
        with self.store.write() as transaction:
            return self.store.confirm(transaction, JobId(name), now)

    def deny(self, name: str, now: datetime = START) -> Job:
        with self.store.write() as transaction:
            return self.store.deny(transaction, JobId(name), now)

    def get(self, name: str) -> Job:
        with self.store.read() as transaction:
            job = self.store.find_job(transaction, JobId(name))
        assert job is not None
        return job

    def state(self, name: str) -> State:
        return self.get(name).state

    def states(self, *names: str) -> list[State]:
        return [self.state(name) for name in names]

    def blockers(self, name: str, limit: int = 10) -> Sequence[JobId]:
        with self.store.read() as transaction:
            return self.store.list_blockers(transaction, JobId(name), limit)

    def list(
        self, lane: Lane | None = None, state: State | None = None, after: int = 0, limit: int = 1000
    ) -> Sequence[Job]:
        with self.store.read() as transaction:
            return self.store.list_jobs(transaction, lane, state, after, limit)
