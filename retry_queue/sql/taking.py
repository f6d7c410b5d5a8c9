"""Taking the first of a range of the index of whatever may go: the hottest reading of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    bindparam,
    func,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from retry_queue.job import Job, Lane, Track
from retry_queue.job_copy import jobs_from
from retry_queue.rank import instant, microseconds
from retry_queue.sql.heads import first_from, in_time_from
from retry_queue.sql.rows import is_ready
from retry_queue.sql.rowsets import POSTGRES, SQLITE
from retry_queue.states import State
from retry_queue.tables import queue_jobs


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes, and until when."""

    lane: Lane
    worker: str
    now: datetime
    lease_until: datetime


def on_track(track: Track) -> ColumnElement[bool]:
    """As a literal word, so that the index is used to its end."""
    return text(f"queue_jobs.track = '{track.value}'")  # type: ignore[return-value]  # text serves as a condition


_CLAIMED = (
    queue_jobs.c.job_id,
    queue_jobs.c.kind,
    queue_jobs.c.sequence,
    type_coerce(queue_jobs.c.due_at, BigInteger),
    type_coerce(queue_jobs.c.enqueued_at, BigInteger),
    queue_jobs.c.attempts,
    queue_jobs.c.asks,
    queue_jobs.c.fence,
    queue_jobs.c.maybe_sent,
    queue_jobs.c.gate,
    type_coerce(queue_jobs.c.gate_opens_at, BigInteger),
    queue_jobs.c.track,
    queue_jobs.c.party,
    queue_jobs.c.rank,
)
"""What a claim does not know already, in plain numbers."""
_SEQUENCE_AT, _RANK_AT = 2, len(_CLAIMED) - 1
_TRACKS = {track.value: track for track in Track}


def _claim(dialect: str, track: Track, *conditions: ColumnElement[bool]) -> ReturningUpdate[*tuple[Any, ...]]:
    """The first of a range of the index; rows that another worker is just taking are passed over."""
    first = (
        select(queue_jobs.c.sequence)
        .where(queue_jobs.c.lane == bindparam("in_lane"), on_track(track), is_ready(), *conditions)
        .order_by(queue_jobs.c.rank, queue_jobs.c.sequence)
        .limit(bindparam("jobs"))
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    # As an array it is chosen once; a join might choose again for each row.
    chosen = (
        queue_jobs.c.sequence == func.any(func.array(first))
        if dialect == POSTGRES
        else queue_jobs.c.sequence.in_(first)
    )
    return (
        update(queue_jobs)
        .where(chosen)
        .values(
            state=State.LEASED.value,
            fence=queue_jobs.c.fence + 1,
            lease_until=bindparam("new_lease_until"),
            leased_by=bindparam("worker"),
            next_attempt_at=None,
            updated_at=bindparam("now"),
        )
        .returning(*_CLAIMED)
    )


NOW_RANK = bindparam("now_rank", type_=BigInteger)
_RANK = queue_jobs.c.rank
CLAIM_IN_TIME = {
    POSTGRES: _claim(POSTGRES, Track.LIVE, in_time_from() < _RANK),
    SQLITE: _claim(SQLITE, Track.LIVE, _RANK > NOW_RANK),
}
CLAIM_LATE = {
    POSTGRES: _claim(POSTGRES, Track.LIVE, first_from(Track.LIVE) <= _RANK, _RANK <= NOW_RANK),
    SQLITE: _claim(SQLITE, Track.LIVE, _RANK <= NOW_RANK),
}
CLAIM_BULK = {
    POSTGRES: _claim(POSTGRES, Track.BULK, first_from(Track.BULK) <= _RANK),
    SQLITE: _claim(SQLITE, Track.BULK),
}


def take(
    transaction: Connection, statement: ReturningUpdate[*tuple[Any, ...]], taking: Taking, jobs: int
) -> list[Job]:
    """At most so many, in the order of the index; RETURNING knows no order."""
    values = {
        "in_lane": taking.lane,
        "worker": taking.worker,
        "now": taking.now,
        "now_rank": microseconds(taking.now),
        "new_lease_until": taking.lease_until,
        "jobs": jobs,
    }
    rows = transaction.execute(statement, values).all()
    return _jobs(sorted(rows, key=_place), taking)


def _place(row: Row[*tuple[Any, ...]]) -> tuple[int, int]:
    return row[_RANK_AT], row[_SEQUENCE_AT]


def _jobs(rows: Sequence[Row[*tuple[Any, ...]]], taking: Taking) -> list[Job]:
    """The rest is known: they have just been leased by us."""
    lane, now, lease_until, leased, tracks = (
        taking.lane, taking.now, taking.lease_until, State.LEASED, _TRACKS,
    )  # fmt: skip
    return jobs_from(
        (
            job_id,
            lane,
            kind,
            sequence,
            leased,
            instant(due_at),
            instant(enqueued_at),
            now,  # updated_at
            attempts,
            asks,
            fence,
            maybe_sent,
            None,  # next_attempt_at
            lease_until,
            gate,
            None if gate_opens_at is None else instant(gate_opens_at),
            None,  # held_reason
            None,  # finished_at
            tracks[track],
            party,
            rank,
        )
        for (
            job_id, kind, sequence, due_at, enqueued_at, attempts, asks, fence, maybe_sent, gate,
            gate_opens_at, track, party, rank,
        ) in rows
    )  # fmt: skip
