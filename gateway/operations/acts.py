"""What operators do with a delivery: let it go on, stop it, withdraw it; each act is kept with its why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from gateway.model.ids import DeliveryId
from gateway.observability.logging import get_log
from gateway.storage.ports import Database, Deliveries, Feed, FeedEntry
from retry_queue.job import Job, JobId
from retry_queue.store import Operations

TransactionT = TypeVar("TransactionT")

HELD_BY_OPERATOR = "held_by_operator"

log = get_log("operations.acts")


@dataclass(frozen=True, slots=True)
class Acts(Generic[TransactionT]):
    """Each act and its record are committed together; the due time stays where it is."""

    database: Database[TransactionT]
    deliveries: Deliveries[TransactionT]
    queue: Operations[TransactionT]
    feed: Feed[TransactionT]
    on_moved: Callable[[], None]

    def release(self, job_id: JobId, reason: str, who: str, now: datetime) -> Job:
        """Let a held or deferred delivery go on; what may have been sent is asked about first."""
        return self._act(
            "released", job_id, (reason, who), now, lambda tx: self.queue.release(tx, job_id, now)
        )

    def hold(self, job_id: JobId, reason: str, who: str, now: datetime) -> Job:
        """Stop a delivery that no worker has."""
        move = lambda tx: self.queue.hold(tx, job_id, HELD_BY_OPERATOR, now)  # noqa: E731 - as the others
        return self._act("held", job_id, (reason, who), now, move)

    def cancel(self, job_id: JobId, reason: str, who: str, now: datetime) -> Job:
        """Withdraw a delivery that was never sent."""
        return self._act(
            "cancelled", job_id, (reason, who), now, lambda tx: self.queue.cancel(tx, job_id, now)
        )

    def _act(
        self,
        what: str,
        job_id: JobId,
        why: tuple[str, str],
        now: datetime,
        move: Callable[[TransactionT], Job],
    ) -> Job:
        with self.database.write() as transaction:
            delivery = self.deliveries.get(transaction, DeliveryId(job_id))
            job = move(transaction)
            detail = {"why": why[0], "by": why[1], "state": job.state.value}
            entry = FeedEntry(delivery.event_id, f"delivery.{what}", delivery.delivery_id, detail, now)
            self.feed.append(transaction, [entry])
        log.info("delivery.act", delivery_id=job_id, state=job.state.value, client_id=why[1])
        self.on_moved()
        return job
