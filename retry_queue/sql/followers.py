"""Keys of unfinished jobs, and letting go on whatever stood behind a finished one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Connection,
    Select,
    Text,
    bindparam,
    delete,
    exists,
    func,
    select,
    text,
    update,
)
from sqlalchemy.sql.dml import ReturningDelete

from retry_queue.job import JobId
from retry_queue.sql.heads import lower
from retry_queue.sql.locks import needs_locks
from retry_queue.sql.rows import batches, in_state
from retry_queue.sql.rowsets import DIALECTS, Rowset
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
    .returning(queue_jobs.c.lane, queue_jobs.c.track, queue_jobs.c.rank)
)
_FINISHED = Rowset(sequence=BigInteger)
_LINES = Rowset(lane=Text, ordering_key=Text)


def _delete_keys(dialect: str) -> ReturningDelete[str, str]:
    finished = select(_FINISHED.source(dialect).c.sequence)
    return (
        delete(queue_job_keys)
        .where(queue_job_keys.c.sequence.in_(finished))
        .returning(queue_job_keys.c.lane, queue_job_keys.c.ordering_key)
    )


def _heads(dialect: str) -> Select[int | None]:
    given = _LINES.source(dialect)
    first = (
        select(func.min(queue_job_keys.c.sequence))
        .where(queue_job_keys.c.lane == given.c.lane, queue_job_keys.c.ordering_key == given.c.ordering_key)
        .correlate(given)
        .scalar_subquery()
    )
    return select(first).select_from(given)


_DELETE_KEYS = {each: _delete_keys(each) for each in DIALECTS}
_HEADS = {each: _heads(each) for each in DIALECTS}
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
        cleared = transaction.execute(_CLEAR_WAY, {"sequences": some, "now": now})
        lower(transaction, [(lane, track, rank) for lane, track, rank in cleared])


def let_followers_go(transaction: Connection, finished: Sequence[int], now: datetime) -> None:
    """Drop the keys of finished jobs; whoever is first of such a key now may be free."""
    if not finished:
        return
    dialect = transaction.dialect.name
    given = _FINISHED.values(dialect, [(sequence,) for sequence in sorted(finished)])
    lines = sorted({(lane, key) for lane, key in transaction.execute(_DELETE_KEYS[dialect], given).all()})
    if not lines:
        return
    heads = transaction.execute(_HEADS[dialect], _LINES.values(dialect, lines)).scalars().all()
    clear_way(transaction, [head for head in heads if head is not None], now)


def is_blocked(transaction: Connection, sequence: int) -> bool:
    """Whether an earlier unfinished job shares a key."""
    return bool(transaction.execute(_IS_BLOCKED, {"sequence": sequence}).scalar_one())


def blockers(transaction: Connection, job_id: JobId, limit: int) -> Sequence[JobId]:
    """The earlier unfinished jobs that share a key, earliest first."""
    found = transaction.execute(_BLOCKERS, {"job_id": job_id, "limit": limit})
    return [JobId(name) for name in found.scalars()]
