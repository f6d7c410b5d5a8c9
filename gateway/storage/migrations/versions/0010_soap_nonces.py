"""Used nonces of the SOAP security header. Only a new table."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "soap_nonces",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("nonce_sha256", sa.Text(), nullable=False),
        # Microseconds since 1970, UTC.
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "nonce_sha256", name="soap_nonces_pk"),
    )
    op.create_index("soap_nonces_expires_at", "soap_nonces", ["expires_at"])


def downgrade() -> None:
    op.drop_table("soap_nonces")
