"""Writers that queue for an SQLite file share one commit, and nothing else."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, exc, text

from gateway.errors import StorageUnavailable
from gateway.storage.sql.sqlite import SqliteDatabase
from gateway.storage.sql.writers import _Line
from tests.support.database import opened, sqlite_url
from tests.support.waiting import wait_for

KEEP = text("INSERT INTO kept VALUES (:value)")
KEPT = text("SELECT value FROM kept ORDER BY value")


@contextmanager
def database_with_a_table(folder: Path) -> Iterator[SqliteDatabase]:
    with opened(sqlite_url(folder)) as database:
        assert isinstance(database, SqliteDatabase)
        with database.write() as connection:
            connection.execute(text("CREATE TABLE kept (value INTEGER PRIMARY KEY)"))
        yield database


def kept(database: SqliteDatabase) -> list[int]:
    with database.read() as connection:
        return list(connection.execute(KEPT).scalars())


def keep(database: SqliteDatabase, value: int) -> None:
    with database.write() as connection:
        connection.execute(KEEP, {"value": value})


def has_waiting(line: _Line, writers: int) -> bool:
    return len(line._waiting) == writers  # noqa: SLF001  # nobody else knows who waits


def queue_behind_the_first(database: SqliteDatabase, *works: Callable[[], None]) -> list[Future[None]]:
    """The first writes 0 and stays inside until all the others stand in line, in this order."""
    line = database._writers._line  # noqa: SLF001  # who waits is told to nobody else
    with ThreadPoolExecutor(len(works) + 1) as threads:
        is_inside, may_leave = threading.Event(), threading.Event()

        def first() -> None:
            with database.write() as connection:
                connection.execute(KEEP, {"value": 0})
                is_inside.set()
                may_leave.wait(20)

        futures = [threads.submit(first)]
        assert is_inside.wait(20)
        for place, work in enumerate(works, start=1):
            futures.append(threads.submit(work))
            wait_for(partial(has_waiting, line, place), "a place in the line")
        may_leave.set()
    return futures


def commits_of(database: SqliteDatabase) -> list[Connection]:
    seen: list[Connection] = []
    event.listen(database.engine, "commit", seen.append)
    return seen


def test_writers_that_wait_share_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.storage.sql.writers._SECONDS_MAX", 60.0)
    with database_with_a_table(tmp_path) as database:
        commits = commits_of(database)
        done = queue_behind_the_first(
            database, *(lambda value=value: keep(database, value) for value in (1, 2, 3))
        )
        assert [each.exception() for each in done] == [None] * 4
        assert kept(database) == [0, 1, 2, 3]
        assert len(commits) == 1


def test_an_old_transaction_is_not_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.storage.sql.writers._SECONDS_MAX", 0.0)
    with database_with_a_table(tmp_path) as database:
        commits = commits_of(database)
        queue_behind_the_first(database, lambda: keep(database, 1))
        assert kept(database) == [0, 1]
        assert len(commits) == 2


def test_the_failure_of_one_undoes_the_work_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.storage.sql.writers._SECONDS_MAX", 60.0)

    def keep_twice(database: SqliteDatabase) -> None:
        with database.write() as connection:
            connection.execute(KEEP, {"value": 7})
            connection.execute(KEEP, {"value": 0})

    with database_with_a_table(tmp_path) as database:
        first, failed, last = queue_behind_the_first(
            database, lambda: keep_twice(database), lambda: keep(database, 2)
        )
        assert (first.exception(), last.exception()) == (None, None)
        assert isinstance(failed.exception(), exc.IntegrityError)
        assert kept(database) == [0, 2]


def test_who_shares_a_commit_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.storage.sql.writers._SECONDS_MAX", 60.0)

    def refuse(_connection: Connection) -> None:
        message = "no space left"
        raise OSError(message)

    with database_with_a_table(tmp_path) as database:
        event.listen(database.engine, "commit", refuse)
        done = queue_behind_the_first(database, lambda: keep(database, 1))
        assert [type(each.exception()) for each in done] == [StorageUnavailable] * 2
        event.remove(database.engine, "commit", refuse)
        assert kept(database) == []
        keep(database, 5)
        assert kept(database) == [5]
