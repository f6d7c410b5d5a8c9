"""PostgreSQL: a bounded pool of connections, each with limits of time, checked before use."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import URL, Connection, create_engine

from gateway.storage.sql.failures import named_failures
from gateway.storage.sql.limits import DatabaseLimits
from gateway.storage.sql.postgres_pulse import watch_connections

_CONNECT_SECONDS: Final = 5
_RECYCLE_SECONDS: Final = 1800


class PostgresDatabase:
    """Opens transactions on a server that any number of gateway processes may share."""

    def __init__(self, url: URL, limits: DatabaseLimits) -> None:
        self.engine = create_engine(
            url,
            isolation_level="READ COMMITTED",  # the queue reads after locking what the last owner left
            pool_size=limits.connections,
            max_overflow=0,
            pool_timeout=limits.wait_seconds,
            pool_recycle=_RECYCLE_SECONDS,
            hide_parameters=True,  # parameters are personal data
            connect_args={
                "connect_timeout": _CONNECT_SECONDS,
                "application_name": "hotich-gateway",
                "options": _session_options(limits),
            },
        )
        watch_connections(self.engine)
        self._readers = self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Commit on leaving, roll back on an exception."""
        with named_failures(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot; keep it short, because it holds back the cleaning of old rows."""
        with named_failures(), self._readers.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


def _session_options(limits: DatabaseLimits) -> str:
    milliseconds = {
        "statement_timeout": limits.statement_seconds,
        "lock_timeout": limits.lock_seconds,
        "idle_in_transaction_session_timeout": limits.idle_seconds,
    }
    return " ".join(f"-c {name}={int(seconds * 1000)}" for name, seconds in milliseconds.items())
