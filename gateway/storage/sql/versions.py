"""Edited contents of events on SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from gateway.errors import EventNotFound
from gateway.model.ids import EventId
from gateway.model.operating import EventVersion
from gateway.storage.sql.operating_tables import event_versions


def get_version(transaction: Connection, event_id: EventId, version: int) -> EventVersion:
    """Raises `EventNotFound`."""
    table = event_versions.c
    query = select(event_versions).where(table.event_id == event_id, table.version == version)
    row = transaction.execute(query).one_or_none()
    if row is None:
        raise EventNotFound(event_id=event_id, version=version)
    return _version(row)


def add_version(transaction: Connection, version: EventVersion) -> None:
    """The caller holds the event's lock, so that the number is free."""
    row = {
        "event_id": version.event_id,
        "version": version.version,
        "content": version.content,
        "content_sha256": version.content_sha256,
        "based_on_version": version.based_on_version,
        "proposed_by": version.proposed_by,
        "approved_by": version.approved_by,
        "reason": version.reason,
        "created_at": version.created_at,
    }
    transaction.execute(insert(event_versions).values(row))


def list_versions(transaction: Connection, event_id: EventId) -> Sequence[EventVersion]:
    """Oldest first."""
    table = event_versions.c
    query = select(event_versions).where(table.event_id == event_id).order_by(table.version)
    return [_version(row) for row in transaction.execute(query)]


def _version(row: Row[Any]) -> EventVersion:
    return EventVersion(
        event_id=EventId(row.event_id),
        version=row.version,
        content=bytes(row.content),
        content_sha256=row.content_sha256,
        based_on_version=row.based_on_version,
        proposed_by=row.proposed_by,
        approved_by=row.approved_by,
        reason=row.reason,
        created_at=row.created_at,
    )
