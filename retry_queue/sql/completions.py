"""Recording what became of leased jobs: one statement for a whole batch, fenced row by row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Connection, Integer, Text, Update, bindparam, update

from retry_queue import moves
from retry_queue.errors import LeaseLost
from retry_queue.job import Job, Lease, Track
from retry_queue.rank import microseconds
from retry_queue.sql.followers import let_followers_go
from retry_queue.sql.heads import lower, places_of
from retry_queue.sql.locks import lock_sequences
from retry_queue.sql.rows import is_leased
from retry_queue.sql.rowsets import DIALECTS, Rowset
from retry_queue.store import Settled
from retry_queue.tables import queue_jobs
from retry_queue.verdict import Done, Verdict

_OUTCOMES = Rowset(
    sequence=BigInteger,
    fence=BigInteger,
    state=Text,
    attempts=Integer,
    asks=Integer,
    maybe_sent=Boolean,
    next_attempt_at=BigInteger,
    held_reason=Text,
    finished_at=BigInteger,
)


def _settle(dialect: str) -> Update:
    given = _OUTCOMES.source(dialect)
    return (
        update(queue_jobs)
        .where(
            queue_jobs.c.sequence == given.c.sequence,
            queue_jobs.c.fence == given.c.fence,
            is_leased(),
        )
        .values(
            state=given.c.state,
            attempts=given.c.attempts,
            asks=given.c.asks,
            maybe_sent=given.c.maybe_sent,
            next_attempt_at=given.c.next_attempt_at,
            held_reason=given.c.held_reason,
            finished_at=given.c.finished_at,
            lease_until=None,
            updated_at=bindparam("now"),
        )
        .returning(queue_jobs.c.sequence, queue_jobs.c.track, queue_jobs.c.rank)
    )


_SETTLE = {each: _settle(each) for each in DIALECTS}


class SqlCompletions:
    """The recording part of the port."""

    def complete(self, transaction: Connection, lease: Lease, verdict: Verdict, now: datetime) -> Job:
        """Apply the verdict. Raises `LeaseLost`."""
        settled = self.complete_all(transaction, ((lease, verdict),), now)
        if settled.lost:
            raise LeaseLost(lease.job.job_id)
        return settled.jobs[0]

    def complete_all(
        self, transaction: Connection, outcomes: Sequence[tuple[Lease, Verdict]], now: datetime
    ) -> Settled:
        """As for one; a lost lease harms none of the others."""
        if not outcomes:
            return Settled((), ())
        ending = [lease.job.sequence for lease, verdict in outcomes if isinstance(verdict, Done)]
        may_have_keys = bool(ending) and lock_sequences(transaction, ending)
        steps = [moves.completed(lease.job, verdict, now) for lease, verdict in outcomes]
        found = _write(transaction, steps, now)
        if may_have_keys:
            let_followers_go(transaction, [each for each in ending if each in found], now)
        # A follower may have pulled at the job since it was claimed: its rank is as stored.
        jobs = [_as_ranked(job, *found[job.sequence]) for job in steps if job.sequence in found]
        lower(transaction, places_of(jobs))
        return Settled(jobs, [lease for lease, _ in outcomes if lease.job.sequence not in found])


def _as_ranked(job: Job, track: str, rank: int) -> Job:
    return job if rank == job.rank and track == job.track else replace(job, track=Track(track), rank=rank)


def _write(transaction: Connection, steps: Sequence[Job], now: datetime) -> dict[int, tuple[str, int]]:
    """Track and rank of those whose lease still stood."""
    dialect = transaction.dialect.name
    rows = sorted(
        (
            job.sequence,
            job.fence,
            job.state.value,
            job.attempts,
            job.asks,
            job.maybe_sent,
            None if job.next_attempt_at is None else microseconds(job.next_attempt_at),
            job.held_reason,
            None if job.finished_at is None else microseconds(job.finished_at),
        )
        for job in steps
    )
    values = {**_OUTCOMES.values(dialect, rows), "now": now}
    written = transaction.execute(_SETTLE[dialect], values)
    return {sequence: (track, rank) for sequence, track, rank in written}
