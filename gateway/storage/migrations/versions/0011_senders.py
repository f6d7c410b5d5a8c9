"""Webhooks to senders, and public keys of signed receipts. Only new tables."""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    _create_webhooks()
    _create_webhook_messages()
    op.create_table(
        "signing_keys",
        sa.Column("key_id", sa.Text(), primary_key=True, nullable=False),
        *_text("public_pem"),
        _instant("first_used_at"),
    )


def downgrade() -> None:
    for table in ("signing_keys", "webhook_messages", "webhooks"):
        op.drop_table(table)


def _text(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _wide(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    # Microseconds since 1970, UTC.
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _create_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("webhook_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("client_id", sa.Text(), sa.ForeignKey("clients.client_id"), nullable=False),
        *_text("url", "types", "state"),
        _instant("created_at"),
        _wide("position"),
        *_text("sealed_secret"),
        *_text("earlier_sealed_secret", nullable=True),
        _instant("earlier_until", nullable=True),
        _instant("failing_since", nullable=True),
        *_text("disabled_because", nullable=True),
        _instant("leased_until", nullable=True),
        _wide("fence"),
    )
    op.create_index("webhooks_client_id", "webhooks", ["client_id"])


def _create_webhook_messages() -> None:
    table, pending = "webhook_messages", sa.text("state = 'pending'")
    op.create_table(
        table,
        sa.Column("message_id", sa.Text(), primary_key=True, nullable=False),
        sa.Column("webhook_id", sa.Text(), sa.ForeignKey("webhooks.webhook_id"), nullable=False),
        _wide("position"),
        *_text("change"),
        *_text("event_id", "delivery_id", nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _instant("created_at"),
        _instant("next_attempt_at"),
        *_text("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _instant("last_attempt_at", nullable=True),
        *_text("last_result", nullable=True),
        _instant("finished_at", nullable=True),
    )
    op.create_index("webhook_messages_log", table, ["webhook_id", "created_at", "message_id"])
    op.create_index("webhook_messages_finished", table, ["finished_at"])
    columns = ["webhook_id", "position"]
    op.create_index(
        "webhook_messages_pending", table, columns, sqlite_where=pending, postgresql_where=pending
    )
