"""Recording what attempts came to: many outcomes, their jobs and the lane in one transaction."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from retry_queue.admission import Lesson
from retry_queue.errors import LeaseLost
from retry_queue.handler import Handler, RecordsTogether
from retry_queue.job import Lease
from retry_queue.lane_door import LaneDoor
from retry_queue.lane_settings import LaneSettings, Surroundings
from retry_queue.one_go import LeasesLost, all_or_each
from retry_queue.stock import Ended
from retry_queue.store import LaneHealth, Store
from retry_queue.together import Together
from retry_queue.under_way import UnderWay
from retry_queue.verdict import Decision

AttemptT = TypeVar("AttemptT")
TransactionT = TypeVar("TransactionT")

Recorded = tuple[Decision, LaneHealth]
Results = Sequence[Recorded | Exception]


class Recording(Generic[AttemptT, TransactionT]):
    """Shared by the threads of a lane; those that come at the same time share a transaction."""

    def __init__(
        self,
        store: Store[TransactionT],
        handler: Handler[AttemptT, TransactionT],
        settings: LaneSettings,
        surroundings: Surroundings,
        door: LaneDoor[TransactionT],
        under_way: UnderWay,
    ) -> None:
        self._store = store
        self._handler = handler
        self._settings = settings
        self._around = surroundings
        self._door = door
        self._under_way = under_way
        self._goes: Together[Sequence[Ended[AttemptT]], Results] = Together(
            self._record_all, surroundings.timing.flag, settings.together_max
        )

    def record(
        self,
        ended: Sequence[Ended[AttemptT]],
        is_stopping: Callable[[], bool],
        pause: Callable[[float], object],
    ) -> LaneHealth | None:
        """The lane afterwards; None when none could be recorded.

        Tried again while the storage is away, as long as a lease; then they are rescued as unknown.
        """
        give_up_at = self._around.clock() + self._settings.lease_time
        health: LaneHealth | None = None
        try:
            while ended:
                ended, seen = self._try(ended)
                health = seen or health
                if not ended or is_stopping() or self._around.clock() >= give_up_at:
                    return health
                pause(self._settings.error_pause_seconds)
            return health
        finally:
            self._under_way.drop([each.lease for each in ended])

    def _try(self, ended: Sequence[Ended[AttemptT]]) -> tuple[Sequence[Ended[AttemptT]], LaneHealth | None]:
        """Those that must be tried again, and the lane as seen last."""
        try:
            results = self._goes(ended)
        except Exception as error:  # noqa: BLE001  # whatever the database throws, the outcomes are still in our hands
            self._around.on_error(error)
            return ended, None
        again: list[Ended[AttemptT]] = []
        settled: list[tuple[Lease, Decision]] = []
        health: LaneHealth | None = None
        for each, result in zip(ended, results, strict=True):
            if not isinstance(result, Exception):
                settled.append((each.lease, result[0]))
                health = result[1]
                continue
            self._around.on_error(result)
            if not isinstance(result, LeaseLost):
                again.append(each)
        kept = {id(each) for each in again}
        self._under_way.drop([each.lease for each in ended if id(each) not in kept])
        for lease, decision in settled:
            self._around.on_recorded(lease, decision)
        if settled:
            self._around.after_recorded()
        return again, health

    def _record_all(self, wishes: Sequence[Sequence[Ended[AttemptT]]]) -> Sequence[Results]:
        flat = [each for wish in wishes for each in wish]
        results = iter(all_or_each(self._store, flat, _lease_of, self._record_together))
        return [[next(results) for _ in wish] for wish in wishes]

    def _record_together(
        self, transaction: TransactionT, ended: Sequence[Ended[AttemptT]]
    ) -> Sequence[Recorded]:
        """Outcomes, jobs and lane in one transaction. Raises `LeasesLost`."""
        decisions = self._decided(transaction, [(each.lease, each.attempt) for each in ended])
        verdicts = [(each.lease, decision.verdict) for each, decision in zip(ended, decisions, strict=True)]
        settled = self._store.complete_all(transaction, verdicts, self._around.clock())
        if settled.lost:
            raise LeasesLost(settled.lost)
        lessons = [
            Lesson(decision, each.started_at, each.ended_at)
            for each, decision in zip(ended, decisions, strict=True)
        ]
        health = self._door.learn(transaction, lessons)
        return [(decision, health) for decision in decisions]

    def _decided(
        self, transaction: TransactionT, outcomes: Sequence[tuple[Lease, AttemptT]]
    ) -> Sequence[Decision]:
        if len(outcomes) > 1 and isinstance(self._handler, RecordsTogether):
            return self._handler.record_together(transaction, outcomes)
        return [self._handler.record(transaction, lease, attempt) for lease, attempt in outcomes]


def _lease_of(ended: Ended[AttemptT]) -> Lease:
    return ended.lease
