"""What the last answers of a destination were, and when its window was last cut. Only new columns."""

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    # Microseconds since 1970, UTC.
    op.add_column("queue_lanes", sa.Column("window_cut_at", sa.BigInteger()))
    op.add_column(
        "queue_lanes",
        sa.Column("recent_failures", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )


def downgrade() -> None:
    for name in ("recent_failures", "window_cut_at"):
        op.drop_column("queue_lanes", name)
