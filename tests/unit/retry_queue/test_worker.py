"""The threads of a lane on the memory store."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest
from typing_extensions import override

from retry_queue.job import Lane, Lease
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.memory_store import MemoryStore
from retry_queue.states import State
from retry_queue.store import LaneHealth
from retry_queue.work_round import LaneSettings, Surroundings
from retry_queue.worker import LaneWorker
from tests.support.queue_builders import LANE, new_job
from tests.support.queue_desk import Desk
from tests.support.queue_workers import ObedientHandler, StandingClock
from tests.support.waiting import wait_for

NEVER_SECONDS = 1000.0
"""Nobody who only polls this often gets anything done in a test."""
STOP_SECONDS = 20.0


class Workshop:
    def __init__(self, *, threads: int = 1, idle_poll_seconds: float = NEVER_SECONDS) -> None:
        self.store = FailingStore()
        self.desk = Desk(self.store)
        self.handler: ObedientHandler[MemoryTransaction] = ObedientHandler()
        self.errors: list[Exception] = []
        self.worker = LaneWorker(
            "test",
            self.store,
            self.handler,
            LaneSettings(
                LANE, threads=threads, idle_poll_seconds=idle_poll_seconds, error_pause_seconds=0.001
            ),
            Surroundings(StandingClock(), lambda: 0.5, self.errors.append),
        )

    def put(self, *names: str) -> None:
        self.desk.enqueue(*(new_job(name) for name in names))
        self.worker.notify()

    def wait_done(self, *names: str) -> None:
        wait_for(lambda: all(self.desk.state(name) is State.DONE for name in names), f"{names} are all done")


class FailingStore(MemoryStore):
    """Claims fail as often as it is told."""

    failures_left = 0

    @override
    def get_lane(self, transaction: MemoryTransaction, lane: Lane) -> LaneHealth:
        if self.failures_left > 0:
            self.failures_left -= 1
            raise OSError
        return super().get_lane(transaction, lane)


@contextmanager
def started(workshop: Workshop) -> Iterator[Workshop]:
    workshop.worker.start()
    try:
        yield workshop
    finally:
        assert workshop.worker.stop(STOP_SECONDS)


def test_notified_worker_takes_new_work_without_waiting_for_its_poll() -> None:
    with started(Workshop()) as shop:
        shop.put("a")
        shop.wait_done("a")
        shop.put("b")
        shop.wait_done("b")


def test_worker_finds_work_by_itself_when_nobody_notifies_it() -> None:
    with started(Workshop(idle_poll_seconds=0.001)) as shop:
        shop.desk.enqueue(new_job("a"))
        shop.wait_done("a")


def test_one_bell_wakes_as_many_threads_as_there_is_work_for() -> None:
    shop = Workshop(threads=3)
    may_end = Event()
    shop.handler.send = lambda _lease: wait_event(may_end)
    with started(shop):
        shop.put("a", "b", "c", "d")
        wait_for(lambda: len(shop.handler.sent) == 3, "three at once")
        may_end.set()
        shop.wait_done("a", "b", "c", "d")


def test_never_more_at_once_than_there_are_threads() -> None:
    shop = Workshop(threads=2)
    under_way: list[str] = []
    most: list[int] = []

    def send(lease: Lease) -> None:
        under_way.append(lease.job.job_id)
        most.append(len(under_way))
        under_way.remove(lease.job.job_id)

    shop.handler.send = send
    names = [f"job-{number}" for number in range(30)]
    with started(shop):
        shop.put(*names)
        shop.wait_done(*names)
    assert max(most) <= 2
    assert sorted(shop.handler.sent) == sorted(names)


def test_stop_finishes_the_attempt_under_way_and_claims_no_more() -> None:
    shop = Workshop()
    may_end = Event()
    shop.handler.send = lambda _lease: wait_event(may_end)
    shop.worker.start()
    shop.put("a", "b")
    wait_for(lambda: shop.handler.sent == ["a"], "the first is under way")
    assert not shop.worker.stop(0.0)
    may_end.set()
    assert shop.worker.stop(STOP_SECONDS)
    assert shop.desk.states("a", "b") == [State.DONE, State.QUEUED]
    assert not shop.worker.is_alive


def test_storage_that_fails_for_a_while_does_not_end_the_thread() -> None:
    shop = Workshop()
    shop.store.failures_left = 3
    with started(shop):
        shop.put("a")
        shop.wait_done("a")
        assert shop.worker.is_alive
    assert len(shop.errors) == 3


# The thread dies on purpose.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_dead_thread_is_seen() -> None:
    shop = Workshop(threads=2)

    def die(_lease: Lease) -> None:
        raise SystemExit

    shop.handler.send = die
    with started(shop):
        assert shop.worker.is_alive
        shop.put("a")
        wait_for(lambda: not shop.worker.is_alive, "the dead thread is noticed")
        assert shop.worker.threads_alive == 1


def test_worker_that_was_never_started_stops_at_once() -> None:
    shop = Workshop()
    assert not shop.worker.is_alive
    assert shop.worker.stop(0.0)


def wait_event(event: Event) -> None:
    assert event.wait(STOP_SECONDS)
