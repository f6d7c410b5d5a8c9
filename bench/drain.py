"""A backlog after an outage of all three destinations: how long until everything is delivered.

Births that have waited for hours and need a number first: population database, then registry and one-stop
system, and the step that tells the one-stop system of the registry. Each destination takes 50 ms to answer;
the window of each lane grows from its least, as it does when a destination has come back.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import text

from bench.fast_partner import fast_partner
from bench.house import enqueue_births, gateway_in_front
from gateway.bootstrap.gateway import Gateway, Roles
from gateway.bootstrap.policies import pacing
from gateway.model.ids import Destination
from retry_queue import window
from retry_queue.job import Lane
from retry_queue.store import BreakerState, LaneHealth
from tests.support.postgres import running_server

EVENTS: Final = 1000
NATION: Final = 30_000
LATENCY_SECONDS: Final = 0.05
WAITED: Final = timedelta(hours=11)
THREADS: Final = 64
TELL_EVERY_SECONDS: Final = 5.0
SERVER: Final = ("listen_addresses=", "max_connections=120", "shared_buffers=256MB", "timezone=UTC")

_COUNTS: Final = text(
    "SELECT lane, sum(CASE WHEN finished_at IS NULL THEN 1 ELSE 0 END), count(*)"
    " FROM queue_jobs GROUP BY lane"
)


def main(arguments: Sequence[str] = ()) -> None:
    """Print the progress, the rate, and what that comes to for a nation."""
    parser = argparse.ArgumentParser(prog="bench drain")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument("--postgres", action="store_true")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hotich-bench-") as folder, ExitStack() as stack:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        if chosen.postgres:
            server = stack.enter_context(running_server(SERVER))
            url = server.url(server.create_database())
        address = stack.enter_context(fast_partner(LATENCY_SECONDS))
        print(
            f"drain: {chosen.events} births that waited {WAITED.seconds // 3600} hours,"
            f" {LATENCY_SECONDS * 1000:.0f} ms an answer, at most {chosen.threads} at once to a destination,"
            f" {'PostgreSQL' if chosen.postgres else 'SQLite'}"
        )
        more = [("HOTICH_DELIVERY__THREADS_PER_DESTINATION", str(chosen.threads))]
        with gateway_in_front(address, url, Roles(accepts=False, delivers=True), more) as gateway:
            enqueue_births(gateway, chosen.events, have_numbers=False, waited=WAITED)
            _after_an_outage(gateway)
            _tell(chosen.events, *_drained(gateway))


def _after_an_outage(gateway: Gateway) -> None:
    """As the breakers stand when nobody has answered for hours: open, with the next probe due."""
    with gateway.stores.database.write() as transaction:
        for destination in Destination:
            down = LaneHealth(
                Lane(destination.value),
                breaker=BreakerState.OPEN,
                failures_in_row=1000,
                open_until=gateway.clock(),
            )
            paced = pacing(gateway.settings, destination).window
            gateway.stores.queue.put_lane(transaction, window.shut(down, gateway.clock(), paced))


def _drained(gateway: Gateway) -> tuple[int, float]:
    """How many deliveries were made, in how many seconds."""
    begun = told_at = time.perf_counter()
    gateway.start()
    try:
        while True:
            time.sleep(0.1)
            left, all_in_all = _counts(gateway)
            if not left:
                return all_in_all, time.perf_counter() - begun
            if time.perf_counter() > told_at + TELL_EVERY_SECONDS:
                told_at = time.perf_counter()
                print(f"  after {told_at - begun:5.0f} s {left:6} of {all_in_all} are left", flush=True)
    finally:
        gateway.stop(10.0)


def _counts(gateway: Gateway) -> tuple[int, int]:
    with gateway.stores.database.read() as transaction:
        rows = transaction.execute(_COUNTS).all()
    return sum(left for _, left, _ in rows), sum(jobs for _, _, jobs in rows)


def _tell(events: int, deliveries: int, seconds: float) -> None:
    print(f"  {deliveries} deliveries in {seconds:.1f} s: {deliveries / seconds:.0f} deliveries/s")
    print(f"  a nation's {NATION} events at this rate: {seconds * NATION / events / 60:.1f} minutes")


if __name__ == "__main__":
    main(sys.argv[1:])
