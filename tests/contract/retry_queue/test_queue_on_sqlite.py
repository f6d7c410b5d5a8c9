"""The SQL store passes the suite on an SQLite file."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from retry_queue.sql_store import SqlStore
from tests.contract.retry_queue.suite_jobs import (
    TestLanesAndReading,
    TestLeases,
    TestOperations,
    TestRollback,
    TestVerdicts,
)
from tests.contract.retry_queue.suite_limited_stock import TestLimitedStock
from tests.contract.retry_queue.suite_order import TestClaim, TestGates, TestKeys
from tests.contract.retry_queue.suite_pacing import TestPacing, TestTogether
from tests.contract.retry_queue.suite_races import TestRaces
from tests.contract.retry_queue.suite_stock import TestStock
from tests.contract.retry_queue.suite_tracks import TestChangeOfTrack
from tests.contract.retry_queue.suite_urgency import TestBatches, TestBulk, TestRerank, TestUrgency
from tests.contract.retry_queue.suite_workers import TestWorkers
from tests.support.queue_databases import SqliteTransactions, empty
from tests.support.queue_desk import Desk

__all__ = [
    "TestBatches",
    "TestBulk",
    "TestChangeOfTrack",
    "TestClaim",
    "TestGates",
    "TestKeys",
    "TestLanesAndReading",
    "TestLeases",
    "TestLimitedStock",
    "TestOperations",
    "TestPacing",
    "TestRaces",
    "TestRerank",
    "TestRollback",
    "TestStock",
    "TestTogether",
    "TestUrgency",
    "TestVerdicts",
    "TestWorkers",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    path = tmp_path_factory.mktemp("queue") / "queue.db"
    transactions = SqliteTransactions(path)
    yield SqlStore(transactions)
    transactions.dispose()


@pytest.fixture
def desk(store: SqlStore) -> Desk[Connection]:
    empty(store)
    return Desk(store)
