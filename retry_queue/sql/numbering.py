"""Putting jobs in and learning their numbers, whatever the database: the numbers rise with the rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.sql.dml import ReturningInsert

from retry_queue.entry import Entry
from retry_queue.rank import microseconds
from retry_queue.sql.inserts import Inserts, Values
from retry_queue.sql.rows import batches
from retry_queue.sql.rowsets import POSTGRES
from retry_queue.tables import queue_jobs

_COLUMNS = (
    "job_id",
    "lane",
    "kind",
    "state",
    "due_at",
    "enqueued_at",
    "updated_at",
    "attempts",
    "asks",
    "fence",
    "maybe_sent",
    "gate",
    "gate_opens_at",
    "gate_shut",
    "track",
    "party",
    "rank",
    "leads",
)
"""What a new job is given; the database adds the number, and nothing has happened to it yet."""
_JOBS = Inserts(queue_jobs, *_COLUMNS)


def _insert_numbered() -> ReturningInsert[str, int]:
    """Sorted by place: PostgreSQL then gives the numbers in that order."""
    given = _JOBS.rowset.numbered()
    rows = select(*(given.c[name] for name in _COLUMNS)).order_by(given.c.place)
    return (
        insert(queue_jobs)
        .from_select(_COLUMNS, rows, include_defaults=False)
        .returning(queue_jobs.c.job_id, queue_jobs.c.sequence)
    )


_INSERT_NUMBERED = _insert_numbered()
_NUMBERS = select(queue_jobs.c.job_id, queue_jobs.c.sequence).where(
    queue_jobs.c.job_id.in_(bindparam("job_ids", expanding=True))
)


def insert_jobs(transaction: Connection, new: Sequence[Entry], now: datetime) -> Sequence[int]:
    """The sequence of each, in their order.

    On SQLite one writer puts them in one after another, and asks for all numbers at once.
    """
    enqueued_at = microseconds(now)
    rows = [_row(entry, enqueued_at) for entry in new]
    found: dict[str, int] = {}
    if transaction.dialect.name == POSTGRES:
        numbered = transaction.execute(_INSERT_NUMBERED, _JOBS.rowset.values(POSTGRES, rows))
        found.update((job_id, sequence) for job_id, sequence in numbered.all())
    else:
        _JOBS.write(transaction, rows)
        for some in batches([entry.job.job_id for entry in new]):
            numbered = transaction.execute(_NUMBERS, {"job_ids": some})
            found.update((job_id, sequence) for job_id, sequence in numbered.all())
    return [found[entry.job.job_id] for entry in new]


def _row(entry: Entry, enqueued_at: int) -> Values:
    """In the order of `_COLUMNS`."""
    job = entry.job
    return (
        job.job_id,
        job.lane,
        job.kind,
        entry.state.value,
        microseconds(job.due_at),
        enqueued_at,
        enqueued_at,  # updated_at
        0,  # attempts
        0,  # asks
        0,  # fence
        False,  # maybe_sent
        job.gate,
        None if job.gate_opens_at is None else microseconds(job.gate_opens_at),
        entry.gate_shut,
        entry.track.value,
        job.party,
        entry.rank,
        entry.leads,
    )
