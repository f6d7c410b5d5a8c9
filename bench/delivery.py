"""Deliveries a second from end to end, beside bare httpx that posts the same bytes to the same destination.

From a stored birth to the recorded outcome: claim, read, translate, announce, send, record and all that
follows from it, on the disk. Gateways, destination and database are processes of their own.
"""

import argparse
import asyncio
import importlib
import importlib.util
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy import text

from adapters.national_registry import wire
from bench.fast_partner import fast_partner
from bench.house import enqueue_births, gateway_in_front
from bench.rounds import best_of, in_turn, tell_rates, tell_ratio
from gateway.bootstrap.gateway import Gateway, Roles
from gateway.bootstrap.memory import settle_memory
from gateway.bootstrap.office import speaking_office
from gateway.bootstrap.warm_up import warm_up
from gateway.deliver.assignment import Shelves, read_assignment
from gateway.deliver.translate import translate
from gateway.model.clock import system_clock
from gateway.model.ids import DeliveryId, Destination
from gateway.model.outcome import NotTranslated
from mappings.catalog import load_catalog
from tests.support.postgres import PostgresServer, running_server

DELIVERIES: Final = 1500
ROUNDS: Final = 3
THREADS: Final = (1, 2, 4, 8)
OUR_THREADS: Final = 16
IN_FLIGHT: Final = 100
AIOHTTP: Final = "httpx_aiohttp"
"""Only `make bench` installs it."""
PATH: Final = "/lgsp/Lienthonghotich/1.0/nhanHoSoDKHT"
HEADERS: Final = {"Authorization": "Bearer bench", "Content-Type": "application/json"}
LANE: Final = Destination.NATIONAL_REGISTRY
POLL_SECONDS: Final = 0.02
PATIENCE_SECONDS: Final = 300.0
SERVER: Final = ("listen_addresses=", "max_connections=60", "shared_buffers=256MB", "timezone=UTC")
"""fsync and synchronous_commit stay on, as they are by default."""

_DELIVERIES: Final = text("SELECT delivery_id FROM deliveries WHERE destination = :lane")
_UNFINISHED: Final = text("SELECT count(*) FROM queue_jobs WHERE lane = :lane AND finished_at IS NULL")


