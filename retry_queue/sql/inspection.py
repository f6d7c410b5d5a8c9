"""Reading without moving."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, union_all

from retry_queue.job import Job, JobId, Lane
from retry_queue.sql.followers import blockers
from retry_queue.sql.rows import JOB_COLUMNS, batches, in_state, is_ready, job_of
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


def _count(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """By a partial index: finished rows are never looked at."""
    return (
        select(queue_jobs.c.lane, queue_jobs.c.state, func.count(), func.min(queue_jobs.c.due_at))
        .where(condition)
        .group_by(queue_jobs.c.lane, queue_jobs.c.state)
    )


_COUNT = union_all(
    _count(is_ready()),
    _count(queue_jobs.c.next_attempt_at.is_not(None)),
    *(_count(in_state(state)) for state in (State.WAITING, State.LEASED, State.HELD)),
)


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
        counts: dict[tuple[Lane, State], LaneCount] = {}
        for lane, state, jobs, earliest in transaction.execute(_COUNT):
            count = LaneCount(Lane(lane), State(state), jobs, earliest)
            other = counts.get((count.lane, count.state))
            counts[count.lane, count.state] = count if other is None else _together(count, other)
        return [counts[place] for place in sorted(counts)]


def _together(one: LaneCount, other: LaneCount) -> LaneCount:
    """Jobs in one state, found by two indexes."""
    earliest = min(one.earliest_due_at, other.earliest_due_at)
    return LaneCount(one.lane, one.state, one.jobs + other.jobs, earliest)
