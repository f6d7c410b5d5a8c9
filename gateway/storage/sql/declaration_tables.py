"""The table of declarations."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text

from gateway.storage.sql.tables import metadata
from retry_queue.columns import UtcTime

declarations = Table(
    "declarations",
    metadata,
    Column("event_id", Text, ForeignKey("events.event_id"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("registered_event_id", Text),
    Column("problems", Text, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Index(
        "declarations_unfinished",
        "state",
        "event_id",
        sqlite_where=text("state <> 'registered'"),
        postgresql_where=text("state <> 'registered'"),
    ),
    Index(
        "declarations_registered_event_id",
        "registered_event_id",
        sqlite_where=text("registered_event_id IS NOT NULL"),
        postgresql_where=text("registered_event_id IS NOT NULL"),
    ),
)
"""How far each declaration is; its content is an event like any other."""
