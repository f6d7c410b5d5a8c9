"""The queue's dictionaries and the steps that keep them in agreement."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from retry_queue import moves
from retry_queue.entry import Entry, LaneKey, Share, lane_keys
from retry_queue.errors import LeaseLost, UnknownJob
from retry_queue.job import Fence, GateKey, Job, JobId, Lane, Lease, Track
from retry_queue.job_copy import changed
from retry_queue.memory.indexes import Indexes
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.pull import Pull, Stands, pulled
from retry_queue.rank import microseconds
from retry_queue.states import State
from retry_queue.store import LaneHealth


class Ledger:
    """Every job by its sequence, and who stands in which line."""

    def __init__(self) -> None:
        self.jobs: dict[int, Job] = {}
        self.indexes = Indexes()
        self.sequences: dict[JobId, int] = {}
        self.keys: dict[int, frozenset[LaneKey]] = {}
        """Of unfinished jobs only."""
        self.lines: dict[LaneKey, dict[int, None]] = {}
        """The unfinished jobs of each key."""
        self.shut: dict[int, None] = {}
        """Unfinished jobs whose gate is shut."""
        self.opened: dict[GateKey, datetime] = {}
        self.leads: dict[int, None] = {}
        """Live jobs to be looked at when their rank has passed, because live ones wait behind them."""
        self.turns: dict[Share, int] = {}
        """The next free turn of each party."""
        self.served: dict[Lane, int] = {}
        """The turn that the bulk work of a lane has come to."""
        self.lanes: dict[Lane, LaneHealth] = {}
        self._last_sequence = 0

    @property
    def next_sequence(self) -> int:
        """Every job known so far has a lower one."""
        return self._last_sequence + 1

    def add(self, transaction: MemoryTransaction, entry: Entry, now: datetime) -> None:
        """A number is used once, also when the transaction is rolled back."""
        self._last_sequence += 1
        job = _new_job(entry, self._last_sequence, now)
        keys = frozenset(lane_keys(entry.job))
        transaction.put(self.sequences, job.job_id, job.sequence)
        transaction.put(self.keys, job.sequence, keys)
        for key in keys:
            if key not in self.lines:
                transaction.put(self.lines, key, {})
            transaction.put(self.lines[key], job.sequence, None)
        if entry.gate_shut:
            transaction.put(self.shut, job.sequence, None)
        if entry.leads:
            transaction.put(self.leads, job.sequence, None)
        self.put(transaction, job)

    def put(self, transaction: MemoryTransaction, job: Job) -> None:
        """Store it, after its marks: the indexes follow."""
        transaction.put(self.jobs, job.sequence, job)
        leads, shut = job.sequence in self.leads, job.sequence in self.shut
        self.indexes.put(transaction, job, leads=leads, shut=shut)

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
        if after.state.is_final:
            transaction.drop(self.shut, after.sequence)
            transaction.drop(self.leads, after.sequence)
        self.put(transaction, after)
        if after.state.is_final:
            self._leave_lines(transaction, after.sequence, now)
        return after

    def open(self, transaction: MemoryTransaction, sequence: int) -> None:
        """Its gate is open."""
        transaction.drop(self.shut, sequence)
        self.put(transaction, self.jobs[sequence])

    def clear_way(self, transaction: MemoryTransaction, sequence: int, now: datetime) -> None:
        """Queue a waiting job that nothing holds back any more."""
        job = self.jobs[sequence]
        if job.state is State.WAITING and sequence not in self.shut and not self.earlier(sequence):
            self.put(transaction, moves.way_cleared(job, now))

    def earlier(self, sequence: int) -> Sequence[int]:
        """The unfinished jobs before this one that share a key."""
        lines = (self.lines[key] for key in self.keys.get(sequence, frozenset()))
        return sorted({other for line in lines for other in line if other < sequence})

    def live_waits_behind(self, sequence: int) -> bool:
        """Whether a later live job shares a key."""
        lines = (self.lines[key] for key in self.keys[sequence])
        return any(
            other > sequence and self.jobs[other].track is Track.LIVE for line in lines for other in line
        )

    def reserve(self, transaction: MemoryTransaction, needs: Mapping[Share, int]) -> dict[Share, int]:
        """The first of so many turns for each party: behind its own, and not before what is served now."""
        first: dict[Share, int] = {}
        for share, turns in needs.items():
            first[share] = max(self.turns.get(share, 0), self.served.get(share[0], 0))
            transaction.put(self.turns, share, first[share] + turns)
        return first

    def pull(self, transaction: MemoryTransaction, pulls: Iterable[Pull], now: datetime) -> None:
        """Who stands before an urgent job becomes as urgent, along chains too."""
        for sequence, rank in pulled(pulls, LedgerLines(self, now), now).items():
            transaction.put(self.leads, sequence, None)
            self.put(transaction, changed(self.jobs[sequence], track=Track.LIVE, rank=rank))

    def rerank(self, transaction: MemoryTransaction, late: Sequence[int], now: datetime) -> None:
        """Look once at jobs whose rank has passed."""
        for sequence in late:
            transaction.drop(self.leads, sequence)
            self.put(transaction, self.jobs[sequence])
        self.pull(transaction, LedgerLines(self, now).behind(late), now)

    def _leave_lines(self, transaction: MemoryTransaction, sequence: int, now: datetime) -> None:
        keys = self.keys[sequence]
        transaction.drop(self.keys, sequence)
        for key in keys:
            transaction.drop(self.lines[key], sequence)
        heads = {min(self.lines[key]) for key in keys if self.lines[key]}
        for key in keys:
            if not self.lines[key]:
                transaction.drop(self.lines, key)
        for head in sorted(heads):
            self.clear_way(transaction, head, now)


class LedgerLines:
    """The ledger as the rule of urgency sees it."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self._ledger = ledger
        self._now_rank = microseconds(now)

    def reached(self, pulls: Sequence[Pull]) -> Iterator[Stands]:
        """Who stands there."""
        for pull in pulls:
            for sequence in self._ledger.lines.get(pull.key, ()):
                if sequence < pull.below:
                    job, leads = self._ledger.jobs[sequence], sequence in self._ledger.leads
                    yield Stands(pull, sequence, job.track, job.rank, microseconds(job.due_at), leads)

    def keys_of(self, sequences: Sequence[int]) -> Mapping[int, Iterable[LaneKey]]:
        """All lines in which they stand."""
        return {sequence: self._ledger.keys[sequence] for sequence in sequences}

    def behind(self, sequences: Sequence[int]) -> Iterator[Pull]:
        """How each of them is pulled at by the live jobs behind it that are in time."""
        for sequence in sequences:
            for key in self._ledger.keys[sequence]:
                later = [self._ledger.jobs[each] for each in self._ledger.lines[key] if each > sequence]
                ranks = [job.rank for job in later if job.track is Track.LIVE and job.rank > self._now_rank]
                if ranks:
                    yield Pull(key, sequence + 1, min(ranks))


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
        track=entry.track,
        party=new.party,
        rank=entry.rank,
    )
