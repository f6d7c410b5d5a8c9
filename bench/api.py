"""What a receipt costs over HTTP: a bare route, our POST with group commit, our POST with one commit each.

Each server is a process of its own; the senders here keep their connections and wait for each answer.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from bench.announcing import Announcing
from bench.names import invented_name
from gateway.bootstrap.gateway import Roles, build_gateway
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.clock import system_clock
from gateway.settings import read_settings
from gateway.storage.ports import Role
from mappings.canonical import sample_event

MESSAGES: Final = 1500
CONNECTIONS: Final = 64
PATH: Final = "/api/v1/events"
BATCH_MAX: Final = {"grouped": "200", "single": "1"}


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement."""

    kind: str
    name: str


RUNS: Final = (
    Run("bare", "bare FastAPI route, raw body"),
    Run("single", "POST, one commit per message"),
    Run("grouped", "POST, group commit"),
)


def main() -> None:
    """Print the table and the ratios."""
    bodies = [_birth(number) for number in range(MESSAGES)]
    print(f"api: {MESSAGES} births over {CONNECTIONS} connections, uvicorn, SQLite WAL with synchronous=FULL")
    rates: dict[str, float] = {}
    for run in RUNS:
        with (
            tempfile.TemporaryDirectory(prefix="hotich-bench-") as folder,
            _server(run.kind, folder) as found,
        ):
            rates[run.kind] = MESSAGES / asyncio.run(_hand_in(*found, bodies))
        print(f"  {run.name:<34} {rates[run.kind]:8.0f} messages/s")
    gain, price = rates["grouped"] / rates["single"], rates["bare"] / rates["grouped"]
    print(
        f"  group commit is {gain:.1f} times as fast; a bare route is {price:.1f} times as fast as a receipt"
    )


@contextmanager
def _server(kind: str, folder: str) -> Iterator[tuple[str, str]]:
    """Address and token of a server in a process of its own."""
    command = [sys.executable, "-m", "bench.api", kind, folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address, token = json.loads((process.stdout or sys.stdin).readline())
            yield address, token
        finally:
            process.kill()


async def _hand_in(address: str, token: str, bodies: Sequence[bytes]) -> float:
    left = list(bodies)
    begun = time.perf_counter()
    await asyncio.gather(*(_send(address, token, left) for _ in range(CONNECTIONS)))
    return time.perf_counter() - begun


async def _send(address: str, token: str, left: list[bytes]) -> None:
    where = urlsplit(address)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    while left:
        body = left.pop()
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await _read_answer(reader)
    writer.close()
    await writer.wait_closed()


async def _read_answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 202"):
        message = f"not accepted: {head[:200]!r}"
        raise RuntimeError(message)
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.split(b":")[1]))


def _birth(number: int) -> bytes:
    event = sample_event("birth")
    event["source_event_id"] = event["dossier"]["code"] = f"BENCH-{number}"
    event["registration"]["number"] = str(number)
    event["child"]["name"] = invented_name(number)
    event["mother"]["personal_id"] = f"0991970{number:05}"
    event["father"]["personal_id"] = f"0990940{number:05}"
    return json.dumps(event, ensure_ascii=False).encode()


def _serve(kind: str, folder: str) -> None:
    """The other process: tell address and token, then answer until killed."""
    app, token = (_bare(), "") if kind == "bare" else _gateway(kind, folder)
    Announcing(uvicorn.Config(app, port=0, log_level="error", access_log=False), token).run()


def _bare() -> FastAPI:
    app = FastAPI()

    @app.post(PATH, status_code=202)
    async def take(request: Request) -> JSONResponse:
        return JSONResponse({"bytes": len(await request.body())}, status_code=202)

    return app


def _gateway(kind: str, folder: str) -> tuple[FastAPI, str]:
    environment = {
        "HOTICH_DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.db'}",
        "HOTICH_INTAKE__BATCH_MAX": BATCH_MAX[kind],
    }
    surroundings = Surroundings(system_clock, random.random, os.urandom)
    gateway = build_gateway(surroundings, read_settings(environment), Roles(accepts=True, delivers=False))
    gateway.start()
    now = system_clock()
    client = gateway.clients.add("bench", frozenset({"08"}), frozenset({Role.SENDER}), now)
    given = gateway.clients.give_token(client.client_id, client.client_secret, now)
    if given is None:
        message = "a client that was just made got no token"
        raise RuntimeError(message)
    return gateway.app, given.token


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _serve(*sys.argv[1:])
    else:
        main()
