"""Upkeep: whatever only time can move. Cheap when nothing is due, bounded when much is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from retry_queue.store import Store

TransactionT = TypeVar("TransactionT")

BATCH_JOBS = 200
"""Jobs moved in one transaction; the single writer of SQLite must stay free for the intake."""
ROUNDS_MAX = 50
"""Transactions in one call; the rest is moved by the next call."""


@dataclass(frozen=True, slots=True)
class Tended:
    """What one call has moved."""

    promoted: int
    rescued: int

    @property
    def moved(self) -> int:
        """When this is not zero, the workers should be notified."""
        return self.promoted + self.rescued


def tend(store: Store[TransactionT], now: datetime, batch_jobs: int = BATCH_JOBS) -> Tended:
    """Promote what is due, rescue jobs of vanished workers, mend ranks that have passed: step by step."""
    promoted = _in_batches(lambda: _promote(store, now, batch_jobs), batch_jobs)
    rescued = _in_batches(lambda: _rescue(store, now, batch_jobs), batch_jobs)
    _in_batches(lambda: _rerank(store, now, batch_jobs), batch_jobs)
    return Tended(promoted, rescued)


def _in_batches(move: Callable[[], int], batch_jobs: int) -> int:
    moved = 0
    for _ in range(ROUNDS_MAX):
        batch = move()
        moved += batch
        if batch < batch_jobs:
            break
    return moved


def _promote(store: Store[TransactionT], now: datetime, limit: int) -> int:
    with store.write() as transaction:
        return store.promote_due(transaction, now, limit)


def _rescue(store: Store[TransactionT], now: datetime, limit: int) -> int:
    with store.write() as transaction:
        return store.rescue_expired(transaction, now, limit)


def _rerank(store: Store[TransactionT], now: datetime, limit: int) -> int:
    with store.write() as transaction:
        return store.rerank_overdue(transaction, now, limit)
