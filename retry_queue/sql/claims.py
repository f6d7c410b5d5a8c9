"""What a worker needs: claim, announce, keep, give back. What it found out is recorded in `completions`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Executable,
    Update,
    bindparam,
    case,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from retry_queue.errors import LeaseLost
from retry_queue.job import Job, Lane, Lease, Track
from retry_queue.job_copy import leases_from
from retry_queue.rank import instant, microseconds
from retry_queue.sql.heads import Heads, lower, places_of
from retry_queue.sql.rows import JOB_COLUMNS, in_state, is_leased, is_ready, job_of
from retry_queue.sql.rowsets import DIALECTS, POSTGRES, SQLITE, Rowset
from retry_queue.sql.taking import CLAIM_BULK, CLAIM_IN_TIME, CLAIM_LATE, NOW_RANK, Taking, on_track, take
from retry_queue.states import State
from retry_queue.store import Appetite, Settled
from retry_queue.tables import queue_jobs, queue_turns

_SERVED = {
    name: insert.on_conflict_do_update(
        index_elements=["lane"],
        set_={"served": insert.excluded.served},
        where=queue_turns.c.served < insert.excluded.served,
    )
    for name, insert in (
        (POSTGRES, postgresql.insert(queue_turns)),
        (SQLITE, sqlite.insert(queue_turns)),
    )
}
_NEAREST = (
    select(queue_jobs.c.rank)
    .where(
        queue_jobs.c.lane == bindparam("in_lane"),
        on_track(Track.LIVE),
        is_ready(),
        queue_jobs.c.rank > NOW_RANK,
    )
    .order_by(queue_jobs.c.rank)
    .limit(1)
)
_COUNT_LEASED = (
    select(queue_jobs.c.track, func.count())
    .where(in_state(State.LEASED), queue_jobs.c.lane == bindparam("in_lane"))
    .group_by(queue_jobs.c.track)
)

_LEASES = Rowset(sequence=BigInteger, fence=BigInteger)


def _still_held(dialect: str) -> tuple[ColumnElement[bool], ...]:
    given = _LEASES.source(dialect)
    return queue_jobs.c.sequence == given.c.sequence, queue_jobs.c.fence == given.c.fence, is_leased()


def _of_leases(dialect: str, *, live: bool) -> Update:
    statement = update(queue_jobs).where(*_still_held(dialect))
    return statement.where(queue_jobs.c.lease_until > bindparam("now")) if live else statement


_MARK = {
    each: _of_leases(each, live=True)
    .values(maybe_sent=True, updated_at=bindparam("now"))
    .returning(queue_jobs.c.sequence)
    for each in DIALECTS
}
_HELD = {each: select(queue_jobs.c.sequence).where(*_still_held(each)) for each in DIALECTS}
_EXTEND = {
    each: _of_leases(each, live=True)
    .values(lease_until=bindparam("new_lease_until"), updated_at=bindparam("now"))
    .returning(queue_jobs.c.sequence)
    for each in DIALECTS
}
_GIVE_BACK = {
    each: _of_leases(each, live=False)
    .values(
        state=case((queue_jobs.c.maybe_sent, State.UNKNOWN.value), else_=State.QUEUED.value),
        lease_until=None,
        updated_at=bindparam("now"),
    )
    .returning(*JOB_COLUMNS)
    for each in DIALECTS
}


class SqlClaims:
    """The worker's part of the port, but for completions."""

    def __init__(self, heads: Heads) -> None:
        self._heads = heads

    def claim(
        self,
        transaction: Connection,
        lane: Lane,
        worker: str,
        appetite: Appetite,
        now: datetime,
        lease_until: datetime,
    ) -> Sequence[Lease]:
        """Lease what may go: live before late before bulk, each by rank."""
        dialect = transaction.dialect.name
        taking = Taking(lane, worker, now, lease_until)
        jobs: list[Job] = []
        for statement in (CLAIM_IN_TIME, CLAIM_LATE):
            if len(jobs) < appetite.jobs:
                jobs += take(transaction, statement[dialect], taking, appetite.jobs - len(jobs))
        self._heads.advance(transaction, lane, Track.LIVE, len(jobs), microseconds(now))
        bulk_jobs = min(appetite.bulk_jobs, appetite.jobs - len(jobs))
        if bulk_jobs > 0:
            bulk = take(transaction, CLAIM_BULK[dialect], taking, bulk_jobs)
            if bulk:
                transaction.execute(_SERVED[dialect], {"lane": lane, "served": bulk[-1].rank})
                self._heads.advance(transaction, lane, Track.BULK, len(bulk), microseconds(now))
            jobs += bulk
        return leases_from(jobs, worker)

    def count_leased(self, transaction: Connection, lane: Lane) -> Mapping[Track, int]:
        """How many jobs of the lane workers have."""
        counts = transaction.execute(_COUNT_LEASED, {"in_lane": lane})
        return {Track(track): jobs for track, jobs in counts}

    def nearest_due(self, transaction: Connection, lane: Lane, now: datetime) -> datetime | None:
        """The earliest rank after `now` of a live job that could be claimed."""
        values = {"in_lane": lane, "now_rank": microseconds(now)}
        rank = transaction.execute(_NEAREST, values).scalar_one_or_none()
        return None if rank is None else instant(rank)

    def mark_maybe_sent(self, transaction: Connection, lease: Lease, now: datetime) -> None:
        """Before the first byte leaves. Raises `LeaseLost`."""
        _require_none(self.mark_all_maybe_sent(transaction, (lease,), now))

    def mark_all_maybe_sent(
        self, transaction: Connection, leases: Sequence[Lease], now: datetime
    ) -> Sequence[Lease]:
        """As for one; says which are lost."""
        return _not_among(transaction, _MARK, leases, {"now": now})

    def extend(self, transaction: Connection, lease: Lease, lease_until: datetime, now: datetime) -> None:
        """Keep the lease a while longer. Raises `LeaseLost`."""
        _require_none(self.extend_all(transaction, (lease,), lease_until, now))

    def list_lost(self, transaction: Connection, leases: Sequence[Lease]) -> Sequence[Lease]:
        """Those that are not the job's lease any more."""
        return _not_among(transaction, _HELD, leases, {})

    def extend_all(
        self, transaction: Connection, leases: Sequence[Lease], lease_until: datetime, now: datetime
    ) -> Sequence[Lease]:
        """As for one; says which are lost."""
        return _not_among(transaction, _EXTEND, leases, {"now": now, "new_lease_until": lease_until})

    def give_back(self, transaction: Connection, lease: Lease, now: datetime) -> Job:
        """Put back what was not begun. Raises `LeaseLost`."""
        settled = self.give_back_all(transaction, (lease,), now)
        _require_none(settled.lost)
        return settled.jobs[0]

    def give_back_all(self, transaction: Connection, leases: Sequence[Lease], now: datetime) -> Settled:
        """As for one."""
        if not leases:
            return Settled((), ())
        dialect = transaction.dialect.name
        values = {**_LEASES.values(dialect, _numbers(leases)), "now": now}
        back = {row.sequence: job_of(row) for row in transaction.execute(_GIVE_BACK[dialect], values)}
        lower(transaction, places_of(back.values()))
        jobs = [back[lease.job.sequence] for lease in leases if lease.job.sequence in back]
        return Settled(jobs, [lease for lease in leases if lease.job.sequence not in back])


def _not_among(
    transaction: Connection,
    statements: Mapping[str, Executable],
    leases: Sequence[Lease],
    values: dict[str, object],
) -> Sequence[Lease]:
    if not leases:
        return ()
    dialect = transaction.dialect.name
    given = _LEASES.values(dialect, _numbers(leases))
    found = set(transaction.execute(statements[dialect], {**given, **values}).scalars().all())
    return [lease for lease in leases if lease.job.sequence not in found]


def _numbers(leases: Sequence[Lease]) -> list[tuple[int, int]]:
    """In one order, so that two batches do not wait for each other in a circle."""
    return sorted((lease.job.sequence, lease.job.fence) for lease in leases)


def _require_none(lost: Sequence[Lease]) -> None:
    if lost:
        raise LeaseLost(lost[0].job.job_id)
