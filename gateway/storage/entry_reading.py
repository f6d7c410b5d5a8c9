"""The events of one entry, read from the stores; receiving compares with it, operators are shown it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from adapters.port import FACT_PERSONAL_ID
from gateway.model.entry_history import Recorded
from gateway.model.ids import EventId
from gateway.storage.corrections_ports import EntryLinks
from gateway.storage.ports import Deliveries, Events
from mappings.canonical.declaration import matter_of
from mappings.canonical.registration import EntryIdentity

TransactionT = TypeVar("TransactionT")

_NUMBER_OF = f"{FACT_PERSONAL_ID}."
EVENTS_OF_ENTRY_MAX = 500
"""No entry is changed so often; more would be a fault, and reading them all would keep others waiting."""


@dataclass(frozen=True, slots=True)
class EntryReader(Generic[TransactionT]):
    """Reads inside the caller's transaction."""

    events: Events[TransactionT]
    links: EntryLinks[TransactionT]
    deliveries: Deliveries[TransactionT]

    def ids_of(self, transaction: TransactionT, entry: EntryIdentity) -> Sequence[EventId]:
        """The event that made it, if it came through here, then those that concern it."""
        found = [*self.links.makers_of(transaction, entry), *self.links.amending(transaction, entry)]
        return list(dict.fromkeys(found))[:EVENTS_OF_ENTRY_MAX]

    def read(self, transaction: TransactionT, event_ids: Sequence[EventId]) -> list[Recorded]:
        """Each with its newest content: an operator may have mended what was handed in."""
        return [self._recorded(transaction, event_id) for event_id in event_ids]

    def of_entry(self, transaction: TransactionT, entry: EntryIdentity) -> list[Recorded]:
        """All of them."""
        return self.read(transaction, self.ids_of(transaction, entry))

    def _recorded(self, transaction: TransactionT, event_id: EventId) -> Recorded:
        versions = self.events.list_versions(transaction, event_id)
        stored = (
            self.events.get(transaction, event_id, versions[-1].version)
            if versions
            else self.events.get(transaction, event_id)
        )
        version = versions[-1].version if versions else 1
        facts = self.deliveries.facts_of(transaction, event_id)
        numbers = {
            name.removeprefix(_NUMBER_OF): fact.value
            for name, fact in facts.items()
            if name.startswith(_NUMBER_OF)
        }
        return Recorded(event_id, matter_of(stored.event), stored.accepted_at, version, numbers)
