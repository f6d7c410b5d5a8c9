"""Many events at once on SQL."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import BindParameter, Connection, bindparam, select

from gateway.errors import EventNotFound
from gateway.model.delivery import StoredEvent
from gateway.model.ids import EventId, PersonId
from gateway.model.operating import FIRST_VERSION
from gateway.storage.batch_ports import VersionOf
from gateway.storage.sql import versions
from gateway.storage.sql.event_rows import STORED, read_event, stored_of
from gateway.storage.sql.statements import in_parts
from gateway.storage.sql.tables import event_persons, events

_EVENTS: BindParameter[str] = bindparam("of_events", expanding=True)
_GET = select(*STORED).where(events.c.event_id.in_(_EVENTS))
_LOCK = (
    select(events.c.event_id)
    .where(events.c.event_id.in_(_EVENTS))
    .order_by(events.c.event_id)
    .with_for_update(key_share=True)
)
_PERSONS = select(event_persons.c.event_id, event_persons.c.role, event_persons.c.person_id).where(
    event_persons.c.event_id.in_(_EVENTS)
)


class SqlEventBatches:
    """The part of the port that is there for speed."""

    def get_all(
        self, transaction: Connection, wanted: Collection[VersionOf]
    ) -> Mapping[VersionOf, StoredEvent]:
        """Edited contents are rare: each is read by itself."""
        firsts: dict[EventId, StoredEvent] = {}
        for part in in_parts([event_id for event_id, _ in wanted]):
            rows = transaction.execute(_GET, {"of_events": part})
            firsts |= {EventId(row.event_id): stored_of(row) for row in rows}
        found: dict[VersionOf, StoredEvent] = {}
        for event_id, version in wanted:
            stored = firsts.get(event_id)
            if stored is not None and version != FIRST_VERSION:
                stored = _edited(transaction, stored, version)
            if stored is not None:
                found[event_id, version] = stored
        return found

    def lock_all(self, transaction: Connection, event_ids: Collection[EventId]) -> None:
        """SQLite has one writer anyway; on PostgreSQL the rows stay locked until we commit."""
        if transaction.dialect.name != "sqlite":
            for part in in_parts(event_ids):
                transaction.execute(_LOCK, {"of_events": part})

    def persons_of_all(
        self, transaction: Connection, event_ids: Collection[EventId]
    ) -> Mapping[EventId, Mapping[str, PersonId]]:
        """Role -> person, for each."""
        found: dict[EventId, dict[str, PersonId]] = {event_id: {} for event_id in event_ids}
        for part in in_parts(event_ids):
            for event_id, role, person_id in transaction.execute(_PERSONS, {"of_events": part}):
                found[EventId(event_id)][role] = PersonId(person_id)
        return found


def _edited(transaction: Connection, stored: StoredEvent, version: int) -> StoredEvent | None:
    try:
        edited = versions.get_version(transaction, stored.event_id, version)
    except EventNotFound:
        return None
    return replace(stored, event=read_event(edited.content), content_sha256=edited.content_sha256)
