"""Claims and completions of no-op jobs a second: ours beside raw SKIP LOCKED SQL on the same rows.

Every figure is for claiming 100 and completing 100, each in a transaction of its own that is on the disk
before it ends. `python -m bench.queue 10000 100000` takes other sizes of the backlog.
"""

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg
from sqlalchemy import make_url, text

from bench.rounds import Rates, ratio, spread, tell_rates, tell_ratio
from gateway.bootstrap.memory import settle_memory
from gateway.storage.sql.engine import SqlDatabase, open_database
from gateway.storage.sql.limits import DatabaseLimits
from gateway.storage.sql.migrate import migrate
from retry_queue.job import JobId, Lane, NewJob
from retry_queue.rank import microseconds
from retry_queue.sql_store import SqlStore
from retry_queue.store import Appetite
from retry_queue.verdict import Done
from tests.support.postgres import running_server

BATCH: Final = 100
ROUNDS: Final = 30
TURNS: Final = 7
RUNS: Final = 3
"""All of them together take no more than the smallest backlog has."""
SIZES: Final = (10_000, 100_000, 1_000_000)
DEFERRED: Final = 100_000
DRAINED: Final = 100_000
LANE: Final = Lane("bench")
NOON: Final = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)
SERVER: Final = (
    "listen_addresses=",
    "max_connections=40",
    "shared_buffers=512MB",
    "max_wal_size=4GB",
    "timezone=UTC",
)
"""fsync and synchronous_commit stay on, as they are by default."""

