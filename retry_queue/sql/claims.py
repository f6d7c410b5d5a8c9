"""What a worker needs: claim, announce, complete."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, Update, bindparam, select, union_all, update

from retry_queue import moves
from retry_queue.errors import LeaseLost
from retry_queue.job import Job, Lane, Lease
from retry_queue.sql.followers import let_followers_go
from retry_queue.sql.locks import lock_all
from retry_queue.sql.rows import JOB_COLUMNS, find_for_change, in_state, job_of, save
from retry_queue.states import State
from retry_queue.tables import queue_jobs
from retry_queue.verdict import Done, Verdict


def _candidates(state: State) -> Select[tuple[int, datetime]]:
    """The earliest due of a state; rows that another worker is just taking are passed over."""
    return (
        select(queue_jobs.c.sequence, queue_jobs.c.due_at)
        .where(queue_jobs.c.lane == bindparam("in_lane"), in_state(state))
        .order_by(queue_jobs.c.due_at, queue_jobs.c.sequence)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )


def _claim_statement() -> Update:
    """The order of the `queued` branch is that of its partial index."""
    queued = _candidates(State.QUEUED).cte("ready_to_send")
    unknown = (
        _candidates(State.UNKNOWN).where(queue_jobs.c.next_attempt_at <= bindparam("now")).cte("ready_to_ask")
    )
    ready = union_all(select(queued), select(unknown)).subquery("ready")
    chosen = select(ready.c.sequence).order_by(ready.c.due_at, ready.c.sequence).limit(bindparam("limit"))
    return (
        update(queue_jobs)
        .where(queue_jobs.c.sequence.in_(chosen.scalar_subquery()))
        .values(
            state=State.LEASED.value,
            fence=queue_jobs.c.fence + 1,
            lease_until=bindparam("new_lease_until"),
            leased_by=bindparam("worker"),
            next_attempt_at=None,
            updated_at=bindparam("now"),
        )
    )


_CLAIM = _claim_statement().returning(*JOB_COLUMNS)
_MY_LIVE_LEASE = (
    queue_jobs.c.sequence == bindparam("at_sequence"),
    queue_jobs.c.fence == bindparam("my_fence"),
    in_state(State.LEASED),
    queue_jobs.c.lease_until > bindparam("now"),
)
_MARK = update(queue_jobs).where(*_MY_LIVE_LEASE).values(maybe_sent=True, updated_at=bindparam("now"))
_EXTEND = (
    update(queue_jobs)
    .where(*_MY_LIVE_LEASE)
    .values(lease_until=bindparam("new_lease_until"), updated_at=bindparam("now"))
)


class SqlClaims:
    """The worker's part of the port."""

    def claim(
        self,
        transaction: Connection,
        lane: Lane,
        worker: str,
        limit: int,
        now: datetime,
        lease_until: datetime,
    ) -> Sequence[Lease]:
        """Lease the earliest due jobs that may go."""
        values = {
            "in_lane": lane,
            "worker": worker,
            "limit": limit,
            "now": now,
            "new_lease_until": lease_until,
        }
        jobs = [job_of(row) for row in transaction.execute(_CLAIM, values)]
        return [Lease(job, worker) for job in sorted(jobs, key=lambda job: (job.due_at, job.sequence))]

    def mark_maybe_sent(self, transaction: Connection, lease: Lease, now: datetime) -> None:
        """Before the first byte leaves. Raises `LeaseLost`."""
        _require(transaction.execute(_MARK, _lease_values(lease, now)).rowcount, lease)

    def extend(self, transaction: Connection, lease: Lease, lease_until: datetime, now: datetime) -> None:
        """Keep the lease a while longer. Raises `LeaseLost`."""
        values = {**_lease_values(lease, now), "new_lease_until": lease_until}
        _require(transaction.execute(_EXTEND, values).rowcount, lease)

    def complete(self, transaction: Connection, lease: Lease, verdict: Verdict, now: datetime) -> Job:
        """Apply the verdict. Raises `LeaseLost`."""
        if isinstance(verdict, Done):
            lock_all(transaction, job_ids=(lease.job.job_id,))
        after = moves.completed(lease.job, verdict, now)
        _require(int(save(transaction, lease.job, after)), lease)
        if after.state.is_final:
            let_followers_go(transaction, after.lane, after.sequence, now)
        return after

    def give_back(self, transaction: Connection, lease: Lease, now: datetime) -> Job:
        """Put back what was not begun. Raises `LeaseLost`."""
        found = find_for_change(transaction, lease.job.job_id, now)
        if found is None or found[0].state is not State.LEASED or found[0].fence != lease.job.fence:
            raise LeaseLost(lease.job.job_id)
        after = moves.given_back(found[0], now)
        save(transaction, found[0], after)
        return after


def _lease_values(lease: Lease, now: datetime) -> dict[str, object]:
    return {"at_sequence": lease.job.sequence, "my_fence": lease.job.fence, "now": now}


def _require(rows: int, lease: Lease) -> None:
    if rows != 1:
        raise LeaseLost(lease.job.job_id)
