"""Reading without moving."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, literal_column, select, union_all

from retry_queue.job import Job, JobId, Lane
from retry_queue.sql.followers import blockers
from retry_queue.sql.rows import JOB_COLUMNS, batches, in_state, job_of
from retry_queue.states import State
from retry_queue.store import LaneCount
from retry_queue.tables import queue_jobs

_FIND = select(*JOB_COLUMNS).where(queue_jobs.c.job_id.in_(bindparam("job_ids", expanding=True)))


@cache
def _page(*, of_one_lane: bool, state: State | None) -> Select[*tuple[Any, ...]]:
    """Built once for each way of asking."""
    page = select(*JOB_COLUMNS).where(queue_jobs.c.sequence > bindparam("after"))
    if of_one_lane:
        page = page.where(queue_jobs.c.lane == bindparam("lane"))
    if state is not None:
        page = page.where(in_state(state))
    return page.order_by(queue_jobs.c.sequence).limit(bindparam("limit"))


def _count(state: State) -> Select[tuple[str, str, int, object]]:
    """Each state by its own partial index: finished rows are never looked at."""
    return (
        select(
            queue_jobs.c.lane,
            literal_column(f"'{state.value}'").label("state"),
            func.count().label("jobs"),
            func.min(queue_jobs.c.due_at).label("earliest_due_at"),
        )
        .where(in_state(state))
        .group_by(queue_jobs.c.lane)
    )


_COUNT = union_all(*(_count(state) for state in State if not state.is_final))


class SqlInspection:
    """The reader's part of the port."""

    def find_job(self, transaction: Connection, job_id: JobId) -> Job | None:
        """The job as stored."""
        return self.find_jobs(transaction, (job_id,)).get(job_id)

    def find_jobs(self, transaction: Connection, job_ids: Iterable[JobId]) -> dict[JobId, Job]:
        """Those that exist."""
        found = (
            job_of(row) for some in batches(job_ids) for row in transaction.execute(_FIND, {"job_ids": some})
        )
        return {job.job_id: job for job in found}

    def list_jobs(
        self, transaction: Connection, lane: Lane | None, state: State | None, after: int, limit: int
    ) -> Sequence[Job]:
        """By sequence, after the given one."""
        page = _page(of_one_lane=lane is not None, state=state)
        values = {"lane": lane, "after": after, "limit": limit}
        return [job_of(row) for row in transaction.execute(page, values)]

    def list_blockers(self, transaction: Connection, job_id: JobId, limit: int) -> Sequence[JobId]:
        """Why it waits."""
        return blockers(transaction, job_id, limit)

    def count_lanes(self, transaction: Connection) -> Sequence[LaneCount]:
        """Unfinished jobs by lane and state."""
        counts = (
            LaneCount(Lane(row.lane), State(row.state), row.jobs, row.earliest_due_at)
            for row in transaction.execute(_COUNT)
        )
        return sorted(counts, key=lambda count: (count.lane, count.state))
