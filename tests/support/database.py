"""Databases for tests: an SQLite file of one's own, and a PostgreSQL database emptied before each test."""

import atexit
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from gateway.storage.sql.engine import SqlDatabase, open_database
from gateway.storage.sql.limits import DatabaseLimits
from gateway.storage.sql.migrate import migrate
from gateway.storage.sql.schema import SCHEMA


def sqlite_url(folder: Path) -> str:
    """The URL of a migrated, empty file in this folder."""
    file = folder / "hotich.db"
    shutil.copy(_migrated_file(), file)
    return f"sqlite:///{file}"


@contextmanager
def opened(database_url: str, limits: DatabaseLimits | None = None) -> Iterator[SqlDatabase]:
    """A database that is closed again."""
    database = open_database(database_url, limits)
    try:
        yield database
    finally:
        database.close()


def emptied(postgres_url: str) -> str:
    """The same URL, migrated, with every table as after the migration."""
    migrate(postgres_url)
    names = ", ".join(table.name for part in SCHEMA for table in part.sorted_tables)
    with opened(postgres_url) as database, database.write() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
        connection.execute(text("INSERT INTO feed_head (id, position) VALUES (1, 0)"))
    return postgres_url


@cache
def _migrated_file() -> Path:
    """Migrated once for each test process; copying is quicker."""
    folder = TemporaryDirectory(prefix="hotich-sqlite-")
    atexit.register(folder.cleanup)
    file = Path(folder.name) / "migrated.db"
    migrate(f"sqlite:///{file}")
    return file
