"""Whether this process can do its work: part by part, yes or no, and nothing that is secret."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.errors import StorageUnavailable
from gateway.operations.schedule import Schedule
from gateway.storage.ports import Database, Feed

TransactionT = TypeVar("TransactionT")

CHORE_FAILURES_MAX = 5
"""A chore that has failed so often in a row counts as dead; once or twice is the database restarting."""


@dataclass(frozen=True, slots=True)
class HealthCheck(Generic[TransactionT]):
    """Asks each part; the parts of roles that this process does not play are not named."""

    database: Database[TransactionT]
    feed: Feed[TransactionT]
    parts: Mapping[str, Callable[[], bool]]
    """Threads and the like that must be alive, e.g. `intake_writer`, `workers.one_stop`."""
    schedule: Schedule | None = None

    def __call__(self) -> Mapping[str, bool]:
        """Part -> whether it works."""
        return {
            "database": self._database_answers(),
            **{name: is_alive() for name, is_alive in self.parts.items()},
            **self._schedule(),
        }

    def _database_answers(self) -> bool:
        try:
            with self.database.read() as transaction:
                self.feed.last_position(transaction)
        except StorageUnavailable:
            return False
        return True

    def _schedule(self) -> Mapping[str, bool]:
        if self.schedule is None:
            return {}
        failures = self.schedule.failures_in_row.items()
        chores = {f"chore.{name}": count < CHORE_FAILURES_MAX for name, count in failures}
        return {"scheduler": self.schedule.is_alive, **chores}
