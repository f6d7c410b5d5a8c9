"""Every store of clients keeps these."""

from datetime import timedelta

import pytest

from gateway.errors import ClientNameTaken
from gateway.model.ids import ClientId
from gateway.storage.ports import Client, Role
from tests.contract.storage.conftest import Backend
from tests.support.submissions import RECEIVED_AT

LATER = RECEIVED_AT + timedelta(hours=1)


def _client(name: str = "Bộ phận một cửa") -> Client:
    return Client(
        client_id=ClientId(f"id of {name}"),
        name=name,
        roles=frozenset({Role.SENDER, Role.CONSUMER}),
        authorities=frozenset({"08", "00691"}),
        secret_hash="scrypt$not-a-secret",
        created_at=RECEIVED_AT,
        revoked_at=None,
    )


def _insert(backend: Backend, *clients: Client) -> None:
    with backend.database.write() as transaction:
        for client in clients:
            backend.clients.insert(transaction, client)


def _give_token(backend: Backend, client: Client, token: str = "hash") -> None:
    with backend.database.write() as transaction:
        backend.clients.put_token(transaction, token, client.client_id, LATER)


def test_a_client_comes_back_as_it_was_added(backend: Backend) -> None:
    _insert(backend, _client("b"), _client("a"))
    with backend.database.read() as transaction:
        assert backend.clients.find(transaction, _client("a").client_id) == _client("a")
        assert backend.clients.find(transaction, ClientId("nobody")) is None
        assert [client.name for client in backend.clients.list_all(transaction)] == ["a", "b"]


def test_a_name_is_given_once(backend: Backend) -> None:
    _insert(backend, _client())
    with pytest.raises(ClientNameTaken):
        _insert(backend, _client())


def test_a_token_names_its_client_until_it_expires(backend: Backend) -> None:
    _insert(backend, _client())
    _give_token(backend, _client())
    with backend.database.read() as transaction:
        assert backend.clients.find_by_token(transaction, "hash", RECEIVED_AT) == _client()
        assert backend.clients.find_by_token(transaction, "hash", LATER) is None
        assert backend.clients.find_by_token(transaction, "other", RECEIVED_AT) is None


def test_a_revoked_client_is_still_known_but_its_tokens_are_dead(backend: Backend) -> None:
    _insert(backend, _client())
    _give_token(backend, _client())
    with backend.database.write() as transaction:
        assert backend.clients.revoke(transaction, _client().client_id, RECEIVED_AT)
    _give_token(backend, _client(), token="given just before")
    with backend.database.write() as transaction:
        assert backend.clients.revoke(transaction, _client().client_id, LATER)
        assert not backend.clients.revoke(transaction, ClientId("nobody"), LATER)
    with backend.database.read() as transaction:
        found = backend.clients.find(transaction, _client().client_id)
        assert found is not None
        assert found.revoked_at == RECEIVED_AT
        assert backend.clients.find_by_token(transaction, "hash", RECEIVED_AT) is None
        assert backend.clients.find_by_token(transaction, "given just before", RECEIVED_AT) is None


def test_expired_tokens_are_swept_away(backend: Backend) -> None:
    _insert(backend, _client())
    _give_token(backend, _client())
    with backend.database.write() as transaction:
        assert backend.clients.delete_expired_tokens(transaction, RECEIVED_AT) == 0
        assert backend.clients.delete_expired_tokens(transaction, LATER) == 1
        assert backend.clients.delete_expired_tokens(transaction, LATER) == 0
