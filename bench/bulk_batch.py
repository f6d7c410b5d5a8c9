"""One batch over HTTP: lines go out while results come in; the client goes away in the middle and resumes."""

import http.client
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from socket import SHUT_RDWR, create_connection, socket
from typing import Final
from urllib.parse import urlsplit

import uvicorn

from bench.announcing import Announcing
from bench.house import birth, gateway_in_front
from bench.watched import watched_peak
from gateway.bootstrap.gateway import Roles
from gateway.model.clock import system_clock
from gateway.storage.ports import Role

LINES_MAX: Final = 100_000
"""So many invented children have names of their own."""
_PATH: Final = "/api/v1/events/batch"
_NOWHERE: Final = "http://127.0.0.1:9"
_PATIENCE_SECONDS: Final = 300.0
_ACCEPTED: Final = 202
_REPEATED: Final = 200


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of a batch that was cut in the middle and resumed."""

    lines: int
    seconds: float
    peak_mebibytes: float
    """Of the server."""
    cut_after: int
    """Results read when the client went away; so many lines were skipped afterwards."""
    unread: int
    """Lines stored before the cut whose results nobody had read: they answered as repeated."""
    lag_max: int
    """Most lines sent whose results had not been read yet."""
    stored: int


class _Conversation:
    """One request that is sent while its answer is read."""

    def __init__(self, address: str, token: str, numbers: range, registered_at: datetime) -> None:
        parts = urlsplit(address)
        self._socket: socket = create_connection((parts.hostname, parts.port), _PATIENCE_SECONDS)
        head = (
            f"POST {_PATH} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        self._socket.sendall(head.encode())
        self.sent = 0
        self._numbers, self._registered_at = numbers, registered_at
        self._sender = threading.Thread(target=self._send, daemon=True)
        self._sender.start()
        self._answer = http.client.HTTPResponse(self._socket, method="POST")
        self._answer.begin()

    def results(self) -> Iterator[dict[str, object]]:
        """As they come; the summary last."""
        while line := self._answer.readline():
            found: dict[str, object] = json.loads(line)
            yield found

    def close(self) -> None:
        """In the middle: without a word to the server."""
        with suppress(OSError):  # the server has closed it already
            self._socket.shutdown(SHUT_RDWR)
        self._sender.join()
        self._answer.close()
        self._socket.close()

    def _send(self) -> None:
        try:
            for number in self._numbers:
                line = birth(number, has_number=True, registered_at=self._registered_at) + b"\n"
                self._socket.sendall(f"{len(line):x}\r\n".encode() + line + b"\r\n")
                self.sent += 1
            self._socket.sendall(b"0\r\n\r\n")
        except OSError:
            return  # we went away


def hand_in(folder: Path, lines: int) -> Batch:
    """Raises `RuntimeError` when something is lost, refused, or stored twice."""
    with _gateway(folder) as (address, token, process_id), watched_peak(process_id) as peak:
        begun, registered_at = time.perf_counter(), system_clock()
        cut_after, lag = _begin(address, token, range(lines), registered_at)
        unread, later_lag = _resume(address, token, range(cut_after, lines), registered_at)
        seconds = time.perf_counter() - begun
        stored = _stored(folder)
    if stored != lines:
        message = f"{lines} lines have results, {stored} events are stored"
        raise RuntimeError(message)
    return Batch(lines, seconds, peak.mebibytes, cut_after, unread, max(lag, later_lag), stored)


def _begin(address: str, token: str, numbers: range, registered_at: datetime) -> tuple[int, int]:
    """Go away when half of the results have been read."""
    with closing(_Conversation(address, token, numbers, registered_at)) as first:
        read = lag = 0
        for result in first.results():
            _expect(result, {_ACCEPTED})
            read += 1
            lag = max(lag, first.sent - read)
            if read >= len(numbers) // 2:
                break
    return read, lag


def _resume(address: str, token: str, numbers: range, registered_at: datetime) -> tuple[int, int]:
    repeated = read = lag = 0
    with closing(_Conversation(address, token, numbers, registered_at)) as again:
        for result in again.results():
            if "summary" in result:
                break
            _expect(result, {_ACCEPTED, _REPEATED})
            repeated += result["status"] == _REPEATED
            read += 1
            lag = max(lag, again.sent - read)
    if read != len(numbers):
        message = f"{len(numbers)} lines were sent, {read} results came"
        raise RuntimeError(message)
    return repeated, lag


def _expect(result: dict[str, object], statuses: set[int]) -> None:
    if result.get("status") not in statuses:
        message = f"a line of the batch answered {result}"
        raise RuntimeError(message)


def _stored(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "bench.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


@contextmanager
def _gateway(folder: Path) -> Iterator[tuple[str, str, int]]:
    """Address, token and process of a gateway that accepts and delivers nothing."""
    command = [sys.executable, "-m", "bench.bulk_batch", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address, token = json.loads((process.stdout or sys.stdin).readline())
            yield address, token, process.pid
        finally:
            process.kill()


def _serve(folder: Path) -> None:
    url = f"sqlite:///{folder / 'bench.db'}"
    with gateway_in_front(_NOWHERE, url, Roles(accepts=True, delivers=False)) as gateway:
        gateway.start()
        now = system_clock()
        client = gateway.clients.add("bench", frozenset({"08"}), frozenset({Role.SENDER}), now)
        given = gateway.clients.give_token(client.client_id, client.client_secret, now)
        if given is None:
            message = "a client that was just made got no token"
            raise RuntimeError(message)
        config = uvicorn.Config(gateway.app, host="127.0.0.1", port=0, log_config=None, access_log=False)
        Announcing(config, given.token).run()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
