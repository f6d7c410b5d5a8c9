"""The three systems as one server that is content with everything, and knows how much it is asked at once."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.fast_partner import answer_to

REGISTRY_PATH = "/lgsp/Lienthonghotich/1.0/nhanHoSoDKHT"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"


class WatchedPartner:
    """Takes a while for each dossier of the registry."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._under_way = 0
        self._may_go = threading.Event()
        self.address = ""
        self.is_down = False
        """Then the registry is not available."""
        self.peak = 0
        """Most dossiers under way at once since it was set to 0."""
        self.bodies: Counter[bytes] = Counter()
        """Dossiers of the registry, answered or not."""

    @property
    def asked(self) -> int:
        """How many dossiers, repeats included."""
        return self.bodies.total()

    def answer(self, path: str, body: bytes) -> bytes:
        """As the system at this path would."""
        if path != REGISTRY_PATH:
            return answer_to(path.encode(), body)
        with self._lock:
            self.bodies[body] += 1
            self._under_way += 1
            self.peak = max(self.peak, self._under_way)
        try:
            self._may_go.wait(self._seconds)
            return BUSY if self.is_down else answer_to(path.encode(), body)
        finally:
            with self._lock:
                self._under_way -= 1


@contextmanager
def watched_partner(seconds: float) -> Iterator[WatchedPartner]:
    """Listens until the end of the block."""
    partner = WatchedPartner(seconds)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.wfile.write(partner.answer(self.path, body))

        def log_message(self, *_said: object) -> None:
            """Nothing: the test looks at what was counted."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        partner.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield partner
        finally:
            server.shutdown()
            thread.join()
