"""Counts what the delivering corridor does, each attempt once, and only after its outcome is committed."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gateway.deliver.attempted import Attempted, outcome_code
from gateway.deliver.walk import DeliveryHandler, Walked
from gateway.model.outcome import Delivered
from gateway.observability.metrics import AttemptCount
from retry_queue.handler import Announce, Prepared
from retry_queue.job import JobId, Lease
from retry_queue.verdict import Decision

TransactionT = TypeVar("TransactionT")


class _Recorded:
    """What was recorded last of each delivery; recording may be repeated, on any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: dict[JobId, tuple[Lease, Attempted]] = {}

    def put(self, lease: Lease, attempted: Attempted) -> None:
        with self._lock:
            self._latest[lease.job.job_id] = lease, attempted

    def take(self, lease: Lease) -> Attempted | None:
        """Once, and only for the lease that recorded it."""
        with self._lock:
            found = self._latest.get(lease.job.job_id)
            if found is None or (found[0] is not lease and found[0] != lease):
                return None
            del self._latest[lease.job.job_id]
            return found[1]


@dataclass(frozen=True, slots=True)
class CountedHandler(Generic[TransactionT]):
    """The handler of deliveries, watched: `count` is called by the worker after the commit."""

    handler: DeliveryHandler[TransactionT]
    count_attempt: Callable[[AttemptCount], None]
    _recorded: _Recorded = field(default_factory=_Recorded, init=False)

    def attempt(self, lease: Lease, announce: Announce[TransactionT]) -> Attempted:
        """As the handler does it."""
        return self.handler.attempt(lease, announce)

    def prepare_together(self, leases: Sequence[Lease]) -> Sequence[Prepared[Walked]]:
        """As the handler does it."""
        return self.handler.prepare_together(leases)

    def note_together(self, transaction: TransactionT, works: Sequence[Walked]) -> None:
        """As the handler does it."""
        self.handler.note_together(transaction, works)

    def attempt_prepared(self, prepared: Prepared[Walked], proceed: Callable[[], None]) -> Attempted:
        """As the handler does it."""
        return self.handler.attempt_prepared(prepared, proceed)

    def withdraw_together(self, transaction: TransactionT, works: Sequence[Walked]) -> None:
        """As the handler does it."""
        self.handler.withdraw_together(transaction, works)

    def record(self, transaction: TransactionT, lease: Lease, attempt: Attempted) -> Decision:
        """As the handler does it; remembered until it is committed."""
        return self.record_together(transaction, [(lease, attempt)])[0]

    def record_together(
        self, transaction: TransactionT, outcomes: Sequence[tuple[Lease, Attempted]]
    ) -> Sequence[Decision]:
        """As the handler does it; remembered until they are committed."""
        decisions = self.handler.record_together(transaction, outcomes)
        for lease, attempt in outcomes:
            self._recorded.put(lease, attempt)
        return decisions

    def count(self, lease: Lease) -> None:
        """The outcome of this lease is on disk."""
        attempted = self._recorded.take(lease)
        if attempted is not None:
            self.count_attempt(_counted(attempted))


def _counted(attempted: Attempted) -> AttemptCount:
    outcome, delivered_seconds = attempted.outcome, None
    if isinstance(outcome, Delivered) and attempted.assignment is not None:
        registered_at = attempted.assignment.stored.event.registration.registered_at
        delivered_seconds = (attempted.finished_at - registered_at).total_seconds()
    destination, verb = attempted.beginning.lease.job.lane, attempted.beginning.verb.value
    return AttemptCount(destination, verb, outcome_code(outcome).value, delivered_seconds)
