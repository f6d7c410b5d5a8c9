"""Idle workers sleep until there is something to do; a call that comes before the sleep is not lost."""

from threading import Condition


class WakeUp:
    """One bell for the threads of a lane."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._rung = 0

    def rung(self) -> int:
        """How often it has rung; read this before looking for work."""
        with self._condition:
            return self._rung

    def ring(self) -> None:
        """There may be work: wake one sleeper, which wakes the next if there is more."""
        with self._condition:
            self._rung += 1
            self._condition.notify()

    def ring_for_all(self) -> None:
        """Wake everybody, to stop."""
        with self._condition:
            self._rung += 1
            self._condition.notify_all()

    def sleep(self, since: int, seconds: float) -> None:
        """Until it rings or the time is over; not at all if it has rung after `since`."""
        with self._condition:
            self._condition.wait_for(lambda: self._rung != since, timeout=seconds)
