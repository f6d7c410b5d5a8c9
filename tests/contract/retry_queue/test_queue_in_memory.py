"""The memory store passes the suite."""

import pytest

from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.memory_store import MemoryStore
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


@pytest.fixture
def desk() -> Desk[MemoryTransaction]:
    return Desk(MemoryStore())
