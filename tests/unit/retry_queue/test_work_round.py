"""One round of a worker on the memory store, with a standing clock and no thread."""

from contextlib import AbstractContextManager
from datetime import datetime

from typing_extensions import override

from retry_queue.breaker import BreakerSettings
from retry_queue.errors import LeaseLost
from retry_queue.job import GateKey, Lease
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.memory_store import MemoryStore
from retry_queue.states import State
from retry_queue.store import BreakerState, LaneHealth
from retry_queue.verdict import AskAt, Decision, GiveUp, Health, LaneHold, RetryAt
from retry_queue.work_round import LaneSettings, Surroundings, WorkRound
from tests.support.queue_builders import LANE, START, after, new_job
from tests.support.queue_desk import Desk
from tests.support.queue_workers import ObedientHandler, StandingClock, answered

SETTINGS = LaneSettings(
    LANE,
    claim_limit=3,
    lease_seconds=100,
    breaker=BreakerSettings(failures_to_open=2, open_seconds=10, probe_seconds=50),
)


class Bench:
    """A round with everything around it in reach."""

    def __init__(self, handler: ObedientHandler[MemoryTransaction] | None = None) -> None:
        self.store = CountingStore()
        self.desk = Desk(self.store)
        self.handler = handler or ObedientHandler()
        self.clock = StandingClock()
        self.errors: list[Exception] = []
        self.settled: list[tuple[str, Decision]] = []
        self.pauses: list[float] = []
        self.is_stopping = False
        self.round = WorkRound(
            self.store,
            self.handler,
            SETTINGS,
            Surroundings(self.clock, lambda: 0.5, self.errors.append, self._settle),
            lambda: self.is_stopping,
            self._pause,
        )

    def run(self, worker: str = "anna") -> int:
        leases = self.round.claim(worker)
        self.round.work_off(leases)
        return len(leases)

    def lane(self) -> LaneHealth:
        with self.store.read() as transaction:
            return self.store.get_lane(transaction, LANE)

    def _settle(self, lease: Lease, decision: Decision) -> None:
        self.settled.append((lease.job.job_id, decision))

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.advance(seconds)


class CountingStore(MemoryStore):
    """Counts what is written."""

    lane_writes = 0
    transactions_written = 0

    @override
    def write(self) -> AbstractContextManager[MemoryTransaction]:
        self.transactions_written += 1
        return super().write()

    @override
    def put_lane(self, transaction: MemoryTransaction, health: LaneHealth) -> None:
        self.lane_writes += 1
        super().put_lane(transaction, health)


def failing(_lease: Lease) -> Decision:
    return Decision(RetryAt(after(5), counts=False), Health.UNREACHABLE)


def doubtful(_lease: Lease) -> Decision:
    return Decision(AskAt(after(900)), Health.UNREACHABLE)


def test_claimed_jobs_are_sent_and_recorded_in_the_order_of_their_deadlines() -> None:
    bench = Bench()
    bench.desk.enqueue(new_job("late", due_seconds=9), new_job("soon", due_seconds=5))
    assert bench.run() == 2
    assert bench.handler.recorded == ["soon", "late"]
    assert bench.desk.states("soon", "late") == [State.DONE, State.DONE]
    assert [name for name, _ in bench.settled] == ["soon", "late"]
    assert bench.run() == 0


def test_doubt_is_committed_before_anything_is_sent() -> None:
    bench = Bench()
    seen: list[bool] = []
    bench.handler.send = lambda lease: seen.append(bench.desk.get(lease.job.job_id).maybe_sent)
    bench.desk.enqueue(new_job("a"))
    bench.run()
    assert seen == [True]


def test_note_of_the_handler_is_committed_with_the_doubt() -> None:
    bench = Bench()
    states: list[State] = []
    bench.handler.note = lambda transaction: bench.store.open_gate(transaction, GateKey("noted"), START)
    bench.handler.send = lambda _lease: states.append(bench.desk.state("b"))
    bench.desk.enqueue(new_job("a"), new_job("b", gate="noted"))
    bench.run()
    assert states == [State.QUEUED]


def test_failed_note_leaves_no_doubt_and_nothing_is_sent() -> None:
    bench = Bench()

    def fail(_transaction: MemoryTransaction) -> None:
        raise OSError

    bench.handler.note = fail
    bench.desk.enqueue(new_job("a"))
    bench.run()
    assert (bench.handler.sent, bench.desk.get("a").maybe_sent) == ([], False)
    assert [type(error) for error in bench.errors] == [OSError]


def test_job_whose_lease_was_lost_is_not_sent() -> None:
    bench = Bench()
    bench.desk.enqueue(new_job("a"))
    leases = bench.round.claim("anna")
    bench.clock.advance(100)
    bench.desk.rescue(bench.clock.now)
    bench.round.work_off(leases)
    assert bench.handler.sent == []
    assert [type(error) for error in bench.errors] == [LeaseLost]
    assert bench.desk.state("a") is State.QUEUED


