"""Rows and jobs, and the words of the state table as SQL."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, bindparam, select, text, update

from retry_queue.job import Fence, GateKey, Job, JobId, Lane, Track
from retry_queue.job_copy import job_from
from retry_queue.states import State
from retry_queue.tables import NOTHING_TO_WAIT_FOR, READY_STATES, queue_jobs, quoted

BATCH = 500
"""How many values go into one statement; both databases allow far more."""

JOB_COLUMNS = (
    queue_jobs.c.job_id,
    queue_jobs.c.lane,
    queue_jobs.c.kind,
    queue_jobs.c.sequence,
    queue_jobs.c.state,
    queue_jobs.c.due_at,
    queue_jobs.c.enqueued_at,
    queue_jobs.c.updated_at,
    queue_jobs.c.attempts,
    queue_jobs.c.asks,
    queue_jobs.c.fence,
    queue_jobs.c.maybe_sent,
    queue_jobs.c.next_attempt_at,
    queue_jobs.c.lease_until,
    queue_jobs.c.gate,
    queue_jobs.c.gate_opens_at,
    queue_jobs.c.held_reason,
    queue_jobs.c.finished_at,
    queue_jobs.c.track,
    queue_jobs.c.party,
    queue_jobs.c.rank,
)

ItemT = TypeVar("ItemT")


def in_state(*states: State) -> ColumnElement[bool]:
    """As literal words: with parameters neither database would use the partial indexes."""
    if len(states) == 1:
        return text(f"queue_jobs.state = '{states[0].value}'")  # type: ignore[return-value]  # text serves as a condition
    return text(f"queue_jobs.state IN ({quoted(sorted(state.value for state in states))})")  # type: ignore[return-value]  # text serves as a condition


def is_ready() -> ColumnElement[bool]:
    """A worker may take it; word for word the condition of the index."""
    return text(f"queue_jobs.{READY_STATES} AND queue_jobs.{NOTHING_TO_WAIT_FOR}")  # type: ignore[return-value]  # text serves as a condition


def is_leased() -> ColumnElement[bool]:
    """The same as the state by a rule of the table, but no invitation to walk the index of all leases.

    Nor does a planner that remembers a table without leases believe that this finds nothing: PostgreSQL would
    then read the whole table first, and hold each leased row against each given one.
    """
    return text("coalesce(queue_jobs.lease_until, 0) > 0")  # type: ignore[return-value]  # text serves as a condition


def job_of(row: Row[*tuple[Any, ...]]) -> Job:
    """The first columns of the row are `JOB_COLUMNS`."""
    return job_from(
        JobId(row[0]),
        Lane(row[1]),
        row[2],
        row[3],
        State(row[4]),
        row[5],
        row[6],
        row[7],
        row[8],
        row[9],
        Fence(row[10]),
        row[11],
        row[12],
        row[13],
        None if row[14] is None else GateKey(row[14]),
        row[15],
        row[16],
        row[17],
        Track(row[18]),
        row[19],
        row[20],
    )


def batches(items: Iterable[ItemT]) -> Iterator[Sequence[ItemT]]:
    """Runs of at most `BATCH`."""
    whole = list(items)
    for start in range(0, len(whole), BATCH):
        yield whole[start : start + BATCH]


_SAVE = (
    update(queue_jobs)
    .where(
        queue_jobs.c.sequence == bindparam("at_sequence"),
        queue_jobs.c.state == bindparam("was_state"),
        queue_jobs.c.fence == bindparam("was_fence"),
    )
    .values(
        state=bindparam("to_state"),
        updated_at=bindparam("to_updated_at"),
        attempts=bindparam("to_attempts"),
        asks=bindparam("to_asks"),
        maybe_sent=bindparam("to_maybe_sent"),
        next_attempt_at=bindparam("to_next_attempt_at"),
        lease_until=bindparam("to_lease_until"),
        held_reason=bindparam("to_held_reason"),
        finished_at=bindparam("to_finished_at"),
    )
)


def save(transaction: Connection, before: Job, after: Job) -> bool:
    """Write one step, if the job still stands where the step began."""
    written = transaction.execute(
        _SAVE,
        {
            "at_sequence": before.sequence,
            "was_state": before.state.value,
            "was_fence": before.fence,
            "to_state": after.state.value,
            "to_updated_at": after.updated_at,
            "to_attempts": after.attempts,
            "to_asks": after.asks,
            "to_maybe_sent": after.maybe_sent,
            "to_next_attempt_at": after.next_attempt_at,
            "to_lease_until": after.lease_until,
            "to_held_reason": after.held_reason,
            "to_finished_at": after.finished_at,
        },
    )
    return written.rowcount == 1


_FOR_CHANGE = (
    select(*JOB_COLUMNS, queue_jobs.c.gate_shut)
    .where(queue_jobs.c.job_id == bindparam("job_id"))
    .with_for_update()
)


def find_for_change(transaction: Connection, job_id: JobId, now: datetime) -> tuple[Job, bool] | None:
    """The job, and whether its gate is still shut; nobody else changes it in the meantime."""
    row = transaction.execute(_FOR_CHANGE, {"job_id": job_id}).one_or_none()
    if row is None:
        return None
    job = job_of(row)
    opened_by_time = job.gate_opens_at is not None and job.gate_opens_at <= now
    return job, bool(row.gate_shut) and not opened_by_time
