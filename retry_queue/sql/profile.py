"""Counts for forecasts: unfinished jobs by the partial index of each state, new jobs by their numbers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, literal_column, select, union_all

from retry_queue.job import Lane, Track
from retry_queue.profile import BUCKET_SECONDS, DueCount, Enqueued
from retry_queue.sql.rows import in_state
from retry_queue.states import State
from retry_queue.tables import queue_jobs

_BUCKET: Any = literal_column(f"queue_jobs.due_at / {BUCKET_SECONDS * 1_000_000}")
"""Whole numbers are divided to whole numbers by both databases."""


def _of(state: State) -> Select[*tuple[Any, ...]]:
    return (
        select(
            queue_jobs.c.lane,
            queue_jobs.c.track,
            literal_column(f"'{state.value}'").label("state"),
            func.min(queue_jobs.c.due_at).label("due_at"),
            func.count().label("jobs"),
        )
        .where(in_state(state))
        .group_by(queue_jobs.c.lane, queue_jobs.c.track, _BUCKET)
    )


_PROFILE = union_all(*(_of(state) for state in State if not state.is_final))
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
        counts = [
            DueCount(Lane(row.lane), Track(row.track), State(row.state), row.due_at, row.jobs)
            for row in transaction.execute(_PROFILE)
        ]
        return sorted(counts, key=lambda each: (each.lane, each.track, each.state, each.due_at))

    def count_enqueued(self, transaction: Connection, after: int) -> Enqueued:
        """By the primary key: only the new rows are read."""
        last = transaction.scalar(_LAST) or 0
        rows = transaction.execute(_ENQUEUED, {"after": after, "last": last})
        return Enqueued(last, {(Lane(row.lane), Track(row.track)): row.jobs for row in rows})