def test_short_lease_is_renewed_before_sending() -> None:
    bench = Bench()
    bench.desk.enqueue(new_job("a"))
    leases = bench.round.claim("anna")
    bench.clock.advance(60)
    seen: list[datetime | None] = []
    bench.handler.send = lambda _lease: seen.append(bench.desk.get("a").lease_until)
    bench.round.work_off(leases)
    assert seen == [after(160)]


def test_result_of_a_worker_that_was_replaced_is_dropped() -> None:
    bench = Bench()
    bench.desk.enqueue(new_job("a"))

    def lose_the_lease(_lease: Lease) -> None:
        bench.desk.rescue(after(100))

    bench.handler.send = lose_the_lease
    bench.run()
    assert bench.desk.state("a") is State.UNKNOWN
    assert (bench.settled, [type(error) for error in bench.errors]) == ([], [LeaseLost])


def test_slip_of_a_handler_is_reported_and_the_next_job_goes_on() -> None:
    bench = Bench()

    def slip(lease: Lease) -> None:
        if lease.job.job_id == "a":
            raise ZeroDivisionError

    bench.handler.send = slip
    bench.desk.enqueue(new_job("a"), new_job("b"))
    bench.run()
    assert bench.desk.states("a", "b") == [State.LEASED, State.DONE]
    assert [type(error) for error in bench.errors] == [ZeroDivisionError]
    bench.desk.rescue(after(200))
    assert bench.desk.state("a") is State.UNKNOWN


def test_outcome_is_recorded_again_while_the_storage_is_away() -> None:
    bench = Bench()
    bench.handler.record_errors = [OSError(), OSError()]
    bench.desk.enqueue(new_job("a"))
    bench.run()
    assert (bench.handler.sent, bench.desk.state("a")) == (["a"], State.DONE)
    assert (len(bench.errors), bench.pauses) == (2, [2.0, 2.0])


def test_outcome_that_cannot_be_recorded_becomes_unknown() -> None:
    bench = Bench()
    bench.handler.record_errors = [OSError() for _ in range(1000)]
    bench.desk.enqueue(new_job("a"))
    bench.run()
    assert sum(bench.pauses) == SETTINGS.lease_seconds
    bench.desk.rescue(bench.clock.now)
    assert bench.desk.state("a") is State.UNKNOWN


def test_heart_beat_keeps_a_lease_for_as_long_as_the_attempt_goes_on() -> None:
    bench = Bench()
    bench.desk.enqueue(new_job("a"))
    untils: list[datetime | None] = []

    def take_long(_lease: Lease) -> None:
        for _ in range(10):
            bench.clock.advance(50)
            bench.round.beat()
            untils.append(bench.desk.get("a").lease_until)
            bench.desk.rescue(bench.clock.now)

    bench.handler.send = take_long
    bench.run()
    assert untils == [after(50 * beat + 100) for beat in range(1, 11)]
    assert bench.desk.state("a") is State.DONE


def test_heart_beat_lets_go_of_an_attempt_that_is_stuck() -> None:
    bench = Bench()
    bench.desk.enqueue(new_job("a"))

    def hang(_lease: Lease) -> None:
        for _ in range(20):
            bench.clock.advance(50)
            bench.round.beat()
            bench.desk.rescue(bench.clock.now)

    bench.handler.send = hang
    bench.run()
    assert bench.desk.state("a") is State.UNKNOWN
    assert LeaseLost in [type(error) for error in bench.errors]


def test_heart_beat_with_nothing_under_way_touches_no_storage() -> None:
    bench = Bench()
    bench.desk.enqueue(new_job("a"))
    bench.run()
    bench.clock.advance(99)
    before = bench.store.transactions_written
    bench.round.beat()
    assert bench.store.transactions_written == before


def test_success_on_a_healthy_lane_writes_no_lane() -> None:
    bench = Bench()
    bench.desk.enqueue(*(new_job(name) for name in "abc"))
    bench.run()
    assert bench.store.lane_writes == 0


def test_opened_breaker_gives_the_rest_of_a_claim_back_without_cost() -> None:
    bench = Bench(ObedientHandler(decide=failing))
    bench.desk.enqueue(*(new_job(name) for name in "abc"))
    bench.run()
    assert bench.handler.sent == ["a", "b"]
    assert bench.desk.states("a", "b", "c") == [State.DEFERRED, State.DEFERRED, State.QUEUED]
    assert bench.desk.get("c").attempts == 0
    assert bench.run() == 0


