"""The queue in memory: the SQL store's twin for tests and simulations, held to the same contract suite."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from retry_queue import moves
from retry_queue.entry import entries, shares
from retry_queue.errors import JobExists, LeaseLost
from retry_queue.job import GateKey, Job, JobId, Lane, Lease, NewJob, OrderingKey, Track
from retry_queue.job_copy import changed
from retry_queue.memory.ledger import Ledger
from retry_queue.memory.profile import MemoryProfile
from retry_queue.memory.transactions import MemoryTransaction, MemoryTransactions
from retry_queue.pull import Pull
from retry_queue.rank import instant, microseconds
from retry_queue.states import State
from retry_queue.store import Appetite, LaneCount, LaneHealth, Settled, Transactions
from retry_queue.track_change import as_bulk, as_live, can_change
from retry_queue.verdict import Verdict


class MemoryStore(MemoryProfile):
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
        ledger = self._ledger
        turns = ledger.reserve(transaction, shares(jobs))
        new = entries(jobs, ledger.lines.keys(), ledger.opened.keys(), turns, now)
        below = ledger.next_sequence
        ledger.pull(transaction, (Pull(key, below, rank) for key, rank in new.pulls.items()), now)
        for entry in new.entries:
            ledger.add(transaction, entry, now)

    def open_gate(self, transaction: MemoryTransaction, gate: GateKey, now: datetime) -> None:
        """Remember it, and let go on whoever waits at it."""
        if gate not in self._ledger.opened:
            transaction.put(self._ledger.opened, gate, now)
        for sequence in self._ledger.indexes.behind(gate):
            self._ledger.open(transaction, sequence)
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
        appetite: Appetite,
        now: datetime,
        lease_until: datetime,
    ) -> Sequence[Lease]:
        """Lease what may go: live before late before bulk, each by rank."""
        indexes, late = self._ledger.indexes, microseconds(now)
        live = indexes.ready(lane, Track.LIVE, above=late, limit=appetite.jobs)
        live += indexes.ready_until(lane, Track.LIVE, late, appetite.jobs - len(live))
        bulk_jobs = min(appetite.bulk_jobs, appetite.jobs - len(live))
        bulk = indexes.ready(lane, Track.BULK, limit=bulk_jobs)
        leased = [moves.claimed(self._ledger.jobs[each], now, lease_until) for each in live + bulk]
        for job in leased:
            self._ledger.put(transaction, job)
        if bulk:
            served = max(self._ledger.served.get(lane, 0), leased[-1].rank)
            transaction.put(self._ledger.served, lane, served)
        return [Lease(job, worker) for job in leased]

    def count_leased(self, transaction: MemoryTransaction, lane: Lane) -> Mapping[Track, int]:
        """How many jobs of the lane workers have."""
        transaction.require_open()
        leased = (self._ledger.jobs[sequence] for sequence in self._ledger.indexes.leased())
        return Counter(job.track for job in leased if job.lane == lane)

    def nearest_due(self, transaction: MemoryTransaction, lane: Lane, now: datetime) -> datetime | None:
        """The earliest rank after `now` of a live job that could be claimed."""
        transaction.require_open()
        first = self._ledger.indexes.ready(lane, Track.LIVE, above=microseconds(now), limit=1)
        return instant(self._ledger.jobs[first[0]].rank) if first else None

    def has_ready(self, lane: Lane) -> bool:
        """Whether a claim could find something; not of the port: simulations skip claims in vain."""
        return self._ledger.indexes.has_ready(lane)

    def mark_maybe_sent(self, transaction: MemoryTransaction, lease: Lease, now: datetime) -> None:
        """Before the first byte leaves. Raises `LeaseLost`."""
        job = self._ledger.live(lease, now)
        self._ledger.put(transaction, changed(job, maybe_sent=True, updated_at=now))

    def mark_all_maybe_sent(
        self, transaction: MemoryTransaction, leases: Sequence[Lease], now: datetime
    ) -> Sequence[Lease]:
        """As for one; says which are lost."""
        return _each(leases, lambda lease: self.mark_maybe_sent(transaction, lease, now))

    def extend(
        self, transaction: MemoryTransaction, lease: Lease, lease_until: datetime, now: datetime
    ) -> None:
        """Keep the lease a while longer. Raises `LeaseLost`."""
        job = self._ledger.live(lease, now)
        self._ledger.put(transaction, changed(job, lease_until=lease_until, updated_at=now))

    def list_lost(self, transaction: MemoryTransaction, leases: Sequence[Lease]) -> Sequence[Lease]:
        """Those that are not the job's lease any more."""
        transaction.require_open()
        return _each(leases, self._ledger.leased)

    def extend_all(
        self, transaction: MemoryTransaction, leases: Sequence[Lease], lease_until: datetime, now: datetime
    ) -> Sequence[Lease]:
        """As for one; says which are lost."""
        return _each(leases, lambda lease: self.extend(transaction, lease, lease_until, now))

    def complete(self, transaction: MemoryTransaction, lease: Lease, verdict: Verdict, now: datetime) -> Job:
        """Apply the verdict. Raises `LeaseLost`."""
        job = self._ledger.leased(lease)
        return self._ledger.settle(transaction, moves.completed(job, verdict, now), now)

    def complete_all(
        self, transaction: MemoryTransaction, outcomes: Sequence[tuple[Lease, Verdict]], now: datetime
    ) -> Settled:
        """As for one; a lost lease harms none of the others."""
        jobs: list[Job] = []

        def complete(lease: Lease) -> None:
            jobs.append(self.complete(transaction, lease, verdicts[lease.job.sequence], now))

        verdicts = {lease.job.sequence: verdict for lease, verdict in outcomes}
        lost = _each([lease for lease, _ in outcomes], complete)
        return Settled(jobs, lost)

    def give_back(self, transaction: MemoryTransaction, lease: Lease, now: datetime) -> Job:
        """Put back what was not begun. Raises `LeaseLost`."""
        return self._ledger.settle(transaction, moves.given_back(self._ledger.leased(lease), now), now)

    def give_back_all(
        self, transaction: MemoryTransaction, leases: Sequence[Lease], now: datetime
    ) -> Settled:
        """As for one."""
        jobs: list[Job] = []
        lost = _each(leases, lambda lease: jobs.append(self.give_back(transaction, lease, now)))
        return Settled(jobs, lost)

    def promote_due(self, transaction: MemoryTransaction, now: datetime, limit: int) -> int:
        """Gates and deferred jobs whose instant has come; says how many."""
        ledger, until = self._ledger, microseconds(now)
        gates = ledger.indexes.gates_by_time(until, limit)
        for sequence in gates:
            ledger.open(transaction, sequence)
        for sequence in gates:
            ledger.clear_way(transaction, sequence, now)
        due = ledger.indexes.later(until, limit - len(gates))
        for sequence in due:
            ledger.put(transaction, moves.time_came(ledger.jobs[sequence], now))
        return len(gates) + len(due)

    def ask_soon(self, transaction: MemoryTransaction, lane: Lane, now: datetime, limit: int) -> int:
        """Questions of the lane that would be put later; says how many."""
        transaction.require_open()
        jobs = (self._ledger.jobs[sequence] for sequence in self._ledger.indexes.all_later(microseconds(now)))
        early = [job for job in jobs if job.lane == lane and job.state is State.UNKNOWN][:limit]
        for job in early:
            self._ledger.put(transaction, changed(job, next_attempt_at=now, updated_at=now))
        return len(early)

    def rerank_overdue(self, transaction: MemoryTransaction, now: datetime, limit: int) -> int:
        """Late jobs that hold up others which can still be in time; says at how many it has looked."""
        late = self._ledger.indexes.leading(microseconds(now), limit)
        self._ledger.rerank(transaction, late, now)
        return len(late)

    def rescue_expired(self, transaction: MemoryTransaction, now: datetime, limit: int) -> int:
        """Jobs of vanished workers; says how many."""
        vanished = self._ledger.indexes.leased(microseconds(now), limit)
        for sequence in vanished:
            self._ledger.put(transaction, moves.expired(self._ledger.jobs[sequence], now))
        return len(vanished)

    def end_leases(self, transaction: MemoryTransaction, now: datetime) -> int:
        """Every lease ends now; says how many."""
        ended = set(self._ledger.indexes.leased(microseconds(now)))
        running = [each for each in self._ledger.indexes.leased() if each not in ended]
        for sequence in running:
            self._ledger.put(transaction, changed(self._ledger.jobs[sequence], lease_until=now))
        return len(running)

    def release(self, transaction: MemoryTransaction, job_id: JobId, now: datetime) -> Job:
        """Let it go on. Raises `UnknownJob`, `NotAllowed`."""
        return self._let_go(transaction, self._ledger.get(job_id), now, moves.released)

    def deny(self, transaction: MemoryTransaction, job_id: JobId, now: datetime) -> Job:
        """Let it go on as never sent. Raises `UnknownJob`, `NotAllowed`."""
        return self._let_go(transaction, self._ledger.get(job_id), now, moves.denied)

    def _let_go(
        self, transaction: MemoryTransaction, job: Job, now: datetime, move: Callable[..., Job]
    ) -> Job:
        """Behind earlier jobs and a shut gate, if there are any."""
        opened_by_time = job.gate_opens_at is not None and job.gate_opens_at <= now
        is_shut = job.sequence in self._ledger.shut and not opened_by_time
        is_clear = not is_shut and not self._ledger.earlier(job.sequence)
        after = move(job, now, is_clear=is_clear)
        if not is_shut:
            transaction.drop(self._ledger.shut, job.sequence)
        return self._ledger.settle(transaction, after, now)

    def hold(self, transaction: MemoryTransaction, job_id: JobId, reason: str, now: datetime) -> Job:
        """Stop it. Raises `UnknownJob`, `NotAllowed`."""
        return self._ledger.settle(transaction, moves.held(self._ledger.get(job_id), reason, now), now)

    def cancel(self, transaction: MemoryTransaction, job_id: JobId, now: datetime) -> Job:
        """Withdraw it and let its followers go. Raises `UnknownJob`, `NotAllowed`."""
        return self._ledger.settle(transaction, moves.cancelled(self._ledger.get(job_id), now), now)

    def confirm(self, transaction: MemoryTransaction, job_id: JobId, now: datetime) -> Job:
        """It is there: let its followers go. Raises `UnknownJob`, `NotAllowed`."""
        return self._ledger.settle(transaction, moves.confirmed(self._ledger.get(job_id), now), now)

    def make_bulk(self, transaction: MemoryTransaction, job_id: JobId, party: str, now: datetime) -> Job:
        """Unless a live job waits behind it. Raises `UnknownJob`."""
        job = self._ledger.get(job_id)
        if not can_change(job, Track.BULK) or self._ledger.live_waits_behind(job.sequence):
            return job
        share = (job.lane, party)
        turn = self._ledger.reserve(transaction, {share: 1})[share]
        transaction.drop(self._ledger.leads, job.sequence)
        return self._ledger.settle(transaction, as_bulk(job, party, turn), now)

    def make_live(self, transaction: MemoryTransaction, job_id: JobId, now: datetime) -> Job:
        """What stands before it becomes as urgent. Raises `UnknownJob`."""
        job = self._ledger.get(job_id)
        if not can_change(job, Track.LIVE):
            return job
        rank = microseconds(job.due_at)
        keys = self._ledger.keys[job.sequence]
        self._ledger.pull(transaction, [Pull(key, job.sequence, rank) for key in keys], now)
        return self._ledger.settle(transaction, as_live(job), now)

    def get_lane(self, transaction: MemoryTransaction, lane: Lane) -> LaneHealth:
        """A lane nobody has heard of is healthy."""
        transaction.require_open()
        known = self._ledger.lanes.get(lane)
        return LaneHealth(lane) if known is None else known

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


def _each(leases: Sequence[Lease], act: Callable[[Lease], object]) -> list[Lease]:
    """Do it for each; those that are lost."""
    lost: list[Lease] = []
    for lease in leases:
        try:
            act(lease)
        except LeaseLost:
            lost.append(lease)
    return lost
