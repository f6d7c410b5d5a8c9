"""Keys of unfinished jobs, and letting go on whatever stood behind a finished one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, exists, func, select, text, update

from retry_queue.job import JobId, Lane
from retry_queue.sql.locks import needs_locks
from retry_queue.sql.rows import batches, in_state
from retry_queue.states import Cause, State, states_before
from retry_queue.tables import queue_job_keys, queue_jobs

_mine = queue_job_keys.alias("mine")
_earlier = queue_job_keys.alias("earlier")

_EARLIER_SHARES_A_KEY = (_earlier.c.lane == _mine.c.lane) & (
    (_earlier.c.ordering_key == _mine.c.ordering_key) & (_earlier.c.sequence < _mine.c.sequence)
)
_SOMETHING_IS_EARLIER = exists(
    select(1)
    .select_from(_mine.join(_earlier, _EARLIER_SHARES_A_KEY))
    .where(_mine.c.sequence == queue_jobs.c.sequence)
    .correlate(queue_jobs)
)

_LOCK_FOLLOWERS = (
    select(queue_jobs.c.sequence)
    .where(queue_jobs.c.sequence.in_(bindparam("sequences", expanding=True)))
    .order_by(queue_jobs.c.sequence)
    .with_for_update()
)
_CLEAR_WAY = (
    update(queue_jobs)
    .where(
        queue_jobs.c.sequence.in_(bindparam("sequences", expanding=True)),
        in_state(*states_before(Cause.WAY_CLEARED)),
        text("NOT queue_jobs.gate_shut"),
        ~_SOMETHING_IS_EARLIER,
    )
    .values(state=State.QUEUED.value, updated_at=bindparam("now"))
)
_DELETE_KEYS = (
    delete(queue_job_keys)
    .where(queue_job_keys.c.sequence == bindparam("sequence"))
    .returning(queue_job_keys.c.ordering_key)
)
_HEADS = (
    select(func.min(queue_job_keys.c.sequence))
    .where(
        queue_job_keys.c.lane == bindparam("lane"),
        queue_job_keys.c.ordering_key.in_(bindparam("keys", expanding=True)),
    )
    .group_by(queue_job_keys.c.ordering_key)
)
_IS_BLOCKED = select(
    exists(
        select(1)
        .select_from(_mine.join(_earlier, _EARLIER_SHARES_A_KEY))
        .where(_mine.c.sequence == bindparam("sequence"))
    )
)
_BLOCKERS = (
    select(queue_jobs.c.job_id)
    .where(
        queue_jobs.c.sequence.in_(
            select(_earlier.c.sequence)
            .select_from(_mine.join(_earlier, _EARLIER_SHARES_A_KEY))
            .where(
                _mine.c.sequence
                == select(queue_jobs.c.sequence)
                .where(queue_jobs.c.job_id == bindparam("job_id"))
                .correlate(None)
                .scalar_subquery()
            )
        )
    )
    .order_by(queue_jobs.c.sequence)
    .limit(bindparam("limit"))
)


def clear_way(transaction: Connection, sequences: Iterable[int], now: datetime) -> None:
    """Queue those of the waiting jobs that nothing holds back any more.

    Two blockers of one job may be finished at the same time under different keys: the second one waits at the
    follower's row and then, in a new statement, sees that the first is gone.
    """
    for some in batches(sorted(set(sequences))):
        if needs_locks(transaction):
            transaction.execute(_LOCK_FOLLOWERS, {"sequences": some})
        transaction.execute(_CLEAR_WAY, {"sequences": some, "now": now})


def let_followers_go(transaction: Connection, lane: Lane, sequence: int, now: datetime) -> None:
    """Drop the keys of a finished job; whoever is first of such a key now may be free."""
    keys = transaction.execute(_DELETE_KEYS, {"sequence": sequence}).scalars().all()
    for some in batches(keys):
        heads = transaction.execute(_HEADS, {"lane": lane, "keys": some}).scalars().all()
        clear_way(transaction, heads, now)


def is_blocked(transaction: Connection, sequence: int) -> bool:
    """Whether an earlier unfinished job shares a key."""
    return bool(transaction.execute(_IS_BLOCKED, {"sequence": sequence}).scalar_one())


def blockers(transaction: Connection, job_id: JobId, limit: int) -> Sequence[JobId]:
    """The earlier unfinished jobs that share a key, earliest first."""
    found = transaction.execute(_BLOCKERS, {"job_id": job_id, "limit": limit})
    return [JobId(name) for name in found.scalars()]
