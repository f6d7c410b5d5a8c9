"""The table of used nonces (WS-Security UsernameToken)."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, Text

from gateway.storage.sql.tables import metadata
from retry_queue.columns import UtcTime

soap_nonces = Table(
    "soap_nonces",
    metadata,
    Column("client_id", Text, nullable=False),
    Column("nonce_sha256", Text, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("client_id", "nonce_sha256", name="soap_nonces_pk"),
    Index("soap_nonces_expires_at", "expires_at"),
)
"""In the database, so that every process of the gateway refuses what one of them has seen."""
