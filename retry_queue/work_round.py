"""One round of a worker: claim, attempt, record. No thread and no clock of its own in here.

    claim ──► attempt ──► announce: "about to send" is on disk ──► the destination ──► record

What several threads want at the same time (a claim, an announcement, an outcome) is done in one transaction
(`together`); when one of them spoils it, each is done alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

from retry_queue.admission import Lesson
from retry_queue.errors import LeaseLost
from retry_queue.handler import Handler, RecordsTogether
from retry_queue.job import Lease
from retry_queue.lane_door import LaneDoor
from retry_queue.lane_settings import LaneSettings, Surroundings
from retry_queue.store import LaneHealth, Store
from retry_queue.together import Together
from retry_queue.under_way import UnderWay
from retry_queue.verdict import Decision

__all__ = ["LaneSettings", "Surroundings", "WorkRound"]

AttemptT = TypeVar("AttemptT")
TransactionT = TypeVar("TransactionT")
WishT = TypeVar("WishT")
ResultT = TypeVar("ResultT")

_A_MOMENT = 0.001
"""Instants are whole microseconds, waits are not: rather wake a little late than in vain."""
_EXTEND_BELOW_SHARE = 0.75
"""A lease with less than this share left is renewed before sending, and by the heart-beat."""


@dataclass(frozen=True, slots=True)
class _Announcement(Generic[TransactionT]):
    """A lease whose message is about to leave."""

    lease: Lease
    note: Callable[[TransactionT], None] | None


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[AttemptT]):
    """A lease whose attempt has ended."""

    lease: Lease
    attempt: AttemptT
    started_at: datetime
    ended_at: datetime


Recorded = tuple[Decision, LaneHealth]


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
        self._under_way = UnderWay()
        self._door = LaneDoor(store, settings, self._under_way)
        flag, most = surroundings.timing.flag, settings.together_max
        self._claims: Together[str, Sequence[Lease]] = Together(self._claim_all, flag, most)
        self._announcements: Together[_Announcement[TransactionT], None] = Together(
            self._announce_all, flag, most
        )
        self._outcomes: Together[_Outcome[AttemptT], Recorded] = Together(self._record_all, flag, most)

    def claim(self, worker: str) -> Sequence[Lease]:
        """As much as the lane lets through, most urgent first; a half-open lane gives one probe."""
        return self._claims(worker)

    def work_off(self, leases: Sequence[Lease]) -> None:
        """One after another; what the lane no longer lets through, or a stop leaves over, is given back."""
        for index, lease in enumerate(leases):
            if self._is_stopping():
                self._give_back(leases[index:])
                return
            try:
                goes_on = self._do(lease)
            finally:
                self._under_way.drop((lease,))
            if not goes_on:
                self._give_back(leases[index + 1 :])
                return

    def beat(self) -> None:
        """Keep the leases of the attempts under way; a stuck one is left to run out, then asked about."""
        now, settings = self._around.clock(), self._settings
        leases = self._under_way.ending(
            before=now + settings.lease_time * _EXTEND_BELOW_SHARE,
            begun_after=now
            - settings.lease_time * max(1.0, settings.attempt_seconds_max / settings.lease_seconds),
        )
        if not leases:
            return
        until = now + settings.lease_time
        with self._store.write() as transaction:
            lost = self._store.extend_all(transaction, leases, until, now)
        self._under_way.extended(leases, until)
        self._under_way.drop(lost)
        for lease in lost:
            self._around.on_error(LeaseLost(lease.job.job_id))

    @property
    def is_limited(self) -> bool:
        """Whether an attempt that has ended makes room for another thread's."""
        return self._door.is_limited

    def idle_seconds(self) -> float:
        """How long a thread that found nothing sleeps: until time alone may bring something, or a poll."""
        # Spread over half to one and a half, so that idle threads and processes do not look in step.
        poll = self._settings.idle_poll_seconds * (0.5 + self._around.random())
        now = self._around.clock()
        again_at = self._door.look_again_at(now)
        if again_at is None or again_at <= now:
            return poll  # time has opened the door already, and still nothing was found
        return min(poll, (again_at - now).total_seconds() + _A_MOMENT)

    def _claim_all(self, workers: Sequence[str]) -> Sequence[Sequence[Lease]]:
        """The most urgent are dealt out, one to each, before anybody gets a second."""
        now = self._around.clock()
        until = now + self._settings.lease_time
        with self._store.write() as transaction:
            leases = self._door.claim(transaction, workers[0], len(workers), now, until)
        self._under_way.add(leases, now, until)
        return [leases[index :: len(workers)] for index in range(len(workers))]

    def _do(self, lease: Lease) -> bool:
        """One attempt; says whether the lane lets more through."""
        started_at = self._around.clock()
        try:
            attempt = self._handler.attempt(lease, partial(self._announce, lease))
        except LeaseLost as error:
            self._around.on_error(error)
            return True
        except Exception as error:  # noqa: BLE001  # a handler's slip must not end the thread; the lease runs out
            self._around.on_error(error)
            self._pause(self._settings.error_pause_seconds)
            return True
        return self._record(_Outcome(lease, attempt, started_at, self._around.clock()))

    def _announce(self, lease: Lease, note: Callable[[TransactionT], None] | None = None) -> None:
        """Committed before the first byte leaves. Raises `LeaseLost`."""
        self._announcements(_Announcement(lease, note))

    def _announce_all(self, wishes: Sequence[_Announcement[TransactionT]]) -> Sequence[Exception | None]:
        return self._all_or_each(wishes, self._announce_together)

    def _announce_together(
        self, transaction: TransactionT, wishes: Sequence[_Announcement[TransactionT]]
    ) -> Sequence[Exception | None]:
        """Leases that have become short are renewed by the way; who has lost its lease sends nothing."""
        now, lease_time = self._around.clock(), self._settings.lease_time
        leases = [wish.lease for wish in wishes]
        least = lease_time * _EXTEND_BELOW_SHARE
        short = [lease for lease in leases if self._under_way.is_short(lease, now, least)]
        lost = {
            each.job.sequence for each in self._store.extend_all(transaction, short, now + lease_time, now)
        }
        lost |= {each.job.sequence for each in self._store.mark_all_maybe_sent(transaction, leases, now)}
        for wish in wishes:
            if wish.note is not None and wish.lease.job.sequence not in lost:
                wish.note(transaction)
        return [LeaseLost(each.job.job_id) if each.job.sequence in lost else None for each in leases]

    def _record(self, outcome: _Outcome[AttemptT]) -> bool:
        """Tried again while the storage is away, as long as a lease; then rescued as unknown."""
        lease = outcome.lease
        give_up_at = self._around.clock() + self._settings.lease_time
        while True:
            try:
                decision, health = self._outcomes(outcome)
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
                return self._door.lets_through(health, self._around.clock())

    def _record_all(self, outcomes: Sequence[_Outcome[AttemptT]]) -> Sequence[Recorded | Exception]:
        return self._all_or_each(outcomes, self._record_together)

    def _record_together(
        self, transaction: TransactionT, outcomes: Sequence[_Outcome[AttemptT]]
    ) -> Sequence[Recorded]:
        """Outcomes, jobs and lane in one transaction; raises `LeaseLost` for all if one lease is lost."""
        decisions = self._decided(transaction, [(each.lease, each.attempt) for each in outcomes])
        verdicts = [
            (each.lease, decision.verdict) for each, decision in zip(outcomes, decisions, strict=True)
        ]
        settled = self._store.complete_all(transaction, verdicts, self._around.clock())
        for lease in settled.lost:
            raise LeaseLost(lease.job.job_id)
        lessons = [
            Lesson(decision, each.started_at, each.ended_at)
            for each, decision in zip(outcomes, decisions, strict=True)
        ]
        health = self._door.learn(transaction, lessons)
        return [(decision, health) for decision in decisions]

    def _decided(
        self, transaction: TransactionT, outcomes: Sequence[tuple[Lease, AttemptT]]
    ) -> Sequence[Decision]:
        if len(outcomes) > 1 and isinstance(self._handler, RecordsTogether):
            return self._handler.record_together(transaction, outcomes)
        return [self._handler.record(transaction, lease, attempt) for lease, attempt in outcomes]

    def _give_back(self, leases: Sequence[Lease]) -> None:
        if not leases:
            return
        self._under_way.drop(leases)
        with self._store.write() as transaction:
            settled = self._store.give_back_all(transaction, leases, self._around.clock())
        for lease in settled.lost:
            self._around.on_error(LeaseLost(lease.job.job_id))

    def _all_or_each(
        self,
        wishes: Sequence[WishT],
        do_all: Callable[[TransactionT, Sequence[WishT]], Sequence[ResultT]],
    ) -> Sequence[ResultT | Exception]:
        """In one transaction; if that is spoilt by one of them, each in a transaction of its own."""
        is_open = False
        try:
            with self._store.write() as transaction:
                is_open = True
                return do_all(transaction, wishes)
        except Exception:
            if len(wishes) == 1 or not is_open:
                raise
        return [self._alone(wish, do_all) for wish in wishes]

    def _alone(
        self, wish: WishT, do_all: Callable[[TransactionT, Sequence[WishT]], Sequence[ResultT]]
    ) -> ResultT | Exception:
        try:
            with self._store.write() as transaction:
                return do_all(transaction, (wish,))[0]
        except Exception as error:  # noqa: BLE001  # it is handed to the thread whose wish it was
            return error
