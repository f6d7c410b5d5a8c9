"""Clients and their tokens: made here, checked here, kept only as hashes."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Generic, TypeVar

from gateway.errors import ClientNotFound
from gateway.model.ids import ClientId, RandomBytes
from gateway.storage.ports import Client, Clients, Database, Role

TransactionT = TypeVar("TransactionT")

SECRET_BYTES = 32
TOKEN_BYTES = 32
SALT_BYTES = 16
_SCRYPT_COST = 2**14
_SCRYPT_BLOCK = 8


@dataclass(frozen=True, slots=True)
class NewClient:
    """What is told once and never again."""

    client_id: ClientId
    client_secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"NewClient(client_id={self.client_id!r})"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A bearer token as handed out."""

    token: str
    expires_at: datetime

    def __repr__(self) -> str:
        """Without the token."""
        return f"NewToken(expires_at={self.expires_at!r})"


class ClientRegister(Generic[TransactionT]):
    """Registers clients, gives tokens and recognises them."""

    def __init__(
        self,
        database: Database[TransactionT],
        clients: Clients[TransactionT],
        random_bytes: RandomBytes,
        token_seconds: float,
    ) -> None:
        self._database = database
        self._clients = clients
        self._random_bytes = random_bytes
        self._token_seconds = token_seconds

    def add(self, name: str, authorities: frozenset[str], roles: frozenset[Role], now: datetime) -> NewClient:
        """Register a client. Raises `ClientNameTaken`."""
        new = NewClient(
            client_id=ClientId("hotich-" + self._random_bytes(8).hex()),
            client_secret=_text_of(self._random_bytes(SECRET_BYTES)),
        )
        client = Client(
            client_id=new.client_id,
            name=name,
            roles=roles,
            authorities=authorities,
            secret_hash=hash_secret(new.client_secret, self._random_bytes(SALT_BYTES)),
            created_at=now,
            revoked_at=None,
        )
        with self._database.write() as transaction:
            self._clients.insert(transaction, client)
        return new

    def list_all(self) -> list[Client]:
        """By name, revoked ones too."""
        with self._database.read() as transaction:
            return list(self._clients.list_all(transaction))

    def get(self, client_id: ClientId) -> Client:
        """Revoked ones too. Raises `ClientNotFound`."""
        with self._database.read() as transaction:
            client = self._clients.find(transaction, client_id)
        if client is None:
            raise ClientNotFound(client_id=client_id)
        return client

    def revoke(self, client_id: ClientId, now: datetime) -> None:
        """End a client and its tokens. Raises `ClientNotFound`."""
        with self._database.write() as transaction:
            if not self._clients.revoke(transaction, client_id, now):
                raise ClientNotFound(client_id=client_id)

    def give_token(self, client_id: ClientId, client_secret: str, now: datetime) -> NewToken | None:
        """A token for a client that knows its secret; None for anybody else, after the same work."""
        with self._database.read() as transaction:
            client = self._clients.find(transaction, client_id)
        expected = client.secret_hash if client is not None else _nobody()
        if not verify_secret(client_secret, expected) or client is None or client.revoked_at is not None:
            return None
        token = NewToken(
            _text_of(self._random_bytes(TOKEN_BYTES)), now + timedelta(seconds=self._token_seconds)
        )
        with self._database.write() as transaction:
            self._clients.put_token(transaction, token_hash(token.token), client_id, token.expires_at)
        return token

    def find_by_token(self, token: str, now: datetime) -> Client | None:
        """Whose token this is, if it is still good."""
        with self._database.read() as transaction:
            return self._clients.find_by_token(transaction, token_hash(token), now)

    def forget_expired(self, now: datetime) -> int:
        """Housekeeping: how many expired tokens were deleted."""
        with self._database.write() as transaction:
            return self._clients.delete_expired_tokens(transaction, now)


def hash_secret(secret: str, salt: bytes) -> str:
    """The scrypt hash of a secret with its salt, as text."""
    digest = hashlib.scrypt(secret.encode(), salt=salt, n=_SCRYPT_COST, r=_SCRYPT_BLOCK, p=1, dklen=32)
    return f"scrypt${salt.hex()}${digest.hex()}"


def verify_secret(secret: str, secret_hash: str) -> bool:
    """Compare in constant time."""
    salt = bytes.fromhex(secret_hash.split("$")[1])
    return hmac.compare_digest(hash_secret(secret, salt), secret_hash)


def token_hash(token: str) -> str:
    """What is stored instead of the token; a random token of 256 bits needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def _text_of(noise: bytes) -> str:
    return urlsafe_b64encode(noise).rstrip(b"=").decode()


@cache
def _nobody() -> str:
    """Compared with when the client is unknown, so that the answer takes as long."""
    return hash_secret("", b"nobody-has-this-")
