"""Clients and tokens in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from gateway.errors import ClientNameTaken
from gateway.model.ids import ClientId
from gateway.storage.ports import Client
from retry_queue.memory.transactions import MemoryTransaction


class MemoryClients:
    """Programs that may call us."""

    def __init__(self) -> None:
        self._clients: dict[ClientId, Client] = {}
        self._tokens: dict[str, tuple[ClientId, datetime]] = {}

    def insert(self, transaction: MemoryTransaction, client: Client) -> None:
        """Raises `ClientNameTaken`."""
        if any(client.name == other.name for other in self._clients.values()):
            raise ClientNameTaken(name=client.name)
        transaction.put(self._clients, client.client_id, client)

    def find(self, transaction: MemoryTransaction, client_id: ClientId) -> Client | None:
        """Revoked ones too."""
        transaction.require_open()
        return self._clients.get(client_id)

    def list_all(self, transaction: MemoryTransaction) -> Sequence[Client]:
        """By name."""
        transaction.require_open()
        return sorted(self._clients.values(), key=lambda client: client.name)

    def revoke(self, transaction: MemoryTransaction, client_id: ClientId, now: datetime) -> bool:
        """The first revocation counts; its tokens are deleted."""
        client = self._clients.get(client_id)
        if client is None:
            return False
        if client.revoked_at is None:
            transaction.put(self._clients, client_id, replace(client, revoked_at=now))
        for token in [token for token, (owner, _) in self._tokens.items() if owner == client_id]:
            transaction.drop(self._tokens, token)
        return True

    def put_token(
        self, transaction: MemoryTransaction, token_sha256: str, client_id: ClientId, expires_at: datetime
    ) -> None:
        """Remember a token by its hash."""
        transaction.put(self._tokens, token_sha256, (client_id, expires_at))

    def find_by_token(
        self, transaction: MemoryTransaction, token_sha256: str, now: datetime
    ) -> Client | None:
        """None if expired, unknown or revoked."""
        transaction.require_open()
        client_id, expires_at = self._tokens.get(token_sha256, (ClientId(""), now))
        client = self._clients.get(client_id)
        if client is None or client.revoked_at is not None or expires_at <= now:
            return None
        return client

    def delete_expired_tokens(self, transaction: MemoryTransaction, now: datetime) -> int:
        """How many went."""
        expired = [token for token, (_, expires_at) in self._tokens.items() if expires_at <= now]
        for token in expired:
            transaction.drop(self._tokens, token)
        return len(expired)
