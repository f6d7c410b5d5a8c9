"""One HTTP/1.1 connection to one partner at a time: plain sockets, answers read by llhttp (`httptools`).

It knows what the gateway needs and no more: no redirects, cookies, proxies, credentials or pools. A request
is written once and never again, for only the caller knows whether that is harmless.
"""

import re
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import httptools
import httpx

from adapters.line import ConnectionFailed, ExchangeBroken, Letter, LineFailed, LineLimits, Reply

_HEAD_BYTES_MAX: Final = 100 * 1024
"""Status line, headers and trailers together, as much as httpx takes."""
_PIECE_BYTES: Final = 64 * 1024
_PORTS: Final = {"http": 80, "https": 443}
_FINAL_STATUS: Final = 200
"""What is below tells of an answer that is still to come (RFC 9110 section 15.2)."""
_METHOD: Final = re.compile(r"[A-Z]+")
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?|")
"""RFC 9110 section 5.5 without bytes beyond ASCII: nothing in it ends a header."""

Origin = tuple[str, str, int]


class _Broken(Exception):
    """The answer cannot be what the partner wanted to say."""


class HttpConnection:
    """A `Line` over a socket of its own."""

    def __init__(
        self, limits: LineLimits, trust: ssl.SSLContext, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._trust = trust
        self._monotonic = monotonic
        self._socket: socket.socket | None = None
        self._origin: Origin | None = None
        self._idle_since = 0.0

    def exchange(self, letter: Letter, first_byte: Callable[[], None]) -> Reply:
        """Connect, `first_byte`, write, read. Raises LineFailed."""
        head = _head_of(letter)
        connection = self._standing(letter.url)
        is_whole = False
        try:
            first_byte()
            reply, may_stay = self._spoken(connection, head, letter.content)
            is_whole = may_stay
        finally:
            if is_whole:
                self._idle_since = self._monotonic()
            else:
                self.close()
        return reply

    def close(self) -> None:
        """Let go of the connection; a later exchange opens a new one."""
        connection, self._socket = self._socket, None
        if connection is not None:
            connection.close()

    def _standing(self, url: httpx.URL) -> socket.socket:
        """The connection that was kept, or a new one."""
        origin = url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]
        kept = self._socket
        if kept is not None and origin == self._origin and self._is_usable(kept):
            return kept
        self.close()
        try:
            self._socket = connection = self._connected(origin)
        except (OSError, ValueError) as error:  # ValueError: a name that cannot be one
            raise LineFailed(ConnectionFailed(_words_of(error)), has_left=False) from None
        self._origin = origin
        return connection

    def _is_usable(self, kept: socket.socket) -> bool:
        """Not idle for too long, and the partner has said nothing: what he says unasked is good-bye."""
        if self._monotonic() >= self._idle_since + self._limits.keepalive_seconds:
            return False
        return not _is_readable(kept)

    def _connected(self, origin: Origin) -> socket.socket:
        scheme, host, port = origin
        connection = socket.create_connection((host.strip("[]"), port), self._limits.connect_seconds)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if scheme == "https":
                connection = self._trust.wrap_socket(connection, server_hostname=host.strip("[]"))
            connection.settimeout(self._limits.silence_seconds)
        except BaseException:
            connection.close()
            raise
        return connection

    def _spoken(self, connection: socket.socket, head: bytes, content: bytes | None) -> tuple[Reply, bool]:
        """The answer, and whether the connection may be used again."""
        try:
            _write(connection, head, content or b"")
            answer = self._heard(connection)
            reply = Reply(answer.status, answer.headers, _decoded(answer, self._limits.answer_bytes_max))
        except (OSError, httptools.HttpParserError, httpx.HTTPError, _Broken) as error:
            raise LineFailed(ExchangeBroken(type(error).__name__), has_left=True) from None
        return reply, answer.may_stay

    def _heard(self, connection: socket.socket) -> "_Answer":
        limits = self._limits
        answer = _Answer(limits.answer_bytes_max)
        last_moment: float | None = None
        while not answer.is_whole:
            piece = connection.recv(_PIECE_BYTES)
            if not piece:
                answer.end()
                break
            answer.take(piece)
            now = self._monotonic()
            last_moment = now + limits.answer_seconds if last_moment is None else last_moment
            if now > last_moment:
                raise _Broken
        return answer


