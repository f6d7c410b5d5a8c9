"""Transactions on the two databases for tests of the queue alone, as its user is told to open them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from pysqlite3 import dbapi2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from retry_queue.sql_store import SqlStore
from retry_queue.tables import metadata


class SqliteTransactions:
    """One writing connection behind a lock; a second connection reads."""

    def __init__(self, path: Path) -> None:
        self._writer = _sqlite_engine(path, "BEGIN IMMEDIATE")
        self._reader = _sqlite_engine(path, "BEGIN")
        self._write_lock, self._read_lock = Lock(), Lock()
        with self._writer.begin() as connection:
            metadata.create_all(connection)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._write_lock, self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._read_lock, self._reader.begin() as connection:
            yield connection

    def dispose(self) -> None:
        self._writer.dispose()
        self._reader.dispose()


class PostgresTransactions:
    """A pool; every transaction at READ COMMITTED."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, pool_size=16, connect_args={"options": "-c synchronous_commit=off"})
        # Tests read by single statements; without a transaction around them the walks are much shorter.
        self._reader = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with self._engine.begin() as connection:
            metadata.create_all(connection)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._reader.connect() as connection:
            yield connection

    def dispose(self) -> None:
        self._engine.dispose()


def empty(store: SqlStore) -> None:
    """A clean queue without making the tables anew."""
    with store.write() as transaction:
        for table in reversed(metadata.sorted_tables):
            transaction.execute(table.delete())


def _sqlite_engine(path: Path, begin: str) -> Engine:
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        module=dbapi2,
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: dbapi2.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
