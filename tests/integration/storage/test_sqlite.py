"""What we rely on SQLite for is really switched on."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from gateway.errors import SettingsInvalid, StorageUnavailable
from gateway.storage.sql.engine import open_database
from gateway.storage.sql.limits import DatabaseLimits
from gateway.storage.sql.sqlite import DRIVER, SqliteDatabase, sqlite_library
from tests.support.database import opened, sqlite_url

IMPATIENT = DatabaseLimits(connections=2, wait_seconds=0.05)
FULL = 2


def test_the_library_carries_the_fix_of_the_write_ahead_log() -> None:
    library = sqlite_library()
    assert library.module == "pysqlite3"
    assert library.has_wal_reset_fix


def test_every_commit_reaches_the_disk_and_foreign_keys_hold(tmp_path: Path) -> None:
    with opened(sqlite_url(tmp_path)) as database, database.write() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == FULL
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/a/b/c.db") as database, database.write() as connection:
        connection.execute(text("CREATE TABLE kept (value INTEGER)"))
    assert (tmp_path / "a" / "b" / "c.db").exists()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with opened(sqlite_url(tmp_path)) as database:
        with pytest.raises(StorageUnavailable), database.read() as connection:
            connection.execute(text("DELETE FROM feed_head"))
        with database.read() as connection:
            assert connection.scalar(text("SELECT count(*) FROM feed_head")) == 1


def test_a_reader_sees_one_moment_and_does_not_stop_the_writer(tmp_path: Path) -> None:
    head = text("SELECT position FROM feed_head")
    with opened(sqlite_url(tmp_path)) as database, database.read() as reading:
        before = reading.scalar(head)
        with database.write() as writing:
            writing.execute(text("UPDATE feed_head SET position = 5"))
        assert reading.scalar(head) == before == 0
        with database.read() as later:
            assert later.scalar(head) == 5


def test_writers_take_turns(tmp_path: Path) -> None:
    raised = text("UPDATE feed_head SET position = :next")

    def count_up(database: SqliteDatabase) -> None:
        with database.write() as connection:
            found = connection.scalar(text("SELECT position FROM feed_head"))
            connection.execute(raised, {"next": found + 1})

    with opened(sqlite_url(tmp_path)) as database, ThreadPoolExecutor(8) as threads:
        assert isinstance(database, SqliteDatabase)
        for future in [threads.submit(count_up, database) for _ in range(40)]:
            future.result()
        with database.read() as connection:
            assert connection.scalar(text("SELECT position FROM feed_head")) == 40


def test_a_write_inside_a_write_is_an_error_not_a_deadlock(tmp_path: Path) -> None:
    with (
        opened(sqlite_url(tmp_path)) as database,
        database.write(),
        pytest.raises(RuntimeError, match="inside another"),
        database.write(),
    ):
        pytest.fail("the second transaction must not begin")


def test_nobody_waits_for_ever_for_the_writing_connection(tmp_path: Path) -> None:
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.write():
            taken.set()
            done.wait(20)

    with opened(sqlite_url(tmp_path), IMPATIENT) as database, ThreadPoolExecutor(1) as threads:
        holding = threads.submit(hold)
        assert taken.wait(20)
        try:
            with pytest.raises(StorageUnavailable, match="writer_busy"), database.write():
                pytest.fail("two writers at once")
        finally:
            done.set()
            holding.result()


def test_another_process_that_writes_makes_the_database_unavailable_for_a_while(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with opened(url, IMPATIENT) as ours, opened(url, IMPATIENT) as theirs:
        with theirs.write(), pytest.raises(StorageUnavailable, match="writer_busy"), ours.write():
            pytest.fail("two writers at once")
        with ours.write() as connection:
            connection.execute(text("UPDATE feed_head SET position = 1"))


def test_who_writes_without_asking_for_the_turn_makes_it_unavailable_for_a_while(tmp_path: Path) -> None:
    with opened(sqlite_url(tmp_path), IMPATIENT) as ours:
        foreign = DRIVER.connect(tmp_path / "hotich.db", isolation_level=None)
        foreign.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable, match="SQLITE_BUSY"), ours.write():
            pytest.fail("two writers at once")
        foreign.execute("ROLLBACK")
        foreign.close()
        with ours.write() as connection:
            connection.execute(text("UPDATE feed_head SET position = 1"))


def test_readers_are_bounded(tmp_path: Path) -> None:
    with opened(sqlite_url(tmp_path), IMPATIENT) as database, database.read(), database.read():
        with pytest.raises(StorageUnavailable, match="readers_busy"), database.read():
            pytest.fail("a third reader of two")
        with database.write() as connection:
            connection.execute(text("UPDATE feed_head SET position = 1"))


def test_a_wrong_statement_is_our_mistake_and_not_an_outage(tmp_path: Path) -> None:
    with (
        opened(sqlite_url(tmp_path)) as database,
        pytest.raises(exc.OperationalError, match="no such table"),
        database.write() as connection,
    ):
        connection.execute(text("DELETE FROM nowhere"))


def test_an_error_never_shows_the_values_of_a_statement(tmp_path: Path) -> None:
    with (
        opened(sqlite_url(tmp_path)) as database,
        pytest.raises(exc.OperationalError) as caught,
        database.write() as connection,
    ):
        connection.execute(text("INSERT INTO nowhere VALUES (:value)"), {"value": "099197000001"})
    assert "099197000001" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("not a url", "not_a_url"),
        ("sqlite://", "sqlite_needs_a_file"),
        ("sqlite:///:memory:", "sqlite_needs_a_file"),
        ("mysql://user:hidden@host/database", "unknown_database"),
    ],
)
def test_a_url_of_no_known_database_is_a_setting_to_correct(url: str, reason: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        open_database(url)
    assert caught.value.details["setting"] == "HOTICH_DATABASE_URL"
    assert caught.value.details["reason"] == reason
    assert "hidden" not in str(caught.value)
