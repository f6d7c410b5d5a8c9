"""A partner made of bare sockets: counts connections and breaks off exactly where a test wants it."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WAIT_SECONDS_MAX = 20
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

Behaviour = Callable[[socket.socket, "RawPartner"], None]


class RawPartner:
    """Runs one behaviour per connection in a thread of its own."""

    def __init__(self, behave: Behaviour) -> None:
        self._behave = behave
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.accepted: list[socket.socket] = []
        self.requests = 0
        self.has_accepted = threading.Event()
        self.has_ended = threading.Event()
        """Set whenever a behaviour has run to its end and its connection is closed."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def accept(self) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # closed: the test is over
            connection.settimeout(WAIT_SECONDS_MAX)
            self.accepted.append(connection)
            self.has_accepted.set()
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Close everything."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(WAIT_SECONDS_MAX)

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                self._behave(connection, self)
        except OSError:
            return  # the caller went away first
        finally:
            self.has_ended.set()


@contextmanager
def raw_partner(behave: Behaviour) -> Iterator[RawPartner]:
    """A listening partner, stopped at the end."""
    partner = RawPartner(behave)
    acceptor = threading.Thread(target=partner.accept)
    acceptor.start()
    try:
        yield partner
    finally:
        partner.stop()
        acceptor.join(WAIT_SECONDS_MAX)


def read_request(connection: socket.socket, partner: RawPartner) -> bool:
    """Read one request without a body; False when the caller has closed."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return False
        received += piece
    partner.requests += 1
    return True


def answer_all(connection: socket.socket, partner: RawPartner) -> None:
    """Answer every request on the connection."""
    while read_request(connection, partner):
        connection.sendall(OK)


def answer_one(connection: socket.socket, partner: RawPartner) -> None:
    """Answer one request, then close the connection as if it had been idle for too long."""
    if read_request(connection, partner):
        connection.sendall(OK)


def say_nothing(connection: socket.socket, partner: RawPartner) -> None:
    """Take the request and close without a word."""
    read_request(connection, partner)


def reset(connection: socket.socket, partner: RawPartner) -> None:
    """Take the request and reset the connection."""
    read_request(connection, partner)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def stop_half_way(connection: socket.socket, partner: RawPartner) -> None:
    """Promise more than is sent."""
    if read_request(connection, partner):
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"status"')


def talk_nonsense(connection: socket.socket, partner: RawPartner) -> None:
    """Answer in another protocol."""
    if read_request(connection, partner):
        connection.sendall(b"220 mail.partner.test ESMTP\r\n\r\n")


def wait_for_end(connection: socket.socket, _partner: RawPartner) -> None:
    """Send nothing; return when the caller closes."""
    connection.recv(1)
