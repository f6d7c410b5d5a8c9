"""The tables of webhooks and of the public keys of receipts."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from gateway.storage.sql.tables import WIDE, metadata
from retry_queue.columns import UtcTime

webhooks = Table(
    "webhooks",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    Column("client_id", Text, ForeignKey("clients.client_id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("types", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("position", WIDE, nullable=False),
    Column("sealed_secret", Text, nullable=False),
    Column("earlier_sealed_secret", Text),
    Column("earlier_until", UtcTime),
    Column("failing_since", UtcTime),
    Column("disabled_because", Text),
    Column("leased_until", UtcTime),
    Column("fence", WIDE, nullable=False),
    Index("webhooks_client_id", "client_id"),
)
"""Who wants to be told, and how far he has been told."""

webhook_messages = Table(
    "webhook_messages",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("webhook_id", Text, ForeignKey("webhooks.webhook_id"), nullable=False),
    Column("position", WIDE, nullable=False),
    Column("change", Text, nullable=False),
    Column("event_id", Text),
    Column("delivery_id", Text),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("next_attempt_at", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_attempt_at", UtcTime),
    Column("last_result", Text),
    Column("finished_at", UtcTime),
    Index("webhook_messages_log", "webhook_id", "created_at", "message_id"),
    Index("webhook_messages_finished", "finished_at"),
    Index(
        "webhook_messages_pending",
        "webhook_id",
        "position",
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
)
"""What was and is to be sent: outbox and log in one."""

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("public_pem", Text, nullable=False),
    Column("first_used_at", UtcTime, nullable=False),
)
"""The public halves of all keys that ever signed receipts."""
