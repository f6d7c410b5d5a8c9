"""Where a worker waits and what runs beside it, handed in so that a simulation can hold the time.

Everything in this package that waits does so through a `Flag`, everything that runs beside something else was
begun by `spawn`. Plain locks are held only over a few steps in memory, never over a wait or a transaction, so
that threads may be replaced by greenlets of one thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic
from typing import Protocol


class Flag(Protocol):
    """Something that is raised once; a `threading.Event` will do."""

    def is_set(self) -> bool:
        """Whether it is raised."""
        ...

    def set(self) -> None:
        """Raise it and wake whoever waits."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Until it is raised or the seconds are over; says whether it is raised."""
        ...


class Running(Protocol):
    """Something that runs beside us; a started `threading.Thread` will do."""

    def is_alive(self) -> bool:
        """Whether it still runs."""
        ...

    def join(self, timeout: float | None = None) -> None:
        """Until it has ended or the seconds are over."""
        ...


@dataclass(frozen=True, slots=True)
class Timing:
    """How to wait, how to run beside, how to measure a wait."""

    flag: Callable[[], Flag]
    spawn: Callable[[str, Callable[[], None]], Running]
    """Begin to run a function under a name."""
    monotonic: Callable[[], float]
    """Seconds that only grow: when to stop waiting for the others, and how long ago a lease was looked at."""
    nap_flag: Callable[[], Flag] | None = None
    """What a worker that found nothing sleeps on; None: a flag like the others. A simulation that knows when
    something can be found may let it sleep longer than it thinks."""
    heart_flag: Callable[[], Flag] | None = None
    """What the heart-beat waits on; None: a flag like the others. A simulation leaves out beats in vain."""


def spawn_thread(name: str, run: Callable[[], None]) -> Thread:
    """A daemon: a process that must end does not wait for a partner; the lease takes care of the job."""
    thread = Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


THREADS = Timing(flag=Event, spawn=spawn_thread, monotonic=monotonic)
"""The real world."""
