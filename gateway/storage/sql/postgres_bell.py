"""Tells the workers of other processes on the same PostgreSQL that there is work (LISTEN and NOTIFY).

Only a hint: whoever misses it finds the work at its next poll.
"""

import threading
from collections.abc import Callable
from typing import Final

import psycopg
from sqlalchemy import URL, text

from gateway.observability.logging import get_log
from gateway.storage.sql.postgres import PostgresDatabase

log = get_log("storage.postgres_bell")

_CHANNEL: Final = "hotich_work"
_LISTEN_SECONDS: Final = 1.0
"""So often it looks whether it is to stop."""
_AWAY_SECONDS: Final = 2.0
_RING: Final = text(f"NOTIFY {_CHANNEL}")


def ring(database: PostgresDatabase) -> None:
    """After the commit that brought work; must not fail the one who brought it."""
    try:
        with database.engine.begin() as connection:
            connection.execute(_RING)
    except Exception as error:  # noqa: BLE001 - the work is committed; a poll will find it
        log.warning("bell.not_rung", error_type=type(error).__qualname__)


class BellListener:
    """One connection and one thread that wait for the bell."""

    def __init__(self, url: URL, on_ring: Callable[[], None]) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._on_ring = on_ring
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="bell-listener", daemon=True)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs; the server may be away meanwhile."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self, timeout_seconds: float) -> None:
        """Let go of the connection."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_seconds)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen_once()
            except psycopg.Error as error:
                log.warning("bell.away", error_type=type(error).__qualname__)
                self._stopping.wait(_AWAY_SECONDS)

    def _listen_once(self) -> None:
        with psycopg.connect(
            self._address, autocommit=True, connect_timeout=5, application_name="hotich-bell"
        ) as connection:
            connection.execute(f"LISTEN {_CHANNEL}")
            self._on_ring()  # what was missed while nobody listened
            while not self._stopping.is_set():
                for _ in connection.notifies(timeout=_LISTEN_SECONDS, stop_after=1):
                    self._on_ring()
