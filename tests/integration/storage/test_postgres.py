"""What we rely on PostgreSQL for, and what becomes of us when it goes away and comes back."""

import pytest
from sqlalchemy import exc, text

from gateway.errors import StorageUnavailable
from gateway.storage.sql.engine import SqlDatabase
from gateway.storage.sql.limits import DatabaseLimits
from tests.support.database import emptied, opened
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.postgres

IMPATIENT = DatabaseLimits(
    connections=2, wait_seconds=0.2, statement_seconds=0.2, lock_seconds=0.2, idle_seconds=30
)
HEAD = text("SELECT position FROM feed_head")
RAISE = text("UPDATE feed_head SET position = position + 1")


@pytest.fixture
def url(postgres_url: str) -> str:
    return emptied(postgres_url)


def test_writers_read_what_was_committed_last_and_readers_one_moment(url: str) -> None:
    with opened(url) as database:
        with database.write() as connection:
            assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"
        with database.read() as reading:
            assert reading.scalar(text("SHOW transaction_isolation")) == "repeatable read"
            assert reading.scalar(HEAD) == 0
            with database.write() as writing:
                writing.execute(RAISE)
            assert reading.scalar(HEAD) == 0
        with database.write() as connection:
            assert connection.scalar(text("SHOW transaction_read_only")) == "off"
            assert connection.scalar(HEAD) == 1


def test_a_reader_cannot_write(url: str) -> None:
    with (
        opened(url) as database,
        pytest.raises(exc.InternalError, match="read-only"),
        database.read() as connection,
    ):
        connection.execute(RAISE)


def test_statements_and_transactions_have_limits(url: str) -> None:
    with opened(url) as database, database.read() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "30s"
        assert connection.scalar(text("SHOW lock_timeout")) == "10s"
        assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"


def test_a_statement_that_takes_too_long_is_given_up(url: str) -> None:
    with (
        opened(url, IMPATIENT) as database,
        pytest.raises(StorageUnavailable, match="QueryCanceled"),
        database.write() as connection,
    ):
        connection.execute(text("SELECT pg_sleep(60)"))


def test_nobody_waits_for_ever_for_a_row(url: str) -> None:
    with opened(url, IMPATIENT) as database, database.write() as first:
        first.execute(RAISE)
        with pytest.raises(StorageUnavailable), database.write() as second:
            second.execute(RAISE)


def test_the_pool_is_bounded(url: str) -> None:
    with (
        opened(url, IMPATIENT) as database,
        database.read(),
        database.read(),
        pytest.raises(StorageUnavailable, match="no_free_connection"),
        database.read(),
    ):
        pytest.fail("a third connection of two")


@pytest.mark.parametrize("crash", [False, True], ids=["orderly", "crash"])
def test_after_a_restart_of_the_server_the_next_transaction_works(
    postgres_server: PostgresServer, url: str, *, crash: bool
) -> None:
    with opened(url) as database:
        with database.write() as connection:
            connection.execute(RAISE)
        postgres_server.restart(crash=crash)
        with database.write() as connection:
            assert connection.scalar(HEAD) == 1


def test_a_transaction_that_loses_its_server_is_named_and_not_half_done(
    postgres_server: PostgresServer, url: str
) -> None:
    with opened(url) as database:
        with pytest.raises(StorageUnavailable):
            _raise_twice_around_a_crash(database, postgres_server)
        with database.read() as connection:
            assert connection.scalar(HEAD) == 0


def _raise_twice_around_a_crash(database: SqlDatabase, server: PostgresServer) -> None:
    with database.write() as connection:
        connection.execute(RAISE)
        server.restart(crash=True)
        connection.execute(RAISE)


def test_a_server_that_is_down_is_named(postgres_server: PostgresServer, url: str) -> None:
    with opened(url) as database:
        postgres_server.stop()
        try:
            with pytest.raises(StorageUnavailable), database.read():
                pytest.fail("there is no server")
        finally:
            postgres_server.start()
        with database.read() as connection:
            assert connection.scalar(HEAD) == 0
