"""Idle workers sleep until there is something to do; a call that comes before the sleep is not lost."""

from collections import deque
from collections.abc import Callable
from threading import Event, Lock

from retry_queue.timing import Flag


class WakeUp:
    """One bell for the threads of a lane."""

    def __init__(self, flag: Callable[[], Flag] = Event) -> None:
        self._flag = flag
        self._lock = Lock()
        self._rung = 0
        self._asleep: deque[Flag] = deque()

    def rung(self) -> int:
        """How often it has rung; read this before looking for work."""
        with self._lock:
            return self._rung

    def ring(self) -> None:
        """There may be work: wake one sleeper, which wakes the next if there is more."""
        with self._lock:
            self._rung += 1
            sleeper = self._asleep.popleft() if self._asleep else None
        if sleeper is not None:
            sleeper.set()

    def ring_for_all(self) -> None:
        """Wake everybody, to stop."""
        with self._lock:
            self._rung += 1
            sleepers = list(self._asleep)
            self._asleep.clear()
        for sleeper in sleepers:
            sleeper.set()

    def sleep(self, since: int, seconds: float) -> None:
        """Until it rings or the time is over; not at all if it has rung after `since`."""
        woken = self._flag()
        with self._lock:
            if self._rung != since:
                return
            self._asleep.append(woken)
        woken.wait(seconds)
        with self._lock:
            if woken in self._asleep:
                self._asleep.remove(woken)
