"""The tables of "one event, once": natural keys, what people judged, and the questions put to them."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from gateway.storage.sql.tables import metadata
from retry_queue.columns import UtcTime

natural_keys = Table(
    "natural_keys",
    metadata,
    Column("digest", LargeBinary, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("day", Text, nullable=False),
    PrimaryKeyConstraint("digest", "ordinal", name="natural_keys_pk"),
    Index("natural_keys_event_id", "event_id"),
)
"""Whoever takes the next number of a key has seen all before: the primary key decides races."""

judged_pairs = Table(
    "judged_pairs",
    metadata,
    Column("first", Text, nullable=False),
    Column("second", Text, nullable=False),
    Column("is_same", Boolean, nullable=False),
    Column("question_id", Text, ForeignKey("questions.question_id"), nullable=False),
    PrimaryKeyConstraint("first", "second", name="judged_pairs_pk"),
)
"""Fingerprints of two descriptions that a person has judged to be of one event, or of two."""

questions = Table(
    "questions",
    metadata,
    Column("question_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("suspicions", Text, nullable=False),
    Column("authority_code", Text, nullable=False),
    Column("registered_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer", Text),
    Column("same_as", Text, ForeignKey("events.event_id")),
    Column("answered_by", Text),
    Column("answered_at", UtcTime),
    Column("reason", Text),
    Column("request_id", Text),
    Index("questions_event_id", "event_id"),
    Index(
        "questions_open",
        "question_id",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)
"""What an authorised person was asked, and what he said."""
