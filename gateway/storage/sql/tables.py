"""The tables of the house; the queue has its own. Bodies stand with the events, never with the queue."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from retry_queue.columns import UtcTime

metadata = MetaData()

WIDE = BigInteger().with_variant(Integer, "sqlite")  # so that SQLite's own row number serves as the key

events = Table(
    "events",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("source_event_id", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("authority_code", Text, nullable=False),
    Column("book_code", Text, nullable=False),
    Column("book_year", Integer, nullable=False),
    Column("entry_number", Text, nullable=False),
    Column("dossier_code", Text),
    Column("registered_at", UtcTime, nullable=False),
    Column("accepted_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("events_source_event_id", "source_event_id"),
    Index("events_dossier_code", "dossier_code"),
)
"""One row an accepted event; nothing in it ever changes. `body` is the message in canonical JSON."""

event_identities = Table(
    "event_identities",
    metadata,
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    PrimaryKeyConstraint("kind", "key", name="event_identities_pk"),
    Index("event_identities_event_id", "event_id"),
)
"""What two events must not share; the primary key decides races between offices and processes."""

event_persons = Table(
    "event_persons",
    metadata,
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    PrimaryKeyConstraint("event_id", "role", name="event_persons_pk"),
    Index("event_persons_person_id", "person_id"),
)
"""Who takes part in which event, by our own key of the person."""

person_identifiers = Table(
    "person_identifiers",
    metadata,
    Column("personal_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("replaced_at", UtcTime),
    Column("is_first_holder", Boolean, nullable=False),
    PrimaryKeyConstraint("personal_id", "person_id", name="person_identifiers_pk"),
    Index("person_identifiers_person_id", "person_id"),
    Index(
        "person_identifiers_first_holder",
        "personal_id",
        unique=True,
        sqlite_where=text("is_first_holder"),
        postgresql_where=text("is_first_holder"),
    ),
)
"""Every personal ID a person ever had. Its first holder is the person that later events mean by it."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_id", Text, primary_key=True),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("destination", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("subject", Text),
    Column("request_id", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("planned_at", UtcTime, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
    UniqueConstraint("event_id", "step", name="deliveries_event_step"),
    UniqueConstraint("request_id", name="deliveries_request_id"),
)
"""One row a delivery; its state is the state of the job of the same id."""

attempts = Table(
    "attempts",
    metadata,
    Column("delivery_id", Text, ForeignKey("deliveries.delivery_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("verb", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("outcome", Text),
    Column("facts_used", Text, nullable=False),
    Column("operation", Text),
    Column("http_status", Integer),
    Column("partner_code", Text),
    Column("partner_text", Text),
    Column("partner_reference", Text),
    Column("request_sha256", Text),
    Column("response_sha256", Text),
    Column("faults", Text, nullable=False),
    PrimaryKeyConstraint("delivery_id", "number", name="attempts_pk"),
)
"""Each attempt, for proof; partners' texts may name people."""

facts = Table(
    "facts",
    metadata,
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("replaced_at", UtcTime),
    PrimaryKeyConstraint("event_id", "name", "value", name="facts_pk"),
)
"""What was learnt about an event; an earlier value stays, with the instant it was replaced."""

watches = Table(
    "watches",
    metadata,
    Column("delivery_id", Text, ForeignKey("deliveries.delivery_id"), primary_key=True),
    Column("event_id", Text, ForeignKey("events.event_id"), nullable=False),
    Column("destination", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("text", Text),
    Column("partner_code", Text),
    Column("next_fetch_at", UtcTime),
    Column("updated_at", UtcTime, nullable=False),
    Index("watches_event_id", "event_id"),
    Index(
        "watches_due",
        "destination",
        "next_fetch_at",
        "delivery_id",
        sqlite_where=text("next_fetch_at IS NOT NULL"),
        postgresql_where=text("next_fetch_at IS NOT NULL"),
    ),
)
"""Accepted deliveries that a partner still works on."""

feed_entries = Table(
    "feed_entries",
    metadata,
    Column("position", WIDE, primary_key=True, autoincrement=False),
    Column("event_id", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("delivery_id", Text),
    Column("detail", Text, nullable=False),
    Column("happened_at", UtcTime, nullable=False),
    Index("feed_entries_happened_at", "happened_at"),
)
"""The change feed, without gaps."""

feed_head = Table(
    "feed_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", WIDE, nullable=False),
    CheckConstraint("id = 1", name="feed_head_single"),
)
"""One row: the last position. Whoever raises it holds it until the commit, so positions follow commits."""

clients = Table(
    "clients",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("authorities", Text, nullable=False),
    Column("secret_hash", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    UniqueConstraint("name", name="clients_name"),
)
"""Programs that may call us."""

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("client_id", Text, ForeignKey("clients.client_id"), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index("access_tokens_expires_at", "expires_at"),
    Index("access_tokens_client_id", "client_id"),
)
"""Bearer tokens by their hashes."""
