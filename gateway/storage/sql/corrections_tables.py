"""The tables of corrections: which event concerns which entry, office notices, warnings, book statements."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from gateway.storage.sql.tables import metadata
from retry_queue.columns import UtcTime


def _entry_columns() -> tuple[Column[str], Column[str], Column[int], Column[str]]:
    return (
        Column("entry_authority", Text, nullable=False),
        Column("entry_book", Text, nullable=False),
        Column("entry_year", Integer, nullable=False),
        Column("entry_number", Text, nullable=False),
    )


entry_links = Table(
    "entry_links",
    metadata,
    *_entry_columns(),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("registered_at", UtcTime, nullable=False),
    PrimaryKeyConstraint(
        "entry_authority", "entry_book", "entry_year", "entry_number", "event_id", name="entry_links_pk"
    ),
)
"""Events that amend an earlier entry. An event's own entry stands with its identities."""

office_notices = Table(
    "office_notices",
    metadata,
    Column("notice_id", Text, primary_key=True),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    *_entry_columns(),
    Column("original_event_id", Text, ForeignKey("events.event_id")),
    Column("made_by", Text, nullable=False),
    Column("addressees", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("fetched_at", UtcTime),
    Column("fetched_by", Text),
    Column("reminders", Integer, nullable=False),
    Column("next_reminder_at", UtcTime),
    Column("acknowledged_at", UtcTime),
    Column("acknowledged_by", Text),
    Column("acknowledged_note", Text),
    UniqueConstraint(
        "event_id",
        "entry_authority",
        "entry_book",
        "entry_year",
        "entry_number",
        name="office_notices_once",
    ),
    Index(
        "office_notices_reminders",
        "next_reminder_at",
        "notice_id",
        sqlite_where=text("next_reminder_at IS NOT NULL"),
        postgresql_where=text("next_reminder_at IS NOT NULL"),
    ),
)
"""One row an office that must be told of a change to its entry."""

office_notice_units = Table(
    "office_notice_units",
    metadata,
    Column("unit_code", Text, nullable=False),
    Column("notice_id", Text, ForeignKey("office_notices.notice_id"), nullable=False),
    PrimaryKeyConstraint("unit_code", "notice_id", name="office_notice_units_pk"),
    Index("office_notice_units_notice_id", "notice_id"),
)
"""Who may see a notice: the holders of the book and the units above them, on the day it was made."""

oversight_changes = Table(
    "oversight_changes",
    metadata,
    Column("oversight_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("source", Text, nullable=False),
    *_entry_columns(),
    Column("authority_code", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("reason", Text),
    Column("legal_basis", Text),
    Column("units", Text, nullable=False),
    Column("changes", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("seen_at", UtcTime),
    Column("seen_by", Text),
    Column("seen_note", Text),
    UniqueConstraint("event_id", "kind", "source", name="oversight_changes_once"),
)
"""Every change to a registered event, with before and after. Holds personal data."""

oversight_units = Table(
    "oversight_units",
    metadata,
    Column("unit_code", Text, nullable=False),
    Column("oversight_id", Text, ForeignKey("oversight_changes.oversight_id"), nullable=False),
    PrimaryKeyConstraint("unit_code", "oversight_id", name="oversight_units_pk"),
    Index("oversight_units_oversight_id", "oversight_id"),
)
"""The higher offices that a warning is for."""

book_statements = Table(
    "book_statements",
    metadata,
    Column("statement_id", Text, primary_key=True),
    Column("request_id", Text, nullable=False),
    *_entry_columns(),
    Column("authority_code", Text, nullable=False),
    Column("stated", Text, nullable=False),
    Column("page_reference", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("stated_by", Text, nullable=False),
    Column("stated_at", UtcTime, nullable=False),
    Column("asked_sha256", Text, nullable=False),
    Column("plan_sha256", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("event_id", Text, ForeignKey("events.event_id")),
    Column("decided_by", Text),
    Column("decided_at", UtcTime),
    Column("decision_reason", Text),
    UniqueConstraint("stated_by", "request_id", name="book_statements_request"),
    Index("book_statements_state", "state", "stated_at"),
)
"""What people read in paper books, and the event by which the national systems were told."""