class _Answer:
    """Gathers what the parser reads; an answer before the final one is forgotten again."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._parser = httptools.HttpResponseParser(self)
        # As most partners' servers and all clients do, a line may end without a carriage return.
        self._parser.set_dangerous_leniencies(lenient_optional_cr_before_lf=True)
        self._head_bytes = 0
        self._body = bytearray()
        self._has_head = False
        self._stays = False
        self.headers: dict[str, str] = {}
        self.status = 0
        self.is_whole = False

    @property
    def content(self) -> bytes:
        """The body as it was sent."""
        return bytes(self._body)

    @property
    def may_stay(self) -> bool:
        """The partner keeps the connection open, and has said nothing beyond this answer."""
        return self._stays

    def take(self, piece: bytes) -> None:
        """Read on. Raises HttpParserError, _Broken."""
        if not self._has_head:
            self._head_bytes += len(piece)
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserCallbackError as error:
            raise _Broken from error
        except httptools.HttpParserError:
            if not self.is_whole:
                raise
            self._stays = False  # what follows a whole answer is nobody's
        except httptools.HttpParserUpgrade:
            raise _Broken from None
        if len(self._body) > self._bytes_max or (not self._has_head and self._head_bytes > _HEAD_BYTES_MAX):
            raise _Broken

    def end(self) -> None:
        """The partner has closed: that ends a body of no stated length, and breaks off any other."""
        has_length = "content-length" in self.headers or "transfer-encoding" in self.headers
        if not self._has_head or has_length:
            raise _Broken
        self.is_whole = True

    def on_message_begin(self) -> None:
        if self.is_whole:
            self._stays = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.is_whole:
            return
        if self._has_head:  # a trailer
            self._head_bytes += len(name) + len(value)
            if self._head_bytes > 2 * _HEAD_BYTES_MAX:
                raise _Broken
            return
        named, text = name.decode("ascii").lower(), value.decode("utf-8", "replace")
        earlier = self.headers.get(named)
        self.headers[named] = text if earlier is None else f"{earlier}, {text}"

    def on_headers_complete(self) -> None:
        if self.is_whole:
            return
        status = self._parser.get_status_code()
        if status < _FINAL_STATUS:
            self.headers = {}
            return
        self.status = status
        self._has_head = True

    def on_body(self, body: bytes) -> None:
        if not self.is_whole:
            self._body += body

    def on_message_complete(self) -> None:
        if self._has_head and not self.is_whole:
            self.is_whole = True
            self._stays = self._parser.should_keep_alive()


def _head_of(letter: Letter) -> bytes:
    """Everything before the body. Raises LineFailed for what cannot be a header."""
    target = letter.url.raw_path.decode("ascii")
    headers: dict[str, str] = {"Host": letter.url.netloc.decode("ascii"), **letter.headers}
    if letter.content is not None:
        headers["Content-Length"] = str(len(letter.content))
    if not _METHOD.fullmatch(letter.method) or not all(map(_is_header, headers, headers.values())):
        raise LineFailed(ExchangeBroken("HeaderUnfit"), has_left=False)
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    return f"{letter.method} {target} HTTP/1.1\r\n{''.join(lines)}\r\n".encode("ascii")


def _is_header(name: str, value: str) -> bool:
    return _NAME.fullmatch(name) is not None and _VALUE.fullmatch(value) is not None


def _write(connection: socket.socket, head: bytes, content: bytes) -> None:
    """A partner that stops reading may have answered already: then his answer counts. Raises TimeoutError."""
    try:
        if len(content) <= _PIECE_BYTES:
            _write_all(connection, head + content)
        else:
            _write_all(connection, head)
            _write_all(connection, content)
    except TimeoutError:
        raise
    except OSError:
        return


def _write_all(connection: socket.socket, content: bytes) -> None:
    """Piece by piece, so that the limit is one of silence and not of the whole."""
    rest = memoryview(content)
    while rest:
        rest = rest[connection.send(rest) :]


def _is_readable(connection: socket.socket) -> bool:
    """Without waiting; for a closed one too."""
    if connection.fileno() < 0:
        return True
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([connection], [], [], 0)[0])


def _decoded(answer: _Answer, bytes_max: int) -> bytes:
    """Where a partner compresses although it was asked not to. Raises httpx.DecodingError, _Broken."""
    if answer.headers.get("content-encoding", "identity") == "identity":
        return answer.content
    return _unpacked(answer.headers, answer.content, bytes_max)


def _unpacked(headers: Mapping[str, str], content: bytes, bytes_max: int) -> bytes:
    encoding = {"content-encoding": headers["content-encoding"]}
    body = bytearray()
    for piece in httpx.Response(200, headers=encoding, stream=_Pieces(content)).iter_bytes():
        body += piece
        if len(body) > bytes_max:
            raise _Broken
    return bytes(body)


class _Pieces(httpx.SyncByteStream):
    """Small ones, so that what unpacks to very much is noticed in time."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._content), 1024):
            yield self._content[start : start + 1024]


def _words_of(error: Exception) -> str:
    """The system's own words; a certificate's fault included."""
    return f"{type(error).__name__}: {error}"
