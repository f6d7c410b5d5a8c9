"""What a destination says it has lost: asked under the old number, and planned anew as bulk work."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from adapters.errors import AdapterError
from adapters.port import Absent, Adapter
from gateway.deliver.assignment import Assignment, Shelves, read_assignment
from gateway.deliver.translate import Translates, translate
from gateway.model.ids import DeliveryId, Destination, RandomBytes
from gateway.model.outcome import NotTranslated
from gateway.model.planning import PlannedStep, Share, build_delivery
from gateway.model.replaying import Presence
from gateway.observability.logging import get_log
from gateway.storage.ports import Database
from retry_queue.breaker import Admission, admission
from retry_queue.job import Lane, Track
from retry_queue.store import Lanes

TransactionT = TypeVar("TransactionT")

log = get_log("deliver.resend")


@dataclass(frozen=True, slots=True)
class Resender(Generic[TransactionT]):
    """The new delivery has a number of its own: it is one of its own, and is asked about as such.

    That is safe where a destination knows a matter by its dossier, not by our number; one that knows it only
    by our number applies what it lacked when it is asked.
    """

    database: Database[TransactionT]
    shelves: Shelves[TransactionT]
    lanes: Lanes[TransactionT]
    catalog: Translates
    adapters: Mapping[Destination, Adapter]
    random_bytes: RandomBytes

    def ask(self, delivery_id: DeliveryId, now: datetime) -> Presence:
        """Under its old number."""
        with self.database.read() as transaction:
            assignment = read_assignment(self.shelves, transaction, delivery_id)
            destination = assignment.delivery.destination
            health = self.lanes.get_lane(transaction, Lane(destination.value))
        if admission(health, now) is not Admission.ALL:
            return Presence.NOT_NOW
        adapter = self.adapters[destination]
        message = translate(assignment, self.catalog, now)
        if isinstance(message, NotTranslated) or not adapter.repeats.asks:
            return Presence.CANNOT_ASK
        try:
            answer = adapter.ask(message)
        except AdapterError as error:
            log.warning("resend.no_answer", delivery_id=delivery_id, error_type=type(error).__qualname__)
            return Presence.NO_ANSWER
        if isinstance(answer, Absent):
            return Presence.ABSENT
        return Presence.THERE if answer.already_there else Presence.APPLIED

    def plan(
        self, transaction: TransactionT, delivery_id: DeliveryId, party: str, now: datetime
    ) -> DeliveryId:
        """A step of its own, named after the replay: planned once, however often it is called."""
        assignment = read_assignment(self.shelves, transaction, delivery_id)
        event_id = assignment.stored.event_id
        self.shelves.events.lock(transaction, event_id)
        step = _again(assignment, party)
        persons = self.shelves.events.persons_of(transaction, event_id)
        share = Share(Track.BULK, party)
        built, job = build_delivery(assignment.stored, persons, step, now, self.random_bytes, share=share)
        new = replace(built, version=assignment.delivery.version)
        if self.shelves.deliveries.insert(transaction, [new]):
            self.shelves.queue.enqueue(transaction, [job], now)
            return new.delivery_id
        siblings = self.shelves.deliveries.list_of_event(transaction, event_id)
        return next(each.delivery_id for each in siblings if each.step == step.name)


def _again(assignment: Assignment, party: str) -> PlannedStep:
    earlier = assignment.delivery
    return PlannedStep(
        name=f"{earlier.step}.{party}",
        destination=earlier.destination,
        message=earlier.message,
        subject=earlier.subject,
        facts=earlier.facts,
    )
