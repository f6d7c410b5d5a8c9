"""A lane's door: how much may be claimed, and what attempts teach about the destination, in the storage.

The decisions are those of `admission`; here is only what must be read, locked and written for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from retry_queue import admission
from retry_queue.admission import Lesson, Look, Scene
from retry_queue.job import Lease
from retry_queue.lane_settings import LaneSettings
from retry_queue.store import Appetite, BreakerState, LaneHealth, Store
from retry_queue.under_way import UnderWay

TransactionT = TypeVar("TransactionT")

_ASKED_AT_ONCE = 500
"""More doubts than there can be attempts under way."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Who asks for work."""

    jobs: int
    """What they take, if no limit is in force but that of the process."""
    limited_jobs: int
    """The same under a limit: no more than can be begun, for what lies in reserve counts as under way."""
    each: int
    """Jobs that one of them takes at once."""


class LaneDoor(Generic[TransactionT]):
    """One lane, seen by one process."""

    def __init__(self, store: Store[TransactionT], settings: LaneSettings, under_way: UnderWay) -> None:
        self._store = store
        self._settings = settings
        self._pacing = settings.paces
        self._under_way = under_way
        self._latest = LaneHealth(settings.lane)

    def claim(
        self, transaction: TransactionT, worker: str, hands: Hands, now: datetime, until: datetime
    ) -> Sequence[Lease]:
        """As much as the lane lets through, at most what these threads can do."""
        lane, pacing = self._settings.lane, self._pacing
        health = self._latest = self._store.get_lane(transaction, lane)
        match admission.look(health, pacing, now):
            case Look.NOTHING:
                return ()
            case Look.FREE:
                scene = Scene(health, self._under_way.by_track())
                appetite = admission.appetite(scene, hands.jobs, pacing, now, hands.each)
                return self._store.claim(transaction, lane, worker, appetite, now, until)
            case Look.LIMITED | Look.PROBE:
                return self._claim_limited(transaction, worker, hands.limited_jobs, now, until)

    def learn(self, transaction: TransactionT, lessons: Sequence[Lesson]) -> LaneHealth:
        """A success on a healthy lane writes nothing."""
        lane = self._settings.lane
        known = self._latest = self._store.get_lane(transaction, lane)
        if self._after(known, lessons) == known:
            return known
        locked = self._store.lock_lane(transaction, lane)
        after = self._latest = self._after(locked, lessons)
        if after != locked:
            self._store.put_lane(transaction, after)
        if after.breaker is BreakerState.CLOSED and locked.breaker is not BreakerState.CLOSED:
            # Doubts do not wait for their schedule any more: it was made for a destination that is silent.
            self._store.ask_soon(transaction, lane, lessons[-1].now, _ASKED_AT_ONCE)
        return after

    def surplus(self, health: LaneHealth, now: datetime) -> int:
        """How many of those that this process has under way are more than the lane now lets through."""
        return admission.surplus(health, sum(self._under_way.by_track().values()), self._pacing, now)

    @property
    def is_limited(self) -> bool:
        """Whether an attempt that ends makes room for another one, as far as was seen last."""
        return self._pacing.is_shared or self._latest.window is not None

    def look_again_at(self, now: datetime) -> datetime | None:
        """When time alone may have opened the door, as far as was seen last."""
        return admission.look_again_at(self._latest, self._pacing, now)

    def _claim_limited(
        self, transaction: TransactionT, worker: str, wanted: int, now: datetime, until: datetime
    ) -> Sequence[Lease]:
        """As much as is free: what lies in stock is leased, and so counts as under way with every process."""
        lane, pacing = self._settings.lane, self._pacing
        health = self._latest = self._store.lock_lane(transaction, lane)
        scene = Scene(
            health, self._store.count_leased(transaction, lane), self._nearest(transaction, health, now)
        )
        appetite = admission.appetite(scene, wanted, pacing, now)
        if appetite == Appetite(0, 0):
            return ()
        leases = self._store.claim(transaction, lane, worker, appetite, now, until)
        after = self._latest = admission.claimed(health, len(leases), pacing, now)
        if after != health:
            self._store.put_lane(transaction, after)
        return leases

    def _nearest(self, transaction: TransactionT, health: LaneHealth, now: datetime) -> datetime | None:
        if health.breaker is BreakerState.CLOSED:
            return None
        return self._store.nearest_due(transaction, self._settings.lane, now)

    def _after(self, health: LaneHealth, lessons: Sequence[Lesson]) -> LaneHealth:
        for lesson in lessons:
            health = admission.learnt(health, lesson, self._pacing)
        return health
