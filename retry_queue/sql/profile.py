"""Counts for forecasts: unfinished jobs by the partial index of each state, new jobs by their numbers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, literal_column, select, union_all

from retry_queue.job import Lane, Track
from retry_queue.profile import BUCKET_SECONDS, DueCount, Enqueued
from retry_queue.sql.rows import in_state, is_ready
from retry_queue.states import State
from retry_queue.tables import queue_jobs

_BUCKET: Any = literal_column(f"queue_jobs.due_at / {BUCKET_SECONDS * 1_000_000}")
"""Whole numbers are divided to whole numbers by both databases."""


UNFINISHED: tuple[ColumnElement[bool], ...] = (
    is_ready(),
    queue_jobs.c.next_attempt_at.is_not(None),
    *(in_state(state) for state in (State.WAITING, State.LEASED, State.HELD)),
)
"""Together every unfinished job once, each part by a partial index of its own."""


def _of(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            queue_jobs.c.lane,
            queue_jobs.c.track,
            queue_jobs.c.state,
            _BUCKET.label("bucket"),
            func.min(queue_jobs.c.due_at).label("due_at"),
            func.count().label("jobs"),
        )
        .where(condition)
        .group_by(queue_jobs.c.lane, queue_jobs.c.track, queue_jobs.c.state, _BUCKET)
    )


_PROFILE = union_all(*(_of(condition) for condition in UNFINISHED))
_LAST = select(func.max(queue_jobs.c.sequence))
_ENQUEUED = (
    select(queue_jobs.c.lane, queue_jobs.c.track, func.count().label("jobs"))
    .where(queue_jobs.c.sequence > bindparam("after"), queue_jobs.c.sequence <= bindparam("last"))
    .group_by(queue_jobs.c.lane, queue_jobs.c.track)
)


class SqlProfile:
    """The forecast's part of the port."""

    def due_profile(self, transaction: Connection) -> Sequence[DueCount]:
        """Unfinished jobs by lane, track, state and minute of their due time."""
        counts: dict[tuple[Lane, Track, State, int], DueCount] = {}
        for lane, track, state, bucket, due_at, jobs in transaction.execute(_PROFILE):
            key = (Lane(lane), Track(track), State(state), bucket)
            known = counts.get(key)
            earliest = due_at if known is None else min(known.due_at, due_at)
            counts[key] = DueCount(*key[:3], earliest, jobs + (known.jobs if known else 0))
        return [counts[key] for key in sorted(counts)]

    def count_enqueued(self, transaction: Connection, after: int) -> Enqueued:
        """By the primary key: only the new rows are read."""
        last = transaction.scalar(_LAST) or 0
        rows = transaction.execute(_ENQUEUED, {"after": after, "last": last})
        return Enqueued(last, {(Lane(row.lane), Track(row.track)): row.jobs for row in rows})
