"""Who speaks over SOAP: passwords in clear, and digests of passwords that are derived and stored nowhere."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Final, Generic, TypeVar

from gateway.model.ids import ClientId
from gateway.operations.clients import hash_secret, verify_secret
from gateway.storage.nonce_ports import Nonces
from gateway.storage.ports import Client, Clients, Database

TransactionT = TypeVar("TransactionT")

_PURPOSE: Final = b"hotich-gateway SOAP password 1"
_TRUSTED_MAX: Final = 10_000


class TokenFault(StrEnum):
    """Why a token is not believed; the values are problem codes."""

    WRONG = "soap_authentication_failed"
    STALE = "soap_message_stale"
    REPLAYED = "soap_nonce_replayed"


@dataclass(frozen=True, slots=True)
class UsernameToken:
    """What a security header says (WS-Security UsernameToken Profile 1.1)."""

    username: str
    password: str = field(repr=False)
    is_digest: bool
    nonce: bytes | None = field(repr=False)
    created_text: str | None
    """As it was written: the digest is made of it."""
    created: datetime | None


def soap_password(key: str, client: Client) -> str:
    """A client's SOAP password: the same on every machine that holds the key, another for every client.

    The hash of its ordinary secret goes in, so that a client registered anew also gets a new SOAP password.
    """
    text = b"\0".join((_PURPOSE, client.client_id.encode(), client.secret_hash.encode()))
    noise = hmac.new(key.encode(), text, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(noise).rstrip(b"=").decode()


def password_digest(nonce: bytes, created: str, password: str) -> str:
    """Base64 of SHA-1 of nonce, time and password; SHA-1 is the profile's word, not our choice."""
    digest = hashlib.sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


class SoapAccess(Generic[TransactionT]):
    """Recognises the clients behind security headers."""

    def __init__(
        self,
        database: Database[TransactionT],
        clients: Clients[TransactionT],
        nonces: Nonces[TransactionT],
        key: str | None,
        tolerance_seconds: float,
        trust_seconds: float,
    ) -> None:
        self._database = database
        self._clients = clients
        self._nonces = nonces
        self._key = key
        self._tolerance = timedelta(seconds=tolerance_seconds)
        self._trust = timedelta(seconds=trust_seconds)
        self._trusted: dict[str, datetime] = {}

    def __call__(self, token: UsernameToken, now: datetime) -> Client | TokenFault:
        """The client, or why not. Order matters: only who knows the password learns that a nonce was used."""
        if token.created is not None and abs(token.created - now) > self._tolerance:
            return TokenFault.STALE
        with self._database.read() as transaction:
            client = self._clients.find(transaction, ClientId(token.username))
        believed = (
            self._knows_digest(client, token) if token.is_digest else self._knows_text(client, token, now)
        )
        if client is None or client.revoked_at is not None or not believed:
            return TokenFault.WRONG
        if token.nonce is not None and not self._is_first(client.client_id, token, token.nonce, now):
            return TokenFault.REPLAYED
        return client

    def _knows_digest(self, client: Client | None, token: UsernameToken) -> bool:
        if client is None or self._key is None or token.nonce is None or token.created_text is None:
            return False
        expected = password_digest(token.nonce, token.created_text, soap_password(self._key, client))
        return hmac.compare_digest(expected.encode(), token.password.encode())

    def _knows_text(self, client: Client | None, token: UsernameToken, now: datetime) -> bool:
        """The client's ordinary secret, or its SOAP password: toolkits let people choose the form late."""
        if client is not None and self._key is not None:
            derived = soap_password(self._key, client)
            if hmac.compare_digest(derived.encode(), token.password.encode()):
                return True
        secret_hash = client.secret_hash if client is not None else _nobody()
        remembered = hashlib.sha256(f"{secret_hash}\0{token.password}".encode()).hexdigest()
        if self._trusted.get(remembered, now) > now:
            return True
        if not verify_secret(token.password, secret_hash):
            return False
        if len(self._trusted) >= _TRUSTED_MAX:
            self._trusted.clear()
        self._trusted[remembered] = now + self._trust
        return True

    def _is_first(self, client_id: ClientId, token: UsernameToken, nonce: bytes, now: datetime) -> bool:
        """Remembered until a message of that time would be too old anyway, whichever clock is wrong."""
        expires_at = (token.created or now) + 2 * self._tolerance
        with self._database.write() as transaction:
            return self._nonces.use(
                transaction, client_id, hashlib.sha256(nonce).hexdigest(), expires_at, now
            )


@cache
def _nobody() -> str:
    """Compared with when the client is unknown, so that the answer takes as long."""
    return hash_secret("", b"nobody-has-this-")
