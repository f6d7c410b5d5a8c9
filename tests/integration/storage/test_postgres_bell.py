"""The bell between processes on one PostgreSQL."""

import threading

import pytest
from sqlalchemy import make_url, text

from gateway.storage.sql.postgres import PostgresDatabase
from gateway.storage.sql.postgres_bell import BellListener, ring
from tests.support.database import emptied, opened
from tests.support.waiting import wait_for

pytestmark = pytest.mark.postgres


class Ear:
    """Counts the rings."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.rings = 0

    def __call__(self) -> None:
        with self._lock:
            self.rings += 1


@pytest.fixture
def url(postgres_url: str) -> str:
    return emptied(postgres_url)


def test_ring_is_heard_also_after_the_connection_was_lost(url: str) -> None:
    ear = Ear()
    listener = BellListener(make_url(url), ear)
    listener.start()
    try:
        with opened(url) as database:
            assert isinstance(database, PostgresDatabase)
            wait_for(lambda: ear.rings == 1, "it listens")
            ring(database)
            wait_for(lambda: ear.rings == 2, "the ring is heard")
            with database.write() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name = 'hotich-bell'"
                    )
                )
            wait_for(lambda: ear.rings >= 3, "it listens again")
            heard = ear.rings
            ring(database)
            wait_for(lambda: ear.rings > heard, "the ring is heard again")
    finally:
        listener.stop(10)
    assert not listener.is_alive


def test_bell_that_cannot_be_rung_harms_nobody() -> None:
    with opened("postgresql+psycopg://nobody@127.0.0.1:1/none") as database:
        assert isinstance(database, PostgresDatabase)
        ring(database)
