"""Recording what became of leased jobs: one statement for a whole batch, fenced row by row."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    Text,
    bindparam,
    cast,
    func,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.dml import ReturningUpdate

from retry_queue import moves
from retry_queue.errors import LeaseLost
from retry_queue.job import Job, Lease, Track
from retry_queue.job_copy import changed
from retry_queue.rank import microseconds
from retry_queue.settled_jobs import SettledJobs
from retry_queue.sql.followers import let_followers_go
from retry_queue.sql.heads import lower, places_of
from retry_queue.sql.locks import lock_sequences
from retry_queue.sql.rows import is_leased
from retry_queue.sql.rowsets import DIALECTS, POSTGRES, Rowset, array_literal
from retry_queue.states import State
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


def _settle(dialect: str) -> ReturningUpdate[int, str, int]:
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


_ENDS = Rowset(sequence=BigInteger, fence=BigInteger)


def _finished(*still_mine: ColumnElement[bool]) -> ReturningUpdate[int, str, int]:
    return (
        update(queue_jobs)
        .where(*still_mine, is_leased())
        .values(
            state=State.DONE.value,
            maybe_sent=False,
            finished_at=bindparam("now"),
            lease_until=None,
            updated_at=bindparam("now"),
        )
        .returning(queue_jobs.c.sequence, queue_jobs.c.track, queue_jobs.c.rank)
    )


def _finished_each(dialect: str) -> ReturningUpdate[int, str, int]:
    given = _ENDS.source(dialect)
    return _finished(queue_jobs.c.sequence == given.c.sequence, queue_jobs.c.fence == given.c.fence)


_SETTLE = {each: _settle(each) for each in DIALECTS}
_FINISH = {each: _finished_each(each) for each in DIALECTS}
FINISH_OF_ONE_FENCE = _finished(
    queue_jobs.c.sequence == func.any(cast(bindparam("numbers", type_=Text), ARRAY(BigInteger))),
    queue_jobs.c.fence == bindparam("of_fence"),
)
"""PostgreSQL only."""


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
        settle = _finish_all if len(ending) == len(outcomes) else _write_all
        found, jobs = settle(transaction, outcomes, now)
        if may_have_keys:
            let_followers_go(transaction, [each for each in ending if each in found], now)
        if len(found) == len(outcomes):
            return Settled(jobs, ())
        return Settled(jobs, [lease for lease, _ in outcomes if lease.job.sequence not in found])


Stored = dict[int, tuple[str, int]]
"""By number: track and rank of those whose lease still stood."""
Outcomes = Sequence[tuple[Lease, Verdict]]


def _write_all(transaction: Connection, outcomes: Outcomes, now: datetime) -> tuple[Stored, Sequence[Job]]:
    steps = [moves.completed(lease.job, verdict, now) for lease, verdict in outcomes]
    found = _write(transaction, steps, now)
    jobs = _as_stored(steps, found)
    lower(transaction, places_of(jobs))
    return found, jobs


def _finish_all(transaction: Connection, outcomes: Outcomes, now: datetime) -> tuple[Stored, Sequence[Job]]:
    """As `_write_all` for jobs that are all done: of these only the end is news, and none is ready."""
    before = [lease.job for lease, _ in outcomes]
    moves.require_may_be_done(before)
    found = _finish(transaction, before, now)
    verdict = Done()
    return found, SettledJobs(
        len(found), lambda: _as_stored([moves.completed(job, verdict, now) for job in before], found)
    )


def _as_stored(steps: Sequence[Job], found: Stored) -> Sequence[Job]:
    """A follower may have pulled at a job since it was claimed: its rank is as stored."""
    return [_as_ranked(job, *found[job.sequence]) for job in steps if job.sequence in found]


def _as_ranked(job: Job, track: str, rank: int) -> Job:
    return job if rank == job.rank and track == job.track else changed(job, track=Track(track), rank=rank)


def _write(transaction: Connection, steps: Sequence[Job], now: datetime) -> Stored:
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
    return _read(transaction, _SETTLE[dialect], values)


def _finish(transaction: Connection, jobs: Sequence[Job], now: datetime) -> Stored:
    """Jobs of one fence, as most are, are found by number in one walk through the index."""
    dialect = transaction.dialect.name
    fences = {job.fence for job in jobs}
    if dialect == POSTGRES and len(fences) == 1:
        numbers = array_literal(sorted(job.sequence for job in jobs))
        return _read(
            transaction, FINISH_OF_ONE_FENCE, {"numbers": numbers, "of_fence": fences.pop(), "now": now}
        )
    rows = sorted((job.sequence, job.fence) for job in jobs)
    return _read(transaction, _FINISH[dialect], {**_ENDS.values(dialect, rows), "now": now})


def _read(
    transaction: Connection, statement: ReturningUpdate[int, str, int], values: dict[str, object]
) -> Stored:
    written = transaction.execute(statement, values).all()
    return {sequence: (track, rank) for sequence, track, rank in written}
