"""What is known of several events in one transaction, read once for everything that is written about them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from gateway.deliver.assignment import Shelves
from gateway.model.delivery import Fact
from gateway.model.ids import EventId, PersonId

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class Known:
    """Of each event: true as long as the transaction that has locked them lasts."""

    persons: Mapping[EventId, Mapping[str, PersonId]]
    versions: Mapping[EventId, int]
    facts: dict[EventId, dict[str, Fact]]

    def learn(self, fact: Fact) -> None:
        """It was just written."""
        self.facts[fact.event_id][fact.name] = fact


def read_known(
    shelves: Shelves[TransactionT], transaction: TransactionT, event_ids: Collection[EventId]
) -> Known:
    """Three statements, however many events."""
    facts = shelves.deliveries.facts_of_all(transaction, event_ids)
    return Known(
        persons=shelves.events.persons_of_all(transaction, event_ids),
        versions=shelves.deliveries.newest_versions(transaction, event_ids),
        facts={event_id: dict(found) for event_id, found in facts.items()},
    )
