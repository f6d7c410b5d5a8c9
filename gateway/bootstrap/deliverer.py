"""A further delivering process: `python -m gateway.bootstrap.deliverer`, started by a gateway, never by hand.

It has the workers of every destination and nothing else: no HTTP, no intake, no chores, no migration, no
taking over. It ends when it is told to, and by itself when its gateway is dead or one of its threads is.
"""

import os
import random
import secrets
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import IO, Final

from gateway.bootstrap.code_lists import use_added_editions
from gateway.bootstrap.deliverer_words import (
    ORPHAN_SECONDS,
    Orders,
    counts_line,
    is_whole,
    read_orders,
    read_stop,
    write_all,
)
from gateway.bootstrap.destinations import build_adapters
from gateway.bootstrap.generations import chosen_generations
from gateway.bootstrap.lanes import Lanes, build_lanes, build_tools
from gateway.bootstrap.memory import settle_memory
from gateway.bootstrap.ringing import bell_listener
from gateway.bootstrap.stores import Stores, open_stores
from gateway.bootstrap.surroundings import Surroundings
from gateway.bootstrap.warm_up import warm_up
from gateway.model.clock import system_clock
from gateway.observability.logging import configure_logging, get_log
from gateway.observability.metrics import AttemptCount
from gateway.storage.sql.postgres_bell import BellListener
from mappings.catalog import load_catalog

BEAT_SECONDS: Final = 1.0

log = get_log("bootstrap.deliverer")


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a deliverer ends."""

    stop_seconds: float
    """What is under way may take so long."""
    status: int


_ORPHANED: Final = Ending(ORPHAN_SECONDS, status=1)


class Counts:
    """What has been counted and not yet been told."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: list[AttemptCount] = []

    def add(self, attempt: AttemptCount) -> None:
        """From any thread."""
        with self._lock:
            self._counts.append(attempt)

    def take(self) -> list[AttemptCount]:
        """Each once."""
        with self._lock:
            taken, self._counts = self._counts, []
            return taken


class Deliverer:
    """The process between its orders and its end."""

    def __init__(self, lanes: Lanes, counts: Counts, stores: Stores, bell: BellListener | None) -> None:
        self._lanes = lanes
        self._counts = counts
        self._stores = stores
        self._bell = bell
        self._endings: SimpleQueue[Ending] = SimpleQueue()
        self._is_ending = Event()

    def run(self, orders: IO[bytes], tell: Callable[[bytes], object]) -> int:
        """Deliver until there is a reason to end; the exit status."""
        self._lanes.start()
        if self._bell is not None:
            self._bell.start()
        for name, watch in (("orders", lambda: self._listen(orders)), ("beat", lambda: self._beat(tell))):
            Thread(target=watch, name=name, daemon=True).start()
        log.info("deliverer.ready", pid=os.getpid())
        ending = self._endings.get()
        self._is_ending.set()
        if self._bell is not None:
            self._bell.stop(ending.stop_seconds)
        self._lanes.stop(ending.stop_seconds)
        self._stores.close()
        self._tell(tell)
        return ending.status

    def _listen(self, orders: IO[bytes]) -> None:
        stop_seconds = read_stop(orders.readline())
        self._endings.put(_ORPHANED if stop_seconds is None else Ending(stop_seconds, status=0))

    def _beat(self, tell: Callable[[bytes], object]) -> None:
        """Also while it ends: silence would be taken for a standstill."""
        while self._tell(tell):
            if not self._lanes.are_alive and not self._is_ending.is_set():
                log.error("deliverer.worker_died")
                break
            Event().wait(BEAT_SECONDS)
        self._endings.put(_ORPHANED)

    def _tell(self, tell: Callable[[bytes], object]) -> bool:
        """False when nobody listens any more."""
        try:
            tell(counts_line(self._counts.take()))
        except OSError:
            return False
        return True


def build_deliverer(orders: Orders) -> Deliverer:
    """As the gateway builds its own workers. The database is migrated already, and nothing is taken over."""
    settings = orders.settings
    use_added_editions(settings)
    catalog = load_catalog().speaking(chosen_generations(settings))
    surroundings = Surroundings(system_clock, random.SystemRandom().random, secrets.token_bytes)
    stores, counts = open_stores(settings), Counts()
    adapters = build_adapters(settings, surroundings.clock)
    tools = build_tools(surroundings, settings, stores, catalog, adapters)
    lanes = build_lanes(surroundings, settings, stores, tools, counts.add)
    return Deliverer(lanes, counts, stores, bell_listener(stores, settings, lanes.notify))


def main() -> None:
    """Read the orders, then deliver."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(
            number, signal.SIG_IGN
        )  # a service manager may tell everybody; the gateway tells us when
    counts = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what somebody prints is not taken for counts
    orders = sys.stdin.buffer
    line = orders.readline()
    if not is_whole(line):
        return  # the gateway has died meanwhile
    given = read_orders(line)
    configure_logging(given.settings.log_level, process=given.number)
    deliverer = build_deliverer(given)
    warm_up()
    settle_memory()
    status = deliverer.run(orders, partial(write_all, counts))
    os._exit(status)  # a thread may hang in a call to a partner, another waits for orders


if __name__ == "__main__":
    main()
