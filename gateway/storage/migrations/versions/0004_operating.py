"""Operators' acts: versions of an event's content, proposed edits, the acts themselves, courier bundles.

Suits the code of the release before it: the one new column of an old table has a default.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = (
    "event_versions",
    "earlier_requests",
    "edit_proposals",
    "operator_acts",
    "bundles",
    "bundle_items",
)


def upgrade() -> None:
    op.add_column(
        "deliveries", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    _create_event_versions()
    _create_earlier_requests()
    _create_edit_proposals()
    _create_operator_acts()
    _create_bundles()
    _create_bundle_items()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("deliveries", "version")


def _text(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), primary_key=True, nullable=False)


def _of(name: str, target: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), sa.ForeignKey(target), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    # Microseconds since 1970, UTC.
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _create_event_versions() -> None:
    op.create_table(
        "event_versions",
        _of("event_id", "events.event_id"),
        _number("version"),
        _bytes("content"),
        *_text("content_sha256"),
        _number("based_on_version"),
        *_text("proposed_by"),
        *_text("approved_by", nullable=True),
        *_text("reason"),
        _instant("created_at"),
        sa.PrimaryKeyConstraint("event_id", "version", name="event_versions_pk"),
    )


def _create_earlier_requests() -> None:
    op.create_table(
        "earlier_requests",
        _key("request_id"),
        _of("delivery_id", "deliveries.delivery_id"),
        _number("version"),
        _instant("replaced_at"),
    )
    op.create_index("earlier_requests_delivery_id", "earlier_requests", ["delivery_id"])


def _create_edit_proposals() -> None:
    op.create_table(
        "edit_proposals",
        _key("proposal_id"),
        _of("event_id", "events.event_id"),
        _of("delivery_id", "deliveries.delivery_id"),
        *_text("scope"),
        _number("based_on_version"),
        _bytes("content"),
        *_text("content_sha256", "reason", "proposed_by"),
        _instant("proposed_at"),
        *_text("state"),
        *_text("decided_by", nullable=True),
        _instant("decided_at", nullable=True),
        *_text("decision_reason", nullable=True),
    )
    op.create_index("edit_proposals_state", "edit_proposals", ["state", "proposed_at"])
    op.create_index("edit_proposals_event_id", "edit_proposals", ["event_id"])


def _create_operator_acts() -> None:
    op.create_table(
        "operator_acts",
        _key("act_id"),
        *_text("request_id", "actor", "act"),
        _of("delivery_id", "deliveries.delivery_id"),
        _of("event_id", "events.event_id"),
        *_text("reason", "asked_sha256", "before_state", "after_state"),
        _number("before_fence"),
        _instant("happened_at"),
        *_text("detail"),
        sa.UniqueConstraint("actor", "request_id", "delivery_id", name="operator_acts_request"),
    )
    op.create_index("operator_acts_delivery_id", "operator_acts", ["delivery_id", "happened_at"])


def _create_bundles() -> None:
    op.create_table(
        "bundles",
        _key("bundle_id"),
        *_text("destination"),
        _instant("created_at"),
        *_text("created_by", "request_id", "asked_sha256", "reason", "file_sha256"),
        _bytes("file"),
        *_text("state"),
        _instant("closed_at", nullable=True),
        sa.UniqueConstraint("created_by", "request_id", name="bundles_request"),
    )
    op.create_index("bundles_created_at", "bundles", ["created_at"])


def _create_bundle_items() -> None:
    op.create_table(
        "bundle_items",
        _of("bundle_id", "bundles.bundle_id"),
        _number("ordinal"),
        _of("delivery_id", "deliveries.delivery_id"),
        _of("event_id", "events.event_id"),
        *_text("request_id"),
        _instant("due_at"),
        *_text("file_name", "sha256", "facts_used"),
        *_text("result", "reference", "refusal", "brought_by", nullable=True),
        _instant("settled_at", nullable=True),
        sa.PrimaryKeyConstraint("bundle_id", "ordinal", name="bundle_items_pk"),
        sa.UniqueConstraint("bundle_id", "delivery_id", name="bundle_items_delivery"),
    )
    op.create_index("bundle_items_delivery_id", "bundle_items", ["delivery_id"])
