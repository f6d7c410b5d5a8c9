"""Whether a connection of the pool still lives: a restart of the server spoils no later transaction.

Asking the server costs a way there and back before each transaction. A server that ends, or is killed, closes
its sockets, and that can be seen from here: a connection that was used a moment ago is only looked at.
"""

import select
import time
from collections.abc import Callable
from typing import Final

import psycopg
from sqlalchemy import Engine, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_TRUSTED_SECONDS: Final = 1.0
_USED_AT: Final = "hotich_used_at"


def watch_connections(engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
    """Before each use; one that is found dead makes the pool renew all."""

    def used(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = clock()

    def checked(
        connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        used_at = record.info.get(_USED_AT)
        is_fresh = used_at is not None and clock() - used_at < _TRUSTED_SECONDS
        if is_fresh and not _has_news(connection):
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise exc.InvalidatePoolError from error

    event.listen(engine, "connect", used)
    event.listen(engine, "checkin", used)
    event.listen(engine, "checkout", checked)


def _has_news(connection: DBAPIConnection) -> bool:
    """Nobody has asked anything, so what can be read is the end, or a word about it."""
    try:
        watched = select.poll()
        watched.register(connection.fileno(), select.POLLIN)
    except (psycopg.Error, ValueError):
        return True
    return bool(watched.poll(0))
