"""What a worker is to deliver, with everything known about it at this moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from adapters.port import RequestId
from gateway.model.delivery import Delivery, Fact, StoredEvent
from gateway.model.ids import DeliveryId, Destination, EventId
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
    stored = shelves.events.get(transaction, delivery.event_id)
    amends = stored.event.amends
    earlier: Iterable[Delivery] = ()
    if is_notice(delivery) and amends is not None and amends.event_id is not None:
        earlier = shelves.deliveries.list_of_event(transaction, EventId(amends.event_id))
    return Assignment(
        delivery=delivery,
        stored=stored,
        facts=shelves.deliveries.facts_of(transaction, delivery.event_id),
        earlier_notice=find_notice(earlier),
    )


def is_notice(delivery: Delivery) -> bool:
    """The population database is told of an event (thông báo hộ tịch)."""
    return delivery.destination is Destination.POPULATION_DB and delivery.message.startswith("notice_")


def find_notice(deliveries: Iterable[Delivery]) -> RequestId | None:
    """The one notice among them; with two people told, nobody can say which is meant."""
    names = [delivery.request_id for delivery in deliveries if is_notice(delivery)]
    return names[0] if len(names) == 1 else None
