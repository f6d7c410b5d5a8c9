"""One kept connection of libcurl: what a thread has that makes one exchange at a time.

libcurl says when the connection stands and nothing has left yet: there the sending is announced. Where a kept
connection breaks before anything was answered, it would send the request again over a new one; that is
refused, for the partner may have taken the first.
"""

import select
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import pycurl

from adapters.http_wire import curl_lines, read_headers
from adapters.line import ConnectionFailed, ExchangeBroken, Reply, Request

_STATUS_LINE: Final = b"HTTP/"
_END_OF_HEAD: Final = frozenset({b"\r\n", b"\n"})
_TAKEN: Final = None
_REFUSED: Final = 0
_GO_ON: Final = 0
_STOP: Final = 1
_NO_SOCKET: Final = -1
_ERRORS: Final = {
    code: name for name, code in vars(pycurl).items() if name.startswith("E_") and "_MULTI_" not in name
}
"""libcurl's names; of a number that has an old one and a new one, either."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much."""

    connect_seconds: float
    read_seconds: float
    """Longest silence while sending or reading; looked at once a second."""
    answer_seconds: float
    """Longest time from the answer's first header to its end."""
    answer_bytes_max: int
    keepalive_seconds: float
    """What was idle for longer, in whole seconds, is not used again; below one nothing is."""


class OneConnection:
    """For one thread. Another address closes the connection to the former."""

    def __init__(self, limits: Limits, ca_file: str) -> None:
        self._limits = limits
        self._ca_file = ca_file
        self._curl = pycurl.Curl()
        self._socket = _NO_SOCKET

    def exchange(self, request: Request, about_to_send: Callable[[], None]) -> Reply:
        """Over the kept connection if it is young, and the partner has not ended it."""
        if self._socket == _NO_SOCKET or _has_something(self._socket):
            self.close()  # libcurl looks only once a second whether what it has kept still lives
        curl, self._socket = self._curl, _NO_SOCKET
        transfer = _Transfer(self._limits, about_to_send)
        failure: ConnectionFailed | ExchangeBroken | None = None
        status = 0
        self._set_up(request, transfer)
        try:
            curl.perform()
            status = curl.getinfo(pycurl.RESPONSE_CODE)
            self._socket = curl.getinfo(pycurl.ACTIVESOCKET)
        except pycurl.error as error:
            failure = transfer.failure(*error.args)
        finally:
            curl.reset()  # forgets request and answer, keeps the connection
        # Raised out here, so that libcurl's own exception is not even its context.
        if transfer.objection is not None:
            raise transfer.objection
        if failure is not None:
            raise failure
        return Reply(status, read_headers(transfer.head), bytes(transfer.body))

    def close(self) -> None:
        """Let go of the connection; a later request opens a new one. One under way lets go at its end."""
        former, self._curl, self._socket = self._curl, pycurl.Curl(), _NO_SOCKET
        with suppress(pycurl.error):  # under way, in another thread
            former.close()

    def _set_up(self, request: Request, transfer: "_Transfer") -> None:
        setopt, limits = self._curl.setopt, self._limits
        setopt(pycurl.URL, request.url)
        setopt(pycurl.CUSTOMREQUEST, request.method)
        setopt(pycurl.HTTPHEADER, curl_lines(request.headers))
        if request.content:
            setopt(pycurl.POSTFIELDS, request.content)
        setopt(pycurl.PATH_AS_IS, 1)
        setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        setopt(pycurl.PROXY, "")  # nor one of the environment
        setopt(pycurl.ACCEPT_ENCODING, "identity")  # and decode what comes compressed all the same
        setopt(pycurl.CAINFO, self._ca_file)
        setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
        setopt(pycurl.NOSIGNAL, 1)  # signals belong to the main thread
        setopt(pycurl.DNS_CACHE_TIMEOUT, 0)
        setopt(pycurl.MAXCONNECTS, 1)
        setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(limits.connect_seconds * 1000)))
        setopt(*_keeping(limits.keepalive_seconds))
        setopt(pycurl.PREREQFUNCTION, transfer.begin)
        setopt(pycurl.HEADERFUNCTION, transfer.hear_head)
        setopt(pycurl.WRITEFUNCTION, transfer.hear_body)
        setopt(pycurl.XFERINFOFUNCTION, transfer.look)
        setopt(pycurl.NOPROGRESS, 0)


class _Transfer:
    """What libcurl tells of one exchange, and what it is told."""

    def __init__(self, limits: Limits, about_to_send: Callable[[], None]) -> None:
        self._limits = limits
        self._about_to_send = about_to_send
        self._has_begun = False
        self._moved = (0, 0)
        self._moved_at = 0.0
        self._last_moment: float | None = None
        self._is_in_head = False
        self._why_ended: str | None = None
        self.objection: BaseException | None = None
        """What was raised instead of letting the request leave."""
        self.head: list[bytes] = []
        self.body = bytearray()

    def begin(self, *_addresses: object) -> int:
        """The connection stands. A second time, libcurl is about to send again."""
        if self._has_begun:
            self._why_ended = "the kept connection broke"
            return pycurl.PREREQFUNC_ABORT
        try:
            self._about_to_send()
        except BaseException as error:  # noqa: BLE001  # libcurl would swallow it; `exchange` raises it
            self.objection = error
            return pycurl.PREREQFUNC_ABORT
        self._has_begun = True
        self._moved_at = time.monotonic()
        return pycurl.PREREQFUNC_OK

    def hear_head(self, line: bytes) -> int | None:
        """The last head counts: those before only say that more will come. What trails the body does not."""
        if line.startswith(_STATUS_LINE):
            self.head, self._is_in_head = [], True
        elif line in _END_OF_HEAD:
            self._is_in_head = False
        elif self._is_in_head:
            self.head.append(line)
        return self._taken()

    def hear_body(self, chunk: bytes) -> int | None:
        """A piece of the body, decoded."""
        self.body += chunk
        if len(self.body) > self._limits.answer_bytes_max:
            self._why_ended = "the answer is too large"
            return _REFUSED
        return self._taken()

    def look(self, _to_read: int, has_read: int, _to_send: int, has_sent: int) -> int:
        """Called when something may have moved, and each second; ends an exchange in which nothing does."""
        if not self._has_begun:
            return _GO_ON
        moved = (has_read, has_sent)
        if moved != self._moved:
            self._moved, self._moved_at = moved, time.monotonic()
        elif time.monotonic() - self._moved_at > self._limits.read_seconds:
            self._why_ended = "silence"
            return _STOP
        return _GO_ON

    def failure(self, code: int, words: str) -> ConnectionFailed | ExchangeBroken:
        """In libcurl's words, which name hosts and ports, as long as nothing could be told of an answer."""
        name = _ERRORS.get(code, str(code))
        if self._has_begun:
            return ExchangeBroken(self._why_ended or name)
        return ConnectionFailed(f"{name}: {words}")

    def _taken(self) -> int | None:
        now = self._moved_at = time.monotonic()
        if self._last_moment is None:
            self._last_moment = now + self._limits.answer_seconds
        if now > self._last_moment:
            self._why_ended = "the answer takes too long"
            return _REFUSED
        return _TAKEN


def _keeping(seconds: float) -> tuple[int, int]:
    return (pycurl.MAXAGE_CONN, int(seconds)) if seconds >= 1 else (pycurl.FORBID_REUSE, 1)


def _has_something(socket: int) -> bool:
    """An idle connection has nothing to say but its end."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
