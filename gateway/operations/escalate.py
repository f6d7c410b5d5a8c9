"""Steps up the ladder are recorded, notices made and sent; all of it is kept before anybody is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from gateway.model.clock import Clock
from gateway.model.foresight import Channel, Notice, NoticeId, Sending, SendingState, Untold
from gateway.model.ids import DeliveryId
from gateway.observability.logging import get_log
from gateway.operations.escalation import Ladder, Situation, is_quiet, notice_of, sendings_of, transitions
from gateway.storage.foresight_ports import Notices
from gateway.storage.ports import Database
from retry_queue.forecast import Forecast
from retry_queue.job import Lane, Track
from retry_queue.store import BreakerState, Lanes

TransactionT = TypeVar("TransactionT")

BATCH = 250
"""Deliveries recorded or told in one transaction; the one writer of SQLite must stay free for the intake."""
CROSSINGS_MAX = 100_000
"""Deliveries that one climb takes a step with; the rest climb at the next one."""
SENDINGS_MAX = 50

log = get_log("operations.escalate")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel said."""

    is_accepted: bool
    text: str
    """A status or a reply code; never the body of an answer."""


class Announces(Protocol):
    """A way to reach people."""

    def __call__(self, notice: Notice, sending: Sending) -> Answer:
        """Hand it over; a channel that cannot be reached is an answer too."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """When a notice is sent again that was not accepted."""

    schedule_seconds: tuple[float, ...]
    attempts_max: int
    send_seconds: float

    def after(self, sending: Sending, answer: Answer, now: datetime) -> Sending:
        """Accepted, to be tried again, or given up."""
        told = replace(sending, answer=answer.text)
        if answer.is_accepted:
            return replace(told, state=SendingState.ACCEPTED, accepted_at=now, next_attempt_at=None)
        if sending.attempts >= self.attempts_max:
            return replace(told, state=SendingState.GIVEN_UP, next_attempt_at=None)
        step = min(sending.attempts, len(self.schedule_seconds)) - 1
        return replace(told, next_attempt_at=now + timedelta(seconds=self.schedule_seconds[step]))


@dataclass(frozen=True, slots=True)
class Escalator(Generic[TransactionT]):
    """Looks at what runs out of time."""

    database: Database[TransactionT]
    notices: Notices[TransactionT]
    lanes: Lanes[TransactionT]
    ladder: Ladder
    look_ahead: Callable[[], Sequence[Forecast]]
    new_notice_id: Callable[[], NoticeId]
    on_transition: Callable[[str, int], None]
    """Called with destination and rung for each delivery, after the commit."""
    clock: Clock

    def climb(self) -> int:
        """Record every step since the last time, then make the notices; says how many were made."""
        now = self.clock()
        self._record(now)
        return self._tell(now)

    def _record(self, now: datetime) -> None:
        """Looked for once, in a view that holds up nobody; written in short steps."""
        with self.database.read() as transaction:
            planned_until, due_until = now - self.ladder.grace, self.ladder.due_until(now)
            found = self.notices.list_crossings(transaction, due_until, planned_until, CROSSINGS_MAX)
        for start in range(0, len(found), BATCH):
            some = found[start : start + BATCH]
            with self.database.write() as transaction:
                self.notices.lock(transaction)
                written = self.notices.add_marks(transaction, transitions(some, self.ladder, now))
            for mark in written:
                self.on_transition(mark.destination, mark.percent)

    def _tell(self, now: datetime) -> int:
        """A notice is on disk before its deliveries are marked as told: a crash may tell twice, never not."""
        with self.database.read() as transaction:
            due = [
                (untold, self.notices.list_untold_ids(transaction, untold.destination, untold.percent))
                for untold in self._due(transaction, now)
            ]
        if not due:
            return 0
        breaches = {each.lane: each.first_breach_at for each in self.look_ahead() if each.track is Track.LIVE}
        made: list[Notice] = []
        for untold, delivery_ids in due:
            with self.database.write() as transaction:
                self.notices.lock(transaction)
                notice = self._make(transaction, untold, breaches, now)
            if notice is not None:
                made.append(notice)
                self._mark_told(notice, delivery_ids)
        for each in made:
            log.warning(
                "notice.made",
                notice_id=each.notice_id,
                destination=each.destination,
                percent=each.percent,
                count=each.deliveries,
            )
        return len(made)

    def _mark_told(self, notice: Notice, delivery_ids: Sequence[DeliveryId]) -> None:
        for start in range(0, len(delivery_ids), BATCH):
            with self.database.write() as transaction:
                self.notices.tell_with(transaction, notice, delivery_ids[start : start + BATCH])

    def _due(self, transaction: TransactionT, now: datetime) -> list[Untold]:
        """What people must be told now."""
        last = self.notices.last_made(transaction)
        return [
            untold
            for untold in self.notices.list_untold(transaction)
            if untold.unfinished and not self._is_quiet(last, untold, now)
        ]

    def _is_quiet(self, last: Mapping[tuple[str, int], datetime], untold: Untold, now: datetime) -> bool:
        return is_quiet(last.get((untold.destination, untold.percent)), self.ladder, now)

    def _make(
        self,
        transaction: TransactionT,
        untold: Untold,
        breaches: Mapping[Lane, datetime | None],
        now: datetime,
    ) -> Notice | None:
        """With the ladder locked; None when another process has told it meanwhile, or nothing is left."""
        if self._is_quiet(self.notices.last_made(transaction), untold, now):
            return None
        situation = self._situation(transaction, Lane(untold.destination), breaches)
        notice = notice_of(untold, situation, self.new_notice_id(), now)
        if notice is not None:
            self.notices.insert(transaction, notice, sendings_of(notice, self.ladder.receivers))
        return notice

    def _situation(
        self, transaction: TransactionT, lane: Lane, breaches: Mapping[Lane, datetime | None]
    ) -> Situation:
        health = self.lanes.get_lane(transaction, lane)
        is_stopped = health.breaker is not BreakerState.CLOSED or health.hold_reason is not None
        return Situation(is_stopped, breaches.get(lane))


@dataclass(frozen=True, slots=True)
class Herald(Generic[TransactionT]):
    """Sends what was made; an attempt is on disk before it begins: it may be repeated, never forgotten."""

    database: Database[TransactionT]
    notices: Notices[TransactionT]
    channels: Mapping[Channel, Announces]
    patience: Patience
    clock: Clock

    def send(self) -> int:
        """Everything that is due, one after the other; says how many were accepted."""
        now = self.clock()
        again_at = now + timedelta(seconds=2 * self.patience.send_seconds * SENDINGS_MAX)
        with self.database.write() as transaction:
            due = self.notices.claim_due(transaction, now, again_at, SENDINGS_MAX)
        return sum(self._send(notice, sending) for notice, sending in due)

    def _send(self, notice: Notice, sending: Sending) -> bool:
        answer = self.channels[sending.channel](notice, sending)
        after = self.patience.after(sending, answer, self.clock())
        with self.database.write() as transaction:
            self.notices.finish(transaction, after)
        if not answer.is_accepted:
            log.warning(
                "notice.not_accepted", notice_id=notice.notice_id, role=sending.role, state=after.state.value
            )
        return answer.is_accepted
