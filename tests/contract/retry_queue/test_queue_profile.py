"""Every store counts alike for the forecast."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retry_queue.memory_store import MemoryStore
from retry_queue.sql_store import SqlStore
from tests.contract.retry_queue.suite_profile import TestProfile
from tests.support.queue_databases import PostgresTransactions, SqliteTransactions, empty
from tests.support.queue_desk import Desk

__all__ = ["TestProfile"]


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk[Any]]:
    if request.param == "memory":
        yield Desk(MemoryStore())
        return
    transactions = (
        SqliteTransactions(tmp_path / "queue.db")
        if request.param == "sqlite"
        else PostgresTransactions(request.getfixturevalue("postgres_url"))
    )
    store = SqlStore(transactions)
    empty(store)
    yield Desk(store)
    transactions.dispose()
