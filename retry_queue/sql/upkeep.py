"""What must happen when time passes. Keys are locked before rows, so that nobody waits in a circle."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, select, text, update

from retry_queue.job import JobId
from retry_queue.sql.followers import clear_way
from retry_queue.sql.locks import lock_all
from retry_queue.sql.rows import batches, in_state
from retry_queue.states import Cause, State, states_before
from retry_queue.tables import queue_jobs

_DEFERRED_DUE = (
    select(queue_jobs.c.sequence)
    .where(in_state(*states_before(Cause.TIME_CAME)), queue_jobs.c.next_attempt_at <= bindparam("now"))
    .order_by(queue_jobs.c.next_attempt_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_PROMOTE = (
    update(queue_jobs)
    .where(queue_jobs.c.sequence.in_(select(_DEFERRED_DUE.c.sequence)))
    .values(state=State.QUEUED.value, next_attempt_at=None, updated_at=bindparam("now"))
)
_GATES_DUE = (
    select(queue_jobs.c.job_id)
    .where(
        text("queue_jobs.gate_shut"),
        in_state(*states_before(Cause.WAY_CLEARED)),
        queue_jobs.c.gate_opens_at <= bindparam("now"),
    )
    .order_by(queue_jobs.c.gate_opens_at)
    .limit(bindparam("limit"))
)
_UNSHUT = (
    update(queue_jobs)
    .where(
        text("queue_jobs.gate_shut"),
        in_state(*states_before(Cause.WAY_CLEARED)),
        queue_jobs.c.job_id.in_(bindparam("job_ids", expanding=True)),
    )
    .values(gate_shut=False)
    .returning(queue_jobs.c.sequence)
)
_EXPIRED = (
    select(queue_jobs.c.sequence)
    .where(in_state(*states_before(Cause.LEASE_EXPIRED)), queue_jobs.c.lease_until <= bindparam("now"))
    .order_by(queue_jobs.c.lease_until)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("expired")
)
_RESCUE = (
    update(queue_jobs)
    .where(queue_jobs.c.sequence.in_(select(_EXPIRED.c.sequence)))
    .values(
        state=case((queue_jobs.c.maybe_sent, State.UNKNOWN.value), else_=State.QUEUED.value),
        next_attempt_at=case((queue_jobs.c.maybe_sent, bindparam("now")), else_=None),
        lease_until=None,
        updated_at=bindparam("now"),
    )
)


_END_LEASES = (
    update(queue_jobs)
    .where(in_state(*states_before(Cause.LEASE_EXPIRED)), queue_jobs.c.lease_until > bindparam("now"))
    .values(lease_until=bindparam("now"))
)


class SqlUpkeep:
    """The part of the port that time drives."""

    def promote_due(self, transaction: Connection, now: datetime, limit: int) -> int:
        """Gates and deferred jobs whose instant has come; says how many."""
        opened = self._open_by_time(transaction, now, limit)
        if opened >= limit:
            return opened
        return opened + transaction.execute(_PROMOTE, {"now": now, "limit": limit - opened}).rowcount

    def rescue_expired(self, transaction: Connection, now: datetime, limit: int) -> int:
        """Jobs of vanished workers; says how many."""
        return transaction.execute(_RESCUE, {"now": now, "limit": limit}).rowcount

    def end_leases(self, transaction: Connection, now: datetime) -> int:
        """Every lease ends now; says how many."""
        return transaction.execute(_END_LEASES, {"now": now}).rowcount

    def _open_by_time(self, transaction: Connection, now: datetime, limit: int) -> int:
        """What is still shut after the locks are held is opened."""
        names: Sequence[str] = transaction.execute(_GATES_DUE, {"now": now, "limit": limit}).scalars().all()
        if not names:
            return 0
        lock_all(transaction, job_ids=[JobId(name) for name in names])
        opened = 0
        for some in batches(names):
            sequences = transaction.execute(_UNSHUT, {"job_ids": some}).scalars().all()
            clear_way(transaction, sequences, now)
            opened += len(sequences)
        return opened