def main(arguments: Sequence[str] = ()) -> None:
    """Print the rates and how much of the best bare httpx the gateway reaches."""
    parser = argparse.ArgumentParser(prog="bench delivery")
    parser.add_argument("--deliveries", type=int, default=DELIVERIES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--sqlite-only", action="store_true")
    chosen = parser.parse_args(arguments)
    print(f"delivery: {chosen.deliveries} births to a fast local registry, {chosen.rounds} rounds in turn")
    with ExitStack() as stack:
        server = None if chosen.sqlite_only else stack.enter_context(running_server(SERVER))
        _measure(stack.enter_context(fast_partner()), chosen.deliveries, chosen.rounds, server)


def _measure(address: str, deliveries: int, rounds: int, server: PostgresServer | None) -> None:
    with _backlog(address, None, deliveries) as (gateway, _):
        bodies = _bodies(gateway)
    bare = {
        f"bare httpx.Client, {threads} thread(s)": _timed(bodies, address, threads) for threads in THREADS
    }
    if importlib.util.find_spec(AIOHTTP) is not None:
        bare[f"httpx.AsyncClient over aiohttp, {IN_FLIGHT} in flight"] = lambda: asyncio.run(
            _post_async(address, bodies)
        )
    ours = {
        "gateway, SQLite": lambda: _delivered(address, None, deliveries, 1),
        "gateway, SQLite, 2 processes": lambda: _delivered(address, None, deliveries, 2),
    }
    if server is not None:
        ours["gateway, PostgreSQL"] = lambda: _delivered(address, server, deliveries, 1)
        ours["gateway, PostgreSQL, 2 processes"] = lambda: _delivered(address, server, deliveries, 2)
    rates = in_turn({**bare, **ours}, rounds)
    tell_rates(rates, "deliveries/s")
    best = best_of(rates, list(bare))
    for name in ours:
        tell_ratio(rates, name, best)


def _timed(bodies: Sequence[bytes], address: str, threads: int) -> Callable[[], float]:
    return lambda: _post_in_threads(address, bodies, threads)


def _post_in_threads(address: str, bodies: Sequence[bytes], threads: int) -> float:
    """One client for each thread: a pool that threads share is slower."""
    left = list(bodies)
    failures: list[Exception] = []

    def post() -> None:
        try:
            with httpx.Client(base_url=address, headers=HEADERS) as client:
                while left:
                    client.post(PATH, content=left.pop()).raise_for_status()
        except IndexError:
            return  # another thread took the last one
        except httpx.HTTPError as error:
            failures.append(error)

    begun = time.perf_counter()
    workers = [threading.Thread(target=post) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]
    return len(bodies) / (time.perf_counter() - begun)


async def _post_async(address: str, bodies: Sequence[bytes]) -> float:
    transport = importlib.import_module(AIOHTTP).AiohttpTransport(
        limits=httpx.Limits(max_connections=IN_FLIGHT)
    )
    left = list(bodies)
    async with httpx.AsyncClient(transport=transport, base_url=address, headers=HEADERS) as client:

        async def post() -> None:
            while left:
                (await client.post(PATH, content=left.pop())).raise_for_status()

        begun = time.perf_counter()
        await asyncio.gather(*(post() for _ in range(IN_FLIGHT)))
        return len(bodies) / (time.perf_counter() - begun)


def _bodies(gateway: Gateway) -> Sequence[bytes]:
    """The very bytes that the gateway will post."""
    stores = gateway.stores
    shelves = Shelves(stores.events, stores.deliveries, stores.feed, stores.queue)
    catalog = speaking_office(load_catalog(), gateway.settings)
    bodies: list[bytes] = []
    with stores.database.read() as transaction:
        for delivery_id in transaction.scalars(_DELIVERIES, {"lane": LANE.value}):
            assignment = read_assignment(shelves, transaction, DeliveryId(delivery_id))
            message = translate(assignment, catalog, system_clock())
            if isinstance(message, NotTranslated):
                raise TypeError(message)
            bodies.append(wire.push_content(message))
    return bodies


def _delivered(address: str, server: PostgresServer | None, deliveries: int, processes: int) -> float:
    with _backlog(address, server, deliveries) as (gateway, url), ExitStack() as stack:
        workers = [stack.enter_context(_worker(address, url)) for _ in range(processes)]
        begun = time.perf_counter()
        for worker in workers:
            worker()
        while _left(gateway):
            time.sleep(POLL_SECONDS)
            if time.perf_counter() > begun + PATIENCE_SECONDS:
                message = f"{_left(gateway)} deliveries are left over"
                raise RuntimeError(message)
        return deliveries / (time.perf_counter() - begun)


@contextmanager
def _backlog(address: str, server: PostgresServer | None, deliveries: int) -> Iterator[tuple[Gateway, str]]:
    """A new database with births that nobody delivers yet."""
    with tempfile.TemporaryDirectory(prefix="hotich-bench-") as folder:
        url = (
            f"sqlite:///{Path(folder) / 'bench.db'}"
            if server is None
            else server.url(server.create_database())
        )
        with gateway_in_front(address, url, Roles(accepts=False, delivers=False)) as gateway:
            enqueue_births(gateway, deliveries, have_numbers=True, waited=timedelta(0))
            try:
                yield gateway, url
            finally:
                gateway.stores.close()


def _left(gateway: Gateway) -> int:
    with gateway.stores.database.read() as transaction:
        return int(transaction.execute(_UNFINISHED, {"lane": LANE.value}).scalar_one())


@contextmanager
def _worker(address: str, url: str) -> Iterator[Callable[[], None]]:
    """A process that is ready to deliver, and what makes it begin."""
    command = [sys.executable, "-m", "bench.delivery", "work", address, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        told, heard = process.stdin, process.stdout
        if told is None or heard is None or not heard.readline():
            message = "the delivering process did not start"
            raise RuntimeError(message)

        def begin() -> None:
            told.write("go\n")
            told.flush()

        try:
            yield begin
        finally:
            process.kill()


def _work(address: str, url: str) -> None:
    """The delivering process: one lane, until killed."""
    more = [("HOTICH_DELIVERY__THREADS_PER_DESTINATION", str(OUR_THREADS))]
    with gateway_in_front(address, url, Roles(accepts=False, delivers=True), more) as gateway:
        if gateway.delivering is None:
            raise TypeError
        warm_up()
        settle_memory()  # as `serve` does
        print("ready", flush=True)
        sys.stdin.readline()
        gateway.delivering.lanes.workers[LANE].start()
        threading.Event().wait()


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        _work(*sys.argv[2:])
    else:
        main(sys.argv[1:])
