"""Simulated processes that run the real workers and the real upkeep over one store.

Nothing is decided here. Only what would be in vain is left out: a poll, or a round of upkeep, that would find
nothing because nothing was committed and no instant has come since the last one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import Any, Generic, Protocol, TypeVar

from retry_queue.errors import LeaseLost
from retry_queue.handler import Handler
from retry_queue.job import Lane
from retry_queue.proof.inmate import HeartFlag, Inmate, NapFlag, true_time
from retry_queue.proof.knowing import Shift
from retry_queue.proof.oracle import Micros
from retry_queue.proof.scheduler import SECOND, Process, Scheduler, VirtualFlag, micros
from retry_queue.proof.watched_store import WatchedStore, Witness
from retry_queue.rescue import tend
from retry_queue.store import LaneHealth, Store
from retry_queue.timing import Timing
from retry_queue.work_round import LaneSettings, Surroundings
from retry_queue.worker import LaneWorker

TransactionT = TypeVar("TransactionT")
_NAP_MAX = 3600 * SECOND
_FOR_EVER: Micros = 2**61


def _last_chance(settings: LaneSettings) -> Micros:
    return micros(settings.paces.breaker.last_chance_seconds)


class MakeHandler(Protocol[TransactionT]):
    """Builds what does the jobs in one process."""

    def __call__(
        self,
        process: Process,
        store: WatchedStore[TransactionT],
        clock: Callable[[], datetime],
        random: Random,
    ) -> Handler[Any, TransactionT]:
        """With its own clock and its own dice."""
        ...


@dataclass(frozen=True, slots=True)
class Building:
    """How the processes are made."""

    lanes: Mapping[Lane, LaneSettings]
    processes: int = 2
    upkeep_seconds: float = 1.0
    restart_seconds: float = 20.0
    works_together: bool = False
    """A thread may go to sleep although there is work: what lies in stock, others may take over."""


class House(Generic[TransactionT]):
    """All processes over one store."""

    def __init__(
        self,
        scheduler: Scheduler,
        store: Store[TransactionT],
        building: Building,
        make_handler: MakeHandler[TransactionT],
        witness: Witness,
        seed: str,
    ) -> None:
        self._scheduler = scheduler
        self._store = store
        self.building = building
        self._make_handler = make_handler
        self._witness = witness
        self._seed = seed
        self._generation = 0
        self.inmates: list[Inmate[TransactionT]] = []
        self.hints: list[Micros] = []
        self.errors: list[Exception] = []
        self.lost_leases = 0
        self.has_ready: Callable[[Lane], bool] = lambda _lane: True
        """Whether looking for work could find any."""
        self.health_of: Callable[[Lane], LaneHealth] = self._read_health
        """What is committed about a lane; whoever hears of every commit need not read it."""
        self._last_chances = {lane: _last_chance(each) for lane, each in building.lanes.items()}
        self.on_death: Callable[[Process], None] = lambda _process: None
        self._staff: list[tuple[Inmate[TransactionT], Micros, Micros]] = []

    @property
    def works_together(self) -> bool:
        """Whether threads take over each other's stock."""
        return self.building.works_together

    def open(self) -> None:
        """Start the processes."""
        for _ in range(self.building.processes):
            self.start_process()

    def start_process(self) -> None:
        """One more."""
        self._generation += 1
        name = f"process-{self._generation}"
        process = Process(name, self._scheduler)
        store = WatchedStore(self._store, process, self._witness)
        inmate = Inmate(process, store)
        store.on_death = lambda: self.buried(inmate)
        random = Random(f"{self._seed}/{name}")
        handler = self._make_handler(process, store, inmate.clock, random)
        for lane, settings in self.building.lanes.items():
            around = self._surroundings(inmate, lane, random)
            inmate.workers[lane] = LaneWorker(name, store, handler, settings, around)
            inmate.workers[lane].start()
        self.inmates.append(inmate)
        self._staff.append((inmate, self._scheduler.now, _FOR_EVER))
        self.tend_soon(inmate, self._scheduler.now)

    def crash(self, inmate: Inmate[TransactionT]) -> None:
        """It is gone from this instant on; another one starts after a while."""
        self.buried(inmate)
        inmate.process.kill()

    def stop(self, inmate: Inmate[TransactionT], timeout_seconds: float) -> None:
        """It ends as on SIGTERM: it finishes what is under way, gives back the rest, and is gone."""
        self._leaves(inmate)
        busy = set(inmate.workers)

        def stop_lane(lane: Lane) -> None:
            inmate.workers[lane].stop(timeout_seconds)
            busy.discard(lane)
            if not busy:
                self._scheduler.call_at(self._scheduler.now, gone)

        def gone() -> None:
            if inmate in self.inmates:
                self.crash(inmate)

        for lane in inmate.workers:
            inmate.process.spawn("stop", partial(stop_lane, lane))

    def buried(self, inmate: Inmate[TransactionT]) -> None:
        """Another one starts after a while, and what it had begun to tend is tended again."""
        self.on_death(inmate.process)
        self.inmates.remove(inmate)
        self._leaves(inmate)
        restart = self._scheduler.now + micros(self.building.restart_seconds)
        self._scheduler.call_at(restart, self.start_process)
        self.tend_all_soon()

    def find_awake(self) -> Inmate[TransactionT] | None:
        """Some process that can do something now."""
        now = self._scheduler.now
        return next((each for each in self.inmates if each.process.frozen_until <= now), None)

    def staff(self) -> list[Shift]:
        """When which process worked: one that stood still for a while has a shift before and one after it."""
        return [Shift(inmate.process.name, start, end) for inmate, start, end in self._staff]

    def came(self, lane: str) -> None:
        """A commit has brought work for a lane, or let it through again."""
        if Lane(lane) not in self.building.lanes or not self.has_ready(Lane(lane)):
            return
        running = self._scheduler.running
        for inmate in self.inmates:
            opens = self._look_again(inmate, Lane(lane))
            if opens is not None and opens > self._scheduler.now:
                self._watch(inmate, Lane(lane), opens)
            elif running is not None and running.process is inmate.process:
                inmate.workers[Lane(lane)].notify()
            else:
                self.rouse(inmate, Lane(lane))

    def has_leased(self, process: Process, lane: Lane, jobs: int) -> None:
        """A process has so many more jobs in its hands, or fewer."""
        inmate = next((each for each in self.inmates if each.process is process), None)
        if inmate is not None:
            inmate.leased[lane] = inmate.leased.get(lane, 0) + jobs
            if jobs > 0 and (heart := inmate.hearts.pop(lane, None)) is not None:
                heart.go_on()
            if jobs > 0 and self.building.works_together:
                self._watch(inmate, lane, self._next_poll(lane))

    def _next_poll(self, lane: Lane) -> Micros:
        return self._scheduler.now + micros(self.building.lanes[lane].idle_poll_seconds)

    def _watch(self, inmate: Inmate[TransactionT], lane: Lane, opens: Micros) -> None:
        for nap in inmate.naps.get(lane, ()):
            if nap.on_watch:
                nap.poll_at(opens)

    def rouse(self, inmate: Inmate[TransactionT], lane: Lane) -> None:
        """Its next poll may find something."""
        naps = inmate.naps.get(lane)
        if naps:
            naps[0].poll_at(self._next_poll(lane))

    def look_at(self, inmate: Inmate[TransactionT], lane: Lane) -> Micros:
        """When a poll may next find something, if nothing is committed meanwhile."""
        again, latest = self._look_again(inmate, lane), self.latest()
        return latest if again is None else min(latest, again)

    def latest(self) -> Micros:
        """Nobody sleeps longer than this."""
        return self._scheduler.now + _NAP_MAX

    def _look_again(self, inmate: Inmate[TransactionT], lane: Lane) -> Micros | None:
        health = self.health_of(lane)
        if health.open_until is None:
            return None
        opens = true_time(health.open_until) - inmate.process.clock_error
        if opens <= self._scheduler.now:
            return None  # the door is open already, and still nothing was found
        with self._store.read() as transaction:
            due = self._store.nearest_due(transaction, lane, inmate.clock())
        if due is None:
            return opens
        chance = true_time(due) - inmate.process.clock_error - self._last_chances[lane]
        return min(opens, max(chance, self._scheduler.now))

    def _read_health(self, lane: Lane) -> LaneHealth:
        with self._store.read() as transaction:
            return self._store.get_lane(transaction, lane)

    def step_clock(self, inmate: Inmate[TransactionT], step: Micros) -> None:
        """Somebody sets its wall clock."""
        inmate.process.clock_error += step
        for lane in inmate.workers:
            self.rouse(inmate, lane)
        self.tend_all_soon()

    def freeze(self, inmate: Inmate[TransactionT], until: Micros) -> None:
        """It stands still."""
        inmate.process.freeze(until)
        self._leaves(inmate)
        self._staff.append((inmate, until, _FOR_EVER))
        self.tend_all_soon()

    def hint(self, at: Micros) -> None:
        """Upkeep will find something then."""
        self.hints.append(at)
        for inmate in self.inmates:
            self.tend_soon(inmate, at - inmate.process.clock_error)

    def tend_all_soon(self) -> None:
        """Something may have been left undone."""
        for inmate in self.inmates:
            self.hints.append(self._scheduler.now)
            self.tend_soon(inmate, self._scheduler.now)

    def tend_soon(self, inmate: Inmate[TransactionT], at: Micros) -> None:
        """At the next beat of its upkeep."""
        beat = micros(self.building.upkeep_seconds)
        tick = (max(at, self._scheduler.now) // beat + 1) * beat
        if inmate.upkeep is not None and inmate.upkeep.act is not None and inmate.upkeep.at <= tick:
            return
        if inmate.upkeep is not None:
            inmate.upkeep.cancel()
        inmate.upkeep = self._scheduler.call_at(tick, lambda: self._beat(inmate))

    def _beat(self, inmate: Inmate[TransactionT]) -> None:
        inmate.upkeep = None
        if inmate.process.is_dead:
            return
        now = self._scheduler.now + inmate.process.clock_error
        served = [hint for hint in self.hints if hint <= now]
        if served:
            self.hints = [hint for hint in self.hints if hint > now]
            inmate.process.spawn("upkeep", lambda: self._tend(inmate))
        if self.hints:
            self.tend_soon(inmate, min(self.hints) - inmate.process.clock_error)

    def _tend(self, inmate: Inmate[TransactionT]) -> None:
        store: Any = inmate.store
        if tend(store, inmate.clock()).moved:
            for lane in inmate.workers:
                self.came(lane)

    def _surroundings(self, inmate: Inmate[TransactionT], lane: Lane, random: Random) -> Surroundings:
        process = inmate.process
        timing = Timing(
            flag=lambda: VirtualFlag(process),
            spawn=process.spawn,
            heart_flag=lambda: HeartFlag(inmate, lane),
            monotonic=process.monotonic,
            nap_flag=lambda: NapFlag(self, inmate, lane),
        )
        return Surroundings(inmate.clock, random.random, self._survived, timing=timing)

    def _leaves(self, inmate: Inmate[TransactionT]) -> None:
        now = self._scheduler.now
        self._staff = [
            (who, start, max(start, now)) if who is inmate and end == _FOR_EVER else (who, start, end)
            for who, start, end in self._staff
        ]

    def _survived(self, error: Exception) -> None:
        if isinstance(error, LeaseLost):
            self.lost_leases += 1
        else:
            self.errors.append(error)
