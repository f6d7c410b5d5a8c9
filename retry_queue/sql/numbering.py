"""Putting rows in and learning their numbers, whatever the database: the numbers rise with the rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from retry_queue.sql.rows import batches
from retry_queue.sql.rowsets import SQLITE
from retry_queue.tables import queue_jobs

_INSERT = insert(queue_jobs)
_INSERT_RETURNING = insert(queue_jobs).returning(queue_jobs.c.sequence, sort_by_parameter_order=True)
_NUMBERS = select(queue_jobs.c.job_id, queue_jobs.c.sequence).where(
    queue_jobs.c.job_id.in_(bindparam("job_ids", expanding=True))
)


def insert_jobs(transaction: Connection, rows: Sequence[Mapping[str, Any]]) -> Sequence[int]:
    """The sequence of each row, in their order.

    On SQLite numbers that come back in the order of the rows would cost a statement a row; there one writer
    puts them in one after another, and asks for all numbers at once.
    """
    if transaction.dialect.name != SQLITE:
        return transaction.execute(_INSERT_RETURNING, list(rows)).scalars().all()
    transaction.execute(_INSERT, list(rows))
    found: dict[str, int] = {}
    for some in batches([row["job_id"] for row in rows]):
        rows_found = transaction.execute(_NUMBERS, {"job_ids": some}).all()
        found |= {row.job_id: row.sequence for row in rows_found}
    return [found[row["job_id"]] for row in rows]
