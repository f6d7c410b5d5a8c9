"""The three national systems as one process that takes everything: their contracts, and nothing behind them.

`with fast_partner(0.05) as address:` answers each request after 50 ms; `python -m bench.fast_partner 0.05` is
that process.
"""

import asyncio
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast

import uvloop

_END_OF_HEAD: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"
_NUMBERS: Final = itertools.count(1)


def _http(body: bytes, kind: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _json(**fields: str) -> bytes:
    return _http(json.dumps(fields, ensure_ascii=False).encode(), "application/json")


def _soap(operation: str, fields: str) -> bytes:
    body = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
        f'<b:{operation}Response xmlns:b="http://dancuquocgia.bca">{fields}</b:{operation}Response>'
        "</e:Body></e:Envelope>"
    )
    return _http(body.encode(), "text/xml; charset=utf-8")


_TOKEN: Final = _json(access_token="bench", expires_in="36000")  # noqa: S106  # nobody's token
_TAKEN: Final = _json(status="1", statusDescription="Thành công", errorCode="", errorDescription="")
_ONE_STOP: Final = _json(error_code="0", session="bench")
_NOTICE: Final = _soap("thongBaoHoTich", "<trangThai>DA_NHAN</trangThai>")


def answer_to(path: bytes, body: bytes) -> bytes:
    """What the system at this address says when it is content."""
    if path.endswith(b"/token"):
        return _TOKEN
    if path.startswith(b"/lgsp/"):
        return _TAKEN
    if path.startswith(b"/api/"):
        return _ONE_STOP
    if b"capSoDinhDanh" in body:
        number = f"<trangThai>DA_CAP</trangThai><soDinhDanh>099{next(_NUMBERS):09}</soDinhDanh>"
        return _soap("capSoDinhDanh", number)
    return _NOTICE


class _Connection(asyncio.Protocol):
    """Requests of one connection, one after another."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(_END_OF_HEAD)
        if not found:
            return
        length = _length_in(head)
        if len(rest) < length:
            return
        self._received = rest[length:]
        answer = answer_to(head.split(b" ", 2)[1], rest[:length])
        if self._transport is None:
            return
        if self._seconds:
            asyncio.get_running_loop().call_later(self._seconds, self._transport.write, answer)
        else:
            self._transport.write(answer)


def _length_in(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return next((int(line[len(_LENGTH) :]) for line in lines if line.startswith(_LENGTH)), 0)


@contextmanager
def fast_partner(seconds: float = 0.0) -> Iterator[str]:
    """The address of a process that answers after so many seconds; it ends with the block."""
    command = [sys.executable, "-m", "bench.fast_partner", str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{int((process.stdout or sys.stdin).readline())}"
        finally:
            process.kill()


async def _serve(seconds: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(seconds), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(float(sys.argv[1])))
