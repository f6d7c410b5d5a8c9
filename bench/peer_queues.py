"""The same no-op jobs on each queue: how it is filled, and how one worker process empties it.

Each worker prints `ready`, waits for a line, works until nothing is left and prints `done`.
"""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from sqlalchemy import make_url

from bench.celery_queue import IDLE_SECONDS, PREFETCH, fill_celery, left_at_celery, work_celery
from gateway.storage.sql.engine import open_database
from gateway.storage.sql.limits import DatabaseLimits
from gateway.storage.sql.migrate import migrate
from retry_queue.job import JobId, Lane, NewJob
from retry_queue.rank import microseconds
from retry_queue.sql_store import SqlStore
from retry_queue.store import Appetite
from retry_queue.verdict import Done

LANE: Final = Lane("peers")
_NOBODYS: Final = Lane("nobody's")
"""Without jobs. A claim there opens the connection, as the peers' are open when they begin."""
NOON: Final = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)
LATER: Final = NOON + timedelta(hours=9)
A_LOAD: Final = 1000
"""Jobs put in at once; nobody measures that here."""
BATCH: Final = {"ours": 500, "raw SQL": 500, "pgqueuer": 100, "procrastinate": 1, "Celery": PREFETCH}
"""What each does best on two cores; procrastinate claims one by one, Celery's are prefetched messages."""

_RAW_CLAIM: Final = """
UPDATE queue_jobs SET state = 'leased', lease_until = %(until)s, leased_by = 'raw' WHERE sequence = ANY(ARRAY(
  SELECT sequence FROM queue_jobs WHERE lane = %(lane)s AND track = 'live'
  AND state IN ('queued', 'unknown') AND next_attempt_at IS NULL
  ORDER BY rank, sequence LIMIT %(jobs)s FOR UPDATE SKIP LOCKED))
RETURNING sequence, job_id
"""
_RAW_COMPLETE: Final = """
UPDATE queue_jobs SET state = 'done', lease_until = NULL, finished_at = %(now)s
WHERE sequence = ANY(%(sequences)s)
"""


def nothing(_job: object) -> None:
    """The work of a job."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One of those that are compared."""

    name: str
    fill: Callable[[str, int], None]
    """Make its tables in an empty database and put jobs in."""
    work: Callable[[str], None]
    left: Callable[[str], int]
    """How many are not done."""
    idle_seconds: float = 0.0
    """So long a worker sits still before it says that it is done."""


def _wait_for_the_start() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def address(url: str) -> str:
    """As libpq's own drivers want it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _fill_ours(url: str, jobs: int) -> None:
    migrate(url)
    database = open_database(url)
    store = SqlStore(database)
    for start in range(0, jobs, A_LOAD):
        with store.write() as transaction:
            store.enqueue(transaction, _some(start, min(A_LOAD, jobs - start)), NOON)
    database.close()
    _analyse(url, "queue_jobs")


def _some(start: int, jobs: int) -> Sequence[NewJob]:
    """Each due a little later, so that there is an order to keep."""
    return [
        NewJob(JobId(f"job-{n}"), LANE, "noop", NOON + timedelta(hours=1, milliseconds=n), frozenset())
        for n in range(start, start + jobs)
    ]


def _work_ours(url: str) -> None:
    """Through the queue's own port: order, fences, and the outcome of each job written."""
    database = open_database(url, DatabaseLimits(statement_seconds=600))
    store = SqlStore(database)
    with store.write() as transaction:
        assert not store.claim(transaction, _NOBODYS, "bench", Appetite(1, 0), NOON, LATER)  # noqa: S101 - as said there
    _wait_for_the_start()
    while True:
        with store.write() as transaction:
            leases = store.claim(transaction, LANE, "bench", Appetite(BATCH["ours"], 0), NOON, LATER)
        if not leases:
            return
        for lease in leases:
            nothing(lease.job)
        with store.write() as transaction:
            lost = store.complete_all(transaction, [(lease, Done()) for lease in leases], NOON).lost
        if lost:
            raise RuntimeError(lost)


def _work_raw(url: str) -> None:
    """What the database can do by hand on the same rows: no fence, no keys, no outcome."""
    claim = {"lane": LANE, "until": microseconds(LATER), "jobs": BATCH["raw SQL"]}
    with psycopg.connect(address(url)) as connection:
        assert not connection.execute(_RAW_CLAIM, {**claim, "lane": _NOBODYS}).fetchall()  # noqa: S101 - as said there
        connection.commit()
        _wait_for_the_start()
        while True:
            rows = connection.execute(_RAW_CLAIM, claim).fetchall()
            connection.commit()
            if not rows:
                return
            for row in rows:
                nothing(row)
            values = {"sequences": [row[0] for row in rows], "now": microseconds(NOON)}
            connection.execute(_RAW_COMPLETE, values)
            connection.commit()


