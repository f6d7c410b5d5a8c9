"""What a worker is to deliver, with everything known about it at this moment."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from adapters.port import RequestId
from gateway.model.delivery import Delivery, Fact, StoredEvent
from gateway.model.ids import ClientId, DeliveryId, Destination, EventId
from gateway.storage.ports import Deliveries, Events, Feed
from retry_queue.store import Producer

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One delivery, its event, and the facts learnt so far."""

    delivery: Delivery
    stored: StoredEvent
    facts: Mapping[str, Fact]
    earlier_notice: RequestId | None = None
    """The notice of the event that this one amends, when it passed through us."""


@dataclass(frozen=True, slots=True)
class Shelves(Generic[TransactionT]):
    """The stores that a delivery reads and writes; all take part in one transaction."""

    events: Events[TransactionT]
    deliveries: Deliveries[TransactionT]
    feed: Feed[TransactionT]
    queue: Producer[TransactionT]


def read_assignment(
    shelves: Shelves[TransactionT], transaction: TransactionT, delivery_id: DeliveryId
) -> Assignment:
    """Raises `DeliveryNotFound`, `EventNotFound`."""
    delivery = shelves.deliveries.get(transaction, delivery_id)
    stored = shelves.events.get(transaction, delivery.event_id, delivery.version)
    return Assignment(
        delivery=delivery,
        stored=stored,
        facts=shelves.deliveries.facts_of(transaction, delivery.event_id),
        earlier_notice=_earlier_notice(shelves, transaction, delivery, stored),
    )


def read_assignments(
    shelves: Shelves[TransactionT], transaction: TransactionT, delivery_ids: Collection[DeliveryId]
) -> Mapping[DeliveryId, Assignment]:
    """As `read_assignment`, a statement for each kind of row; those that cannot be read are left out."""
    deliveries = shelves.deliveries.get_all(transaction, delivery_ids)
    wanted = {(each.event_id, each.version) for each in deliveries.values()}
    stored = shelves.events.get_all(transaction, wanted)
    facts = shelves.deliveries.facts_of_all(transaction, {event_id for event_id, _ in stored})
    return {
        delivery_id: Assignment(
            delivery=delivery,
            stored=found,
            facts=facts[delivery.event_id],
            earlier_notice=_earlier_notice(shelves, transaction, delivery, found),
        )
        for delivery_id, delivery in deliveries.items()
        if (found := stored.get((delivery.event_id, delivery.version))) is not None
    }


def _earlier_notice(
    shelves: Shelves[TransactionT], transaction: TransactionT, delivery: Delivery, stored: StoredEvent
) -> RequestId | None:
    earlier = _find_earlier(shelves, transaction, stored) if is_notice(delivery) else None
    return None if earlier is None else find_notice(shelves.deliveries.list_of_event(transaction, earlier))


def _find_earlier(
    shelves: Shelves[TransactionT], transaction: TransactionT, stored: StoredEvent
) -> EventId | None:
    """The event that this one amends, by our number or by the sender's own."""
    amends = stored.event.amends
    if amends is None:
        return None
    if amends.event_id is not None:
        return EventId(amends.event_id)
    if amends.source_event_id is None:
        return None
    found = shelves.events.find_by_source(transaction, ClientId(stored.client_id), amends.source_event_id)
    return found[0] if found else None


def is_notice(delivery: Delivery) -> bool:
    """The population database is told of an event (thông báo hộ tịch)."""
    return delivery.destination is Destination.POPULATION_DB and delivery.message.startswith("notice_")


def find_notice(deliveries: Iterable[Delivery]) -> RequestId | None:
    """The one notice among them; with two people told, nobody can say which is meant."""
    names = [delivery.request_id for delivery in deliveries if is_notice(delivery)]
    return names[0] if len(names) == 1 else None
