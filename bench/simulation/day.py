"""Lets one written-out day happen to the real queue, and judges it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.simulation.batch_desk import PREPARING, BatchDesk
from bench.simulation.desk import BatchCount, Desk, Office, Parcel
from bench.simulation.policies import lane_settings_of, limits_of, policies
from bench.simulation.scenario import HOUR, MINUTE, Act, Arrival, Incident, Scenario
from retry_queue import breaker
from retry_queue.errors import QueueError
from retry_queue.job import Job, JobId, Lane
from retry_queue.memory_store import MemoryStore
from retry_queue.proof import invariants
from retry_queue.proof.chronicle import Chronicle, Life, Violation
from retry_queue.proof.clairvoyant import Clairvoyant, Verdict
from retry_queue.proof.house import Building, House
from retry_queue.proof.inmate import Inmate
from retry_queue.proof.openings import SHARP, Limits
from retry_queue.proof.openings import Lane as OracleLane
from retry_queue.proof.oracle import Micros
from retry_queue.proof.scheduler import SECOND, Scheduler, micros
from retry_queue.proof.world import Coins, Destination, Journal, Sky
from retry_queue.states import State
from retry_queue.store import Store
from retry_queue.tempo import HAND_SECONDS

MENDED_AFTER: Micros = 20 * MINUTE
"""A person mends what a destination has refused."""
AFTERMATH: Micros = 10 * MINUTE
"""Looked at for so long after everything is over, for what should not happen any more."""
STOP_SECONDS_MAX = 40.0
"""So long a process that is told to stop may finish what is under way."""
LOOKS_EVERY: Micros = 6 * HOUR
MEMORY = "memory"


@dataclass
class Plants:
    """Bugs put in on purpose, to show that they are found."""

    store: Callable[[Any], Any] = lambda store: store
    office: Callable[[Office[Any]], None] = lambda _office: None
    house: Callable[[House[Any]], None] = lambda _house: None


@dataclass(frozen=True, slots=True)
class DayResult:
    """What became of a day."""

    seed: str
    events: int
    deliveries: int
    happenings: int
    violations: tuple[Violation, ...]
    verdict: Verdict
    sharp: Verdict
    """Against a scheduler that need not even notice that an outage is over."""
    backlog: dict[str, list[tuple[Micros, int]]]
    digest: str
    """Equal for equal runs."""
    lost_leases: int = 0
    batches: BatchCount = field(default_factory=BatchCount)
    regretted: tuple[str, ...] = field(default=())

    @property
    def is_good(self) -> bool:
        """No promise broken, nobody late whom anybody could have saved."""
        return not self.violations and self.verdict.regret <= 0


def run_day(scenario: Scenario, plants: Plants | None = None) -> DayResult:
    """The same scenario gives the same result, always."""
    with _store(scenario.store) as store:
        day = _Day(scenario, store, plants or Plants())
        try:
            return day.run()
        finally:
            day.close()


@contextmanager
def _store(kind: str) -> Iterator[Store[Any]]:
    if kind == MEMORY:
        yield MemoryStore()
        return
    from bench.simulation.sqlite_store import open_store  # noqa: PLC0415 - most days need no database

    with TemporaryDirectory() as folder, open_store(Path(folder) / "day.db") as store:
        yield store


class _Day:
    """All parts of one day, put together."""

    def __init__(self, scenario: Scenario, store: Store[Any], plants: Plants) -> None:
        self._scenario = scenario
        self._scheduler = Scheduler()
        self._journal = Journal()
        self._coins = Coins(scenario.seed)
        self._chronicle = Chronicle(self._scheduler)
        self._skies = {lane: Sky(lane, scenario.spells) for lane in scenario.manners}
        self._destinations = {
            lane: Destination(self._scheduler, manner, self._skies[lane], self._journal, self._coins)
            for lane, manner in scenario.manners.items()
        }
        self._office: Office[Any] = Office(
            self._scheduler, self._chronicle, self._destinations, policies(), self._coins
        )
        if scenario.works_together:
            self._office.make_desk = BatchDesk
        self._store: Any = plants.store(store)
        lanes = {Lane(lane): lane_settings_of(lane, scenario.threads) for lane in scenario.manners}
        self._house: House[Any] = House(
            self._scheduler,
            self._store,
            Building(lanes, scenario.processes, works_together=scenario.works_together),
            self._office.desk,
            self._chronicle,
            scenario.seed,
        )
        self._violations: list[Violation] = []
        self._to_come = len(scenario.arrivals)
        self._clock_error: Micros = 0
        plants.office(self._office)
        plants.house(self._house)
        self._connect()

    def run(self) -> DayResult:
        self._put_down()
        self._house.open()
        self._scheduler.run(self._scenario.end, self._is_over)
        self._scheduler.run(self._scheduler.now + AFTERMATH)
        return self._result()

    def close(self) -> None:
        for inmate in list(self._house.inmates):
            inmate.process.kill()

    def _connect(self) -> None:
        chronicle, house = self._chronicle, self._house
        self._office.find_inmate = house.find_awake
        chronicle.on_due = house.hint
        chronicle.on_ready = house.came
        chronicle.on_held = self._mend
        chronicle.on_leased = house.has_leased
        house.has_ready = self._store.has_ready if self._scenario.store == MEMORY else self._has_ready
        house.health_of = chronicle.health_of
        house.on_death = chronicle.died

    def _put_down(self) -> None:
        call_at = self._scheduler.call_at
        for arrival in self._scenario.arrivals:
            call_at(arrival.at, partial(self._arrives, arrival))
        for incident in self._scenario.incidents:
            call_at(incident.at, partial(self._strikes, incident))
        for act in self._scenario.acts:
            call_at(act.at, partial(self._acts, act))
        call_at(LOOKS_EVERY, self._look)

    def _has_ready(self, lane: Lane) -> bool:
        with self._store.read() as transaction:
            if self._store.list_jobs(transaction, lane, State.QUEUED, 0, 1):
                return True
            asked = self._store.list_jobs(transaction, lane, State.UNKNOWN, 0, 10_000)
            return any(job.next_attempt_at is None for job in asked)

    def _is_over(self) -> bool:
        return self._to_come == 0 and self._chronicle.unfinished == 0 and self._office.news == 0

    def _arrives(self, arrival: Arrival) -> None:
        accepted = self._office.ledger.accepted
        counted: list[bool] = []

        def is_in() -> bool:
            if arrival.name in accepted and not counted:
                counted.append(True)
                self._to_come -= 1
            return arrival.name in accepted

        def take_in(desk: Desk[Any]) -> None:
            desk.take_in(arrival)
            is_in()

        self._office.at_a_desk(take_in, is_in)

    def _strikes(self, incident: Incident) -> None:
        inmates = self._house.inmates
        if not inmates:
            return
        inmate = inmates[incident.process % len(inmates)]
        match incident.kind:
            case "crash":
                self._house.crash(inmate)
            case "stop":
                self._house.stop(inmate, STOP_SECONDS_MAX)
            case "crash_commit":
                inmate.store.death.commits_left = max(1, incident.amount)
                inmate.store.death.before = incident.amount % 2 == 0
            case "freeze":
                until = self._scheduler.now + incident.amount
                self._chronicle.froze(inmate.process, until)
                self._house.freeze(inmate, until)
            case _:
                self._clock_error += abs(incident.amount)
                self._house.step_clock(inmate, incident.amount)

    def _acts(self, act: Act) -> None:
        if act.kind == "hold_lane":
            lane = sorted(self._scenario.manners)[int(act.pick * len(self._scenario.manners))]
            self._hold_lane(Lane(lane), act.lasts)
            return
        lives = [life for life in self._chronicle.lives.values() if self._can(act.kind, life)]
        if not lives:
            return
        job_id = lives[int(act.pick * len(lives))].new.job_id
        self._in_person(lambda inmate: self._do(inmate, act.kind, job_id))
        if act.kind == "hold":
            self._later(act.lasts, lambda inmate: self._do(inmate, "release", job_id))

    def _can(self, kind: str, life: Life) -> bool:
        if kind == "release":
            return life.state is State.DEFERRED
        if life.finished_at is not None or life.state in {State.LEASED, State.HELD}:
            return False
        parcel = self._office.ledger.parcels[life.new.job_id]
        return kind == "hold" or not _is_waited_for(parcel)

    def _do(self, inmate: Inmate[Any], kind: str, job_id: JobId) -> None:
        store, now = inmate.store, inmate.clock()
        with store.write() as transaction:
            if kind == "hold":
                store.hold(transaction, job_id, "held_by_operator", now)
            elif kind == "cancel":
                store.cancel(transaction, job_id, now)
            else:
                store.release(transaction, job_id, now)

    def _hold_lane(self, lane: Lane, lasts: Micros) -> None:
        now = self._scheduler.now
        self._chronicle.lane_lost.setdefault(lane, []).append((now, now + lasts + MINUTE))

        def change(inmate: Inmate[Any], *, hold: bool) -> None:
            store = inmate.store
            with store.write() as transaction:
                health = store.lock_lane(transaction, lane)
                after = breaker.held(health, "held_by_operator") if hold else breaker.released(lane)
                store.put_lane(transaction, after)

        self._in_person(lambda inmate: change(inmate, hold=True))
        self._later(lasts, lambda inmate: change(inmate, hold=False))

    def _mend(self, life: Life, job: Job) -> None:
        """What the destination refused, or nobody could find out, a person mends and lets go on."""
        if job.held_reason == "held_by_operator":
            return
        name = self._office.ledger.parcels[job.job_id].name

        def mend(inmate: Inmate[Any]) -> None:
            self._destinations[job.lane].mended.add(name)
            self._do(inmate, "release", life.new.job_id)

        self._later(MENDED_AFTER, mend)

    def _in_person(self, act: Callable[[Inmate[Any]], None]) -> None:
        """Once, by a process that lives; a refused act is the operator's affair, a dead process is not."""
        done: list[bool] = []

        def once(inmate: Inmate[Any]) -> None:
            if done:
                return
            with suppress(QueueError):
                act(inmate)
            done.append(True)

        def attempt() -> None:
            if done:
                return
            inmate = self._house.find_awake()
            if inmate is not None:
                inmate.process.spawn("person", lambda: once(inmate))
            self._scheduler.call_at(self._scheduler.now + 5 * SECOND, attempt)

        attempt()

    def _later(self, delay: Micros, act: Callable[[Inmate[Any]], None]) -> None:
        self._scheduler.call_at(self._scheduler.now + delay, lambda: self._in_person(act))

    def _look(self) -> None:
        with self._store.read() as transaction:
            self._violations += invariants.without_reason(
                self._store, transaction, self._chronicle.gates, self._scheduler.now
            )
        if not self._is_over():
            self._scheduler.call_at(self._scheduler.now + LOOKS_EVERY, self._look)

    def _judge(self, limits: Limits) -> tuple[Clairvoyant, Verdict]:
        lanes = {
            name: OracleLane(manner, self._skies[name], self._scenario.threads)
            for name, manner in self._scenario.manners.items()
        }
        parcels = self._office.ledger.parcels
        clairvoyant = Clairvoyant(
            self._chronicle,
            lanes,
            self._coins,
            lambda job_id: parcels[job_id].name,
            lambda at: at + MENDED_AFTER,
            limits,
        )
        return clairvoyant, clairvoyant.judge(self._journal, self._house.staff(), self._scheduler.now)

    def _result(self) -> DayResult:
        chronicle, journal = self._chronicle, self._journal
        longest = max(manner.service for manner in self._scenario.manners.values())
        preparing = PREPARING if self._scenario.works_together else 0
        hand = micros(HAND_SECONDS) if self._scenario.works_together else 0
        _, verdict = self._judge(limits_of(self._clock_error, longest, preparing, hand))
        # Where nobody was late, nobody is late with an oracle that is bound by less.
        sharp = self._judge(SHARP)[1] if verdict.missed else verdict
        violations = [*self._violations, *invariants.broken(chronicle, journal, self._scheduler.now)]
        violations += [
            Violation("no unforeseen error", "", self._scheduler.now, repr(error))
            for error in self._house.errors
        ]
        told = repr(
            (journal.order, [(life.new.job_id, life.state, life.fence) for life in chronicle.lives.values()])
        )
        parcels = self._office.ledger.parcels
        return DayResult(
            seed=self._scenario.seed,
            events=len(self._scenario.arrivals),
            deliveries=len(chronicle.lives),
            happenings=self._scheduler.happened,
            violations=tuple(violations),
            verdict=verdict,
            sharp=sharp,
            backlog=chronicle.backlog,
            digest=sha256(told.encode()).hexdigest(),
            lost_leases=self._house.lost_leases,
            batches=self._office.batches,
            regretted=tuple(
                parcels[job_id].name for job_id in verdict.missed if job_id not in verdict.unavoidable
            ),
        )


def _is_waited_for(parcel: Parcel) -> bool:
    """Withdrawing a question that others wait for would keep them waiting for ever."""
    step = parcel.delivery.step
    return step == "personal_id" or step.endswith("_lookup")
