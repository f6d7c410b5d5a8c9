"""The same durable no-op jobs on our queue, on its peers and in raw SQL, side by side.

All but Celery are on one PostgreSQL.

fsync and synchronous_commit stay on, every table is logged, each takes the batch that it does best. Workers
are processes; the clock runs from the start of the first to the end of the last.
"""

import argparse
import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from typing import Final

from bench.peer_queues import BATCH, QUEUES, Queue
from bench.rabbit import ADDRESS, running_broker
from bench.rounds import Rates, best_of, in_turn, tell_rates, tell_ratio
from tests.support.postgres import PostgresServer, running_server

JOBS: Final = {"ours": 30_000, "raw SQL": 30_000, "pgqueuer": 20_000, "procrastinate": 1500, "Celery": 4000}
"""A few seconds for each, whatever its pace."""
PEERS: Final = ("pgqueuer", "procrastinate")
ROUNDS: Final = 3
SERVER: Final = (
    "listen_addresses=",
    "max_connections=60",
    "shared_buffers=512MB",
    "max_wal_size=4GB",
    "timezone=UTC",
)


def main(arguments: Sequence[str] = ()) -> None:
    """Print jobs a second with one worker and with two, and how we stand to the peers and to raw SQL."""
    parser = argparse.ArgumentParser(prog="bench peers")
    parser.add_argument("--share", type=float, default=1.0, help="of the usual number of jobs")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--workers", type=int, nargs="*", default=(1, 2))
    chosen = parser.parse_args(arguments)
    print(f"peers: durable no-op jobs on PostgreSQL, {chosen.rounds} rounds in turn")
    with running_server(SERVER) as server, running_broker() as broker:
        names = ["ours", "raw SQL", *_installed(), *beside(broker)]
        for workers in chosen.workers:
            runs = {
                name: partial(_pace, _place(server, broker, name), QUEUES[name], workers, chosen.share)
                for name in names
            }
            _tell(in_turn(runs, chosen.rounds), workers)


def _installed() -> Sequence[str]:
    missing = [name for name in PEERS if importlib.util.find_spec(name) is None]
    if missing:
        print(f"  not installed, so not measured: {', '.join(missing)}; `make bench` installs them")
    return [name for name in PEERS if name not in missing]


def beside(broker: str | None) -> Sequence[str]:
    """Celery where it can be measured; says loudly why not."""
    if importlib.util.find_spec("celery") is None:
        print("  CELERY IS LEFT OUT: not installed; `make bench` installs it")
    elif broker is None:
        print(
            f"  CELERY IS LEFT OUT: no rabbitmq-server was found, and {ADDRESS} names no broker (amqp://...)"
        )
    else:
        print("  Celery's jobs wait at RabbitMQ and leave no outcome; the others' are in PostgreSQL")
        return ["Celery"]
    return []


Place = Callable[[], AbstractContextManager[str]]


def _place(server: PostgresServer, broker: str | None, name: str) -> Place:
    """An empty place for the jobs of one run."""
    if name == "Celery" and broker is not None:
        return lambda: nullcontext(broker)
    return partial(_database, server)


@contextmanager
def _database(server: PostgresServer) -> Iterator[str]:
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)


def _tell(rates: Rates, workers: int) -> None:
    print(f" {workers} worker(s); batches: {', '.join(f'{name} {BATCH[name]}' for name in rates)}")
    tell_rates(rates, "jobs/s")
    tell_ratio(rates, "ours", "raw SQL")
    if "Celery" in rates:
        tell_ratio(rates, "ours", "Celery")
    peers = [name for name in PEERS if name in rates]
    if peers:
        tell_ratio(rates, "ours", best_of(rates, peers))


def _pace(
    place: Callable[[], AbstractContextManager[str]], queue: Queue, workers: int, share: float
) -> float:
    """In a place of its own."""
    jobs = int(JOBS[queue.name] * share)
    with place() as url:
        queue.fill(url, jobs)
        with ExitStack() as stack:
            begun = [stack.enter_context(_worker(queue, url)) for _ in range(workers)]
            started = time.perf_counter()
            for begin, _ in begun:
                begin()
            for _, end in begun:
                end()
            seconds = time.perf_counter() - started - queue.idle_seconds
        left = queue.left(url)
    if left:
        message = f"{queue.name}: {left} jobs are left over"
        raise RuntimeError(message)
    return jobs / seconds


@contextmanager
def _worker(queue: Queue, url: str) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """A process that is ready to work: what makes it begin, and what waits for its end."""
    command = [sys.executable, "-m", "bench.peer_worker", queue.name, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        told, heard = process.stdin, process.stdout
        if told is None or heard is None:
            raise TypeError

        def expect(word: str) -> None:
            if heard.readline().strip() != word:
                message = f"{queue.name}: the worker did not come to {word!r}"
                raise RuntimeError(message)

        def begin() -> None:
            told.write("go\n")
            told.flush()

        try:
            expect("ready")
            yield begin, partial(expect, "done")
        finally:
            process.kill()


if __name__ == "__main__":
    main(sys.argv[1:])
