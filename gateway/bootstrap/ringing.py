"""How processes on PostgreSQL tell each other that there is work; on SQLite they look by themselves."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import make_url

from gateway.bootstrap.stores import Stores
from gateway.settings import Settings
from gateway.storage.sql.postgres import PostgresDatabase
from gateway.storage.sql.postgres_bell import BellListener, ring


def bell_listener(stores: Stores, settings: Settings, notify: Callable[[], None]) -> BellListener | None:
    """On PostgreSQL other processes may accept what this one delivers."""
    if not isinstance(stores.database, PostgresDatabase):
        return None
    return BellListener(make_url(settings.database_url), notify)


def bell_ringer(stores: Stores) -> Callable[[], None]:
    """How a process that delivers nothing itself tells those that do."""
    database = stores.database
    return partial(ring, database) if isinstance(database, PostgresDatabase) else _nobody_to_tell


def _nobody_to_tell() -> None:
    """Workers of other processes poll the database."""
