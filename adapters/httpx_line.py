"""A `Line` over a transport of httpx: for whatever transport it is given, such as one without a network."""

import time
from collections.abc import Callable, Iterable, Mapping

import httpx

from adapters.line import ConnectionFailed, ExchangeBroken, Letter, LineFailed, LineLimits, Reply

FIRST_BYTE = ".send_request_headers.started"
"""End of the trace event that a transport raises with the connection standing and nothing written yet."""


class _TooMuch(Exception):
    """More bytes, or slower bytes, than the limits allow."""


class _FirstByte:
    """Listens to the transport: calls once, and remembers that the request began to leave."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call
        self.has_left = False

    def hear(self, event: str, _info: Mapping[str, object]) -> None:
        if event.endswith(FIRST_BYTE) and not self.has_left:
            self._call()
            self.has_left = True


class HttpxLine:
    """Requests go to the transport and not through a client: nothing of what that adds is wanted here."""

    def __init__(self, limits: LineLimits, transport: httpx.BaseTransport) -> None:
        self._limits = limits
        self._transport = transport
        self._timeout = httpx.Timeout(limits.silence_seconds, connect=limits.connect_seconds).as_dict()

    def exchange(self, letter: Letter, first_byte: Callable[[], None]) -> Reply:
        """As the transport does it. Raises LineFailed."""
        listener = _FirstByte(first_byte)
        request = httpx.Request(
            letter.method,
            letter.url,
            headers=dict(letter.headers),
            content=letter.content,
            extensions={"timeout": self._timeout, "trace": listener.hear},
        )
        failure: Exception
        try:
            response = self._transport.handle_request(request)
            try:
                body = self._read(response)
            finally:
                response.close()
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status_code, headers, body)
        except (httpx.HTTPError, httpx.StreamError, _TooMuch) as error:
            failure = error
        # Raised out here, so that the library's exception, which holds the request, is not even its context.
        has_left = listener.has_left and not isinstance(failure, httpx.LocalProtocolError)
        raise LineFailed(_cause(failure), has_left=has_left)

    def close(self) -> None:
        """Close what the transport holds."""
        self._transport.close()

    def _read(self, response: httpx.Response) -> bytes:
        """The body, within the limits of size and time."""
        last_moment = time.monotonic() + self._limits.answer_seconds
        body = bytearray()
        for chunk in _chunks(response):
            body += chunk
            if len(body) > self._limits.answer_bytes_max or time.monotonic() > last_moment:
                raise _TooMuch
        return bytes(body)


def _chunks(response: httpx.Response) -> Iterable[bytes]:
    """As sent; decoded where a partner compresses although it was asked not to."""
    if "content-encoding" in response.headers or not isinstance(response.stream, httpx.SyncByteStream):
        return response.iter_bytes()
    return response.stream


def _cause(error: Exception) -> ConnectionFailed | ExchangeBroken:
    """A cause without the request that the library's exception holds; connection errors keep their words."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return ConnectionFailed(f"{type(error).__name__}: {error}")
    return ExchangeBroken(type(error).__name__)
