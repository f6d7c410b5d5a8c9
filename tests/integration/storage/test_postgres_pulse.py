"""How often a connection of the pool is asked whether it lives."""

import select
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from gateway.storage.sql.postgres_pulse import watch_connections

pytestmark = pytest.mark.postgres

END_ALL = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE application_name = 'watched' AND pid <> pg_backend_pid()"
)


class Watched:
    """An engine of one connection, its clock, and how often the server was asked."""

    def __init__(self, url: str) -> None:
        self.now = 0.0
        self.asked = 0
        self.engine: Engine = create_engine(
            url, pool_size=1, max_overflow=0, connect_args={"application_name": "watched"}
        )
        watch_connections(self.engine, lambda: self.now)
        ask = self.engine.dialect.do_ping

        def counted(connection: DBAPIConnection) -> bool:
            self.asked += 1
            return ask(connection)

        self.engine.dialect.do_ping = counted  # type: ignore[assignment,method-assign]  # counts what goes to the server

    def number(self) -> int:
        """Which process of the server answers."""
        with self.engine.begin() as connection:
            return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


@pytest.fixture
def watched(postgres_url: str) -> Iterator[Watched]:
    made = Watched(postgres_url)
    yield made
    made.engine.dispose()


def test_a_connection_used_a_moment_ago_is_only_looked_at(watched: Watched) -> None:
    first = watched.number()
    watched.now = 0.9
    assert (watched.number(), watched.asked) == (first, 0)
    watched.now = 2.5
    assert (watched.number(), watched.asked) == (first, 1)


@pytest.mark.parametrize("seconds", [0.0, 5.0])
def test_a_connection_that_the_server_ended_is_not_used(
    watched: Watched, postgres_url: str, seconds: float
) -> None:
    first = watched.number()
    other = create_engine(postgres_url)
    with other.begin() as connection:
        assert connection.execute(END_ALL).scalars().all() == [True]
    other.dispose()
    _wait_for_the_end(watched.engine)
    watched.now = seconds
    assert watched.number() != first
    assert watched.asked == 1


def test_a_connection_that_was_closed_here_is_not_used(watched: Watched) -> None:
    first = watched.number()
    _lying_in(watched.engine).close()
    assert watched.number() != first


def _wait_for_the_end(engine: Engine) -> None:
    """Until the word of the server has come through the socket, without reading it."""
    assert select.select([_lying_in(engine).fileno()], [], [], 10)[0]


def _lying_in(engine: Engine) -> Any:  # noqa: ANN401  # the driver's connection, of which the pool tells no type
    return engine.pool._pool.queue[0].dbapi_connection  # type: ignore[attr-defined]  # noqa: SLF001  # only to look
