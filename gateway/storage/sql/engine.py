"""Opens the database that a URL names."""

from typing import TypeAlias

from sqlalchemy import exc, make_url

from gateway.errors import SettingsInvalid
from gateway.storage.sql.limits import DatabaseLimits
from gateway.storage.sql.postgres import PostgresDatabase
from gateway.storage.sql.sqlite import SqliteDatabase

SqlDatabase: TypeAlias = SqliteDatabase | PostgresDatabase


def open_database(database_url: str, limits: DatabaseLimits | None = None) -> SqlDatabase:
    """Connects on first use, so that a server that is down is no error here.

    Raises:
        SettingsInvalid: the URL names neither an SQLite file nor PostgreSQL.

    """
    try:
        url = make_url(database_url)
    except exc.ArgumentError as error:
        raise _invalid(reason="not_a_url") from error
    limits = limits or DatabaseLimits()
    match url.drivername:
        case "sqlite" if url.database and url.database != ":memory:":
            return SqliteDatabase(url, limits)
        case "sqlite":
            raise _invalid(reason="sqlite_needs_a_file")
        case "postgresql+psycopg":
            return PostgresDatabase(url, limits)
        case _:
            raise _invalid(reason="unknown_database")


def _invalid(reason: str) -> SettingsInvalid:
    # The URL itself may hold a password: it is not repeated.
    return SettingsInvalid(
        setting="HOTICH_DATABASE_URL",
        reason=reason,
        example="sqlite:///var/hotich.db, postgresql+psycopg://user:password@host/database",
    )