def _fill_pgqueuer(url: str, jobs: int) -> None:
    async def fill() -> None:
        connection = await _asyncpg(url)
        queries = _pgqueuer_queries(connection)
        await queries.install()
        for start in range(0, jobs, A_LOAD):
            count = min(A_LOAD, jobs - start)
            await queries.enqueue(["noop"] * count, [None] * count, [0] * count)
        await connection.close()

    asyncio.run(fill())
    _analyse(url, "pgqueuer")


def _work_pgqueuer(url: str) -> None:
    async def work() -> None:
        import pgqueuer  # noqa: PLC0415  # a requirement of the measurements only
        from pgqueuer.types import QueueExecutionMode  # noqa: PLC0415  # likewise, only measured

        connection = await _asyncpg(url)
        manager = pgqueuer.QueueManager(_pgqueuer_queries(connection))

        async def noop(job: object) -> None:
            nothing(job)

        manager.entrypoint("noop")(noop)

        _wait_for_the_start()
        await manager.run(
            batch_size=BATCH["pgqueuer"],
            mode=QueueExecutionMode.drain,
            dequeue_timeout=timedelta(seconds=1),
        )

    _with_uvloop(work)


def _fill_procrastinate(url: str, jobs: int) -> None:
    async def fill() -> None:
        app, noop = _procrastinate(url)
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            for start in range(0, jobs, A_LOAD):
                await noop.batch_defer_async(*({} for _ in range(min(A_LOAD, jobs - start))))

    asyncio.run(fill())
    _analyse(url, "procrastinate_jobs")


def _work_procrastinate(url: str) -> None:
    async def work() -> None:
        app, _ = _procrastinate(url)
        async with app.open_async():
            _wait_for_the_start()
            await app.run_worker_async(
                wait=False,
                concurrency=BATCH["procrastinate"],
                listen_notify=False,
                install_signal_handlers=False,
            )

    _with_uvloop(work)


async def _asyncpg(url: str) -> Any:  # noqa: ANN401  # the driver has no types
    import asyncpg  # noqa: PLC0415  # a requirement of the measurements only

    found = make_url(url)
    return await asyncpg.connect(user=found.username, database=found.database, host=found.query["host"])


def _pgqueuer_queries(connection: Any) -> Any:  # noqa: ANN401  # the peers are not installed where types are checked
    """Every table on the disk, as ours are."""
    import pgqueuer  # noqa: PLC0415  # a requirement of the measurements only
    from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment  # noqa: PLC0415  # likewise, only measured
    from pgqueuer.domain.settings import DBSettings, Durability  # noqa: PLC0415  # likewise, only measured

    settings = DBSettings(durability=Durability.durable)
    driver = pgqueuer.AsyncpgDriver(connection)
    return pgqueuer.Queries(driver, qbe=QueryBuilderEnvironment(settings))


def _procrastinate(url: str) -> tuple[Any, Any]:
    import procrastinate  # noqa: PLC0415  # a requirement of the measurements only

    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address(url)))

    async def noop() -> None:
        nothing(None)

    return app, app.task(name="noop")(noop)


def _with_uvloop(work: Callable[[], Any]) -> None:
    import uvloop  # noqa: PLC0415  # not on every machine

    uvloop.run(work())


def _analyse(url: str, table: str) -> None:
    with psycopg.connect(address(url), autocommit=True) as connection:
        connection.execute(f"VACUUM ANALYZE {table}".encode())


def _counted(statement: str) -> Callable[[str], int]:
    def count(url: str) -> int:
        with psycopg.connect(address(url)) as connection:
            (found,) = connection.execute(statement.encode()).fetchone() or (0,)
        return int(found)

    return count


_UNFINISHED: Final = _counted("SELECT count(*) FROM queue_jobs WHERE finished_at IS NULL")
QUEUES: Final = {
    each.name: each
    for each in (
        Queue("ours", _fill_ours, _work_ours, _UNFINISHED),
        Queue("raw SQL", _fill_ours, _work_raw, _UNFINISHED),
        Queue("pgqueuer", _fill_pgqueuer, _work_pgqueuer, _counted("SELECT count(*) FROM pgqueuer")),
        Queue(
            "procrastinate",
            _fill_procrastinate,
            _work_procrastinate,
            _counted("SELECT count(*) FROM procrastinate_jobs WHERE status <> 'succeeded'"),
        ),
        Queue(
            "Celery",
            fill_celery,
            lambda url: work_celery(url, _wait_for_the_start),
            left_at_celery,
            IDLE_SECONDS,
        ),
    )
}
