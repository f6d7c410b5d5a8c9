"""Who is believed over SOAP: digests of derived passwords, passwords in clear, times and nonces."""

import base64
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from gateway.model.ids import ClientId
from gateway.operations.clients import ClientRegister
from gateway.operations.soap_access import (
    SoapAccess,
    TokenFault,
    UsernameToken,
    password_digest,
    soap_password,
)
from gateway.storage.memory.clients import MemoryClients
from gateway.storage.memory.nonces import MemoryNonces
from gateway.storage.ports import Client, Role
from retry_queue.memory.transactions import MemoryTransaction, MemoryTransactions
from tests.support.submissions import RECEIVED_AT, counted_bytes

KEY = "a key of at least thirty-two characters"
TOLERANCE = timedelta(seconds=300)


@dataclass
class Gate:
    """One client before the gate."""

    database: MemoryTransactions = field(default_factory=MemoryTransactions)
    clients: MemoryClients = field(default_factory=MemoryClients)
    key: str | None = KEY

    def __post_init__(self) -> None:
        self.register: ClientRegister[MemoryTransaction] = ClientRegister(
            self.database, self.clients, counted_bytes(), 60
        )
        self.new = self.register.add("office", frozenset({"08"}), frozenset({Role.SENDER}), RECEIVED_AT)
        self.access = SoapAccess(
            self.database, self.clients, MemoryNonces(), self.key, TOLERANCE.total_seconds(), 5
        )

    @property
    def client(self) -> Client:
        return self.register.get(self.new.client_id)

    def digest(self, nonce: bytes = b"a nonce of ours", late: timedelta = timedelta()) -> UsernameToken:
        """As the client makes it at that time."""
        created = RECEIVED_AT - late
        text = created.strftime("%Y-%m-%dT%H:%M:%SZ")
        return UsernameToken(
            username=self.new.client_id,
            password=password_digest(nonce, text, soap_password(KEY, self.client)),
            is_digest=True,
            nonce=nonce,
            created_text=text,
            created=created,
        )

    def text(self, password: str) -> UsernameToken:
        return UsernameToken(
            self.new.client_id, password, is_digest=False, nonce=None, created_text=None, created=None
        )

    def judge(self, token: UsernameToken) -> Client | TokenFault:
        return self.access(token, RECEIVED_AT)


def test_the_digest_is_the_one_of_the_profile() -> None:
    nonce = base64.b64decode("LKqI6G/AikKCQrN0zqZFlg==")
    assert password_digest(nonce, "2010-09-16T07:50:45Z", "userpassword") == "tuOSpGlFlIXsozq4HFNeeGeFLEI="


def test_a_right_digest_is_believed_once() -> None:
    gate = Gate()
    assert gate.judge(gate.digest()) == gate.client
    assert gate.judge(gate.digest()) is TokenFault.REPLAYED
    assert gate.judge(gate.digest(b"another nonce")) == gate.client


@pytest.mark.parametrize("late", [TOLERANCE + timedelta(seconds=1), -TOLERANCE - timedelta(seconds=1)])
def test_a_message_of_another_time_is_stale(late: timedelta) -> None:
    gate = Gate()
    assert gate.judge(gate.digest(late=late)) is TokenFault.STALE


def test_at_the_edge_of_the_tolerance_it_is_believed_and_still_only_once() -> None:
    gate = Gate()
    early = gate.digest(late=-TOLERANCE)
    assert gate.judge(early) == gate.client
    assert gate.access(early, RECEIVED_AT + 2 * TOLERANCE) is TokenFault.REPLAYED


@pytest.mark.parametrize(
    "change",
    [
        {"password": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {"password": ""},
        {"username": "nobody"},
        {"nonce": b"not the nonce"},
        {"created_text": "2026-11-16T03:00:01Z"},
    ],
)
def test_whatever_is_changed_the_digest_is_wrong(change: dict[str, object]) -> None:
    gate = Gate()
    assert gate.judge(replace(gate.digest(), **change)) is TokenFault.WRONG  # type: ignore[arg-type]  # one of its fields


def test_a_wrong_digest_uses_up_no_nonce() -> None:
    gate = Gate()
    assert gate.judge(replace(gate.digest(), password="wrong")) is TokenFault.WRONG
    assert gate.judge(gate.digest()) == gate.client


def test_the_ordinary_secret_does_for_a_password_in_clear_but_not_for_a_digest() -> None:
    gate = Gate()
    token = gate.digest()
    by_secret = password_digest(token.nonce or b"", token.created_text or "", gate.new.client_secret)
    assert gate.judge(replace(token, password=by_secret)) is TokenFault.WRONG
    assert gate.judge(gate.text(gate.new.client_secret)) == gate.client


def test_the_soap_password_does_in_clear_too() -> None:
    gate = Gate()
    assert gate.judge(gate.text(soap_password(KEY, gate.client))) == gate.client
    assert gate.judge(gate.text("wrong")) is TokenFault.WRONG


def test_a_revoked_client_is_refused_at_once_although_its_password_was_just_believed() -> None:
    gate = Gate()
    assert gate.judge(gate.text(gate.new.client_secret)) == gate.client
    gate.register.revoke(gate.new.client_id, RECEIVED_AT)
    assert gate.judge(gate.text(gate.new.client_secret)) is TokenFault.WRONG
    assert gate.judge(gate.digest()) is TokenFault.WRONG


def test_without_a_key_no_digest_is_believed() -> None:
    gate = Gate(key=None)
    assert gate.judge(gate.digest()) is TokenFault.WRONG
    assert gate.judge(gate.text(gate.new.client_secret)) == gate.client


def test_every_client_and_every_key_has_its_own_password() -> None:
    gate = Gate()
    client = gate.client
    passwords = {
        soap_password(KEY, client),
        soap_password(KEY + "!", client),
        soap_password(KEY, replace(client, client_id=ClientId("other"))),
        soap_password(KEY, replace(client, secret_hash="scrypt$registered$anew")),
    }
    assert len(passwords) == 4
    assert all(len(password) >= 40 for password in passwords)


def test_a_token_never_shows_its_password() -> None:
    gate = Gate()
    assert gate.new.client_secret not in repr(gate.text(gate.new.client_secret))
    assert gate.digest().password not in repr(gate.digest())
