"""A thread that was put off because of stock, and the moment in which the others have taken all of it."""

from collections.abc import Callable, Sequence
from threading import Event

import pytest
from typing_extensions import override

from retry_queue.job import Lease
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.memory_store import MemoryStore
from retry_queue.states import State
from retry_queue.timing import THREADS, Timing, spawn_thread
from retry_queue.work_round import LaneSettings, Surroundings, WorkRound
from retry_queue.worker import LaneWorker
from tests.support.queue_builders import LANE, new_job
from tests.support.queue_desk import Desk
from tests.support.queue_rounds import BatchHandler
from tests.support.queue_workers import StandingClock
from tests.support.waiting import wait_for

NEVER_SECONDS = 1000.0
STOP_SECONDS = 20.0


class Beds:
    """Tells how many threads sleep because they found nothing."""

    def __init__(self) -> None:
        self.taken: set[int] = set()

    def flag(self) -> Event:
        return _Bed(self.taken)


class _Bed(Event):
    def __init__(self, taken: set[int]) -> None:
        super().__init__()
        self._taken = taken

    @override
    def wait(self, timeout: float | None = None) -> bool:
        self._taken.add(id(self))
        try:
            return super().wait(timeout)
        finally:
            self._taken.discard(id(self))


class SlowToReach(WorkRound[str, MemoryTransaction]):
    """Who was put off reaches for the stock only when it is empty."""

    was_put_off = Event()
    is_empty = Event()

    @override
    def work_off(self, leases: Sequence[Lease]) -> bool:
        if not leases and self.has_stock_beside and not self.was_put_off.is_set():
            self.was_put_off.set()
            assert self.is_empty.wait(STOP_SECONDS)
        return super().work_off(leases)

    @property
    def has_stock_beside(self) -> bool:
        return self._stock.has_pieces


def test_who_was_put_off_claims_what_came_meanwhile_without_a_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lie in stock. The other thread comes, is told to take from there, and finds both taken."""
    monkeypatch.setattr("retry_queue.worker.WorkRound", SlowToReach)
    SlowToReach.was_put_off, SlowToReach.is_empty = Event(), Event()
    clock, beds, handler = StandingClock(), Beds(), BatchHandler()
    desk: Desk[MemoryTransaction] = Desk(MemoryStore())
    errors: list[Exception] = []
    worker: LaneWorker[str, MemoryTransaction] = LaneWorker(
        "test",
        desk.store,
        handler,
        # No outcome waits for another: who records one has done something, and looks again for that reason.
        LaneSettings(LANE, threads=2, claim_limit=4, together_max=1, idle_poll_seconds=NEVER_SECONDS),
        Surroundings(
            clock,
            lambda: 0.5,
            errors.append,
            timing=Timing(THREADS.flag, spawn_thread, THREADS.monotonic, nap_flag=beds.flag),
        ),
    )
    is_late_done = Event()
    acts: dict[str, Callable[[], object]] = {
        "warm": lambda: clock.advance(0.01),  # slow enough for two threads
        "first": lambda: _bring("late", desk, worker, SlowToReach.was_put_off),
        "second": lambda: _empty_until(SlowToReach.is_empty, is_late_done),
        "late": is_late_done.set,
    }

    def send(name: str) -> None:
        acts[name]()

    handler.send = send
    worker.start()
    try:
        desk.enqueue(new_job("warm"))
        worker.notify()
        wait_for(lambda: desk.state("warm") is State.DONE and len(beds.taken) == 2, "both sleep")
        desk.enqueue(new_job("first", due_seconds=10), new_job("second", due_seconds=11))
        worker.notify()
        wait_for(lambda: len(handler.sent) == len(acts), "all are sent")
        wait_for(lambda: desk.states("first", "second", "late") == [State.DONE] * 3, "all are done")
    finally:
        SlowToReach.is_empty.set()
        is_late_done.set()
        assert worker.stop(STOP_SECONDS)
    assert (errors, handler.sent) == ([], ["warm", "first", "second", "late"])


def _bring(
    name: str, desk: Desk[MemoryTransaction], worker: LaneWorker[str, MemoryTransaction], put_off: Event
) -> None:
    """Something more, and the last bell that rings: it sends the other thread to the stock."""
    desk.enqueue(new_job(name, due_seconds=12))
    worker.notify()
    assert put_off.wait(STOP_SECONDS)


def _empty_until(is_empty: Event, is_late_done: Event) -> None:
    is_empty.set()
    assert is_late_done.wait(STOP_SECONDS)
