from contextlib import AbstractContextManager

from gateway.errors import StorageUnavailable
from gateway.operations.health import CHORE_FAILURES_MAX, HealthCheck
from gateway.operations.schedule import Chore, Schedule
from gateway.storage.memory.feed import MemoryFeed
from retry_queue.memory.transactions import MemoryTransaction, MemoryTransactions
from tests.support.waiting import wait_for


class GoneDatabase:
    def write(self) -> AbstractContextManager[MemoryTransaction]:
        raise StorageUnavailable(reason="connection_lost")

    def read(self) -> AbstractContextManager[MemoryTransaction]:
        raise StorageUnavailable(reason="connection_lost")


def test_everything_that_works_says_so() -> None:
    check = HealthCheck(MemoryTransactions(), MemoryFeed(), {"intake_writer": lambda: True})
    assert check() == {"database": True, "intake_writer": True}


def test_a_dead_part_is_named() -> None:
    check = HealthCheck(MemoryTransactions(), MemoryFeed(), {"workers.one_stop": lambda: False})
    assert check() == {"database": True, "workers.one_stop": False}


def test_a_database_that_is_gone_is_named_and_raises_nothing() -> None:
    assert HealthCheck(GoneDatabase(), MemoryFeed(), {})() == {"database": False}


def test_a_schedule_that_was_never_started_is_not_alive() -> None:
    schedule = Schedule([Chore("upkeep", 60, lambda: None)])
    check = HealthCheck(MemoryTransactions(), MemoryFeed(), {}, schedule)
    assert check() == {"database": True, "scheduler": False, "chore.upkeep": True}


def test_a_chore_that_keeps_failing_counts_as_dead() -> None:
    def fail() -> None:
        raise RuntimeError("a chore of the test")

    schedule = Schedule([Chore("upkeep", 0.01, fail)])
    schedule.start()
    wait_for(lambda: schedule.failures_in_row["upkeep"] >= CHORE_FAILURES_MAX, "failures in a row")
    check = HealthCheck(MemoryTransactions(), MemoryFeed(), {}, schedule)
    assert not check()["chore.upkeep"]
    schedule.stop()
