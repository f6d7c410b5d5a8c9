"""What must happen when time passes. Keys are locked before rows, so that nobody waits in a circle."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Connection, Update, bindparam, case, select, text, update

from retry_queue.job import JobId, Lane
from retry_queue.rank import microseconds
from retry_queue.sql.followers import clear_way
from retry_queue.sql.heads import lower
from retry_queue.sql.locks import lock_all
from retry_queue.sql.rows import batches, in_state
from retry_queue.sql.urgency import SqlLines, pull
from retry_queue.states import Cause, State, states_before
from retry_queue.tables import queue_jobs

_LATER_DUE = (
    select(queue_jobs.c.sequence)
    .where(text("queue_jobs.next_attempt_at IS NOT NULL"), queue_jobs.c.next_attempt_at <= bindparam("now"))
    .order_by(queue_jobs.c.next_attempt_at, queue_jobs.c.sequence)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_PROMOTE = (
    update(queue_jobs)
    .where(queue_jobs.c.sequence.in_(select(_LATER_DUE.c.sequence)))
    .values(
        state=case((in_state(*states_before(Cause.TIME_CAME)), State.QUEUED.value), else_=queue_jobs.c.state),
        next_attempt_at=None,
        updated_at=bindparam("now"),
    )
)
_ASKED_LATER = (
    select(queue_jobs.c.sequence)
    .where(
        text("queue_jobs.next_attempt_at IS NOT NULL"),
        queue_jobs.c.next_attempt_at > bindparam("now"),
        queue_jobs.c.lane == bindparam("of_lane"),
        in_state(State.UNKNOWN),
    )
    .order_by(queue_jobs.c.next_attempt_at, queue_jobs.c.sequence)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("asked_later")
)
_ASK_SOON = (
    update(queue_jobs)
    .where(queue_jobs.c.sequence.in_(select(_ASKED_LATER.c.sequence)))
    .values(next_attempt_at=bindparam("now"), updated_at=bindparam("now"))
)
_GATES_DUE = (
    select(queue_jobs.c.job_id)
    .where(
        text("queue_jobs.gate_shut"),
        in_state(*states_before(Cause.WAY_CLEARED)),
        queue_jobs.c.gate_opens_at <= bindparam("now"),
    )
    .order_by(queue_jobs.c.gate_opens_at, queue_jobs.c.sequence)
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
    .order_by(queue_jobs.c.lease_until, queue_jobs.c.sequence)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("expired")
)
_RESCUE = (
    update(queue_jobs)
    .where(queue_jobs.c.sequence.in_(select(_EXPIRED.c.sequence)))
    .values(
        state=case((queue_jobs.c.maybe_sent, State.UNKNOWN.value), else_=State.QUEUED.value),
        lease_until=None,
        updated_at=bindparam("now"),
    )
)


_LEADING_LATE = (
    select(queue_jobs.c.sequence)
    .where(
        text("queue_jobs.leads AND queue_jobs.finished_at IS NULL"),
        queue_jobs.c.rank <= bindparam("now_rank", type_=BigInteger),
    )
    .order_by(queue_jobs.c.rank, queue_jobs.c.sequence)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("late")
)
_LOOKED_AT = (
    update(queue_jobs)
    .where(queue_jobs.c.sequence.in_(select(_LEADING_LATE.c.sequence)))
    .values(leads=False)
    .returning(queue_jobs.c.sequence)
)
_END_LEASES = (
    update(queue_jobs)
    .where(in_state(*states_before(Cause.LEASE_EXPIRED)), queue_jobs.c.lease_until > bindparam("now"))
    .values(lease_until=bindparam("now"))
)
_PLACE = (queue_jobs.c.lane, queue_jobs.c.track, queue_jobs.c.rank)


class SqlUpkeep:
    """The part of the port that time drives."""

    def promote_due(self, transaction: Connection, now: datetime, limit: int) -> int:
        """Gates and deferred jobs whose instant has come; says how many."""
        opened = self._open_by_time(transaction, now, limit)
        if opened >= limit:
            return opened
        return opened + _readied(transaction, _PROMOTE, {"now": now, "limit": limit - opened})

    def rerank_overdue(self, transaction: Connection, now: datetime, limit: int) -> int:
        """Late jobs that hold up others which can still be in time; says at how many it has looked."""
        values = {"now_rank": microseconds(now), "limit": limit}
        late = transaction.execute(_LOOKED_AT, values).scalars().all()
        if late:
            pull(transaction, SqlLines(transaction, now).behind(late), now)
        return len(late)

    def ask_soon(self, transaction: Connection, lane: Lane, now: datetime, limit: int) -> int:
        """Questions of the lane that would be put later; says how many."""
        return transaction.execute(_ASK_SOON, {"now": now, "of_lane": lane, "limit": limit}).rowcount

    def rescue_expired(self, transaction: Connection, now: datetime, limit: int) -> int:
        """Jobs of vanished workers; says how many."""
        return _readied(transaction, _RESCUE, {"now": now, "limit": limit})

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


def _readied(transaction: Connection, statement: Update, values: dict[str, object]) -> int:
    """All that it moves may go now; says how many."""
    moved = transaction.execute(statement.returning(*_PLACE), values).all()
    lower(transaction, [(lane, track, rank) for lane, track, rank in moved])
    return len(moved)
