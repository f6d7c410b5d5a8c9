"""What a person may do."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, bindparam, update

from retry_queue import moves
from retry_queue.errors import UnknownJob
from retry_queue.job import Job, JobId
from retry_queue.sql.followers import is_blocked, let_followers_go
from retry_queue.sql.heads import lower, places_of
from retry_queue.sql.locks import lock_all
from retry_queue.sql.rows import find_for_change, save
from retry_queue.tables import queue_jobs

_SET_GATE = (
    update(queue_jobs)
    .where(queue_jobs.c.sequence == bindparam("at_sequence"))
    .values(gate_shut=bindparam("to_gate_shut"))
)


class SqlOperations:
    """A person's part of the port."""

    def release(self, transaction: Connection, job_id: JobId, now: datetime) -> Job:
        """Let it go on. Raises `UnknownJob`, `NotAllowed`."""
        return _let_go(transaction, job_id, now, moves.released)

    def deny(self, transaction: Connection, job_id: JobId, now: datetime) -> Job:
        """Let it go on as never sent. Raises `UnknownJob`, `NotAllowed`."""
        return _let_go(transaction, job_id, now, moves.denied)

    def hold(self, transaction: Connection, job_id: JobId, reason: str, now: datetime) -> Job:
        """Stop it. Raises `UnknownJob`, `NotAllowed`."""
        job, _ = _get(transaction, job_id, now)
        after = moves.held(job, reason, now)
        save(transaction, job, after)
        return after

    def cancel(self, transaction: Connection, job_id: JobId, now: datetime) -> Job:
        """Withdraw it and let its followers go. Raises `UnknownJob`, `NotAllowed`."""
        return _end(transaction, job_id, now, moves.cancelled)

    def confirm(self, transaction: Connection, job_id: JobId, now: datetime) -> Job:
        """It is there: let its followers go. Raises `UnknownJob`, `NotAllowed`."""
        return _end(transaction, job_id, now, moves.confirmed)


class _LettingGo(Protocol):
    def __call__(self, job: Job, now: datetime, *, is_clear: bool) -> Job: ...


def _let_go(transaction: Connection, job_id: JobId, now: datetime, move: _LettingGo) -> Job:
    """Behind earlier jobs and a shut gate, if there are any."""
    lock_all(transaction, job_ids=(job_id,))
    job, shut = _get(transaction, job_id, now)
    is_clear = not shut and not is_blocked(transaction, job.sequence)
    after = move(job, now, is_clear=is_clear)
    save(transaction, job, after)
    transaction.execute(_SET_GATE, {"at_sequence": job.sequence, "to_gate_shut": shut})
    lower(transaction, places_of([after]))
    return after


def _end(transaction: Connection, job_id: JobId, now: datetime, move: Callable[[Job, datetime], Job]) -> Job:
    """It becomes final, and its followers go on."""
    lock_all(transaction, job_ids=(job_id,))
    job, _ = _get(transaction, job_id, now)
    after = move(job, now)
    save(transaction, job, after)
    transaction.execute(_SET_GATE, {"at_sequence": job.sequence, "to_gate_shut": False})
    let_followers_go(transaction, (job.sequence,), now)
    return after


def _get(transaction: Connection, job_id: JobId, now: datetime) -> tuple[Job, bool]:
    """The job, locked, and whether its gate is shut."""
    found = find_for_change(transaction, job_id, now)
    if found is None:
        raise UnknownJob(job_id)
    return found
