"""Making a job that is there already bulk work, or live again."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, select, text, update

from retry_queue.errors import UnknownJob
from retry_queue.job import Job, JobId, Lane, OrderingKey, Track
from retry_queue.pull import Pull
from retry_queue.rank import microseconds
from retry_queue.sql.heads import lower, places_of
from retry_queue.sql.locks import lock_all
from retry_queue.sql.producer import reserve_turn
from retry_queue.sql.rows import find_for_change
from retry_queue.sql.urgency import pull
from retry_queue.tables import queue_job_keys, queue_jobs
from retry_queue.track_change import as_bulk, as_live, can_change

_mine, _later = queue_job_keys.alias("mine"), queue_job_keys.alias("later")
_LIVE_WAITS_BEHIND = select(
    exists(
        select(1)
        .select_from(_mine)
        .join(
            _later,
            (_later.c.lane == _mine.c.lane)
            & (_later.c.ordering_key == _mine.c.ordering_key)
            & (_later.c.sequence > _mine.c.sequence),
        )
        .join(queue_jobs, queue_jobs.c.sequence == _later.c.sequence)
        .where(_mine.c.sequence == bindparam("of_sequence"), text(f"queue_jobs.track = '{Track.LIVE.value}'"))
    )
)
_KEYS = select(queue_job_keys.c.lane, queue_job_keys.c.ordering_key).where(
    queue_job_keys.c.sequence == bindparam("of_sequence")
)
_CHANGE = (
    update(queue_jobs)
    .where(queue_jobs.c.sequence == bindparam("at_sequence"))
    .values(track=bindparam("to_track"), party=bindparam("to_party"), rank=bindparam("to_rank"), leads=False)
)


class SqlTracks:
    """The part of the port that changes tracks."""

    def make_bulk(self, transaction: Connection, job_id: JobId, party: str, now: datetime) -> Job:
        """Unless a live job waits behind it. Raises `UnknownJob`."""
        lock_all(transaction, job_ids=(job_id,))
        job = _get(transaction, job_id, now)
        values = {"of_sequence": job.sequence}
        if not can_change(job, Track.BULK) or transaction.scalar(_LIVE_WAITS_BEHIND, values):
            return job
        return _change(transaction, as_bulk(job, party, reserve_turn(transaction, job.lane, party)))

    def make_live(self, transaction: Connection, job_id: JobId, now: datetime) -> Job:
        """What stands before it becomes as urgent. Raises `UnknownJob`."""
        lock_all(transaction, job_ids=(job_id,))
        job = _get(transaction, job_id, now)
        if not can_change(job, Track.LIVE):
            return job
        rank = microseconds(job.due_at)
        lines = transaction.execute(_KEYS, {"of_sequence": job.sequence}).all()
        pulls = (Pull((Lane(lane), OrderingKey(key)), job.sequence, rank) for lane, key in lines)
        pull(transaction, pulls, now)
        return _change(transaction, as_live(job))


def _get(transaction: Connection, job_id: JobId, now: datetime) -> Job:
    found = find_for_change(transaction, job_id, now)
    if found is None:
        raise UnknownJob(job_id)
    return found[0]


def _change(transaction: Connection, after: Job) -> Job:
    values = {"to_track": after.track.value, "to_party": after.party, "to_rank": after.rank}
    transaction.execute(_CHANGE, {"at_sequence": after.sequence, **values})
    lower(transaction, places_of([after]))
    return after
