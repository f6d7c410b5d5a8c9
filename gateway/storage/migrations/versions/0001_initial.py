"""The first schema: the queue, the events with their deliveries, the feed, the clients."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

TABLES = (
    "queue_gates",
    "queue_jobs",
    "queue_lanes",
    "queue_job_keys",
    "clients",
    "events",
    "feed_entries",
    "feed_head",
    "person_identifiers",
    "access_tokens",
    "deliveries",
    "event_identities",
    "event_persons",
    "facts",
    "attempts",
    "watches",
)


def upgrade() -> None:
    _create_queue_gates()
    _create_queue_jobs()
    _create_queue_lanes()
    _create_queue_job_keys()
    _create_clients()
    _create_events()
    _create_feed_entries()
    _create_feed_head()
    _create_person_identifiers()
    _create_access_tokens()
    _create_deliveries()
    _create_event_identities()
    _create_event_persons()
    _create_facts()
    _create_attempts()
    _create_watches()
    op.execute("INSERT INTO feed_head (id, position) VALUES (1, 0)")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _text(
    name: str, *rules: sa.ForeignKey, nullable: bool = False, primary_key: bool = False
) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), *rules, nullable=nullable, primary_key=primary_key)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [_text(name) for name in names]


def _number(name: str, *, nullable: bool = False, **options: Any) -> sa.Column[int]:  # noqa: ANN401 - passed through
    return sa.Column(name, sa.Integer(), nullable=nullable, **options)


def _wide(name: str, *rules: sa.ForeignKey, nullable: bool = False, **options: Any) -> sa.Column[int]:  # noqa: ANN401 - passed through
    # SQLite numbers rows by itself only for INTEGER.
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, *rules, nullable=nullable, **options)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    # Microseconds since 1970, UTC.
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _index(
    table: str, ending: str, columns: list[str], where: str | None = None, *, unique: bool = False
) -> None:
    part = None if where is None else sa.text(where)
    op.create_index(
        f"{table}_{ending}", table, columns, unique=unique, sqlite_where=part, postgresql_where=part
    )


def _create_queue_gates() -> None:
    op.create_table(
        "queue_gates",
        _text("gate", primary_key=True),
        _instant("opened_at"),
    )


def _create_queue_jobs() -> None:
    op.create_table(
        "queue_jobs",
        _wide("sequence", primary_key=True, autoincrement=True),
        *_texts("job_id", "lane", "kind", "state"),
        _instant("due_at"),
        _instant("enqueued_at"),
        _instant("updated_at"),
        _number("attempts"),
        _number("asks"),
        _wide("fence"),
        _flag("maybe_sent"),
        _instant("next_attempt_at", nullable=True),
        _instant("lease_until", nullable=True),
        _text("leased_by", nullable=True),
        _text("gate", nullable=True),
        _instant("gate_opens_at", nullable=True),
        _flag("gate_shut"),
        _text("held_reason", nullable=True),
        _instant("finished_at", nullable=True),
        sa.CheckConstraint(
            "(state IN ('done', 'cancelled')) = (finished_at IS NOT NULL)", name="queue_jobs_finished"
        ),
        sa.CheckConstraint("(state = 'held') = (held_reason IS NOT NULL)", name="queue_jobs_held_reason"),
        sa.UniqueConstraint("job_id", name="queue_jobs_job_id"),
        sa.CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", name="queue_jobs_lease"),
        sa.CheckConstraint(
            "state IN ('queued', 'waiting', 'deferred', 'leased', 'unknown', 'held', 'done', 'cancelled')",
            name="queue_jobs_state_known",
        ),
        sa.CheckConstraint("state <> 'unknown' OR maybe_sent", name="queue_jobs_unknown_was_sent"),
        sqlite_autoincrement=True,
    )
    _index("queue_jobs", "deferred", ["next_attempt_at"], "state = 'deferred'")
    _index("queue_jobs", "gate_by_name", ["gate"], "gate_shut")
    _index("queue_jobs", "gate_by_time", ["gate_opens_at"], "gate_shut AND state = 'waiting'")
    _index("queue_jobs", "held", ["sequence"], "state = 'held'")
    _index("queue_jobs", "leased", ["lease_until"], "state = 'leased'")
    _index("queue_jobs", "queued", ["lane", "due_at", "sequence"], "state = 'queued'")
    _index("queue_jobs", "unknown", ["lane", "next_attempt_at"], "state = 'unknown'")
    _index("queue_jobs", "waiting", ["sequence"], "state = 'waiting'")


def _create_queue_lanes() -> None:
    op.create_table(
        "queue_lanes",
        _text("lane", primary_key=True),
        _text("breaker"),
        _number("failures_in_row"),
        _instant("open_until", nullable=True),
        _text("hold_reason", nullable=True),
        sa.CheckConstraint("breaker IN ('closed', 'open', 'half_open')", name="queue_lanes_breaker_known"),
    )


def _create_queue_job_keys() -> None:
    op.create_table(
        "queue_job_keys",
        *_texts("lane", "ordering_key"),
        _wide("sequence", sa.ForeignKey("queue_jobs.sequence")),
        sa.PrimaryKeyConstraint("lane", "ordering_key", "sequence", name="queue_job_keys_pk"),
    )
    _index("queue_job_keys", "sequence", ["sequence"])


def _create_clients() -> None:
    op.create_table(
        "clients",
        _text("client_id", primary_key=True),
        *_texts("name", "roles", "authorities", "secret_hash"),
        _instant("created_at"),
        _instant("revoked_at", nullable=True),
        sa.UniqueConstraint("name", name="clients_name"),
    )


def _create_events() -> None:
    op.create_table(
        "events",
        _text("event_id", primary_key=True),
        *_texts(
            "client_id", "idempotency_key", "source_event_id", "event_type", "authority_code", "book_code"
        ),
        _number("book_year"),
        _text("entry_number"),
        _text("dossier_code", nullable=True),
        _instant("registered_at"),
        _instant("accepted_at"),
        _instant("due_at"),
        *_texts("content_sha256", "receipt"),
        _bytes("body"),
    )
    _index("events", "dossier_code", ["dossier_code"])
    _index("events", "source_event_id", ["source_event_id"])


def _create_feed_entries() -> None:
    op.create_table(
        "feed_entries",
        _wide("position", primary_key=True, autoincrement=False),
        *_texts("event_id", "change"),
        _text("delivery_id", nullable=True),
        _text("detail"),
        _instant("happened_at"),
    )
    _index("feed_entries", "happened_at", ["happened_at"])


def _create_feed_head() -> None:
    op.create_table(
        "feed_head",
        _number("id", primary_key=True, autoincrement=False),
        _wide("position"),
        sa.CheckConstraint("id = 1", name="feed_head_single"),
    )


def _create_person_identifiers() -> None:
    op.create_table(
        "person_identifiers",
        *_texts("personal_id", "person_id"),
        _instant("recorded_at"),
        _instant("replaced_at", nullable=True),
        _flag("is_first_holder"),
        sa.PrimaryKeyConstraint("personal_id", "person_id", name="person_identifiers_pk"),
    )
    _index("person_identifiers", "first_holder", ["personal_id"], "is_first_holder", unique=True)
    _index("person_identifiers", "person_id", ["person_id"])


def _create_access_tokens() -> None:
    op.create_table(
        "access_tokens",
        _text("token_sha256", primary_key=True),
        _text("client_id", sa.ForeignKey("clients.client_id")),
        _instant("expires_at"),
    )
    _index("access_tokens", "client_id", ["client_id"])
    _index("access_tokens", "expires_at", ["expires_at"])


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        _text("delivery_id", primary_key=True),
        _text("event_id", sa.ForeignKey("events.event_id")),
        *_texts("destination", "step", "message"),
        _text("subject", nullable=True),
        *_texts("request_id", "facts"),
        _instant("planned_at"),
        _number("ordinal"),
        sa.UniqueConstraint("event_id", "step", name="deliveries_event_step"),
        sa.UniqueConstraint("request_id", name="deliveries_request_id"),
    )


def _create_event_identities() -> None:
    op.create_table(
        "event_identities",
        *_texts("kind", "key"),
        _text("event_id", sa.ForeignKey("events.event_id")),
        sa.PrimaryKeyConstraint("kind", "key", name="event_identities_pk"),
    )
    _index("event_identities", "event_id", ["event_id"])


def _create_event_persons() -> None:
    op.create_table(
        "event_persons",
        _text("event_id", sa.ForeignKey("events.event_id")),
        *_texts("role", "person_id"),
        sa.PrimaryKeyConstraint("event_id", "role", name="event_persons_pk"),
    )
    _index("event_persons", "person_id", ["person_id"])


def _create_facts() -> None:
    op.create_table(
        "facts",
        _text("event_id", sa.ForeignKey("events.event_id")),
        *_texts("name", "value", "source"),
        _instant("recorded_at"),
        _instant("replaced_at", nullable=True),
        sa.PrimaryKeyConstraint("event_id", "name", "value", name="facts_pk"),
    )


def _create_attempts() -> None:
    op.create_table(
        "attempts",
        _text("delivery_id", sa.ForeignKey("deliveries.delivery_id")),
        _number("number"),
        _text("verb"),
        _instant("started_at"),
        _instant("finished_at", nullable=True),
        _text("outcome", nullable=True),
        _text("facts_used"),
        _text("operation", nullable=True),
        _number("http_status", nullable=True),
        _text("partner_code", nullable=True),
        _text("partner_text", nullable=True),
        _text("partner_reference", nullable=True),
        _text("request_sha256", nullable=True),
        _text("response_sha256", nullable=True),
        _text("faults"),
        sa.PrimaryKeyConstraint("delivery_id", "number", name="attempts_pk"),
    )


def _create_watches() -> None:
    op.create_table(
        "watches",
        _text("delivery_id", sa.ForeignKey("deliveries.delivery_id"), primary_key=True),
        _text("event_id", sa.ForeignKey("events.event_id")),
        *_texts("destination", "stage"),
        _text("text", nullable=True),
        _text("partner_code", nullable=True),
        _instant("next_fetch_at", nullable=True),
        _instant("updated_at"),
    )
    _index("watches", "due", ["destination", "next_fetch_at", "delivery_id"], "next_fetch_at IS NOT NULL")
    _index("watches", "event_id", ["event_id"])
