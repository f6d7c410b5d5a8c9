"""One round of a worker: claim, attempt, record. No thread and no clock of its own in here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from retry_queue import breaker
from retry_queue.breaker import Admission, BreakerSettings
from retry_queue.errors import LeaseLost
from retry_queue.handler import Handler
from retry_queue.job import Lane, Lease
from retry_queue.policy import Random
from retry_queue.store import Appetite, LaneHealth, Store
from retry_queue.timing import THREADS, Timing
from retry_queue.verdict import Decision

AttemptT = TypeVar("AttemptT")
TransactionT = TypeVar("TransactionT")

_EXTEND_BELOW_SHARE = 0.75
"""A lease with less than this share left is renewed before sending."""


@dataclass(frozen=True, slots=True)
class LaneSettings:
    """How one lane is worked on by one process."""

    lane: Lane
    threads: int = 1
    lease_seconds: float = 300.0
    """Longer than any attempt can take, or its job is asked about while it is still being sent."""
    claim_limit: int = 1
    """Jobs that a thread takes at once; more saves transactions, less keeps the earliest due first."""
    idle_poll_seconds: float = 1.0
    """How often an idle thread looks by itself."""
    error_pause_seconds: float = 2.0
    """Rest after an error of the storage."""
    breaker: BreakerSettings = field(default_factory=BreakerSettings)


def _nothing(_lease: Lease, _decision: Decision) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a worker takes from outside."""

    clock: Callable[[], datetime]
    """Gives aware UTC times."""
    random: Random
    on_error: Callable[[Exception], None]
    """Told of each error that the worker survives; must not raise."""
    on_recorded: Callable[[Lease, Decision], None] = _nothing
    """Told after each commit of an outcome; must not raise. The place to notify other lanes."""
    timing: Timing = THREADS
    """How to wait and what runs beside; a simulation hands in its own."""


class WorkRound(Generic[AttemptT, TransactionT]):
    """The story of a claim, for one lane."""

    def __init__(
        self,
        store: Store[TransactionT],
        handler: Handler[AttemptT, TransactionT],
        settings: LaneSettings,
        surroundings: Surroundings,
        is_stopping: Callable[[], bool],
        pause: Callable[[float], object],
    ) -> None:
        self._store = store
        self._handler = handler
        self._settings = settings
        self._around = surroundings
        self._is_stopping = is_stopping
        self._pause = pause

    def claim(self, worker: str) -> Sequence[Lease]:
        """As much as the lane lets through; a half-open lane gives one probe, the earliest due."""
        lane, now = self._settings.lane, self._around.clock()
        lease_until = now + self._lease_time()
        with self._store.write() as transaction:
            admitted = breaker.admission(self._store.get_lane(transaction, lane), now)
            if admitted is Admission.NOTHING:
                return ()
            if admitted is Admission.ALL:
                limit = self._settings.claim_limit
                appetite = Appetite(limit, limit)
                return self._store.claim(transaction, lane, worker, appetite, now, lease_until)
            health = self._store.lock_lane(transaction, lane)
            if breaker.admission(health, now) is not Admission.ONE_PROBE:
                return ()  # somebody else was faster
            leases = self._store.claim(transaction, lane, worker, Appetite(1, 1), now, lease_until)
            if leases:
                self._store.put_lane(transaction, breaker.probing(health, now, self._settings.breaker))
            return leases

    def work_off(self, leases: Sequence[Lease]) -> None:
        """One after another; what the lane no longer lets through, or a stop leaves over, is given back."""
        for index, lease in enumerate(leases):
            if self._is_stopping():
                self._give_back(leases[index:])
                return
            if not self._do(lease):
                self._give_back(leases[index + 1 :])
                return

    def _do(self, lease: Lease) -> bool:
        """One attempt; says whether the lane lets more through."""
        try:
            attempt = self._handler.attempt(lease, lambda note=None: self._announce(lease, note))
        except LeaseLost as error:
            self._around.on_error(error)
            return True
        except Exception as error:  # noqa: BLE001  # a handler's slip must not end the thread; the lease runs out
            self._around.on_error(error)
            self._pause(self._settings.error_pause_seconds)
            return True
        return self._record(lease, attempt)

    def _announce(self, lease: Lease, note: Callable[[TransactionT], None] | None) -> None:
        """Committed before the first byte leaves; a lease that has become short is renewed by the way."""
        now = self._around.clock()
        until = lease.job.lease_until
        with self._store.write() as transaction:
            if until is None or until - now < self._lease_time() * _EXTEND_BELOW_SHARE:
                self._store.extend(transaction, lease, now + self._lease_time(), now)
            self._store.mark_maybe_sent(transaction, lease, now)
            if note is not None:
                note(transaction)

    def _record(self, lease: Lease, attempt: AttemptT) -> bool:
        """Tried again while the storage is away, as long as a lease; then rescued as unknown."""
        give_up_at = self._around.clock() + self._lease_time()
        while True:
            try:
                decision, health = self._record_once(lease, attempt)
            except LeaseLost as error:
                self._around.on_error(error)
                return True
            except Exception as error:  # noqa: BLE001  # whatever the database throws, the outcome is still in our hands
                self._around.on_error(error)
                if self._is_stopping() or self._around.clock() >= give_up_at:
                    return True
                self._pause(self._settings.error_pause_seconds)
            else:
                self._around.on_recorded(lease, decision)
                return breaker.admission(health, self._around.clock()) is Admission.ALL

    def _record_once(self, lease: Lease, attempt: AttemptT) -> tuple[Decision, LaneHealth]:
        """Outcome, job and lane in one transaction."""
        now = self._around.clock()
        with self._store.write() as transaction:
            decision = self._handler.record(transaction, lease, attempt)
            self._store.complete(transaction, lease, decision.verdict, now)
            return decision, self._learn(transaction, decision, now)

    def _learn(self, transaction: TransactionT, decision: Decision, now: datetime) -> LaneHealth:
        """A success on a healthy lane writes nothing."""
        lane, settings = self._settings.lane, self._settings.breaker
        known = self._store.get_lane(transaction, lane)
        if breaker.learnt(known, decision, now, settings) == known:
            return known
        locked = self._store.lock_lane(transaction, lane)
        after = breaker.learnt(locked, decision, now, settings)
        if after != locked:
            self._store.put_lane(transaction, after)
        return after

    def _give_back(self, leases: Sequence[Lease]) -> None:
        if not leases:
            return
        now = self._around.clock()
        with self._store.write() as transaction:
            for lease in leases:
                self._store.give_back(transaction, lease, now)

    def _lease_time(self) -> timedelta:
        return timedelta(seconds=self._settings.lease_seconds)
