"""How much one thread takes at once and how many threads are of use: told by how long an attempt takes.

Where a destination answers at once, few threads with much in hand are quickest: more would only stand in each
other's way. Where it takes its time, each thread waits for one answer, and only more threads help.
"""

from threading import Lock

HAND_SECONDS = 0.2
"""So much work may lie ready in the process: what is more urgent and comes meanwhile waits no longer."""
TURN_SECONDS = 0.003
"""A process begins about one attempt in this time: threads beyond that would only wait for each other."""
LINGER_SECONDS_MAX = 0.2
"""No outcome waits longer than that for those of other attempts that are under way."""
LINGER_BELOW_SECONDS = 0.4
"""Where an attempt takes longer than that, each outcome is recorded at once: its thread has time enough."""
_QUICKER_SHARE = 0.3
_SLOWER_SHARE = 0.1
"""What is slower counts less: most of it was waiting for this process itself, not for the destination."""

_LEAST_SECONDS = 0.0001


def portion(attempt_seconds: float | None, most: int) -> int:
    """How many jobs a thread takes at once; one, as long as nothing is known."""
    if attempt_seconds is None:
        return 1
    if attempt_seconds * most <= HAND_SECONDS:
        return most
    return max(1, int(HAND_SECONDS / attempt_seconds))


def crew(attempt_seconds: float | None, threads: int) -> int:
    """How many threads are of use: one, and as many as begin an attempt while one is under way.

    As long as nothing is known one begins; who looks for work by himself meanwhile takes some.
    """
    if attempt_seconds is None:
        return 1
    return min(threads, 1 + int(attempt_seconds / TURN_SECONDS))


def lingering(attempt_seconds: float | None) -> float:
    """How many seconds an outcome waits at most, with nothing in stock, for attempts that are under way.

    About as long as one of them takes: then several are recorded together, and what takes their place is
    claimed, prepared and announced together.
    """
    if attempt_seconds is None or attempt_seconds > LINGER_BELOW_SECONDS:
        return 0.0
    return min(attempt_seconds, LINGER_SECONDS_MAX)


def helping(attempt_seconds: float | None, threads: int, busy: int) -> int:
    """How many threads can begin something now: those of use that have no attempt under way; at least one."""
    return max(1, crew(attempt_seconds, threads) - busy)


def following(attempt_seconds: float | None, busy: int) -> int:
    """How many more attempts busy threads begin before what lies ready has waited too long."""
    return busy * int(HAND_SECONDS / attempt_seconds) if attempt_seconds else 0


class Tempo:
    """The attempts of a lane in this process; shared by its threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seconds: float | None = None

    @property
    def attempt_seconds(self) -> float | None:
        """How long a quick attempt takes at present; the newest count most."""
        return self._seconds

    def heard(self, seconds: float) -> None:
        """An attempt took so long; a clock that was set back says nothing."""
        if seconds < 0:
            return
        with self._lock:
            self._seconds = _nearer(seconds if self._seconds is None else self._seconds, seconds)


def _nearer(before: float, seconds: float) -> float:
    """One that took ten times as long says no more than one that took twice as long."""
    if seconds < before:
        return before + (seconds - before) * _QUICKER_SHARE
    return before + min(seconds - before, max(before, _LEAST_SECONDS)) * _SLOWER_SHARE
