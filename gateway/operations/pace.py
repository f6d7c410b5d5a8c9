"""How each destination is paced at this moment: breaker, window, rate, maintenance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.model.clock import Clock
from gateway.model.ids import Destination
from gateway.model.pace import Pace, pace_of
from gateway.storage.ports import Database
from retry_queue.admission import Pacing
from retry_queue.job import Lane
from retry_queue.store import Lanes

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class PaceReader(Generic[TransactionT]):
    """Reads in one consistent view."""

    database: Database[TransactionT]
    lanes: Lanes[TransactionT]
    pacing: Mapping[Destination, Pacing]
    clock: Clock

    def read(self) -> Sequence[Pace]:
        """One for each destination."""
        now = self.clock()
        with self.database.read() as transaction:
            return [
                pace_of(self.lanes.get_lane(transaction, Lane(destination.value)), pacing, now)
                for destination, pacing in self.pacing.items()
            ]
