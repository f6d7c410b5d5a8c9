"""Which events changed on a day, from the change feed, within what the caller may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Generic, TypeVar

from gateway.api.authenticate import Caller
from gateway.api.visibility import may_see
from gateway.model.delivery import StoredEvent
from gateway.model.ids import EventId
from gateway.model.units import UnitsAbove
from gateway.storage.ports import Database, Events, Feed, PositionedEntry
from mappings.canonical import VIETNAM_TIME, Declaration
from mappings.national_registry.reading.tables import is_read_as

TransactionT = TypeVar("TransactionT")

_PAGE: Final = 500
_SLACK: Final = timedelta(minutes=10)
"""Positions follow commits, and a commit may come a little after the moment that it records."""


@dataclass(frozen=True, slots=True)
class DayChanges(Generic[TransactionT]):
    """Reads a day of the feed."""

    database: Database[TransactionT]
    events: Events[TransactionT]
    feed: Feed[TransactionT]
    units_above: UnitsAbove

    def of_day(self, module: str, day: date, caller: Caller) -> Sequence[StoredEvent]:
        """Events of the module that something happened to on that day by Vietnamese time, oldest first."""
        begins = datetime.combine(day, time(), VIETNAM_TIME)
        ends = begins + timedelta(days=1)
        with self.database.read() as transaction:
            entries = self._between(transaction, begins, ends)
            event_ids = list(dict.fromkeys(each.entry.event_id for each in entries))
            seen = self._visible(transaction, event_ids, caller)
            stored = [self.events.get(transaction, event_id) for event_id in seen]
        return [each for each in stored if self.is_of_module(each, module)]

    def is_of_module(self, stored: StoredEvent, module: str) -> bool:
        """Whether a dossier of this module is read as such an event; what is only declared is no record."""
        if isinstance(stored.event, Declaration):
            return False
        act: str | None = getattr(stored.event, "act", None)
        is_linked = stored.event.dossier is not None and stored.event.dossier.linked_code is not None
        return is_read_as(module, stored.event.event_type, act, is_linked=is_linked)

    def _visible(
        self, transaction: TransactionT, event_ids: Sequence[EventId], caller: Caller
    ) -> list[EventId]:
        origins = self.events.origins_of(transaction, event_ids)
        return [
            event_id
            for event_id in event_ids
            if (origin := origins.get(event_id)) is not None
            and may_see(
                caller, origin.client_id, origin.authority_code, origin.registered_at, self.units_above
            )
        ]

    def _between(
        self, transaction: TransactionT, begins: datetime, ends: datetime
    ) -> Iterator[PositionedEntry]:
        position = self._position_before(transaction, begins - _SLACK)
        while page := self.feed.list_after(transaction, position, _PAGE):
            yield from (each for each in page if begins <= each.entry.happened_at < ends)
            if page[-1].entry.happened_at >= ends + _SLACK:
                return
            position = page[-1].position

    def _position_before(self, transaction: TransactionT, moment: datetime) -> int:
        """The last position whose entry is older; found by halving, for a feed only grows."""
        low, high = 0, self.feed.last_position(transaction)
        while low < high:
            middle = (low + high) // 2
            after = self.feed.list_after(transaction, middle, 1)
            if after and after[0].entry.happened_at < moment:
                low = after[0].position
            else:
                high = middle
        return low
