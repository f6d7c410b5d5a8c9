"""What operators do with a whole destination: stop it, and let it go on after the cause is mended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.model.ids import Destination
from gateway.observability.logging import get_log
from gateway.operations.acts import HELD_BY_OPERATOR
from gateway.storage.ports import Database
from retry_queue.breaker import held, released
from retry_queue.job import Lane
from retry_queue.store import LaneHealth, Lanes

TransactionT = TypeVar("TransactionT")

log = get_log("operations.destination_acts")


@dataclass(frozen=True, slots=True)
class DestinationActs(Generic[TransactionT]):
    """The deliveries themselves stay as they are, in order, with their due times."""

    database: Database[TransactionT]
    lanes: Lanes[TransactionT]
    on_moved: Callable[[], None]

    def release(self, destination: Destination, who: str) -> LaneHealth:
        """Start afresh: no hold, breaker closed."""
        return self._act(destination, "released", who, lambda health: released(health.lane))

    def hold(self, destination: Destination, who: str) -> LaneHealth:
        """Nothing more goes to this destination until somebody releases it."""
        return self._act(destination, "held", who, lambda health: held(health, HELD_BY_OPERATOR))

    def _act(
        self,
        destination: Destination,
        what: str,
        who: str,
        change: Callable[[LaneHealth], LaneHealth],
    ) -> LaneHealth:
        with self.database.write() as transaction:
            after = change(self.lanes.lock_lane(transaction, Lane(destination.value)))
            self.lanes.put_lane(transaction, after)
        log.warning("destination.act", destination=destination.value, state=what, client_id=who)
        self.on_moved()
        return after
