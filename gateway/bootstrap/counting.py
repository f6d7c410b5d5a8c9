"""Counts what the delivering corridor does, each attempt once, and only after its outcome is committed."""

import threading
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from gateway.deliver.attempted import Attempted, outcome_code
from gateway.deliver.walk import DeliveryHandler
from gateway.model.outcome import Delivered
from gateway.observability.metrics import Metrics
from retry_queue.handler import Announce
from retry_queue.job import Lease
from retry_queue.verdict import Decision

TransactionT = TypeVar("TransactionT")


class _Latest(threading.local):
    """What this worker thread recorded last; recording may be tried again before it is committed."""

    lease: Lease | None = None
    attempted: Attempted | None = None


@dataclass(frozen=True, slots=True)
class CountedHandler(Generic[TransactionT]):
    """The handler of deliveries, watched: `count` is called by the worker after the commit."""

    handler: DeliveryHandler[TransactionT]
    metrics: Metrics
    _latest: _Latest = field(default_factory=_Latest, init=False)

    def attempt(self, lease: Lease, announce: Announce[TransactionT]) -> Attempted:
        """As the handler does it."""
        return self.handler.attempt(lease, announce)

    def record(self, transaction: TransactionT, lease: Lease, attempt: Attempted) -> Decision:
        """As the handler does it; remembered until it is committed."""
        decision = self.handler.record(transaction, lease, attempt)
        self._latest.lease, self._latest.attempted = lease, attempt
        return decision

    def count(self, lease: Lease) -> None:
        """The outcome of this lease is on disk; on the thread that recorded it."""
        attempted = self._latest.attempted
        if attempted is not None and self._latest.lease == lease:
            self._latest.lease = self._latest.attempted = None
            _count(self.metrics, attempted)


def _count(metrics: Metrics, attempted: Attempted) -> None:
    destination = attempted.beginning.lease.job.lane
    outcome = attempted.outcome
    metrics.attempts.labels(destination, attempted.beginning.verb.value, outcome_code(outcome).value).inc()
    if isinstance(outcome, Delivered) and attempted.assignment is not None:
        registered_at = attempted.assignment.stored.event.registration.registered_at
        seconds = (attempted.finished_at - registered_at).total_seconds()
        metrics.delivered_seconds.labels(destination).observe(seconds)
