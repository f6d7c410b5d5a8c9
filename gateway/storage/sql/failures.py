"""Which failures of a driver mean that the database cannot be used now, and which are our own mistakes."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from gateway.errors import StorageUnavailable

_OUR_MISTAKE = "SQLITE_ERROR"
"""What SQLite says of a statement that is wrong, e.g. of a table that is missing."""


@contextmanager
def named_failures() -> Iterator[None]:
    """Turn loss of the database into `StorageUnavailable`; the driver's text stays out, it may quote rows."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError) as error:
        if getattr(error.orig, "sqlite_errorname", None) == _OUR_MISTAKE:
            raise
        raise StorageUnavailable(reason=_reason(error)) from error
    except exc.TimeoutError as error:
        raise StorageUnavailable(reason="no_free_connection") from error
    except exc.DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise StorageUnavailable(reason="connection_lost") from error


def _reason(error: exc.DBAPIError) -> str:
    return getattr(error.orig, "sqlite_errorname", None) or type(error.orig).__name__
