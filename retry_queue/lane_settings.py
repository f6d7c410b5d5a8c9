"""How one process works on one lane, and what it takes from outside."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from retry_queue.admission import Pacing
from retry_queue.breaker import BreakerSettings
from retry_queue.job import Lane, Lease
from retry_queue.policy import Random
from retry_queue.timing import THREADS, Timing
from retry_queue.verdict import Decision
from retry_queue.window import WindowSettings


@dataclass(frozen=True, slots=True)
class LaneSettings:
    """How one lane is worked on by one process."""

    lane: Lane
    threads: int = 1
    lease_seconds: float = 60.0
    """How long a job stays leased without a heart-beat; longer than the destination may work on an attempt
    whose sender has vanished, or the job is asked about while it is still being applied."""
    attempt_seconds_max: float = 600.0
    """An attempt that takes longer is stuck: its lease is not extended any more."""
    claim_limit: int = 1
    """Most jobs that a thread takes at once, where attempts are so short that they do not wait for long;
    more saves transactions, less keeps the earliest due first."""
    idle_poll_seconds: float = 1.0
    """How often an idle thread looks by itself."""
    error_pause_seconds: float = 2.0
    """Rest after an error of the storage."""
    together_max: int = 100
    """Most claims, announcements or outcomes of different threads in one transaction."""
    breaker: BreakerSettings = field(default_factory=BreakerSettings)
    pacing: Pacing | None = None
    """None: the threads, and a window below them. Its breaker settings are overruled by the lane's."""

    @property
    def paces(self) -> Pacing:
        """What the destination bears; the breaker is that of the lane."""
        pacing = self.pacing or Pacing(WindowSettings(ceiling=self.threads))
        return replace(pacing, breaker=self.breaker)

    @property
    def lease_time(self) -> timedelta:
        """The length of a lease."""
        return timedelta(seconds=self.lease_seconds)


def _nothing(*_told: object) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a worker takes from outside."""

    clock: Callable[[], datetime]
    """Gives aware UTC times."""
    random: Random
    on_error: Callable[[Exception], None]
    """Told of each error that the worker survives; must not raise."""
    on_recorded: Callable[[Lease, Decision], None] = _nothing
    """Told of each outcome after its commit; must not raise."""
    after_recorded: Callable[[], None] = _nothing
    """Told once after each commit of outcomes; must not raise. The place to notify other lanes."""
    timing: Timing = THREADS
    """How to wait and what runs beside; a simulation hands in its own."""
