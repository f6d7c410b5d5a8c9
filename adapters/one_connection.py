"""One kept connection of httpcore: what a thread has that makes one exchange at a time.

httpcore's pool finds room, queues and locks for many; here there is nothing to find. Connection, protocol and
the answer's end remain httpcore's: it alone says whether a connection may be used again.
"""

import ssl
from typing import Protocol

import httpcore


class Line(Protocol):
    """One exchange at a time with whoever the request names."""

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Raises httpcore's errors; the answer must be closed before the next request."""
        ...

    def close(self) -> None:
        """Let go of the connection; a later request opens a new one."""
        ...


class OneConnection:
    """For one thread. Another address closes the connection to the former."""

    def __init__(self, trust: ssl.SSLContext, keepalive_seconds: float) -> None:
        self._trust = trust
        self._keepalive_seconds = keepalive_seconds
        self._connection: httpcore.HTTPConnection | None = None

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Over the kept connection if it is idle, young, and the partner has not ended it."""
        connection = self._connection
        if (
            connection is None
            or not connection.is_idle()
            or connection.has_expired()
            or not connection.can_handle_request(request.url.origin)
        ):
            connection = self._new_connection(request.url.origin)
        return connection.handle_request(request)

    def close(self) -> None:
        """Let go of the connection; a later request opens a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _new_connection(self, origin: httpcore.Origin) -> httpcore.HTTPConnection:
        self.close()
        connection = self._connection = httpcore.HTTPConnection(
            origin, ssl_context=self._trust, keepalive_expiry=self._keepalive_seconds
        )
        return connection
