"""The inbox of questions looks for deliveries in doubt: an index for them alone. Nothing else changes."""

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    in_doubt = sa.text("state = 'unknown'")
    op.create_index(
        "queue_jobs_unknown", "queue_jobs", ["sequence"], sqlite_where=in_doubt, postgresql_where=in_doubt
    )


def downgrade() -> None:
    op.drop_index("queue_jobs_unknown", "queue_jobs")
