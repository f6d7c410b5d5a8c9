"""The threads of one lane; what they do is told in `work_round`."""

from functools import partial
from threading import Lock
from typing import Generic, TypeVar

from retry_queue.handler import Handler
from retry_queue.store import Store
from retry_queue.timing import Running
from retry_queue.wake_up import WakeUp
from retry_queue.work_round import LaneSettings, Surroundings, WorkRound

AttemptT = TypeVar("AttemptT")
TransactionT = TypeVar("TransactionT")

_BEATS_PER_LEASE = 4
"""The heart-beat may be missed once or twice, while the storage is away for a moment, before a lease ends."""


class LaneWorker(Generic[AttemptT, TransactionT]):
    """A bounded number of threads that serve one lane until stopped, with a heart-beat beside them."""

    def __init__(
        self,
        name: str,
        store: Store[TransactionT],
        handler: Handler[AttemptT, TransactionT],
        settings: LaneSettings,
        surroundings: Surroundings,
    ) -> None:
        self._settings = settings
        self._around = surroundings
        self._timing = surroundings.timing
        self._stopping = self._timing.flag()
        self._ended = (self._timing.heart_flag or self._timing.flag)()
        self._wake_up = WakeUp(self._timing.nap_flag or self._timing.flag)
        self._round = WorkRound(
            store, handler, settings, surroundings, self._stopping.is_set, self._stopping.wait
        )
        self._names = [f"{name}-{settings.lane}-{number}" for number in range(settings.threads)]
        self._heart_name = f"{name}-{settings.lane}-heart"
        self._running: list[Running] = []
        self._awake_lock = Lock()
        self._awake = 0
        self._heart: Running | None = None

    @property
    def is_alive(self) -> bool:
        """False before the start, after the stop, and as soon as any thread has died."""
        heart_beats = self._heart is not None and self._heart.is_alive()
        return heart_beats and self.threads_alive == len(self._names)

    @property
    def threads_alive(self) -> int:
        """How many threads are at work or ready for it."""
        return sum(each.is_alive() for each in self._running)

    def start(self) -> None:
        """Begin to claim."""
        self._heart = self._timing.spawn(self._heart_name, self._beat)
        self._running += [self._timing.spawn(each, partial(self._work, each)) for each in self._names]

    def notify(self) -> None:
        """There may be work now; call it after the commit that brought it."""
        self._wake_up.ring()

    def stop(self, timeout_seconds: float) -> bool:
        """Finish the attempts under way, claim no more; false when some thread is still busy by then."""
        self._stopping.set()
        self._wake_up.ring_for_all()
        deadline = self._timing.monotonic() + timeout_seconds
        for each in self._running:
            each.join(max(0.0, deadline - self._timing.monotonic()))
        # Only now: until then the attempts under way need their leases.
        self._ended.set()
        if self._heart is not None:
            self._heart.join(max(0.0, deadline - self._timing.monotonic()))
        return self.threads_alive == 0

    def _work(self, worker: str) -> None:
        self._wakes(1)
        try:
            self._serve(worker)
        finally:
            self._wakes(-1)

    def _serve(self, worker: str) -> None:
        while not self._stopping.is_set():
            rung = self._wake_up.rung()
            try:
                found = self._turn(worker)
            except Exception as error:  # noqa: BLE001  # the database may be away; the thread must outlive that
                self._around.on_error(error)
                self._stopping.wait(self._settings.error_pause_seconds)
                continue
            if not found:
                self._sleep(rung)
            elif self._awake > self._round.crew:
                self._sleep(
                    self._wake_up.rung()
                )  # the others are enough; a bell or a poll calls this one again

    def _sleep(self, rung: int) -> None:
        self._wakes(-1)
        self._wake_up.sleep(rung, self._round.idle_seconds())
        self._wakes(1)

    def _wakes(self, threads: int) -> None:
        with self._awake_lock:
            self._awake += threads

    def _beat(self) -> None:
        while not self._ended.wait(self._settings.lease_seconds / _BEATS_PER_LEASE):
            try:
                self._round.beat()
            except Exception as error:  # noqa: BLE001  # as above: the next beat may reach it
                self._around.on_error(error)

    def _turn(self, worker: str) -> bool:
        """One claim and its work; who finds work wakes others before the work begins."""
        leases = self._round.claim(worker)
        for _ in range(min(self._round.helpers(leases), self._round.crew - self._awake)):
            self._wake_up.ring()
        has_worked = self._round.work_off(leases)
        if leases and self._round.is_limited:
            self._wake_up.ring()  # there is room again, and the window may have grown
        return has_worked or bool(leases) or self._round.should_look_again(worker)
