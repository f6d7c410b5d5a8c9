"""Events as their senders and the operators see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from gateway.api.authenticate import Caller
from gateway.api.visibility import UnitsAbove, may_see
from gateway.errors import EventNotFound
from gateway.model.clock import Clock
from gateway.model.delivery import StoredEvent
from gateway.model.ids import EventId
from gateway.operations.plain import plain
from gateway.operations.read_journey import JourneyReader
from gateway.storage.ports import Database, Events

TransactionT = TypeVar("TransactionT")

SAME_NUMBER_MAX = 50
"""Different senders may use the same number of their own; so many are shown."""


@dataclass(frozen=True, slots=True)
class EventViews(Generic[TransactionT]):
    """Reads journeys within what the caller may see."""

    database: Database[TransactionT]
    events: Events[TransactionT]
    journeys: JourneyReader[TransactionT]
    units_above: UnitsAbove
    clock: Clock

    def find(self, event_id: EventId, caller: Caller) -> Mapping[str, Any] | None:
        """The journey; None also where the caller may not know that it exists."""
        try:
            with self.database.read() as transaction:
                stored = self.events.get(transaction, event_id)
        except EventNotFound:
            return None
        if not self._is_visible(stored, caller):
            return None
        return cast("dict[str, Any]", plain(self.journeys.get(event_id, self.clock())))

    def find_by_source(self, source_event_id: str, caller: Caller) -> Sequence[Mapping[str, Any]]:
        """The sender's own number; operators see those of every sender in their units."""
        with self.database.read() as transaction:
            event_ids = self.events.find_by_source(transaction, None, source_event_id)
        found = (self.find(event_id, caller) for event_id in event_ids[:SAME_NUMBER_MAX])
        return [journey for journey in found if journey is not None]

    def _is_visible(self, stored: StoredEvent, caller: Caller) -> bool:
        registration = stored.event.registration
        return may_see(
            caller,
            stored.client_id,
            registration.authority_code,
            registration.registered_at,
            self.units_above,
        )
