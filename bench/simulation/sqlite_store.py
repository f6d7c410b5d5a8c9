"""Some of the days on a real SQLite file: the statements of production, without waiting for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pysqlite3 import dbapi2
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from retry_queue.sql_store import SqlStore
from retry_queue.tables import metadata


class OneConnection:
    """A simulated world has one thread, and no transaction of it is ever left open while another begins."""

    def __init__(self, path: Path) -> None:
        self._engine = create_engine(
            f"sqlite+pysqlite:///{path}",
            module=dbapi2,
            poolclass=StaticPool,
            connect_args={"check_same_thread": False, "isolation_level": None},
        )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        with self._engine.begin() as connection:
            metadata.create_all(connection)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Commit on leaving, roll back on an exception."""
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view."""
        with self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """The file may go."""
        self._engine.dispose()


@contextmanager
def open_store(path: Path) -> Iterator[SqlStore]:
    """A fresh queue in a file of its own."""
    transactions = OneConnection(path)
    try:
        yield SqlStore(transactions)
    finally:
        transactions.close()


def _prepare(connection: dbapi2.Connection, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
