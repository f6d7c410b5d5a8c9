"""One simulated process as the house knows it, and how its threads sleep."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from retry_queue.job import Lane
from retry_queue.proof.oracle import Micros
from retry_queue.proof.scheduler import Alarm, Process, Task, VirtualFlag, micros
from retry_queue.proof.watched_store import WatchedStore
from retry_queue.worker import LaneWorker

TransactionT = TypeVar("TransactionT")
MIDNIGHT = datetime(2026, 11, 16, tzinfo=UTC)
"""True time 0; any day will do."""
_MICROSECOND = timedelta(microseconds=1)


def wall(at: Micros) -> datetime:
    """True time as a clock shows it that goes right."""
    return MIDNIGHT + timedelta(0, 0, at)


def true_time(at: datetime) -> Micros:
    """And back."""
    return (at - MIDNIGHT) // _MICROSECOND


class Watch(Protocol):
    """What the house tells those who sleep in it."""

    has_ready: Callable[[Lane], bool]
    """Whether looking for work could find any."""

    @property
    def works_together(self) -> bool:
        """Whether threads take over each other's stock."""
        ...

    def look_at(self, inmate: "Inmate[Any]", lane: Lane) -> Micros:
        """When a poll may next find something, if nothing is committed meanwhile."""
        ...

    def latest(self) -> Micros:
        """Nobody sleeps longer than this."""
        ...


class Inmate(Generic[TransactionT]):
    """One process: its store, its workers, who sleeps in it."""

    def __init__(self, process: Process, store: WatchedStore[TransactionT]) -> None:
        self.process = process
        self.store = store
        self.workers: dict[Lane, LaneWorker[Any, TransactionT]] = {}
        self.naps: dict[Lane, list[NapFlag]] = {}
        self.hearts: dict[Lane, HeartFlag] = {}
        self.leased: dict[Lane, int] = {}
        """How many jobs of a lane it has in its hands."""
        self.upkeep: Alarm | None = None
        self._shown: tuple[Micros, datetime] = (0, MIDNIGHT)

    def clock(self) -> datetime:
        """What its wall clock shows; it is looked at many times in the same instant."""
        at = self.process.scheduler.now + self.process.clock_error
        if at != self._shown[0]:
            self._shown = at, wall(at)
        return self._shown[1]


class NapFlag(VirtualFlag):
    """What an idle worker sleeps on: longer than it thinks while nothing could be found.

    One of the idle workers of a lane keeps watch; the others need not look, because whoever finds work rings.
    """

    __slots__ = ("_house", "_inmate", "_lane", "_poll", "alarm", "on_watch", "task")

    def __init__(self, house: Watch, inmate: Inmate[Any], lane: Lane) -> None:
        super().__init__(inmate.process)
        self._house = house
        self._inmate = inmate
        self._lane = lane
        self._poll: Micros = 0
        self.on_watch = False
        self.alarm: Alarm | None = None
        self.task: Task | None = None

    def wait(self, timeout: float | None = None) -> bool:
        """Until it rings, or a poll may find something."""
        if self._is_set or timeout is None:
            return super().wait(timeout)
        self.task = self._process.current()
        naps = self._inmate.naps.setdefault(self._lane, [])
        self._poll = micros(timeout)
        if self._has_stock() or not any(nap.on_watch for nap in naps):
            self.keep_watch()
        self._waiting.append((self.task, None))
        naps.append(self)
        try:
            self._process.switch_away()
        finally:
            naps.remove(self)
            if self.alarm is not None:
                self.alarm.cancel()
            if self.on_watch and self._house.works_together and naps and not self._process.is_dead:
                naps[0].keep_watch()
        return self._is_set

    def keep_watch(self) -> None:
        """From now on this one looks."""
        self.on_watch = True
        self._set_alarm(self._poll)

    def poll_at(self, at: Micros) -> None:
        """Something may be found sooner than thought."""
        if self.alarm is None or self.alarm.act is None or self.alarm.at > at:
            if self.alarm is not None:
                self.alarm.cancel()
            self.alarm = self._process.scheduler.call_at(at, self._look)

    def _set_alarm(self, poll: Micros) -> None:
        now = self._process.scheduler.now
        if self.alarm is not None:
            self.alarm.cancel()
        if self._has_stock():
            at = now + self._poll
        else:
            at = max(now + poll, self._house.look_at(self._inmate, self._lane))
        self.alarm = self._process.scheduler.call_at(at, self._look)

    def _has_stock(self) -> bool:
        return self._house.works_together and self._inmate.leased.get(self._lane, 0) > 0

    def _may_find(self) -> bool:
        """Something can be claimed, or lies in stock perhaps."""
        if self._has_stock():
            return True
        opens = self._house.look_at(self._inmate, self._lane)
        is_shut = opens != self._house.latest() and opens > self._process.scheduler.now
        return self._house.has_ready(self._lane) and not is_shut

    def _look(self) -> None:
        if self._is_set or self.task is None:
            return
        if self._may_find():
            self._over(self.task)
        elif self.on_watch:
            self._set_alarm(0)
        else:
            self.alarm = None


class HeartFlag(VirtualFlag):
    """What the heart-beat of a lane waits on: it stands still while there is no lease to keep."""

    __slots__ = ("_inmate", "_lane", "_seconds", "_task")

    def __init__(self, inmate: Inmate[Any], lane: Lane) -> None:
        super().__init__(inmate.process)
        self._inmate = inmate
        self._lane = lane
        self._task: Task | None = None
        self._seconds = 0.0

    def wait(self, timeout: float | None = None) -> bool:
        """One beat, or as long as nothing is under way and then one beat."""
        if self._is_set or timeout is None:
            return super().wait(timeout)
        self._task, self._seconds = self._process.current(), timeout
        if self._inmate.leased.get(self._lane, 0) > 0:
            self.go_on()
        else:
            self._inmate.hearts[self._lane] = self
        self._process.switch_away()
        return self._is_set

    def go_on(self) -> None:
        """Beat again after a while."""
        if self._task is not None:
            scheduler = self._process.scheduler
            scheduler.call_at(scheduler.now + micros(self._seconds), self._task.step)