_FILL: Final = """
INSERT INTO queue_jobs (job_id, lane, kind, state, due_at, enqueued_at, updated_at, attempts, asks, fence,
  maybe_sent, gate_shut, track, party, rank, leads, next_attempt_at)
SELECT :prefix || number, :lane, 'noop', :state, :due_at + number, 0, 0, 0, 0, 0, false, false, 'live', '',
  :due_at + number, false, CAST(:next_attempt_at AS bigint)
FROM {numbers}
"""
_NUMBERS: Final = {
    "postgresql": "generate_series(1, :rows) AS number",
    "sqlite": "(WITH RECURSIVE counted(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM counted "
    "WHERE number < :rows) SELECT number FROM counted)",
}
_RAW_CLAIM: Final = """
UPDATE queue_jobs SET state = 'leased', lease_until = %(until)s, leased_by = 'raw' WHERE sequence = ANY(ARRAY(
  SELECT sequence FROM queue_jobs WHERE lane = %(lane)s AND track = 'live'
  AND state IN ('queued', 'unknown') AND next_attempt_at IS NULL
  ORDER BY rank, sequence LIMIT 100 FOR UPDATE SKIP LOCKED))
RETURNING sequence, job_id
"""
_RAW_COMPLETE: Final = """
UPDATE queue_jobs SET state = 'done', lease_until = NULL, finished_at = %(now)s
WHERE sequence = ANY(%(sequences)s)
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """What one run of rounds came to."""

    claim_milliseconds: float
    jobs_per_second: float


def main() -> None:
    """Print one table for each database and the ratios."""
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or SIZES
    settle_memory()  # as a gateway process does; the raw SQL runs in this process, too
    print(f"queue: claim {BATCH} and complete {BATCH} no-op jobs, each commit on the disk")
    with tempfile.TemporaryDirectory(prefix="hotich-bench-") as folder:
        _measure_backlogs("SQLite", f"sqlite:///{folder}/bench.db", sizes)
    with running_server(SERVER) as server:
        for name, workers in (("PostgreSQL", 1), ("PostgreSQL", 2)):
            _measure_beside_raw(name, server.url(server.create_database()), workers)
        _measure_backlogs("PostgreSQL", server.url(server.create_database()), sizes)
        _measure_old_snapshot(server.url(server.create_database()))


def _measure_backlogs(name: str, url: str, sizes: Sequence[int]) -> None:
    """The cost of a claim must not grow with what waits."""
    claims: dict[str, list[float]] = {}
    with _opened(url) as (database, store):
        print(f"{name}: enqueue in batches of 500: {_enqueue(store, 20_000):8.0f} jobs/s")
        for rows in sizes:
            _empty(database)
            _fill(database, "ready-", rows, "queued", NOON + timedelta(hours=1))
            claims[f"{rows} ready"] = _told(f"{name}, {rows} ready", _runs(store))
        _fill(database, "later-", DEFERRED, "deferred", NOON + timedelta(minutes=1), NOON + timedelta(days=1))
        most = f"{sizes[-1]} ready, {DEFERRED} due earlier but deferred"
        claims[most] = _told(f"{name}, {most}", _runs(store))
    first = f"{sizes[0]} ready"
    for words in (f"{sizes[-1]} ready", most):
        _tell_growth(f"{name}: a claim with {words} / with {first}", claims, words, first)


def _tell_growth(words: str, claims: Rates, name: str, other: str) -> None:
    found = ratio(claims, name, other)
    print(f"  {words}: {found.median:.1f} times ({found.least:.1f} to {found.most:.1f})", flush=True)


def _measure_beside_raw(name: str, url: str, workers: int) -> None:
    """Turn by turn in one run, so that both have the same machine."""
    ours, raw = [], []
    with _opened(url) as (database, store):
        _fill(database, "ready-", 200_000, "queued", NOON + timedelta(hours=1))
        for _ in range(TURNS):
            ours.append(_side_by_side(workers, lambda: _run(store)))
            raw.append(_side_by_side(workers, lambda: _run_raw(url)))
    print(f"{name}, {workers} worker(s)")
    rates = {"ours": ours, "raw SQL": raw}
    tell_rates(rates, "jobs/s")
    tell_ratio(rates, "ours", "raw SQL")


def _measure_old_snapshot(url: str) -> None:
    """A forgotten transaction keeps every dead row in the index."""
    with _opened(url) as (database, store), database.engine.connect() as forgotten:
        _fill(database, "ready-", DRAINED + 20_000, "queued", NOON + timedelta(hours=1))
        forgotten.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        forgotten.exec_driver_sql("SELECT count(*) FROM queue_lanes")
        claims = {"first": _told("PostgreSQL, old snapshot held, first claims", _runs(store))}
        _run(store, DRAINED // BATCH - 2 * RUNS * ROUNDS)
        claims["last"] = _told(f"PostgreSQL, old snapshot held, after {DRAINED} claims", _runs(store))
    _tell_growth("PostgreSQL, old snapshot held: the last claims / the first", claims, "last", "first")


def _side_by_side(workers: int, run: Callable[[], Pace]) -> float:
    """Jobs a second of all workers together."""
    paces: list[Pace] = []
    threads = [threading.Thread(target=lambda: paces.append(run())) for _ in range(workers)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return workers * ROUNDS * BATCH / (time.perf_counter() - started)


def _runs(store: SqlStore) -> Sequence[Pace]:
    """Several, so that the spread is known."""
    return [_run(store) for _ in range(RUNS)]


def _run(store: SqlStore, rounds: int = ROUNDS) -> Pace:
    """The port as a worker uses it: fences, order and outcome included."""
    claims = []
    started = time.perf_counter()
    for _ in range(rounds):
        begun = time.perf_counter()
        with store.write() as transaction:
            leases = store.claim(
                transaction, LANE, "bench", Appetite(BATCH, 0), NOON, NOON + timedelta(hours=9)
            )
        claims.append(time.perf_counter() - begun)
        with store.write() as transaction:
            settled = store.complete_all(transaction, [(lease, Done()) for lease in leases], NOON)
        assert len(settled.jobs) == BATCH, len(settled.jobs)  # noqa: S101 - a short batch would measure something else
    return Pace(statistics.median(claims) * 1000, rounds * BATCH / (time.perf_counter() - started))


def _run_raw(url: str) -> Pace:
    """What the database can do by hand: no fence, no order of keys, no outcome kept."""
    claims = []
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        started = time.perf_counter()
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            rows = connection.execute(_RAW_CLAIM, {"lane": LANE, "until": microseconds(NOON)}).fetchall()
            connection.commit()
            claims.append(time.perf_counter() - begun)
            numbers = [row[0] for row in rows]
            connection.execute(_RAW_COMPLETE, {"sequences": numbers, "now": microseconds(NOON)})
            connection.commit()
        return Pace(statistics.median(claims) * 1000, ROUNDS * BATCH / (time.perf_counter() - started))


def _enqueue(store: SqlStore, jobs: int) -> float:
    new = [NewJob(JobId(f"new-{number}"), LANE, "noop", NOON, frozenset()) for number in range(jobs)]
    started = time.perf_counter()
    for start in range(0, jobs, 500):
        with store.write() as transaction:
            store.enqueue(transaction, new[start : start + 500], NOON)
    return jobs / (time.perf_counter() - started)


def _fill(
    database: SqlDatabase, prefix: str, rows: int, state: str, due_at: datetime, until: datetime | None = None
) -> None:
    values = {
        "prefix": prefix,
        "lane": LANE,
        "state": state,
        "rows": rows,
        "due_at": microseconds(due_at),
        "next_attempt_at": None if until is None else microseconds(until),
    }
    with database.write() as transaction:
        transaction.execute(text(_FILL.format(numbers=_NUMBERS[transaction.dialect.name])), values)
        transaction.execute(text("ANALYZE queue_jobs"))


def _empty(database: SqlDatabase) -> None:
    with database.write() as transaction:
        is_postgres = transaction.dialect.name == "postgresql"
        transaction.execute(text("TRUNCATE queue_jobs CASCADE" if is_postgres else "DELETE FROM queue_jobs"))


def _told(name: str, paces: Sequence[Pace]) -> list[float]:
    """The milliseconds of a claim, run by run."""
    claims = [pace.claim_milliseconds for pace in paces]
    found = spread(claims)
    jobs = statistics.median(pace.jobs_per_second for pace in paces)
    cost = f"{found.median:7.2f} ms a claim ({found.least:.2f} to {found.most:.2f})"
    print(f"  {name:<60} {cost} {jobs:7.0f} jobs/s", flush=True)
    return claims


@contextmanager
def _opened(url: str) -> Iterator[tuple[SqlDatabase, SqlStore]]:
    migrate(url)
    limits = DatabaseLimits(statement_seconds=600, idle_seconds=3600)
    database = open_database(url, limits)
    try:
        yield database, SqlStore(database)
    finally:
        database.close()


if __name__ == "__main__":
    main()
