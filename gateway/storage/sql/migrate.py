"""Brings a database to the schema of this release; safe when several processes start at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from gateway.storage.sql.engine import SqlDatabase, open_database
from gateway.storage.sql.limits import DatabaseLimits
from gateway.storage.sql.postgres import PostgresDatabase

_SCRIPTS: Final = Path(__file__).parent.parent / "migrations"
_LOCK_NUMBER: Final = 4_807_260_128
"""Ours alone: names the migration among the advisory locks of a PostgreSQL database."""
_LIMITS: Final = DatabaseLimits(connections=1, wait_seconds=60, statement_seconds=600, lock_seconds=60)


def migrate(database_url: str) -> str:
    """Create or upgrade the schema, all of it or nothing; the revision reached.

    Raises:
        SettingsInvalid, StorageUnavailable.

    """
    database = open_database(database_url, _LIMITS)
    try:
        with _alone(database) as connection:
            settings = migration_settings()
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
            return current_revision(connection) or ""
    finally:
        database.close()


def current_revision(connection: Connection) -> str | None:
    """The revision of a database; None before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """The revision that this release needs."""
    return ScriptDirectory.from_config(migration_settings()).get_current_head() or ""


def migration_settings() -> Config:
    """Alembic's settings; the connection is put into `attributes`."""
    settings = Config()
    settings.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return settings


@contextmanager
def _alone(database: SqlDatabase) -> Iterator[Connection]:
    """One transaction; on SQLite it is the only writer of the file, on PostgreSQL it waits for the lock."""
    with database.write() as connection:
        if isinstance(database, PostgresDatabase):
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
        yield connection
