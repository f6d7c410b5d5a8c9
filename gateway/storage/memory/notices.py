"""Steps up the ladder, notices and their sendings in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from gateway.model.foresight import (
    Crossing,
    Mark,
    Notice,
    NoticeId,
    Sending,
    SendingState,
    ToldNotice,
    Untold,
)
from gateway.model.ids import DeliveryId
from retry_queue.job import Job, JobId, Track
from retry_queue.memory.transactions import MemoryTransaction
from retry_queue.store import Inspection

_EVERY_JOB = 2**31


class MemoryNotices:
    """The twin of the SQL store; looks at the jobs through the queue's own port."""

    def __init__(self, queue: Inspection[MemoryTransaction]) -> None:
        self._queue = queue
        self._marks: dict[tuple[DeliveryId, int], Mark] = {}
        self._notices: dict[NoticeId, Notice] = {}
        self._sendings: dict[tuple[NoticeId, int], Sending] = {}

    def lock(self, transaction: MemoryTransaction) -> None:
        """There is one writer."""
        transaction.require_open()

    def list_crossings(
        self,
        transaction: MemoryTransaction,
        due_until: Mapping[int, datetime],
        planned_until: datetime,
        limit: int,
    ) -> Sequence[Crossing]:
        """Unfinished live deliveries that stand past a rung that is not recorded for them."""
        found: list[Crossing] = []
        for job in self._queue.list_jobs(transaction, None, None, 0, _EVERY_JOB):
            if job.state.is_final or job.track is not Track.LIVE or job.enqueued_at > planned_until:
                continue
            own = DeliveryId(job.job_id)
            reached = frozenset(percent for delivery_id, percent in self._marks if delivery_id == own)
            if any(job.due_at <= until and each not in reached for each, until in due_until.items()):
                found.append(Crossing(own, job.lane, job.due_at, reached))
        return found[:limit]

    def add_marks(self, transaction: MemoryTransaction, marks: Sequence[Mark]) -> Sequence[Mark]:
        """Write those that are new; say which were written."""
        new = [mark for mark in marks if (mark.delivery_id, mark.percent) not in self._marks]
        for mark in new:
            transaction.put(self._marks, (mark.delivery_id, mark.percent), mark)
        return new

    def marks_of(self, transaction: MemoryTransaction, delivery_ids: Iterable[DeliveryId]) -> Sequence[Mark]:
        """In the order of the rungs."""
        transaction.require_open()
        wanted = set(delivery_ids)
        return [self._marks[key] for key in sorted(self._marks) if key[0] in wanted]

    def list_untold(self, transaction: MemoryTransaction) -> Sequence[Untold]:
        """By destination and rung."""
        groups: dict[tuple[str, int], set[DeliveryId]] = {}
        for mark in self._marks.values():
            if mark.notice_id is None:
                groups.setdefault((mark.destination, mark.told_as), set()).add(mark.delivery_id)
        return [
            self._untold(transaction, destination, percent, delivery_ids)
            for (destination, percent), delivery_ids in sorted(groups.items())
        ]

    def list_untold_ids(
        self, transaction: MemoryTransaction, destination: str, percent: int
    ) -> Sequence[DeliveryId]:
        """Of this destination, to be told as this rung."""
        transaction.require_open()
        return sorted({mark.delivery_id for _, mark in self._untold_of(destination, percent)})

    def tell_with(
        self, transaction: MemoryTransaction, notice: Notice, delivery_ids: Iterable[DeliveryId]
    ) -> None:
        """What is untold of these deliveries at the notice's destination and rung belongs to it."""
        wanted = set(delivery_ids)
        for key, mark in self._untold_of(notice.destination, notice.percent):
            if mark.delivery_id in wanted:
                transaction.put(self._marks, key, replace(mark, notice_id=notice.notice_id))

    def _untold_of(self, destination: str, percent: int) -> list[tuple[tuple[DeliveryId, int], Mark]]:
        return [
            (key, mark)
            for key, mark in self._marks.items()
            if (mark.destination, mark.told_as, mark.notice_id) == (destination, percent, None)
        ]

    def last_made(self, transaction: MemoryTransaction) -> Mapping[tuple[str, int], datetime]:
        """By destination and rung: when the newest notice was made."""
        transaction.require_open()
        return {(each.destination, each.percent): each.made_at for each in self._notices.values()}

    def insert(self, transaction: MemoryTransaction, notice: Notice, sendings: Sequence[Sending]) -> None:
        """A notice with everybody it goes to."""
        transaction.put(self._notices, notice.notice_id, notice)
        for each in sendings:
            transaction.put(self._sendings, (each.notice_id, each.number), each)

    def claim_due(
        self, transaction: MemoryTransaction, now: datetime, again_at: datetime, limit: int
    ) -> Sequence[tuple[Notice, Sending]]:
        """Sendings whose turn has come; nobody else gets them before `again_at`."""
        due = sorted(
            (each.next_attempt_at, key, each)
            for key, each in self._sendings.items()
            if each.state is SendingState.PENDING
            and each.next_attempt_at is not None
            and each.next_attempt_at <= now
        )
        claimed = [
            replace(each, attempts=each.attempts + 1, next_attempt_at=again_at, last_attempt_at=now)
            for _, _, each in due[:limit]
        ]
        for sending in claimed:
            self.finish(transaction, sending)
        return [(self._notices[each.notice_id], each) for each in claimed]

    def finish(self, transaction: MemoryTransaction, sending: Sending) -> None:
        """What came of an attempt."""
        transaction.put(self._sendings, (sending.notice_id, sending.number), sending)

    def list_after(self, transaction: MemoryTransaction, position: int, limit: int) -> Sequence[ToldNotice]:
        """In the order they were made."""
        transaction.require_open()
        told = [self._told(place, each) for place, each in enumerate(self._notices.values(), start=1)]
        return [each for each in told if each.position > position][:limit]

    def find_all(
        self, transaction: MemoryTransaction, notice_ids: Iterable[NoticeId]
    ) -> Mapping[NoticeId, ToldNotice]:
        """Those that exist."""
        wanted = set(notice_ids)
        everything = self.list_after(transaction, 0, len(self._notices))
        return {each.notice.notice_id: each for each in everything if each.notice.notice_id in wanted}

    def _untold(
        self, transaction: MemoryTransaction, destination: str, percent: int, delivery_ids: set[DeliveryId]
    ) -> Untold:
        jobs = self._queue.find_jobs(transaction, [JobId(each) for each in delivery_ids])
        unfinished = sorted(
            (job for job in jobs.values() if not job.state.is_final),
            key=lambda job: (job.due_at, job.sequence),
        )
        worst: Job | None = unfinished[0] if unfinished else None
        return Untold(
            destination=destination,
            percent=percent,
            deliveries=len(delivery_ids),
            unfinished=len(unfinished),
            worst_delivery_id=None if worst is None else DeliveryId(worst.job_id),
            worst_due_at=None if worst is None else worst.due_at,
        )

    def _told(self, position: int, notice: Notice) -> ToldNotice:
        own = (self._sendings[key] for key in sorted(self._sendings) if key[0] == notice.notice_id)
        return ToldNotice(position, notice, tuple(own))
