"""Every store of nonces keeps these."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.model.ids import ClientId
from gateway.storage.memory.nonces import MemoryNonces
from gateway.storage.nonce_ports import Nonces
from gateway.storage.ports import Database
from gateway.storage.sql.nonces import SqlNonces
from retry_queue.memory.transactions import MemoryTransactions
from tests.support.database import emptied, opened, sqlite_url
from tests.support.submissions import RECEIVED_AT

LATER = RECEIVED_AT + timedelta(minutes=10)
OFFICE, OTHER = ClientId("office"), ClientId("other")
Kept = tuple[Database[Any], Nonces[Any]]


@contextmanager
def _on_sql(url: str) -> Iterator[Kept]:
    with opened(url) as database:
        yield database, SqlNonces()


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    match request.param:
        case "memory":
            yield MemoryTransactions(), MemoryNonces()
        case "sqlite":
            with _on_sql(sqlite_url(tmp_path)) as sqlite:
                yield sqlite
        case "postgres":
            with _on_sql(emptied(request.getfixturevalue("postgres_url"))) as postgres:
                yield postgres


def _use(kept: Kept, nonce: str = "n", client: ClientId = OFFICE, *, late: bool = False) -> bool:
    database, nonces = kept
    now = LATER if late else RECEIVED_AT
    with database.write() as transaction:
        return nonces.use(transaction, client, nonce, now + timedelta(minutes=10), now)


def test_a_nonce_is_used_once(kept: Kept) -> None:
    assert [_use(kept), _use(kept), _use(kept)] == [True, False, False]


def test_two_clients_may_have_the_same_nonce(kept: Kept) -> None:
    assert _use(kept)
    assert _use(kept, client=OTHER)
    assert _use(kept, nonce="m")


def test_what_has_expired_is_forgotten(kept: Kept) -> None:
    assert _use(kept)
    assert _use(kept, late=True)
    assert not _use(kept, late=True)


def test_a_use_that_was_rolled_back_never_happened(kept: Kept) -> None:
    database, nonces = kept
    with pytest.raises(ZeroDivisionError), database.write() as transaction:  # noqa: PT012 - the use is undone by it
        nonces.use(transaction, OFFICE, "n", LATER, RECEIVED_AT)
        raise ZeroDivisionError
    assert _use(kept)
