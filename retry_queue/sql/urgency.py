"""How urgency travels over the tables; the rule itself stands in `retry_queue.pull`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from retry_queue.entry import LaneKey
from retry_queue.job import Lane, OrderingKey, Track
from retry_queue.pull import Pull, Stands, pulled
from retry_queue.rank import microseconds
from retry_queue.sql.heads import lower
from retry_queue.sql.locks import needs_locks
from retry_queue.sql.rowsets import DIALECTS, Rowset
from retry_queue.tables import queue_job_keys, queue_jobs

ABOVE_ALL = 2**62
"""Every sequence is below."""

_PULLS = Rowset(number=BigInteger, lane=Text, ordering_key=Text, below=BigInteger, rank=BigInteger)
_NUMBERS = Rowset(sequence=BigInteger)
_RANKS = Rowset(sequence=BigInteger, rank=BigInteger)
_NOW = bindparam("now_rank", type_=BigInteger)
_TRACKS = {track.value: track for track in Track}
_IS_BULK = queue_jobs.c.track == Track.BULK.value
_DUE = type_coerce(queue_jobs.c.due_at, BigInteger)


def _goes_before(rank: ColumnElement[int], other: ColumnElement[int]) -> ColumnElement[bool]:
    """As `rank.goes_before`."""
    in_time = and_(rank > _NOW, or_(other <= _NOW, rank < other))
    late = and_(rank <= _NOW, other <= _NOW, rank < other)
    return or_(in_time, late)


def _reached(dialect: str) -> Select[int, int, str, int, int, bool]:
    given = _PULLS.source(dialect)
    is_changed = or_(_IS_BULK, ~queue_jobs.c.leads, _goes_before(given.c.rank, queue_jobs.c.rank))
    return (
        select(
            given.c.number,
            queue_jobs.c.sequence,
            queue_jobs.c.track,
            queue_jobs.c.rank,
            _DUE,
            queue_jobs.c.leads,
        )
        .select_from(given)
        .join(
            queue_job_keys,
            (queue_job_keys.c.lane == given.c.lane)
            & (queue_job_keys.c.ordering_key == given.c.ordering_key)
            & (queue_job_keys.c.sequence < given.c.below),
        )
        .join(queue_jobs, queue_jobs.c.sequence == queue_job_keys.c.sequence)
        .where(is_changed)
    )


def _keys_of(dialect: str) -> Select[int, str, str]:
    given = _NUMBERS.source(dialect)
    return select(queue_job_keys.c.sequence, queue_job_keys.c.lane, queue_job_keys.c.ordering_key).where(
        queue_job_keys.c.sequence.in_(select(given.c.sequence))
    )


def _lock(dialect: str) -> Select[int]:
    given = _NUMBERS.source(dialect)
    return (
        select(queue_jobs.c.sequence)
        .where(queue_jobs.c.sequence.in_(select(given.c.sequence)))
        .order_by(queue_jobs.c.sequence)
        .with_for_update(of=queue_jobs)
    )


def _raise(dialect: str) -> ReturningUpdate[str, str, int]:
    """Another follower may have pulled harder in the meantime: the more urgent one wins."""
    given = _RANKS.source(dialect)
    is_more_urgent = or_(_IS_BULK, _goes_before(given.c.rank, queue_jobs.c.rank))
    return (
        update(queue_jobs)
        .where(queue_jobs.c.sequence == given.c.sequence, queue_jobs.c.finished_at.is_(None))
        .values(
            rank=case((is_more_urgent, given.c.rank), else_=queue_jobs.c.rank),
            track=Track.LIVE.value,
            leads=True,
        )
        .returning(queue_jobs.c.lane, queue_jobs.c.track, queue_jobs.c.rank)
    )


def _behind(dialect: str) -> Select[str, str, int, int]:
    """The most urgent of the live jobs behind each that can still be in time."""
    given = _NUMBERS.source(dialect)
    mine, later = queue_job_keys.alias("mine"), queue_job_keys.alias("later")
    shares_a_key = (later.c.lane == mine.c.lane) & (
        (later.c.ordering_key == mine.c.ordering_key) & (later.c.sequence > mine.c.sequence)
    )
    return (
        select(mine.c.lane, mine.c.ordering_key, mine.c.sequence, func.min(queue_jobs.c.rank))
        .select_from(mine)
        .join(later, shares_a_key)
        .join(queue_jobs, queue_jobs.c.sequence == later.c.sequence)
        .where(
            mine.c.sequence.in_(select(given.c.sequence)),
            queue_jobs.c.track == Track.LIVE.value,
            queue_jobs.c.rank > _NOW,
        )
        .group_by(mine.c.lane, mine.c.ordering_key, mine.c.sequence)
    )


_REACHED = {each: _reached(each) for each in DIALECTS}
_KEYS_OF = {each: _keys_of(each) for each in DIALECTS}
_LOCK = {each: _lock(each) for each in DIALECTS}
_RAISE = {each: _raise(each) for each in DIALECTS}
_BEHIND = {each: _behind(each) for each in DIALECTS}


class SqlLines:
    """The tables as the rule sees them."""

    def __init__(self, transaction: Connection, now: datetime) -> None:
        self._transaction = transaction
        self._dialect = transaction.dialect.name
        self._now_rank = microseconds(now)

    def reached(self, pulls: Sequence[Pull]) -> Iterable[Stands]:
        """Who stands there and is changed by it."""
        rows = [(place, *pull.key, pull.below, pull.rank) for place, pull in enumerate(pulls)]
        values = {**_PULLS.values(self._dialect, rows), "now_rank": self._now_rank}
        for place, sequence, track, rank, due_rank, leads in self._transaction.execute(
            _REACHED[self._dialect], values
        ).all():
            yield Stands(pulls[place], sequence, _TRACKS[track], rank, due_rank, leads)

    def keys_of(self, sequences: Sequence[int]) -> Mapping[int, Iterable[LaneKey]]:
        """All lines in which they stand."""
        values = _NUMBERS.values(self._dialect, [(each,) for each in sequences])
        keys: defaultdict[int, list[LaneKey]] = defaultdict(list)
        for sequence, lane, key in self._transaction.execute(_KEYS_OF[self._dialect], values).all():
            keys[sequence].append((Lane(lane), OrderingKey(key)))
        return keys

    def behind(self, sequences: Sequence[int]) -> list[Pull]:
        """How each of them is pulled at by the live jobs behind it that are in time."""
        given = _NUMBERS.values(self._dialect, [(each,) for each in sequences])
        found = self._transaction.execute(_BEHIND[self._dialect], {**given, "now_rank": self._now_rank})
        return [Pull((Lane(lane), OrderingKey(key)), number + 1, rank) for lane, key, number, rank in found]


def pull(transaction: Connection, pulls: Iterable[Pull], now: datetime) -> None:
    """Who stands before an urgent job becomes as urgent, along chains too."""
    ranks = pulled(pulls, SqlLines(transaction, now), now)
    if not ranks:
        return
    dialect = transaction.dialect.name
    if needs_locks(transaction):
        transaction.execute(_LOCK[dialect], _NUMBERS.values(dialect, [(each,) for each in sorted(ranks)]))
    values = {**_RANKS.values(dialect, sorted(ranks.items())), "now_rank": microseconds(now)}
    raised = transaction.execute(_RAISE[dialect], values).all()
    lower(transaction, [(lane, track, rank) for lane, track, rank in raised])
