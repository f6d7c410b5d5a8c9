"""Replays: one act on many deliveries, with a ledger and a history. Only new tables."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

TABLES = ("replays", "replay_items", "replay_changes")


def upgrade() -> None:
    _create_replays()
    _create_replay_items()
    _create_replay_changes()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _text(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _of(name: str, target: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), sa.ForeignKey(target), nullable=False)


def _numbers(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=nullable) for name in names]


def _wide(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    # Microseconds since 1970, UTC.
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _create_replays() -> None:
    op.create_table(
        "replays",
        sa.Column("replay_id", sa.Text(), primary_key=True, nullable=False),
        *_text("act", "selection", "limits", "reason", "scope", "created_by"),
        _instant("created_at"),
        *_text("request_id", "asked_sha256", "state"),
        _wide("selected_up_to"),
        *_numbers("items", "step", "rung"),
        *_text("stopped_because", "started_by", nullable=True),
        _instant("started_at", nullable=True),
        *_text("start_request_id", nullable=True),
        _instant("finished_at", nullable=True),
        sa.Column("is_driven", sa.Boolean(), nullable=False),
        *_text("driver", nullable=True),
        _instant("driven_until", nullable=True),
        _wide("fence"),
        sa.UniqueConstraint("created_by", "request_id", name="replays_request"),
    )
    op.create_index("replays_created_at", "replays", ["created_at"])
    driven = sa.text("is_driven")
    op.create_index("replays_driven", "replays", ["created_at"], sqlite_where=driven, postgresql_where=driven)


def _create_replay_items() -> None:
    op.create_table(
        "replay_items",
        _of("replay_id", "replays.replay_id"),
        *_numbers("ordinal"),
        _of("delivery_id", "deliveries.delivery_id"),
        _of("event_id", "events.event_id"),
        *_text("state"),
        *_numbers("step", nullable=True),
        _instant("acted_at", nullable=True),
        *_text("track", "carrier_id", "result", nullable=True),
        _instant("settled_at", nullable=True),
        sa.PrimaryKeyConstraint("replay_id", "ordinal", name="replay_items_pk"),
        sa.UniqueConstraint("replay_id", "delivery_id", name="replay_items_delivery"),
    )
    op.create_index("replay_items_state", "replay_items", ["replay_id", "state", "ordinal"])
    op.create_index("replay_items_counts", "replay_items", ["replay_id", "step", "state", "result"])
    op.create_index("replay_items_delivery_id", "replay_items", ["delivery_id"])
    op.create_index("replay_items_carrier_id", "replay_items", ["carrier_id"])


def _create_replay_changes() -> None:
    op.create_table(
        "replay_changes",
        _of("replay_id", "replays.replay_id"),
        *_numbers("number"),
        *_text("change", "who", "reason"),
        _instant("happened_at"),
        sa.PrimaryKeyConstraint("replay_id", "number", name="replay_changes_pk"),
    )
