"""What operators do with a delivery: each act is guarded, done once per request, and kept with its why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from gateway.errors import RequestRepeated
from gateway.model.delivery import Delivery
from gateway.model.ids import DeliveryId, RandomBytes, new_uuid7
from gateway.model.operating import Act, OperatorAct
from gateway.observability.logging import get_log
from gateway.operations.asked_about import (
    HELD_BY_OPERATOR,
    IN_COURIER_BUNDLE,
    OUTCOME_UNKNOWN,
    RESERVED,
    kept_question,
)
from gateway.operations.orders import (
    Order,
    Performed,
    order_sha256,
    require_expected,
    require_same,
)
from gateway.operations.oversight import ActWitness
from gateway.operations.refusals import ActRefused
from gateway.storage.operating_ports import OperatorActs
from gateway.storage.ports import Database, Deliveries, Events, Feed, FeedEntry
from retry_queue.errors import NotAllowed, UnknownJob
from retry_queue.job import Job, JobId
from retry_queue.states import State
from retry_queue.store import Inspection, Operations, Producer

TransactionT = TypeVar("TransactionT")
TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)

EVIDENCE_CHARACTERS_MIN = 3

_FEED_NAMES = {
    Act.RETRY: "released",
    Act.RELEASE: "released",
    Act.CONFIRM_ABSENT: "released",
    Act.HOLD: "held",
    Act.CANCEL: "cancelled",
    Act.CONFIRM_DELIVERED: "confirmed",
}

log = get_log("operations.acts")


class ActQueue(
    Operations[TransactionT_contra],
    Inspection[TransactionT_contra],
    Producer[TransactionT_contra],
    Protocol[TransactionT_contra],
):
    """What acts need of the queue."""


class Settles(Protocol[TransactionT_contra]):
    """Records an arrival that a person vouches for; deliver provides it, bootstrap hands it over."""

    def lock(
        self, transaction: TransactionT_contra, delivery_id: DeliveryId, facts: Mapping[str, str]
    ) -> None:
        """Before anything else in the transaction."""
        ...

    def confirmed(
        self, transaction: TransactionT_contra, order: Order, number: int, now: datetime
    ) -> list[FeedEntry]:
        """Attempt, facts, follow-ups; gives the feed entries."""
        ...


@dataclass(frozen=True, slots=True)
class ActStores(Generic[TransactionT]):
    """Where acts read and write; all of it takes part in one transaction."""

    database: Database[TransactionT]
    events: Events[TransactionT]
    deliveries: Deliveries[TransactionT]
    queue: ActQueue[TransactionT]
    feed: Feed[TransactionT]
    acts: OperatorActs[TransactionT]
    witness: ActWitness[TransactionT] | None = None
    """Warns the higher office; None where there is nobody to warn."""


@dataclass(frozen=True, slots=True)
class Acts(Generic[TransactionT]):
    """Each act and its record are committed together; the due time stays where it is."""

    stores: ActStores[TransactionT]
    settler: Settles[TransactionT]
    random_bytes: RandomBytes
    on_moved: Callable[[], None]

    def perform(self, order: Order, now: datetime) -> Performed:
        """Do it, once per request.

        Raises:
            DeliveryNotFound, NotAllowed (the state has no such arrow), ActRefused.

        """
        try:
            performed = self._perform(order, now)
        except RequestRepeated:
            performed = self._perform(
                order, now
            )  # somebody was faster with the same request: now it is known
        except UnknownJob as gone:
            raise ActRefused("not_found") from gone
        act = performed.act
        log.info(
            "delivery.act",
            delivery_id=act.delivery_id,
            state=act.after_state,
            reason=act.act.value,
            client_id=act.actor,
        )
        if not performed.is_repeat:
            self.on_moved()
        return performed

    def _perform(self, order: Order, now: datetime) -> Performed:
        stores, asker = self.stores, order.asker
        _require_evidence(order)
        with stores.database.write() as transaction:
            delivery = stores.deliveries.get(transaction, order.delivery_id)
            self._lock(transaction, order, delivery)
            known = stores.acts.find(transaction, asker.actor, asker.request_id, order.delivery_id)
            if known is not None:
                require_same(known, order_sha256(order))
                return Performed(known, is_repeat=True)
            before = get_job(stores.queue, transaction, order.delivery_id)
            require_expected(order.expected, before, delivery)
            require_not_reserved(before)
            after, entries = self._move(transaction, order, before, now)
            act = self._record(order, before, after, delivery, now)
            stores.acts.insert(transaction, [act])
            if order.act is Act.CANCEL and stores.witness is not None:
                stores.witness.cancelled(transaction, act)
            stores.feed.append(transaction, [*entries, _entry(act)])
        return Performed(act, is_repeat=False)

    def _lock(self, transaction: TransactionT, order: Order, delivery: Delivery) -> None:
        """One act at a time on one event, also against edits."""
        if order.act is Act.CONFIRM_DELIVERED:
            self.settler.lock(transaction, order.delivery_id, {})
            return
        self.stores.events.lock(transaction, delivery.event_id)
        self.stores.queue.lock_keys(transaction, job_ids=[JobId(order.delivery_id)])

    def _move(
        self, transaction: TransactionT, order: Order, before: Job, now: datetime
    ) -> tuple[Job, list[FeedEntry]]:
        queue, job_id = self.stores.queue, before.job_id
        match order.act:
            case Act.RETRY | Act.RELEASE:
                return queue.release(transaction, job_id, now), []
            case Act.HOLD:
                return queue.hold(transaction, job_id, HELD_BY_OPERATOR, now), []
            case Act.CANCEL:
                return queue.cancel(transaction, job_id, now), []
            case Act.CONFIRM_DELIVERED:
                held = self._held_first(transaction, before, now)
                entries = self.settler.confirmed(transaction, order, int(held.fence) + 1, now)
                return queue.confirm(transaction, job_id, now), entries
            case Act.CONFIRM_ABSENT:
                held = self._held_first(transaction, before, now)
                if not held.maybe_sent:
                    raise ActRefused("nothing_in_doubt", state=before.state.value)
                return queue.deny(transaction, job_id, now), []
            case _:
                raise ValueError(order.act)

    def _held_first(self, transaction: TransactionT, job: Job, now: datetime) -> Job:
        """One that is still being asked about is stopped, so that no worker has it."""
        if job.state is not State.UNKNOWN:
            return job
        return self.stores.queue.hold(transaction, job.job_id, OUTCOME_UNKNOWN, now)

    def _record(
        self, order: Order, before: Job, after: Job, delivery: Delivery, now: datetime
    ) -> OperatorAct:
        detail = {"evidence": order.evidence, "reference": order.reference or ""}
        return OperatorAct(
            act_id=new_uuid7(now, self.random_bytes),
            request_id=order.asker.request_id,
            actor=order.asker.actor,
            act=order.act,
            delivery_id=order.delivery_id,
            event_id=delivery.event_id,
            reason=order.asker.reason,
            asked_sha256=order_sha256(order),
            before_state=before.state.value,
            after_state=after.state.value,
            before_fence=int(before.fence),
            happened_at=now,
            detail={**kept_question(before), **{name: value for name, value in detail.items() if value}},
        )


def get_job(queue: Inspection[TransactionT], transaction: TransactionT, delivery_id: DeliveryId) -> Job:
    """The job that carries a delivery. Raises `UnknownJob`."""
    job = queue.find_job(transaction, JobId(delivery_id))
    if job is None:
        raise UnknownJob(JobId(delivery_id))
    return job


def _require_evidence(order: Order) -> None:
    is_confirmation = order.act in {Act.CONFIRM_DELIVERED, Act.CONFIRM_ABSENT}
    if is_confirmation and len(order.evidence.strip()) < EVIDENCE_CHARACTERS_MIN:
        raise ActRefused("evidence_missing", act=order.act.value)


def require_not_reserved(job: Job) -> None:
    """Raises `ActRefused` under the code of what has it."""
    if job.state is State.HELD and job.held_reason in RESERVED:
        raise ActRefused(job.held_reason, state=job.state.value)


def _entry(act: OperatorAct) -> FeedEntry:
    detail = {"why": act.reason, "by": act.actor, "state": act.after_state}
    change = f"delivery.{_FEED_NAMES[act.act]}"
    return FeedEntry(act.event_id, change, act.delivery_id, detail, act.happened_at)


__all__ = [
    "HELD_BY_OPERATOR",
    "IN_COURIER_BUNDLE",
    "OUTCOME_UNKNOWN",
    "RESERVED",
    "ActQueue",
    "ActStores",
    "Acts",
    "NotAllowed",
    "Settles",
    "get_job",
    "require_not_reserved",
]
