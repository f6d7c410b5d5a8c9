"""Events as their senders and the operators see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from gateway.api.authenticate import Caller
from gateway.api.visibility import SEES_UNITS, may_see
from gateway.model.clock import Clock
from gateway.model.ids import EventId
from gateway.model.units import UnitsAbove
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
        with self.database.read() as transaction:
            if not self._visible(transaction, [event_id], caller):
                return None
        return self._tell(event_id)

    def may_see(self, caller: Caller, event_id: EventId) -> bool:
        """Whether it exists for him."""
        with self.database.read() as transaction:
            return bool(self._visible(transaction, [event_id], caller))

    def find_by_source(self, source_event_id: str, caller: Caller) -> Sequence[Mapping[str, Any]]:
        """The sender's own number; operators see those of every sender in their units."""
        with self.database.read() as transaction:
            found = [*self.events.find_by_source(transaction, caller.client_id, source_event_id)]
            if not caller.roles.isdisjoint(SEES_UNITS):
                found += self.events.find_by_source(transaction, None, source_event_id)
            visible = self._visible(transaction, list(dict.fromkeys(found)), caller)
        return [self._tell(event_id) for event_id in visible[:SAME_NUMBER_MAX]]

    def _tell(self, event_id: EventId) -> Mapping[str, Any]:
        return cast("dict[str, Any]", plain(self.journeys.get(event_id, self.clock())))

    def _visible(
        self, transaction: TransactionT, event_ids: Sequence[EventId], caller: Caller
    ) -> list[EventId]:
        """Those that exist and that the caller may see, in their order."""
        origins = self.events.origins_of(transaction, event_ids)
        return [
            event_id
            for event_id in event_ids
            if (origin := origins.get(event_id)) is not None
            and may_see(
                caller, origin.client_id, origin.authority_code, origin.registered_at, self.units_above
            )
        ]