def test_probe_is_the_job_nearest_its_deadline_and_only_one_goes() -> None:
    bench = Bench(ObedientHandler(decide=failing))
    bench.desk.enqueue(*(new_job(name, due_seconds=50) for name in "ab"))
    bench.run()
    bench.desk.enqueue(new_job("x", due_seconds=60), new_job("urgent", due_seconds=40))
    bench.clock.advance(9)
    assert bench.run() == 0
    bench.clock.advance(1)
    (probe,) = bench.round.claim("anna")
    assert (probe.job.job_id, bench.round.claim("berta")) == ("urgent", ())


def test_answer_of_the_probe_closes_the_breaker() -> None:
    bench = Bench()
    bench.desk.enqueue(new_job("a"), new_job("b"))
    with bench.store.write() as transaction:
        bench.store.put_lane(transaction, LaneHealth(LANE, BreakerState.OPEN, 2, START))
    assert bench.run() == 1
    assert bench.lane() == LaneHealth(LANE)
    assert bench.run() == 1


def test_destination_that_answers_again_is_asked_about_every_doubt() -> None:
    bench = Bench(ObedientHandler(decide=doubtful))
    bench.desk.enqueue(new_job("a"))
    bench.run()
    assert bench.desk.get("a").next_attempt_at == after(900)
    with bench.store.write() as transaction:
        bench.store.put_lane(transaction, LaneHealth(LANE, BreakerState.OPEN, 2, START))
    bench.handler.decide = answered
    bench.desk.enqueue(new_job("b"))
    bench.clock.advance(5)
    bench.run()
    assert bench.desk.get("a").next_attempt_at == after(5)


def test_thread_that_finds_nothing_behind_an_open_door_does_not_look_again_at_once() -> None:
    bench = Bench()
    with bench.store.write() as transaction:
        bench.store.put_lane(transaction, LaneHealth(LANE, BreakerState.OPEN, 2, START))
    bench.clock.advance(5)
    assert bench.run() == 0
    assert bench.round.idle_seconds() == SETTINGS.idle_poll_seconds


def test_vanished_probe_does_not_leave_the_lane_half_open_for_ever() -> None:
    bench = Bench()
    bench.desk.enqueue(new_job("a"), new_job("b"))
    with bench.store.write() as transaction:
        bench.store.put_lane(transaction, LaneHealth(LANE, BreakerState.OPEN, 2, START))
    bench.round.claim("killed")
    bench.clock.advance(49)
    assert bench.run() == 0
    bench.clock.advance(1)
    assert bench.run() == 1
    assert bench.lane() == LaneHealth(LANE)


def test_empty_lane_wastes_no_probe() -> None:
    bench = Bench()
    opened = LaneHealth(LANE, BreakerState.OPEN, 2, START)
    with bench.store.write() as transaction:
        bench.store.put_lane(transaction, opened)
    assert (bench.run(), bench.lane()) == (0, opened)


def test_refused_credentials_stop_the_lane_until_a_person_acts() -> None:
    held = Decision(RetryAt(after(5), counts=False), Health.ANSWERED, LaneHold("credentials"))
    bench = Bench(ObedientHandler(decide=lambda _lease: held))
    bench.desk.enqueue(*(new_job(name) for name in "abc"))
    bench.run()
    assert bench.handler.sent == ["a"]
    bench.clock.advance(10**6)
    assert bench.run() == 0
    assert bench.desk.states("b", "c") == [State.QUEUED, State.QUEUED]


def test_fault_of_an_item_does_not_touch_the_lane() -> None:
    bench = Bench(ObedientHandler(decide=lambda _lease: Decision(GiveUp("fault"), Health.ANSWERED)))
    bench.desk.enqueue(*(new_job(name) for name in "abc"))
    bench.run()
    assert bench.desk.states("a", "b", "c") == [State.HELD] * 3
    assert bench.lane() == LaneHealth(LANE)


def test_stop_gives_back_what_was_not_begun() -> None:
    bench = Bench()
    bench.desk.enqueue(*(new_job(name) for name in "abc"))

    def stop(_lease: Lease) -> None:
        bench.is_stopping = True

    bench.handler.send = stop
    bench.run()
    assert bench.desk.states("a", "b", "c") == [State.DONE, State.QUEUED, State.QUEUED]


def test_wished_peace_is_kept_and_costs_nothing() -> None:
    busy = Decision(RetryAt(after(5), counts=False), Health.ANSWERED, not_before=after(30))
    bench = Bench(ObedientHandler(decide=lambda _lease: busy))
    bench.desk.enqueue(*(new_job(name) for name in "abc"))
    bench.run()
    bench.clock.advance(29)
    assert (bench.handler.sent, bench.run()) == (["a"], 0)
    bench.clock.advance(1)
    assert bench.run() == 1
