"""The tables of forecasts and notices, part of the house's schema."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from gateway.storage.sql.tables import WIDE, metadata
from retry_queue.columns import UtcTime

queue_samples = Table(
    "queue_samples",
    metadata,
    Column("sampled_at", UtcTime, nullable=False),
    Column("lane", Text, nullable=False),
    Column("track", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("up_to_sequence", WIDE, nullable=False),
    Column("ready", Integer, nullable=False),
    Column("unfinished", Integer, nullable=False),
    Column("enqueued", Integer, nullable=False),
    Column("finished", Integer, nullable=False),
    PrimaryKeyConstraint("sampled_at", "lane", "track", name="queue_samples_pk"),
)
"""How much stood in each lane at an instant, and what had come and gone since the one before."""

forecasts = Table(
    "forecasts",
    metadata,
    Column("lane", Text, nullable=False),
    Column("track", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("first_breach_at", UtcTime),
    Column("done_at", UtcTime),
    Column("drain_per_second", Float, nullable=False),
    Column("arrivals_per_second", Float, nullable=False),
    Column("basis", Text, nullable=False),
    Column("actual_first_breach_at", UtcTime),
    Column("actual_done_at", UtcTime),
    Column("settled_at", UtcTime),
    PrimaryKeyConstraint("lane", "track", "made_at", name="forecasts_pk"),
    Index(
        "forecasts_open",
        "made_at",
        sqlite_where=text("settled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL"),
    ),
)
"""What was foreseen, and what came."""

notices = Table(
    "notices",
    metadata,
    Column("position", WIDE, primary_key=True, autoincrement=True),
    Column("notice_id", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("percent", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("deliveries", Integer, nullable=False),
    Column("worst_delivery_id", Text, nullable=False),
    Column("worst_due_at", UtcTime, nullable=False),
    Column("first_breach_at", UtcTime),
    Column("text_vi", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    UniqueConstraint("notice_id", name="notices_notice_id"),
    Index("notices_destination_percent", "destination", "percent", "made_at"),
    sqlite_autoincrement=True,
)
"""What people were told; one row for a destination and a rung, however many deliveries it names."""

notice_sendings = Table(
    "notice_sendings",
    metadata,
    Column("notice_id", Text, ForeignKey("notices.notice_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", UtcTime),
    Column("last_attempt_at", UtcTime),
    Column("accepted_at", UtcTime),
    Column("answer", Text),
    PrimaryKeyConstraint("notice_id", "number", name="notice_sendings_pk"),
    CheckConstraint("(state = 'pending') = (next_attempt_at IS NOT NULL)", name="notice_sendings_pending"),
    CheckConstraint("(state = 'accepted') = (accepted_at IS NOT NULL)", name="notice_sendings_accepted"),
    Index(
        "notice_sendings_due",
        "next_attempt_at",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
)
"""Who was told by which channel, when, and whether it was taken: the proof."""

escalation_marks = Table(
    "escalation_marks",
    metadata,
    Column("delivery_id", Text, ForeignKey("deliveries.delivery_id"), nullable=False),
    Column("percent", Integer, nullable=False),
    Column("destination", Text, nullable=False),
    Column("told_as", Integer, nullable=False),
    Column("crossed_at", UtcTime, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("notice_id", Text, ForeignKey("notices.notice_id")),
    PrimaryKeyConstraint("delivery_id", "percent", name="escalation_marks_pk"),
    Index(
        "escalation_marks_untold",
        "destination",
        "told_as",
        sqlite_where=text("notice_id IS NULL"),
        postgresql_where=text("notice_id IS NULL"),
    ),
)
"""Each delivery's step up the ladder, once for each rung."""
