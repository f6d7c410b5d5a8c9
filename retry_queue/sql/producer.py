"""Putting work in, and opening gates."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Connection, Select, Text, bindparam, case, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import ReturningInsert

from retry_queue.entry import LaneKey, Share, all_gates, all_keys, entries, shares
from retry_queue.errors import JobExists
from retry_queue.job import GateKey, JobId, Lane, NewJob, OrderingKey
from retry_queue.pull import Pull
from retry_queue.sql.followers import clear_way
from retry_queue.sql.heads import lower
from retry_queue.sql.inserts import Inserts
from retry_queue.sql.locks import lock_all
from retry_queue.sql.numbering import insert_jobs
from retry_queue.sql.rows import batches
from retry_queue.sql.rowsets import DIALECTS, Rowset
from retry_queue.sql.urgency import ABOVE_ALL, pull
from retry_queue.states import State
from retry_queue.tables import queue_gates, queue_job_keys, queue_jobs, queue_parties, queue_turns

_KEYS = Inserts(queue_job_keys)
_WANTED = Rowset(ordering_key=Text)


def _taken(dialect: str) -> Select[str]:
    return (
        select(queue_job_keys.c.ordering_key)
        .where(
            queue_job_keys.c.lane == bindparam("in_lane"),
            queue_job_keys.c.ordering_key.in_(select(_WANTED.source(dialect).c.ordering_key)),
        )
        .distinct()
    )


_TAKEN = {each: _taken(each) for each in DIALECTS}
_OPENED = select(queue_gates.c.gate).where(queue_gates.c.gate.in_(bindparam("gates", expanding=True)))
_REMEMBER = {
    "postgresql": postgresql.insert(queue_gates).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(queue_gates).on_conflict_do_nothing(),
}


def _reserve(insert: postgresql.Insert | sqlite.Insert) -> ReturningInsert[int]:
    """Behind the party's own jobs, and not before the turn that the lane has come to."""
    served = select(queue_turns.c.served).where(queue_turns.c.lane == bindparam("in_lane")).scalar_subquery()
    base = func.coalesce(served, 0)
    own = queue_parties.c.next_turn
    turns = bindparam("turns", type_=BigInteger)
    return (
        insert.values(lane=bindparam("in_lane"), party=bindparam("of_party"), next_turn=base + turns)
        .on_conflict_do_update(
            index_elements=["lane", "party"], set_={"next_turn": case((own > base, own), else_=base) + turns}
        )
        .returning(own)
    )


_RESERVE = {
    "postgresql": _reserve(postgresql.insert(queue_parties)),
    "sqlite": _reserve(sqlite.insert(queue_parties)),
}
_UNSHUT = (
    update(queue_jobs)
    .where(text("queue_jobs.gate_shut"), queue_jobs.c.gate == bindparam("opened_gate"))
    .values(gate_shut=False)
    .returning(queue_jobs.c.sequence)
)


class SqlProducer:
    """The producer's part of the port."""

    def enqueue(self, transaction: Connection, jobs: Sequence[NewJob], now: datetime) -> None:
        """Add jobs in this order. Raises `JobExists`: the transaction must then be rolled back."""
        if not jobs:
            return
        lock_all(transaction, all_keys(jobs), all_gates(jobs))
        taken = _find_taken(transaction, jobs)
        new = entries(jobs, taken, _find_opened(transaction, jobs), _reserve_turns(transaction, jobs), now)
        pulls = (Pull(key, ABOVE_ALL, rank) for key, rank in new.pulls.items() if key in taken)
        pull(transaction, pulls, now)
        try:
            sequences = insert_jobs(transaction, new.entries, now)
        except IntegrityError as error:
            raise JobExists([job.job_id for job in jobs]) from error
        lower(
            transaction,
            [
                (entry.job.lane, entry.track.value, entry.rank)
                for entry in new.entries
                if entry.state is State.QUEUED
            ],
        )
        _KEYS.write(
            transaction,
            [
                (job.lane, key, sequence)
                for job, sequence in zip(jobs, sequences, strict=True)
                for key in sorted(job.keys)
            ],
        )

    def open_gate(self, transaction: Connection, gate: GateKey, now: datetime) -> None:
        """Remember it, and let go on whoever waits at it."""
        lock_all(transaction, gates=(gate,))
        remember = _REMEMBER[transaction.dialect.name]
        transaction.execute(remember, {"gate": gate, "opened_at": now})
        freed = transaction.execute(_UNSHUT, {"opened_gate": gate}).scalars().all()
        clear_way(transaction, freed, now)

    def lock_keys(
        self,
        transaction: Connection,
        keys: Iterable[OrderingKey] = (),
        gates: Iterable[GateKey] = (),
        job_ids: Iterable[JobId] = (),
    ) -> None:
        """Lock in one sorted pass; a second call may only ask for what the first one took."""
        lock_all(transaction, keys, gates, job_ids)


def _find_taken(transaction: Connection, jobs: Sequence[NewJob]) -> set[LaneKey]:
    """Which keys of the batch earlier unfinished jobs have."""
    dialect = transaction.dialect.name
    wanted: defaultdict[Lane, set[OrderingKey]] = defaultdict(set)
    for job in jobs:
        wanted[job.lane] |= job.keys
    taken: set[LaneKey] = set()
    for lane, keys in wanted.items():
        if keys:
            given = _WANTED.values(dialect, [(key,) for key in sorted(keys)])
            found = transaction.execute(_TAKEN[dialect], {**given, "in_lane": lane}).scalars().all()
            taken.update((lane, OrderingKey(key)) for key in found)
    return taken


def _reserve_turns(transaction: Connection, jobs: Sequence[NewJob]) -> dict[Share, int]:
    """The first of as many turns as each party of the batch needs."""
    dialect = transaction.dialect.name
    first: dict[Share, int] = {}
    for share, turns in sorted(shares(jobs).items()):
        values = {"in_lane": share[0], "of_party": share[1], "turns": turns}
        first[share] = transaction.execute(_RESERVE[dialect], values).scalar_one() - turns
    return first


def reserve_turn(transaction: Connection, lane: Lane, party: str) -> int:
    """One more turn of a party."""
    values = {"in_lane": lane, "of_party": party, "turns": 1}
    return transaction.execute(_RESERVE[transaction.dialect.name], values).scalar_one() - 1


def _find_opened(transaction: Connection, jobs: Sequence[NewJob]) -> set[GateKey]:
    """Which gates of the batch have been opened before."""
    return {
        GateKey(gate)
        for some in batches(sorted(all_gates(jobs)))
        for gate in transaction.execute(_OPENED, {"gates": some}).scalars()
    }
