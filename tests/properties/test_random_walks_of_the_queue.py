"""The same thousand walks over the state table on memory, SQLite and PostgreSQL, compared step by step."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

import pytest

from retry_queue.job import Job, Lane, Track
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.memory_store import MemoryStore
from retry_queue.rank import goes_before, microseconds
from retry_queue.sql_store import SqlStore
from retry_queue.states import ENTRY_STATES, TRANSITIONS, Cause, State, Transition
from tests.support.queue_databases import PostgresTransactions, SqliteTransactions, empty
from tests.support.queue_desk import Desk
from tests.support.queue_walks import CAUSES, Seen, Walker

WALKS = 1000
STEPS = 26
SHARES = [range(start, WALKS, 4) for start in range(4)]
"""A walk on a database takes a while; shares can run side by side."""


@pytest.fixture(scope="module")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    transactions = SqliteTransactions(tmp_path_factory.mktemp("walks") / "queue.db")
    yield SqlStore(transactions)
    transactions.dispose()


@pytest.fixture(scope="module")
def postgres_store(postgres_url: str) -> Iterator[SqlStore]:
    transactions = PostgresTransactions(postgres_url)
    # Every claim raises the marks that it may begin at, so that the walks try whether one lies too high.
    yield SqlStore(transactions, raise_heads_after_jobs=1)
    transactions.dispose()


def test_every_walk_keeps_the_rules_and_everything_can_be_finished() -> None:
    used: set[tuple[State, State]] = set()
    for seed in range(WALKS):
        walker = Walker(Desk(MemoryStore()), seed)
        before: dict[str, Job] = {}
        for seen in chain(walker.walk(STEPS), walker.drain()):
            used |= check_step(before, seen)
            check_order(walker, seen)
            check_nobody_is_forgotten(walker, seen)
            check_urgency(walker, seen)
            before = {job.job_id: job for job in seen.jobs}
        assert before.keys() == walker.new_jobs.keys()
        assert all(job.state.is_final for job in before.values()), seed
    assert used == {(arrow.before, arrow.after) for arrow in TRANSITIONS}, "walks too tame for the table"


@pytest.mark.parametrize("seeds", SHARES, ids=str)
def test_walks_on_sqlite_equal_those_in_memory(sqlite_store: SqlStore, seeds: range) -> None:
    check_against_memory(sqlite_store, seeds)


@pytest.mark.postgres
@pytest.mark.parametrize("seeds", SHARES, ids=str)
def test_walks_on_postgres_equal_those_in_memory(postgres_store: SqlStore, seeds: range) -> None:
    check_against_memory(postgres_store, seeds)


def check_against_memory(store: SqlStore, seeds: range) -> None:
    for seed in seeds:
        empty(store)
        expected, found = Walker(Desk(MemoryStore()), seed), Walker(Desk(store), seed)
        for number, (memory, sql) in enumerate(zip(expected.walk(STEPS), found.walk(STEPS), strict=True)):
            assert sql == memory, f"seed {seed}, step {number}"


def check_step(before: dict[str, Job], seen: Seen) -> set[tuple[State, State]]:
    """Every change is an arrow of a cause that the act may have; final jobs stand still."""
    used = set()
    after = {job.job_id: job for job in seen.jobs}
    assert before.keys() <= after.keys()
    for name, job in after.items():
        if name not in before:
            assert job.state in ENTRY_STATES
        elif before[name].state.is_final:
            assert job == before[name]
        elif job.state is not before[name].state:
            arrow = (before[name].state, job.state)
            assert any((each.before, each.after) == arrow for each in arrows_of(seen.act)), (seen.act, arrow)
            used.add(arrow)
    return used


def arrows_of(act: str) -> list[Transition]:
    causes = CAUSES.get(act, frozenset()) | {Cause.WAY_CLEARED}
    return [arrow for arrow in TRANSITIONS if arrow.cause in causes]


def check_order(walker: Walker[MemoryTransaction], seen: Seen) -> None:
    """On each key of each lane only the first unfinished job may be under way."""
    lines: defaultdict[tuple[Lane, str], list[Job]] = defaultdict(list)
    for job in seen.jobs:
        if not job.state.is_final:
            for key in walker.new_jobs[job.job_id].keys:
                lines[job.lane, key].append(job)
    for line in lines.values():
        assert all(job.state in {State.WAITING, State.HELD} for job in line[1:]), seen.act
        assert [job.state for job in line].count(State.LEASED) <= 1


def check_nobody_is_forgotten(walker: Walker[MemoryTransaction], seen: Seen) -> None:
    """Who waits has a reason: an earlier unfinished job on one of its keys, or a shut gate."""
    taken: set[tuple[Lane, str]] = set()
    for job in seen.jobs:
        keys = {(job.lane, key) for key in walker.new_jobs[job.job_id].keys}
        if job.state is State.WAITING:
            assert not taken.isdisjoint(keys) or has_shut_gate(walker, seen, job), (seen.act, job)
        if not job.state.is_final:
            taken |= keys


def check_urgency(walker: Walker[MemoryTransaction], seen: Seen) -> None:
    """Whoever stands before a live job is live, and goes no later than it after the upkeep has looked."""
    now = microseconds(seen.now)
    lines: defaultdict[tuple[Lane, str], list[Job]] = defaultdict(list)
    for job in seen.jobs:
        if job.state.is_final:
            continue
        for key in walker.new_jobs[job.job_id].keys:
            for earlier in lines[job.lane, key] if job.track is Track.LIVE else ():
                assert earlier.track is Track.LIVE, (seen.act, earlier, job)
                # A rank that was chosen in time may have passed since; then the upkeep chooses again.
                late = earlier.rank <= now
                assert late or not goes_before(job.rank, earlier.rank, now), (seen.act, earlier, job)
            lines[job.lane, key].append(job)


def has_shut_gate(walker: Walker[MemoryTransaction], seen: Seen, job: Job) -> bool:
    """A gate that time opens stays shut until the upkeep looks."""
    if job.gate is None and job.gate_opens_at is None:
        return False
    time_has_opened = (
        seen.act == "promote" and job.gate_opens_at is not None and job.gate_opens_at <= seen.now
    )
    return job.gate not in walker.opened and not time_has_opened
