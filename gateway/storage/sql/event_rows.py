"""Accepted events as they are read: one reading for the same bytes."""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row

from gateway.model.delivery import StoredEvent
from gateway.model.ids import EventId
from gateway.storage.sql.tables import events
from mappings.canonical.declaration import AnyStored, parse_stored_json

_EVENTS_KEPT: Final = 256

STORED = (
    events.c.event_id,
    events.c.client_id,
    events.c.content_sha256,
    events.c.accepted_at,
    events.c.due_at,
    events.c.body,
)
"""What a stored event consists of."""


@lru_cache(maxsize=_EVENTS_KEPT)
def read_event(content: bytes) -> AnyStored:
    """Same bytes, same event: the three deliveries of an event read it once."""
    return parse_stored_json(content)


def stored_of(row: Row[*tuple[Any, ...]]) -> StoredEvent:
    """As it was accepted; the row has the columns of `STORED`."""
    event_id, client_id, content_sha256, accepted_at, due_at, body = row
    return StoredEvent(
        event_id=EventId(event_id),
        client_id=client_id,
        event=read_event(body),
        content_sha256=content_sha256,
        accepted_at=accepted_at,
        due_at=due_at,
    )
