"""Further delivering processes of one gateway: started, listened to, started again, stopped with it.

Each is a fresh interpreter, because a fork would copy locks that some thread holds. What they share is the
database, where leases, fences, windows, breakers and the order of keys are kept for any number of processes.
"""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import IO, Final

from gateway.bootstrap.deliverer_words import Orders, orders_line, read_counts, stop_line, write_all
from gateway.observability.logging import get_log
from gateway.observability.metrics import Metrics
from gateway.settings import Settings

RESTART_SECONDS: Final = 1.0
RESTART_SECONDS_MAX: Final = 60.0
SETTLED_SECONDS: Final = 60.0
"""Who has lived so long was well: the next wait is the shortest again."""
_KILL_SECONDS: Final = 5.0
_READ_BYTES: Final = 65_536

log = get_log("bootstrap.deliverers")


@dataclass(frozen=True, slots=True)
class Program:
    """What a further process is, and how it is known to stand still."""

    command: Sequence[str] = (sys.executable, "-m", "gateway.bootstrap.deliverer")
    silent_seconds_max: float = 30.0
    """It speaks every second. Who is silent for so long stands still, perhaps with the turn to write."""


def restart_seconds(ends_in_row: int) -> float:
    """How long to wait after so many ends: twice as long each time, up to a limit."""
    doublings = min(ends_in_row - 1, 10)
    return float(min(RESTART_SECONDS * 2**doublings, RESTART_SECONDS_MAX))


def count_ends(before: int, lived_seconds: float) -> int:
    """How many ends in a row that makes."""
    return 1 if lived_seconds >= SETTLED_SECONDS else before + 1


class Deliverers:
    """All of them; process 1 is the gateway itself."""

    def __init__(
        self, processes: int, settings: Settings, metrics: Metrics, program: Program | None = None
    ) -> None:
        chosen = program or Program()
        self._places = [
            _Place(Orders(number, settings), metrics, chosen) for number in range(2, processes + 1)
        ]
        self._stop_by = 0.0

    @property
    def parts(self) -> Mapping[str, Callable[[], bool]]:
        """For the health of the gateway, by name."""
        return {f"processes.{place.number}": place.is_well for place in self._places}

    def start(self, files: Sequence[int]) -> None:
        """Each inherits these files open, and holds whatever lock is on them."""
        for place in self._places:
            place.start(files)

    def stop_soon(self, timeout_seconds: float) -> None:
        """Tell them; they finish what is under way while we finish ours."""
        self._stop_by = time.monotonic() + timeout_seconds
        for place in self._places:
            place.stop_soon(timeout_seconds)

    def wait(self) -> None:
        """Until they have ended; whoever has not by then is killed, and its attempts are asked about."""
        for place in self._places:
            place.wait(max(0.0, self._stop_by - time.monotonic()))


class _Place:
    """Where one deliverer works, and after its end the next one."""

    def __init__(self, orders: Orders, metrics: Metrics, program: Program) -> None:
        self.number = orders.number
        self._program = program
        self._orders = orders_line(orders)
        self._metrics = metrics
        self._files: Sequence[int] = ()
        self._is_well = True
        self._stopping = Event()
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._tend, name=f"deliverer-{orders.number}", daemon=True)

    def is_well(self) -> bool:
        """False from the end of a deliverer until the next one speaks; the first is given time to start."""
        return self._is_well and self._thread.is_alive()

    def start(self, files: Sequence[int]) -> None:
        self._files = files
        self._thread.start()

    def stop_soon(self, stop_seconds: float) -> None:
        with self._lock:
            self._stopping.set()
            if self._process is not None:
                _say(self._process, stop_line(stop_seconds))

    def wait(self, timeout_seconds: float) -> None:
        if self._thread.ident is None:
            return
        self._thread.join(timeout_seconds)
        with self._lock:
            if self._process is not None and self._thread.is_alive():
                log.error("deliverer.killed", process=self.number, because="not_stopped")
                self._process.kill()
        self._thread.join(_KILL_SECONDS)

    def _tend(self) -> None:
        ends = 0
        while not self._stopping.is_set():
            begun_at = time.monotonic()
            status = self._live_once()
            if self._stopping.is_set():
                return
            self._is_well = False
            self._metrics.processes_ended.inc()
            ends = count_ends(ends, time.monotonic() - begun_at)
            wait_seconds = restart_seconds(ends)
            log.error("deliverer.ended", process=self.number, status=status, wait_seconds=wait_seconds)
            self._stopping.wait(wait_seconds)

    def _live_once(self) -> int | None:
        """From its start to its end; the exit status, None where there was nobody."""
        try:
            process = self._begin()
        except OSError as error:
            log.warning("deliverer.not_started", process=self.number, error_type=type(error).__qualname__)
            return None
        return None if process is None else self._live_with(process)

    def _begin(self) -> "subprocess.Popen[bytes] | None":
        """None when nobody is wanted any more."""
        with self._lock:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(
                self._program.command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=tuple(self._files),
                start_new_session=True,  # Ctrl-C is for the gateway, which tells the others
            )
            _say(self._process, self._orders)
        log.info("deliverer.started", process=self.number, pid=self._process.pid)
        return self._process

    def _live_with(self, process: "subprocess.Popen[bytes]") -> int | None:
        """Count what it tells until it has ended; its exit status."""
        with process:
            for line in _lines(process.stdout, self._program.silent_seconds_max, self._keeps_silent):
                self._is_well = True
                for attempt in read_counts(line):
                    self._metrics.count_attempt(attempt)
            with suppress(subprocess.TimeoutExpired):
                return process.wait(_KILL_SECONDS)
            process.kill()
        return process.returncode

    def _keeps_silent(self) -> None:
        """Nothing was heard for too long; while it stops, whoever waits for it looks after that."""
        if self._process is not None and not self._stopping.is_set():
            log.error("deliverer.killed", process=self.number, because="silent")
            self._process.kill()


def _lines(
    output: IO[bytes] | None, silent_seconds_max: float, on_silence: Callable[[], None]
) -> Iterator[bytes]:
    """Whole lines until the pipe ends."""
    if output is None:
        return
    hearing, rest = select.poll(), b""
    hearing.register(output, select.POLLIN)
    while True:
        if not hearing.poll(silent_seconds_max * 1_000):
            on_silence()
            continue
        heard = os.read(output.fileno(), _READ_BYTES)
        if not heard:
            return
        *lines, rest = (rest + heard).split(b"\n")
        yield from lines


def _say(process: "subprocess.Popen[bytes]", words: bytes) -> None:
    """Whoever has died meanwhile is seen by the end of what it tells."""
    with suppress(OSError, ValueError):
        if process.stdin is not None:
            write_all(process.stdin.fileno(), words)
