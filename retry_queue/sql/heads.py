"""Where the ready jobs begin: a claim on PostgreSQL does not walk over what was claimed long ago.

A forgotten transaction keeps every dead row in the index, and a claim would pass over all of them.
So every few thousand claims a mark says before which place nothing ready stands, once for the jobs that
are late and once for those that are not, and the next claims begin there.

The mark must never lie above a ready job. Whoever makes jobs ready holds a shared lock from before he looks
at the mark until his commit, and lowers it where needed. It is raised only by one who gets that lock alone,
when nobody's jobs are still on their way. SQLite keeps no dead rows and needs no mark.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Text,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql

from retry_queue.job import Job, Lane, Track
from retry_queue.sql.locks import hold_heads, needs_locks, try_heads
from retry_queue.sql.rows import is_ready
from retry_queue.sql.rowsets import POSTGRES, Rowset
from retry_queue.states import READY
from retry_queue.tables import queue_heads, queue_jobs

RAISE_AFTER_JOBS = 2500
"""So many dead rows of one process may lie before the mark."""

Place = tuple[str, str, int]
"""Lane, track and rank of a job that has become ready."""

_NOW = bindparam("now_rank", type_=BigInteger)
_PLACES = Rowset(lane=Text, track=Text, rank=BigInteger)
_LEAST = -(2**63)


def _of_head(column: str, track: Track) -> Any:  # noqa: ANN401  # an expression of any type
    return (
        select(queue_heads.c[column])
        .where(queue_heads.c.lane == bindparam("in_lane"), queue_heads.c.track == text(f"'{track.value}'"))
        .scalar_subquery()
    )


def in_time_from() -> Any:  # noqa: ANN401  # an expression of any type
    """Ranks above this are in time and may be ready; after a step back of the clock the mark is void."""
    mark = (
        select(queue_heads.c.in_time_from)
        .where(
            queue_heads.c.lane == bindparam("in_lane"),
            queue_heads.c.track == text("'live'"),
            queue_heads.c.as_of <= _NOW,
        )
        .scalar_subquery()
    )
    return func.greatest(_NOW, mark)


def first_from(track: Track) -> Any:  # noqa: ANN401  # an expression of any type
    """Nothing of the track below this is ready."""
    return func.coalesce(_of_head("first_from", track), _LEAST)


def _first_rank(track: Track, *conditions: Any) -> Any:  # noqa: ANN401  # an expression of any type
    return (
        select(queue_jobs.c.rank)
        .where(
            queue_jobs.c.lane == bindparam("in_lane"),
            text(f"queue_jobs.track = '{track.value}'"),
            is_ready(),
            *conditions,
        )
        .order_by(queue_jobs.c.rank)
        .limit(1)
        .scalar_subquery()
    )


def _raised(track: Track) -> postgresql.Insert:
    """What is seen with the lock held: the first job that is in time, and the first of all."""
    in_time: Any = _NOW
    if track is Track.LIVE:
        in_time = func.coalesce(_first_rank(track, queue_jobs.c.rank > in_time_from()) - 1, _NOW)
        late = _first_rank(track, queue_jobs.c.rank >= first_from(track), queue_jobs.c.rank <= _NOW)
        first = func.coalesce(late, _NOW + 1)
    else:
        first = func.coalesce(_first_rank(track, queue_jobs.c.rank >= first_from(track)), first_from(track))
    insert = postgresql.insert(queue_heads).values(
        lane=bindparam("in_lane"), track=track.value, as_of=_NOW, in_time_from=in_time, first_from=first
    )
    changing = ("as_of", "in_time_from", "first_from")
    return insert.on_conflict_do_update(
        index_elements=["lane", "track"], set_={name: insert.excluded[name] for name in changing}
    )


_RAISE = {track: _raised(track) for track in Track}
_given = _PLACES.source(POSTGRES)
_IS_HERE = (_given.c.lane == queue_heads.c.lane) & (_given.c.track == queue_heads.c.track)
_IS_SKIPPED = or_(
    _given.c.rank < queue_heads.c.first_from,
    and_(_given.c.rank > queue_heads.c.as_of, _given.c.rank <= queue_heads.c.in_time_from),
)
_LOWER = (
    update(queue_heads)
    .where(exists(select(1).select_from(_given).where(_IS_HERE, _IS_SKIPPED).correlate(queue_heads)))
    .values(
        first_from=func.least(
            queue_heads.c.first_from,
            select(func.min(_given.c.rank)).where(_IS_HERE).correlate(queue_heads).scalar_subquery(),
        ),
        in_time_from=func.least(
            queue_heads.c.in_time_from,
            select(func.min(_given.c.rank) - 1)
            .where(_IS_HERE, _given.c.rank > queue_heads.c.as_of)
            .correlate(queue_heads)
            .scalar_subquery(),
        ),
    )
)


def lower(transaction: Connection, places: Iterable[Place]) -> None:
    """Jobs have become ready at these places: no claim may begin behind them."""
    if not needs_locks(transaction):
        return
    ready = sorted(set(places))
    if not ready:
        return
    hold_heads(transaction, {Lane(lane) for lane, _, _ in ready})
    transaction.execute(_LOWER, _PLACES.values(POSTGRES, ready))


def places_of(jobs: Iterable[Job]) -> list[Place]:
    """Of those that a worker may take now."""
    return [
        (job.lane, job.track.value, job.rank)
        for job in jobs
        if job.state in READY and job.next_attempt_at is None
    ]


class Heads:
    """Counts this process's claims and raises the marks now and then."""

    def __init__(self, raise_after_jobs: int = RAISE_AFTER_JOBS) -> None:
        self._raise_after_jobs = raise_after_jobs
        self._claimed: Counter[tuple[Lane, Track]] = Counter()

    def advance(self, transaction: Connection, lane: Lane, track: Track, jobs: int, now_rank: int) -> None:
        """When somebody is just making jobs ready, the next claim tries again."""
        if not needs_locks(transaction):
            return
        self._claimed[lane, track] += jobs
        if self._claimed[lane, track] < self._raise_after_jobs or not try_heads(transaction, lane):
            return
        transaction.execute(_RAISE[track], {"in_lane": lane, "now_rank": now_rank})
        self._claimed[lane, track] = 0
