"""What a worker is to deliver, with everything known about it at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.model.delivery import Delivery, Fact, StoredEvent
from gateway.model.ids import DeliveryId
from gateway.storage.ports import Deliveries, Events, Feed
from retry_queue.store import Producer

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One delivery, its event, and the facts learnt so far."""

    delivery: Delivery
    stored: StoredEvent
    facts: Mapping[str, Fact]


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
    return Assignment(
        delivery=delivery,
        stored=shelves.events.get(transaction, delivery.event_id, delivery.version),
        facts=shelves.deliveries.facts_of(transaction, delivery.event_id),
    )
