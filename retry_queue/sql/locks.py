"""Locks against lost wake-ups.

A completion that does not yet see the job being put in behind it, and an enqueue that still sees the job
being finished: neither would wake the newcomer. Two enqueues of one key that do not see each other would both
go. On PostgreSQL such acts therefore lock their keys first, in stripes of a stable hash. The other trap, two
blockers of one job finished at the same time, is closed at the follower's row (`followers.clear_way`). SQLite
has one writer at a time and needs no lock.

Locks are taken in rising order: gates have the lowest numbers, because the jobs behind a gate must be known
before their keys are locked; lanes have the highest, because a lane is written last. Whoever will touch rows
of followers holds their keys by then, so that two do not meet in a circle at those rows; only a transaction
that finishes several jobs still can. PostgreSQL then refuses one of the two, which must be repeated.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from weakref import ReferenceType, ref
from zlib import crc32

from sqlalchemy import BigInteger, Connection, Text, Transaction, select, text

from retry_queue.job import GateKey, JobId, Lane, OrderingKey
from retry_queue.sql.rowsets import POSTGRES, Rowset
from retry_queue.tables import queue_job_keys, queue_jobs

_NAMESPACE = 0x52515545
"""Our share of the database's advisory locks (the letters RQUE)."""
_HELD = "retry_queue_held_stripes"
_GATE_STRIPES = 256
_KEY_STRIPES = 512
_LANE_STRIPES = 256


class _Held(NamedTuple):
    by: ReferenceType[Transaction]
    stripes: set[int]


_LOCK = text(
    "SELECT count(pg_advisory_xact_lock(:namespace, stripe)) "
    "FROM (SELECT unnest(CAST(:stripes AS integer[])) AS stripe) AS stripes"
)
_LOCK_SHARED = text(
    "SELECT count(pg_advisory_xact_lock_shared(:namespace, stripe)) "
    "FROM (SELECT unnest(CAST(:stripes AS integer[])) AS stripe) AS stripes"
)
_TRY = text("SELECT pg_try_advisory_xact_lock(:namespace, :stripe)")

_NAMES = Rowset(name=Text)
"""Of jobs, or of gates; only asked on PostgreSQL, where there are locks."""
_KEYS_OF_JOBS = (
    select(queue_job_keys.c.ordering_key)
    .join(queue_jobs, queue_jobs.c.sequence == queue_job_keys.c.sequence)
    .where(queue_jobs.c.job_id.in_(select(_NAMES.source(POSTGRES).c.name)))
    .distinct()
)
_NUMBERS = Rowset(sequence=BigInteger)
_KEYS_OF_NUMBERS = select(queue_job_keys.c.ordering_key).where(
    queue_job_keys.c.sequence.in_(select(_NUMBERS.source(POSTGRES).c.sequence))
)
_KEYS_BEHIND_GATES = (
    select(queue_job_keys.c.ordering_key)
    .join(queue_jobs, queue_jobs.c.sequence == queue_job_keys.c.sequence)
    .where(text("queue_jobs.gate_shut"), queue_jobs.c.gate.in_(select(_NAMES.source(POSTGRES).c.name)))
    .distinct()
)


def needs_locks(transaction: Connection) -> bool:
    """Whether other writers can be at work at the same time."""
    return transaction.dialect.name == "postgresql"


def lock_all(
    transaction: Connection,
    keys: Iterable[OrderingKey] = (),
    gates: Iterable[GateKey] = (),
    job_ids: Iterable[JobId] = (),
) -> None:
    """Gates first, then every key in question; locks already held cost nothing."""
    if not needs_locks(transaction):
        return
    gate_names = sorted(set(gates))
    _lock(transaction, (_stripe(gate, _GATE_STRIPES) for gate in gate_names))
    key_names = {str(key) for key in keys}
    for statement, names in ((_KEYS_OF_JOBS, sorted(set(job_ids))), (_KEYS_BEHIND_GATES, gate_names)):
        if names:
            given = _NAMES.values(POSTGRES, [(name,) for name in names])
            key_names.update(transaction.execute(statement, given).scalars().all())
    _lock(transaction, (_GATE_STRIPES + _stripe(key, _KEY_STRIPES) for key in key_names))


def lock_sequences(transaction: Connection, sequences: Sequence[int]) -> bool:
    """As `lock_all` for jobs by number; false only if none of them has a key, as none can get one later."""
    if not needs_locks(transaction):
        return True  # whether they have keys shows when these are dropped
    values = _NUMBERS.values(POSTGRES, [(each,) for each in sequences])
    names = transaction.execute(_KEYS_OF_NUMBERS, values).scalars().all()
    _lock(transaction, (_GATE_STRIPES + _stripe(key, _KEY_STRIPES) for key in names))
    return bool(names)


def lock_lane(transaction: Connection, lane: Lane) -> None:
    """One at a time may change what is known of the lane."""
    if needs_locks(transaction):
        _lock(transaction, (_GATE_STRIPES + _KEY_STRIPES + _stripe(lane, _LANE_STRIPES),))


def hold_heads(transaction: Connection, lanes: Iterable[Lane]) -> None:
    """Shared: until the commit nobody passes over jobs that are just becoming ready in these lanes."""
    stripes = sorted({_head_stripe(lane) for lane in lanes})
    transaction.execute(_LOCK_SHARED, {"namespace": _NAMESPACE, "stripes": stripes})


def try_heads(transaction: Connection, lane: Lane) -> bool:
    """Alone, or not at all: true when no jobs of the lane are just becoming ready."""
    values = {"namespace": _NAMESPACE, "stripe": _head_stripe(lane)}
    return bool(transaction.execute(_TRY, values).scalar_one())


def _head_stripe(lane: Lane) -> int:
    return _GATE_STRIPES + _KEY_STRIPES + _LANE_STRIPES + _stripe(lane, _LANE_STRIPES)


def _lock(transaction: Connection, stripes: Iterable[int]) -> None:
    """A statement of its own: what is read afterwards is read with the locks held."""
    held = _held(transaction)
    ordered = sorted({*stripes} - held)
    if ordered:
        transaction.execute(_LOCK, {"namespace": _NAMESPACE, "stripes": ordered})
        if not transaction.in_nested_transaction():  # undone, that would let go of them
            held.update(ordered)


def _held(transaction: Connection) -> set[int]:
    """Which stripes this very transaction has locked; the database would have to be asked each time."""
    current = transaction.get_transaction()
    if current is None:
        return set()
    known: _Held | None = transaction.info.get(_HELD)
    if known is None or known.by() is not current:
        known = transaction.info[_HELD] = _Held(ref(current), set())
    return known.stripes


def _stripe(name: str, stripes: int) -> int:
    """Stable over processes and releases."""
    return crc32(name.encode()) % stripes
