"""The tables of operators' acts: versions of the content, proposals, the acts themselves, courier bundles."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from gateway.storage.sql.tables import metadata
from retry_queue.columns import UtcTime

event_versions = Table(
    "event_versions",
    metadata,
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("based_on_version", Integer, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("approved_by", Text),
    Column("reason", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("event_id", "version", name="event_versions_pk"),
)
"""Contents after an edit, from 2 on; version 1 is `events.body` and never changes."""

earlier_requests = Table(
    "earlier_requests",
    metadata,
    Column("request_id", Text, primary_key=True),
    Column("delivery_id", Text, ForeignKey("deliveries.delivery_id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("replaced_at", UtcTime, nullable=False),
    Index("earlier_requests_delivery_id", "delivery_id"),
)
"""Request numbers that deliveries had before an edit."""

edit_proposals = Table(
    "edit_proposals",
    metadata,
    Column("proposal_id", Text, primary_key=True),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("delivery_id", Text, ForeignKey("deliveries.delivery_id"), nullable=False),
    Column("scope", Text, nullable=False),
    Column("based_on_version", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", UtcTime),
    Column("decision_reason", Text),
    Index("edit_proposals_state", "state", "proposed_at"),
    Index("edit_proposals_event_id", "event_id"),
)
"""Edits that a second person approves or rejects, byte for byte."""

operator_acts = Table(
    "operator_acts",
    metadata,
    Column("act_id", Text, primary_key=True),
    Column("request_id", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("delivery_id", Text, ForeignKey("deliveries.delivery_id"), nullable=False),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_sha256", Text, nullable=False),
    Column("before_state", Text, nullable=False),
    Column("after_state", Text, nullable=False),
    Column("before_fence", Integer, nullable=False),
    Column("happened_at", UtcTime, nullable=False),
    Column("detail", Text, nullable=False),
    UniqueConstraint("actor", "request_id", "delivery_id", name="operator_acts_request"),
    Index("operator_acts_delivery_id", "delivery_id", "happened_at"),
)
"""Who did what to which delivery, when and why."""

bundles = Table(
    "bundles",
    metadata,
    Column("bundle_id", Text, primary_key=True),
    Column("destination", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("asked_sha256", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("file_sha256", Text, nullable=False),
    Column("file", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("closed_at", UtcTime),
    UniqueConstraint("created_by", "request_id", name="bundles_request"),
    Index("bundles_created_at", "created_at"),
)
"""Courier bundles with the ZIP as it was signed."""

bundle_items = Table(
    "bundle_items",
    metadata,
    Column("bundle_id", Text, ForeignKey("bundles.bundle_id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("delivery_id", Text, ForeignKey("deliveries.delivery_id"), nullable=False),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("request_id", Text, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("facts_used", Text, nullable=False),
    Column("result", Text),
    Column("reference", Text),
    Column("refusal", Text),
    Column("brought_by", Text),
    Column("settled_at", UtcTime),
    PrimaryKeyConstraint("bundle_id", "ordinal", name="bundle_items_pk"),
    UniqueConstraint("bundle_id", "delivery_id", name="bundle_items_delivery"),
    Index("bundle_items_delivery_id", "delivery_id"),
)
"""What a courier took along, and what became of each message."""
