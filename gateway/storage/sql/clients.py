"""Clients and tokens on SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exc, insert, select, update

from gateway.errors import ClientNameTaken
from gateway.model.ids import ClientId
from gateway.storage.ports import Client, Role
from gateway.storage.sql.tables import access_tokens, clients
from gateway.storage.stored_forms import texts_from_text, texts_to_text


class SqlClients:
    """Programs that may call us."""

    def insert(self, transaction: Connection, client: Client) -> None:
        """Raises `ClientNameTaken`; the transaction must then be rolled back."""
        row = {
            "client_id": client.client_id,
            "name": client.name,
            "roles": texts_to_text(sorted(role.value for role in client.roles)),
            "authorities": texts_to_text(sorted(client.authorities)),
            "secret_hash": client.secret_hash,
            "created_at": client.created_at,
            "revoked_at": client.revoked_at,
        }
        try:
            transaction.execute(insert(clients).values(row))
        except exc.IntegrityError as error:
            raise ClientNameTaken(name=client.name) from error

    def find(self, transaction: Connection, client_id: ClientId) -> Client | None:
        """Revoked ones too."""
        row = transaction.execute(select(clients).where(clients.c.client_id == client_id)).one_or_none()
        return None if row is None else _client(row)

    def list_all(self, transaction: Connection) -> Sequence[Client]:
        """By name."""
        return [_client(row) for row in transaction.execute(select(clients).order_by(clients.c.name))]

    def revoke(self, transaction: Connection, client_id: ClientId, now: datetime) -> bool:
        """The first revocation counts; its tokens are deleted."""
        ours = clients.c.client_id == client_id
        if transaction.scalar(select(clients.c.client_id).where(ours)) is None:
            return False
        transaction.execute(
            update(clients).where(ours, clients.c.revoked_at.is_(None)).values(revoked_at=now)
        )
        transaction.execute(delete(access_tokens).where(access_tokens.c.client_id == client_id))
        return True

    def put_token(
        self, transaction: Connection, token_sha256: str, client_id: ClientId, expires_at: datetime
    ) -> None:
        """Remember a token by its hash."""
        transaction.execute(
            insert(access_tokens).values(
                token_sha256=token_sha256, client_id=client_id, expires_at=expires_at
            )
        )

    def find_by_token(self, transaction: Connection, token_sha256: str, now: datetime) -> Client | None:
        """None if expired, unknown or revoked."""
        query = (
            select(clients)
            .join(access_tokens, access_tokens.c.client_id == clients.c.client_id)
            .where(
                access_tokens.c.token_sha256 == token_sha256,
                access_tokens.c.expires_at > now,
                clients.c.revoked_at.is_(None),
            )
        )
        row = transaction.execute(query).one_or_none()
        return None if row is None else _client(row)

    def delete_expired_tokens(self, transaction: Connection, now: datetime) -> int:
        """How many went."""
        return transaction.execute(delete(access_tokens).where(access_tokens.c.expires_at <= now)).rowcount


def _client(row: Row[Any]) -> Client:
    return Client(
        client_id=ClientId(row.client_id),
        name=row.name,
        roles=frozenset(Role(role) for role in texts_from_text(row.roles)),
        authorities=frozenset(texts_from_text(row.authorities)),
        secret_hash=row.secret_hash,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
