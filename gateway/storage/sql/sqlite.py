"""SQLite: one file, one writing connection for the process, every commit on the disk before it returns."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event

from gateway.errors import StorageUnavailable
from gateway.storage.sql.failures import named_failures
from gateway.storage.sql.limits import DatabaseLimits
from gateway.storage.sql.side_lock import SideLock
from gateway.storage.sql.writers import Writers

try:
    from pysqlite3 import dbapi2 as _driver
except ImportError:  # the wheel exists for Linux only
    from sqlite3 import dbapi2 as _driver

DRIVER: Final[ModuleType] = _driver
WAL_RESET_FIXED: Final = (3, 51, 3)
"""Earlier ones may, rarely, damage a file that two connections write or check-point (sqlite.org/wal.html)."""
_CHECKPOINT_PAGES: Final = 1000


@dataclass(frozen=True, slots=True)
class SqliteLibrary:
    """Which SQLite this process runs on."""

    module: str
    version: str
    has_wal_reset_fix: bool


def sqlite_library() -> SqliteLibrary:
    """For `doctor`: the library in use and whether it may damage a file."""
    version: str = DRIVER.sqlite_version
    numbers = tuple(int(part) for part in version.split("."))
    return SqliteLibrary(DRIVER.__name__.split(".")[0], version, numbers >= WAL_RESET_FIXED)


class SqliteDatabase:
    """Opens transactions on one file."""

    def __init__(self, url: URL, limits: DatabaseLimits) -> None:
        file = Path(url.database or "").absolute()
        file.parent.mkdir(parents=True, exist_ok=True)
        self._wait_seconds = limits.wait_seconds
        self.engine = _writing_engine(url, limits)
        self._turn = SideLock(file.with_name(f"{file.name}-turn"))
        self._writers = Writers(self.engine, self._turn, limits.wait_seconds)
        self._readers = _reading_engine(url, limits)
        self._readers_free = threading.BoundedSemaphore(limits.connections)

    def write(self) -> AbstractContextManager[Connection]:
        """Wait for our turn, then write; commit on leaving, roll back on an exception. Not to be nested."""
        return self._writers.write()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot; keep it short, because the log of the file grows as long as it is open."""
        if not self._readers_free.acquire(timeout=self._wait_seconds):
            raise StorageUnavailable(reason="readers_busy")
        try:
            with named_failures(), self._readers.begin() as connection:
                yield connection
        finally:
            self._readers_free.release()

    def close(self) -> None:
        """Let go of the file."""
        self._readers.dispose()
        self.engine.dispose()
        self._turn.close()


def _writing_engine(url: URL, limits: DatabaseLimits) -> Engine:
    engine = _engine(url, limits, poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver has no types
        _execute(connection, "PRAGMA journal_mode=WAL")
        _execute(connection, "PRAGMA synchronous=FULL")
        _execute(connection, "PRAGMA foreign_keys=ON")
        _execute(connection, f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _reading_engine(url: URL, limits: DatabaseLimits) -> Engine:
    engine = _engine(url, limits, pool_size=limits.connections, max_overflow=0)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver has no types
        _execute(connection, "PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _engine(url: URL, limits: DatabaseLimits, **pool: Any) -> Engine:  # noqa: ANN401 - passed through
    return create_engine(
        url,
        module=DRIVER,
        # The driver must not begin transactions by itself: `begin` above says which kind.
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": limits.wait_seconds},
        hide_parameters=True,  # parameters are personal data
        pool_reset_on_return="rollback",
        **pool,
    )


def _execute(connection: Any, statement: str) -> None:  # noqa: ANN401 - the driver has no types
    cursor = connection.cursor()
    cursor.execute(statement)
    cursor.close()
