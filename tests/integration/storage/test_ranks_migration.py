"""Jobs from before the ranks go on where they were, on both databases."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, column, table, text

from gateway.storage.sql.engine import open_database
from gateway.storage.sql.migrate import migrate, migration_settings
from retry_queue.job import JobId, Lane, Track
from retry_queue.sql_store import SqlStore
from retry_queue.states import State
from retry_queue.store import Appetite
from retry_queue.verdict import Done
from tests.support.database import opened
from tests.support.postgres import PostgresServer
from tests.support.queue_builders import START, after

LANE = Lane("registry")
NOON = 1_772_438_400_000_000
"""`START` as it is stored."""
OLD_JOBS = (
    ("blocker", "queued", 900, None),
    ("follower", "waiting", 100, None),
    ("free", "queued", 500, None),
    ("lost", "unknown", 300, 60),
    ("later", "deferred", 400, 30),
    ("old", "done", 1, None),
)


def make_old(url: str) -> None:
    """A database as the first release left it."""
    database = open_database(url)
    with database.write() as connection:
        settings = migration_settings()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
        for number, job in enumerate(OLD_JOBS, start=1):
            _insert(connection, number, *job)
        for number in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO queue_job_keys (lane, ordering_key, sequence) VALUES (:lane, 'k', :number)"
                ),
                {"lane": LANE, "number": number},
            )
        connection.execute(
            text("INSERT INTO queue_lanes (lane, breaker, failures_in_row) VALUES (:lane, 'closed', 3)"),
            {"lane": LANE},
        )
    database.close()


def _insert(connection: Connection, number: int, name: str, state: str, due: int, later: int | None) -> None:
    values = {
        "sequence": number,
        "job_id": name,
        "lane": LANE,
        "kind": "record",
        "state": state,
        "due_at": NOON + due * 1_000_000,
        "enqueued_at": NOON,
        "updated_at": NOON,
        "attempts": 2,
        "asks": 0,
        "fence": 4,
        "maybe_sent": state == "unknown",
        "gate_shut": False,
        "next_attempt_at": None if later is None else NOON + later * 1_000_000,
        "finished_at": NOON if state == "done" else None,
    }
    connection.execute(table("queue_jobs", *(column(name) for name in values)).insert(), values)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/old.db"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.url(server.create_database())
    make_old(url)
    return url


def test_old_jobs_keep_what_they_had_and_go_by_urgency(old_url: str) -> None:
    migrate(old_url)
    with opened(old_url) as database:
        store = SqlStore(database)
        with database.write() as transaction:
            blocker = store.find_job(transaction, JobId("blocker"))
            assert blocker is not None
            assert (blocker.due_at, blocker.attempts, blocker.fence, blocker.track) == (
                after(900), 2, 4, Track.LIVE,
            )  # fmt: skip
            assert store.get_lane(transaction, LANE).failures_in_row == 3
            assert store.promote_due(transaction, after(60), 10) == 2
            leases = store.claim(transaction, LANE, "anna", Appetite(9, 9), after(60), after(90))
            assert [lease.job.job_id for lease in leases] == ["blocker", "lost", "later", "free"]
            assert [lease.must_ask for lease in leases] == [False, True, False, False]
            store.complete(transaction, leases[0], Done(), after(61))
            follower = store.find_job(transaction, JobId("follower"))
            assert follower is not None
            assert follower.state is State.QUEUED


def test_old_line_is_looked_at_when_its_rank_has_passed(old_url: str) -> None:
    migrate(old_url)
    with opened(old_url) as database:
        store = SqlStore(database)
        with database.write() as transaction:
            assert store.rerank_overdue(transaction, START, 10) == 0
            assert store.rerank_overdue(transaction, after(150), 10) == 1


def test_way_back_keeps_the_jobs(old_url: str) -> None:
    migrate(old_url)
    with opened(old_url) as database, database.write() as connection:
        settings = migration_settings()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0001")
        assert connection.scalar(text("SELECT count(*) FROM queue_jobs")) == len(OLD_JOBS)
