"""Limits that several processes share through the storage; outcomes of several threads in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from threading import Barrier, BrokenBarrierError, Lock

from retry_queue.admission import Pacing
from retry_queue.breaker import BreakerSettings
from retry_queue.handler import Announce
from retry_queue.job import Lease, Track
from retry_queue.rate import RateLimit
from retry_queue.states import State
from retry_queue.store import BreakerState, LaneHealth
from retry_queue.verdict import Decision, Done, Health
from retry_queue.window import WindowSettings
from retry_queue.work_round import LaneSettings, Surroundings, WorkRound
from retry_queue.worker import LaneWorker
from tests.support.queue_builders import LANE, START, after, new_job
from tests.support.queue_desk import Desk
from tests.support.queue_workers import ObedientHandler, StandingClock
from tests.support.waiting import wait_for

FOUR = Pacing(WindowSettings(ceiling=4), is_shared=True)
STOP_SECONDS = 30.0


class Process:
    """One process with a worker that claims for several threads at once."""

    def __init__(self, desk: Desk[object], clock: StandingClock, pacing: Pacing) -> None:
        settings = LaneSettings(LANE, threads=8, pacing=pacing, breaker=BreakerSettings(probe_seconds=60))
        self._desk = desk
        self._clock = clock
        self.round: WorkRound[str, object] = WorkRound(
            desk.store,
            ObedientHandler(),
            settings,
            Surroundings(clock, lambda: 0.5, lambda _error: None),
            lambda: False,
            lambda _seconds: None,
        )

    def claim_until_nothing(self) -> list[Lease]:
        leases: list[Lease] = []
        while got := self.round.claim("any"):
            leases += got
        return leases


def health_of(desk: Desk[object]) -> LaneHealth:
    with desk.store.read() as transaction:
        return desk.store.get_lane(transaction, LANE)


def put(desk: Desk[object], health: LaneHealth) -> None:
    with desk.store.write() as transaction:
        desk.store.put_lane(transaction, health)


class TestPacing:
    def test_what_is_known_of_a_lane_is_kept_whole(self, desk: Desk[object]) -> None:
        known = LaneHealth(
            LANE,
            BreakerState.HALF_OPEN,
            7,
            after(9),
            "stopped",
            2.5,
            4.0,
            after(1),
            after(2.000001),
            after(0.5),
            2**31 - 1,
        )
        put(desk, known)
        assert health_of(desk) == known

    def test_processes_together_keep_to_one_ceiling(self, desk: Desk[object]) -> None:
        desk.enqueue(*(new_job(f"job-{number}") for number in range(9)))
        one, other = (Process(desk, StandingClock(), FOUR) for _ in range(2))
        first = list(one.round.claim("a")) + list(other.round.claim("b"))
        rest = one.claim_until_nothing() + other.claim_until_nothing()
        assert len(first) + len(rest) == 4
        one.round.work_off(first[:1])
        assert len(other.claim_until_nothing()) == 1

    def test_cut_window_of_one_process_holds_for_the_others(self, desk: Desk[object]) -> None:
        desk.enqueue(*(new_job(f"job-{number}") for number in range(9)))
        put(desk, LaneHealth(LANE, window=2.0, window_goal=2.0, window_changed_at=START))
        pacing = replace(FOUR, is_shared=False)
        one, other = (Process(desk, StandingClock(), pacing) for _ in range(2))
        assert len(one.claim_until_nothing() + other.claim_until_nothing()) == 2

    def test_processes_together_keep_to_one_rate(self, desk: Desk[object]) -> None:
        desk.enqueue(*(new_job(f"job-{number}") for number in range(30)))
        clock = StandingClock()
        pacing = Pacing(WindowSettings(ceiling=100), rate=RateLimit(per_second=2, burst=3))
        processes = [Process(desk, clock, pacing) for _ in range(2)]
        begun = [len([lease for each in processes for lease in each.claim_until_nothing()])]
        for _ in range(3):
            clock.advance(1)
            begun.append(len([lease for each in processes for lease in each.claim_until_nothing()]))
        assert begun == [3, 2, 2, 2]

    def test_bulk_never_takes_the_last_slot_of_a_shared_ceiling(self, desk: Desk[object]) -> None:
        bulk = [replace(new_job(f"old-{number}"), track=Track.BULK, party="books") for number in range(9)]
        desk.enqueue(*bulk)
        process = Process(desk, StandingClock(), FOUR)
        assert len(process.claim_until_nothing()) == 3
        desk.enqueue(new_job("birth"))
        assert [lease.job.job_id for lease in process.claim_until_nothing()] == ["birth"]

    def test_job_at_its_last_chance_tries_a_lane_that_is_open(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("far", due_seconds=3600), new_job("near", due_seconds=30))
        put(desk, LaneHealth(LANE, BreakerState.OPEN, 7, after(31)))
        clock = StandingClock()
        process = Process(desk, clock, FOUR)
        clock.advance(19)
        assert process.round.claim("a") == ()
        clock.advance(1)
        (probe,) = process.claim_until_nothing()
        assert (probe.job.job_id, health_of(desk).breaker) == ("near", BreakerState.HALF_OPEN)


class Gathering:
    """Lets all attempts end at the same time; one of them can be spoilt when it is recorded."""

    def __init__(self, parties: int, poison: str | None = None) -> None:
        self._barrier = Barrier(parties)
        self._lock = Lock()
        self.poison = poison
        self.groups: list[list[str]] = []
        self.on_end: list[Lease] = []

    def attempt(self, lease: Lease, announce: Announce[object]) -> str:
        announce()
        with self._lock:
            self.on_end.append(lease)
        try:
            self._barrier.wait(5)
        except BrokenBarrierError:
            return "late"
        return "together"

    def record_together(
        self, transaction: object, outcomes: Sequence[tuple[Lease, str]]
    ) -> Sequence[Decision]:
        self.groups.append([lease.job.job_id for lease, _ in outcomes])
        return [self.record(transaction, lease, attempt) for lease, attempt in outcomes]

    def record(self, _transaction: object, lease: Lease, _attempt: str) -> Decision:
        if lease.job.job_id == self.poison:
            raise ZeroDivisionError
        return Decision(Done(), Health.ANSWERED)


class TestTogether:
    def _run(self, desk: Desk[object], handler: Gathering, wanted: int) -> list[Exception]:
        errors: list[Exception] = []
        names = [f"job-{number}" for number in range(6)]
        desk.enqueue(*(new_job(name) for name in names))
        settings = LaneSettings(LANE, threads=6, idle_poll_seconds=0.02, error_pause_seconds=0.02)
        around = Surroundings(_standing, lambda: 0.5, errors.append)
        worker = LaneWorker("test", desk.store, handler, settings, around)
        worker.start()
        try:
            wait_for(
                lambda: sum(job.state is State.DONE for job in desk.list()) >= wanted, "the jobs are done"
            )
        finally:
            assert worker.stop(STOP_SECONDS)
        return errors

    def test_outcomes_of_several_threads_are_all_recorded(self, desk: Desk[object]) -> None:
        assert self._run(desk, Gathering(6), 6) == []

    def test_outcome_that_cannot_be_recorded_spoils_no_other(self, desk: Desk[object]) -> None:
        errors = self._run(desk, Gathering(6, poison="job-3"), 5)
        assert {type(error) for error in errors} == {ZeroDivisionError}
        assert desk.state("job-3") is State.LEASED
        assert desk.get("job-3").maybe_sent


def _standing() -> datetime:
    return START
