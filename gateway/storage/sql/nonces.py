"""Used nonces on SQL."""

from datetime import datetime

from sqlalchemy import Connection, delete

from gateway.model.ids import ClientId
from gateway.storage.sql.nonce_tables import soap_nonces
from gateway.storage.sql.statements import insert_missing


class SqlNonces:
    """The primary key decides between two processes that see one nonce at once."""

    def use(
        self,
        transaction: Connection,
        client_id: ClientId,
        nonce_sha256: str,
        expires_at: datetime,
        now: datetime,
    ) -> bool:
        """True the first time."""
        transaction.execute(delete(soap_nonces).where(soap_nonces.c.expires_at <= now))
        row = {"client_id": client_id, "nonce_sha256": nonce_sha256, "expires_at": expires_at}
        written = insert_missing(
            transaction,
            soap_nonces,
            [row],
            ("client_id", "nonce_sha256"),
            returning=soap_nonces.c.nonce_sha256,
        )
        return bool(written)
