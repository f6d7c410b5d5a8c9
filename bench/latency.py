"""How long an idle gateway takes from the POST of an event to the message at its destination, over HTTP.

Each birth is posted alone, after the one before has arrived. The gateway is a process of its own, on SQLite
with every commit on the disk; what arrives at the destination is stamped with the same clock.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import httpx
import uvicorn

from bench.announcing import Announcing
from bench.fast_partner import answer_to
from bench.house import birth, gateway_in_front
from gateway.bootstrap.gateway import Roles
from gateway.bootstrap.memory import settle_memory
from gateway.bootstrap.warm_up import warm_up
from gateway.model.clock import system_clock
from gateway.storage.ports import Role

EVENTS: Final = 100
ROUNDS: Final = 3
PATIENCE_SECONDS: Final = 30.0
PUSH: Final = "nhanHoSoDKHT"


def main(arguments: Sequence[str] = ()) -> None:
    """Print the median and the slowest twentieth, of the receipt and of the delivery."""
    parser = argparse.ArgumentParser(prog="bench latency")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args(arguments)
    print(f"latency: {chosen.events} births one at a time on an idle gateway, {chosen.rounds} rounds")
    for _ in range(chosen.rounds):
        with (
            tempfile.TemporaryDirectory(prefix="hotich-bench-") as folder,
            _destination() as (address, arrivals),
            _gateway(folder, address) as (gateway, token),
        ):
            _tell(*_post_all(gateway, token, chosen.events, arrivals))


class _Arrivals:
    """When the last message came."""

    def __init__(self) -> None:
        self.has_come = threading.Event()
        self.at = 0.0

    def stamp(self) -> None:
        self.at = time.perf_counter()
        self.has_come.set()


def _post_all(gateway: str, token: str, events: int, arrivals: _Arrivals) -> tuple[list[float], list[float]]:
    receipts, deliveries = [], []
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with httpx.Client(base_url=gateway, headers=headers) as client:
        for number in range(events):
            body = birth(number, has_number=True, registered_at=system_clock())
            arrivals.has_come.clear()
            begun = time.perf_counter()
            client.post("/api/v1/events", content=body).raise_for_status()
            receipts.append(time.perf_counter() - begun)
            if not arrivals.has_come.wait(PATIENCE_SECONDS):
                message = f"birth {number} has not arrived"
                raise RuntimeError(message)
            deliveries.append(arrivals.at - begun)
    return receipts, deliveries


def _tell(receipts: Sequence[float], deliveries: Sequence[float]) -> None:
    for name, values in (("POST to receipt", receipts), ("POST to registry", deliveries)):
        cuts = statistics.quantiles(values, n=20)
        print(f"  {name:<20} p50 {statistics.median(values) * 1000:7.1f} ms  p95 {cuts[-1] * 1000:7.1f} ms")


class _Destination(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """At the end the gateway is killed, and its connections with it."""


@contextmanager
def _destination() -> Iterator[tuple[str, _Arrivals]]:
    """In this process, so that both ends read one clock."""
    arrivals = _Arrivals()

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            if PUSH in self.path:
                arrivals.stamp()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.wfile.write(answer_to(self.path.encode(), body))

        def log_message(self, *_: object) -> None:
            """Nothing is told while the clock runs."""

    server = _Destination(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", arrivals
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _gateway(folder: str, address: str) -> Iterator[tuple[str, str]]:
    """Address and token of a gateway in a process of its own."""
    command = [sys.executable, "-m", "bench.latency", "serve", folder, address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            found, token = json.loads((process.stdout or sys.stdin).readline())
            yield found, token
        finally:
            process.kill()


def _serve(folder: str, address: str) -> None:
    url = f"sqlite:///{Path(folder) / 'bench.db'}"
    with gateway_in_front(address, url, Roles(accepts=True, delivers=True)) as gateway:
        warm_up()
        settle_memory()  # as `serve` does
        gateway.start()
        now = system_clock()
        client = gateway.clients.add("bench", frozenset({"08"}), frozenset({Role.SENDER}), now)
        given = gateway.clients.give_token(client.client_id, client.client_secret, now)
        if given is None:
            message = "a client that was just made got no token"
            raise RuntimeError(message)
        Announcing(
            uvicorn.Config(gateway.app, port=0, log_level="error", access_log=False), given.token
        ).run()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        _serve(*sys.argv[2:])
    else:
        main(sys.argv[1:])
