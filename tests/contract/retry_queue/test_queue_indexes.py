"""What runs all day walks its partial index: thousands of finished or deferred rows cost it nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from retry_queue.job import GateKey
from retry_queue.sql_store import SqlStore
from retry_queue.states import State
from retry_queue.store import Appetite
from retry_queue.verdict import Done, RetryAt, Verdict
from tests.support.queue_builders import LANE, START, after, new_job
from tests.support.queue_databases import PostgresTransactions, SqliteTransactions
from tests.support.queue_desk import Desk

JOBS = 4000

ACTS: dict[str, tuple[str, Callable[[SqlStore, Connection], object]]] = {
    "claim": (
        "queue_jobs_ready",
        lambda store, connection: store.claim(connection, LANE, "anna", Appetite(999, 9), START, after(60)),
    ),
    "promote deferred": (
        "queue_jobs_later",
        lambda store, connection: store.promote_due(connection, START, 10),
    ),
    "promote gates": (
        "queue_jobs_gate_by_time",
        lambda store, connection: store.promote_due(connection, START, 10),
    ),
    "rerank": ("queue_jobs_leading", lambda store, connection: store.rerank_overdue(connection, START, 10)),
    "count leased": ("queue_jobs_leased", lambda store, connection: store.count_leased(connection, LANE)),
    "rescue": ("queue_jobs_leased", lambda store, connection: store.rescue_expired(connection, START, 10)),
    "open gate": (
        "queue_jobs_gate_by_name",
        lambda store, connection: store.open_gate(connection, GateKey("g"), START),
    ),
    "count": ("queue_jobs_held", lambda store, connection: store.count_lanes(connection)),
    "doubts": (
        "queue_jobs_unknown",
        lambda store, connection: store.list_jobs(connection, None, State.UNKNOWN, 0, 10),
    ),
    "profile": ("queue_jobs_held", lambda store, connection: store.due_profile(connection)),
    "profile of what is ready": (
        "queue_jobs_ready",
        lambda store, connection: store.due_profile(connection),
    ),
    "profile of what comes later": (
        "queue_jobs_later",
        lambda store, connection: store.due_profile(connection),
    ),
}


@pytest.fixture(scope="module")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    transactions = SqliteTransactions(tmp_path_factory.mktemp("plans") / "queue.db")
    yield filled(SqlStore(transactions))
    transactions.dispose()


@pytest.fixture(scope="module")
def postgres_store(postgres_url: str) -> Iterator[SqlStore]:
    transactions = PostgresTransactions(postgres_url)
    yield filled(SqlStore(transactions))
    transactions.dispose()


def filled(store: SqlStore) -> SqlStore:
    """Almost everything is finished, as in a queue that has served for a while."""
    gates = ("g", "h", None, None)
    jobs = (new_job(f"job-{number}", gate=gates[number % 4]) for number in range(JOBS))
    Desk(store).enqueue(*jobs)
    with store.write() as transaction:
        transaction.execute(
            text("UPDATE queue_jobs SET state='done', finished_at=1, gate_shut=false WHERE sequence > 200")
        )
        transaction.execute(text("ANALYZE"))
    return store


@pytest.mark.parametrize("act", ACTS)
def test_sqlite_walks_the_partial_index(sqlite_store: SqlStore, act: str) -> None:
    check_plan(sqlite_store, "EXPLAIN QUERY PLAN ", act)


@pytest.mark.postgres
@pytest.mark.parametrize("act", ACTS)
def test_postgres_walks_the_partial_index(postgres_store: SqlStore, act: str) -> None:
    check_plan(postgres_store, "EXPLAIN ", act)


def check_plan(store: SqlStore, explain: str, act: str) -> None:
    index, run = ACTS[act]
    with store.write() as transaction:
        plans = [
            "\n".join(str(row[-1]) for row in transaction.exec_driver_sql(explain + statement, parameters))
            for statement, parameters in statements_of(transaction, lambda: run(store, transaction))
            if "pg_advisory" not in statement
        ]
        transaction.rollback()
    assert any(f" {index}" in plan for plan in plans), plans


def statements_of(transaction: Connection, run: Callable[[], object]) -> list[tuple[str, Any]]:
    """What an act sends to the database."""
    sent: list[tuple[str, Any]] = []

    def remember(*event_values: Any) -> None:  # noqa: ANN401  # the shape of SQLAlchemy's event
        _connection, _cursor, statement, parameters, *_ = event_values
        sent.append((statement, parameters))

    event.listen(transaction, "before_cursor_execute", remember)
    try:
        run()
    finally:
        event.remove(transaction, "before_cursor_execute", remember)
    return sent


FENCES_THAT_DIFFER = "UPDATE queue_jobs SET fence = sequence % 3 WHERE state = 'queued'"
OUTCOMES: dict[str, Verdict] = {"all done": Done(), "deferred": RetryAt(after(60), counts=True)}


@pytest.mark.postgres
@pytest.mark.parametrize("plans", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("fences", [None, FENCES_THAT_DIFFER], ids=["one fence", "several fences"])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_postgres_does_not_hold_each_leased_row_against_each_outcome(
    postgres_store: SqlStore, outcome: str, fences: str | None, plans: str
) -> None:
    """When the table was analysed nothing was leased, so the planner expects no leased row at all."""
    with postgres_store.write() as transaction:
        transaction.exec_driver_sql(f"SET LOCAL plan_cache_mode = {plans}")
        if fences is not None:
            transaction.exec_driver_sql(fences.replace("%", "%%"))
        leases = postgres_store.claim(transaction, LANE, "anna", Appetite(90, 0), START, after(60))
        assert len(leases) == 90
        outcomes = [(lease, OUTCOMES[outcome]) for lease in leases]
        statements = statements_of(
            transaction, lambda: postgres_store.complete_all(transaction, outcomes, START)
        )
        (settling,) = ([s, p] for s, p in statements if s.startswith("UPDATE queue_jobs"))
        plan = "\n".join(
            str(row[0]) for row in transaction.exec_driver_sql("EXPLAIN " + settling[0], settling[1])
        )
        transaction.rollback()
    assert "Update on queue_jobs" in plan
    assert "Join Filter" not in plan, plan
    if outcome == "all done" and fences is None:
        assert "Index Cond: (sequence = ANY" in plan, plan
