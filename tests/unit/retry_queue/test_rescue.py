"""Upkeep."""

from datetime import datetime

from typing_extensions import override

from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.memory_store import MemoryStore
from retry_queue.rescue import Tended, tend
from retry_queue.states import State
from retry_queue.verdict import RetryAt
from tests.support.queue_builders import LEASE_SECONDS, START, after, new_job
from tests.support.queue_desk import Desk


class BatchingStore(MemoryStore):
    """Remembers the limits it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.limits: list[int] = []

    @override
    def promote_due(self, transaction: MemoryTransaction, now: datetime, limit: int) -> int:
        self.limits.append(limit)
        return super().promote_due(transaction, now, limit)


def test_nothing_due_moves_nothing() -> None:
    desk = Desk(MemoryStore())
    desk.enqueue(new_job("a"), new_job("b", gate="g"))
    assert tend(desk.store, START).moved == 0
    assert desk.states("a", "b") == [State.QUEUED, State.WAITING]


def test_due_jobs_open_gates_and_vanished_workers_are_seen_to() -> None:
    desk = Desk(MemoryStore())
    desk.enqueue(new_job("lost"), new_job("later"), new_job("gated", gate_opens_at=after(5)))
    _, later = desk.claim(2)
    desk.complete(later, RetryAt(after(5), counts=True))
    assert tend(desk.store, after(LEASE_SECONDS)) == Tended(promoted=2, rescued=1)
    assert desk.states("lost", "later", "gated") == [State.QUEUED] * 3


def test_much_is_moved_in_small_transactions() -> None:
    store = BatchingStore()
    desk = Desk(store)
    desk.enqueue(*(new_job(f"job-{number}", gate_opens_at=after(1)) for number in range(7)))
    assert tend(store, after(1), batch_jobs=3) == Tended(promoted=7, rescued=0)
    assert store.limits == [3, 3, 3]
