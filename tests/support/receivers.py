"""Those who are told, over real sockets: a webhook and a mail server on ports of their own."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any

NOBODY = "http://127.0.0.1:9/"
"""Nobody listens there."""


@dataclass
class Heard:
    """What a receiver was sent, and what it answers."""

    status: int = 204
    recipient_code: int = 250
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    mail: list[str] = field(default_factory=list)


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def webhook_receiver(heard: Heard) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.headers = {name.lower(): value for name, value in self.headers.items()}
            heard.body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(heard.status)
            self.send_header("location", NOBODY)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing on standard error."""

    with _serving(HTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield f"http://127.0.0.1:{server.server_port}/hook"


@dataclass
class Taken:
    """One message as it came in."""

    headers: dict[str, str]
    body: bytes

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Listener:
    """A sender's server: records what it is sent and answers as it was told, then with 204."""

    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    """Of its answers."""
    hangs: threading.Event | None = None
    """While it is not set, nobody is answered."""
    drips: bool = False
    """Answers a byte now and then, without end."""
    taken: list[Taken] = field(default_factory=list)

    def ids(self) -> list[str]:
        return [each.message_id for each in self.taken]


@contextmanager
def listening(listener: Listener) -> Iterator[str]:
    """Where it listens."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            listener.taken.append(Taken(headers, self.rfile.read(int(headers["content-length"]))))
            if listener.hangs is not None:
                listener.hangs.wait(20)
            while listener.drips:
                self.wfile.write(b"HTTP"[:1])
                self.wfile.flush()
                threading.Event().wait(0.05)
            self.send_response(listener.statuses.pop(0) if listener.statuses else 204)
            for name, value in {"content-length": "0", **listener.headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing on standard error."""

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield f"http://127.0.0.1:{server.server_port}/hook?for=tests"


@contextmanager
def mail_server(heard: Heard) -> Iterator[int]:
    """As much SMTP (RFC 5321) as one mail needs."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 mail.test")
            for line in iter(self.rfile.readline, b""):
                word = line.decode().split()[0].upper()
                if word == "RCPT":
                    self._say(f"{heard.recipient_code} recipient")
                elif word == "DATA":
                    self._say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    heard.mail = [each.decode().rstrip() for each in lines]
                    self._say("250 taken")
                else:
                    self._say("221 bye" if word == "QUIT" else "250 mail.test")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with _serving(socketserver.TCPServer(("127.0.0.1", 0), Handler)) as server:
        yield server.server_address[1]
