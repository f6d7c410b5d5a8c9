"""Putting jobs in and learning their numbers, whatever the database: the numbers rise with the rows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Text, insert, select
from sqlalchemy.sql.dml import ReturningInsert

from retry_queue.entry import Entry
from retry_queue.rank import microseconds
from retry_queue.sql.inserts import Inserts, Values
from retry_queue.sql.rowsets import POSTGRES, SQLITE, Rowset
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
_IDS = Rowset(job_id=Text)
_NUMBERS = select(queue_jobs.c.job_id, queue_jobs.c.sequence).where(
    queue_jobs.c.job_id.in_(select(_IDS.source(SQLITE).c.job_id))
)


def insert_jobs(transaction: Connection, new: Sequence[Entry], now: datetime) -> Sequence[int]:
    """The sequence of each, in their order.

    On SQLite one writer puts them in one after another, and asks for all numbers at once.
    """
    enqueued_at = microseconds(now)
    rows = [_row(entry, enqueued_at) for entry in new]
    ids = [entry.job.job_id for entry in new]
    if transaction.dialect.name == POSTGRES:
        numbered = transaction.execute(_INSERT_NUMBERED, _JOBS.rowset.values(POSTGRES, rows))
    else:
        _JOBS.write(transaction, rows)
        numbered = transaction.execute(_NUMBERS, _IDS.values(SQLITE, [(each,) for each in ids]))
    found = {job_id: sequence for job_id, sequence in numbered.all()}  # noqa: C416  # rows are no pairs to mypy
    return [found[each] for each in ids]


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
