"""Declarations: dossiers handed in before their registration. Only a new table."""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "declarations",
        sa.Column("event_id", sa.Text(), sa.ForeignKey("events.event_id"), primary_key=True, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("registered_event_id", sa.Text(), nullable=True),
        sa.Column("problems", sa.Text(), nullable=False),
        # Microseconds since 1970, UTC.
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
    )
    unfinished, named = sa.text("state <> 'registered'"), sa.text("registered_event_id IS NOT NULL")
    op.create_index(
        "declarations_unfinished",
        "declarations",
        ["state", "event_id"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
    op.create_index(
        "declarations_registered_event_id",
        "declarations",
        ["registered_event_id"],
        sqlite_where=named,
        postgresql_where=named,
    )


def downgrade() -> None:
    op.drop_table("declarations")
