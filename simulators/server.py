"""An HTTP server on the loopback address whose listener can be closed and opened again at the same port."""

import logging
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from simulators.exchange_values import Cut, Reply, Request

IDLE_SECONDS_MAX = 60
BACKLOG = 256
logger = logging.getLogger("simulators")

Respond = Callable[[Request], Reply | Cut]


class Listener:
    """One address. While closed the port stays ours, bound but deaf, so that callers are refused."""

    def __init__(self, host: str, port: int, respond: Respond, body_bytes_max: int) -> None:
        self._respond = respond
        self._body_bytes_max = body_bytes_max
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._deaf: socket.socket | None = _bound_socket(host, port)
        self.host = host
        self.port: int = self._deaf.getsockname()[1]

    @property
    def url(self) -> str:
        """Address of the listener, without a path."""
        return f"http://{self.host}:{self.port}"

    @property
    def is_open(self) -> bool:
        """Say whether connections are taken."""
        return self._server is not None

    def open(self) -> None:
        """Take connections; does nothing when open already."""
        with self._lock:
            if self._server is not None or self._deaf is None:
                return
            server = _Server((self.host, self.port), self._deaf, self._respond, self._body_bytes_max)
            self._deaf = None
            self._server = server
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def refuse(self) -> None:
        """Refuse new connections and cut those that are open; the port stays ours."""
        with self._lock:
            if self._server is None:
                return
            self._server.stop()
            self._server = None
            self._deaf = _bound_socket(self.host, self.port)

    def close(self) -> None:
        """Give the port back."""
        self.refuse()
        with self._lock:
            if self._deaf is not None:
                self._deaf.close()
                self._deaf = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = BACKLOG

    def __init__(
        self, address: tuple[str, int], bound: socket.socket, respond: Respond, body_bytes_max: int
    ) -> None:
        super().__init__(address, _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = bound
        self.respond = respond
        self.body_bytes_max = body_bytes_max
        self._live: set[socket.socket] = set()
        self._live_lock = threading.Lock()
        self.server_activate()

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        with self._live_lock:
            self._live.add(connection)
        return connection, address

    def shutdown_request(self, request: object) -> None:
        if isinstance(request, socket.socket):
            with self._live_lock:
                self._live.discard(request)
            _cut(request)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - as the base class
        # Called from inside the base class's own `except`, which the rule cannot see.
        logger.exception(  # noqa: LOG004 - see above
            "simulator.handler_failed", extra={"client": str(client_address)}
        )

    def stop(self) -> None:
        """Stop accepting and cut every open connection."""
        self.shutdown()
        self.server_close()
        with self._live_lock:
            for connection in self._live:
                _shut(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = IDLE_SECONDS_MAX
    server: _Server

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError, ValueError):
            # The caller went away, or the listener was closed under us: both are part of the game.
            self.close_connection = True

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_DELETE = do_GET

    def _serve(self) -> None:
        body = self._read_body()
        if isinstance(body, Reply):
            self.close_connection = True
            self._send(body)
            return
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        answer = self.server.respond(request)
        if isinstance(answer, Cut):
            self.close_connection = True
            _shut(self.connection)
            return
        self._send(answer)

    def _read_body(self) -> bytes | Reply:
        if self.headers.get("Transfer-Encoding"):
            return Reply(411, b"Content-Length is required\n", "text/plain")
        length = self.headers.get("Content-Length", "0")
        if not length.isascii() or not length.isdigit():
            return Reply(400, b"Content-Length is not a number\n", "text/plain")
        if int(length) > self.server.body_bytes_max:
            return Reply(413, b"body too large\n", "text/plain")
        return self.rfile.read(int(length))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        logger.debug(format, *args)


def _bound_socket(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was quicker


def _cut(connection: socket.socket) -> None:
    _shut(connection)
    connection.close()
