"""Who was told when, and whether it arrived: notices as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from gateway.model.foresight import Notice, NoticeId, Sending, ToldNotice
from gateway.model.ids import DeliveryId
from gateway.operations.sentences import Sentence
from gateway.storage.foresight_ports import Notices
from gateway.storage.ports import Database

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class SendingStory:
    """One address, and how far the telling has come."""

    role: str
    channel: str
    address: str
    state: str
    attempts: int
    last_attempt_at: datetime | None
    accepted_at: datetime | None
    next_attempt_at: datetime | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class NoticeStory:
    """One notice with its proof."""

    position: int
    notice_id: str
    destination: str
    percent: int
    made_at: datetime
    deliveries: int
    worst_delivery_id: str
    worst_due_at: datetime
    first_breach_at: datetime | None
    text: Sentence
    told: tuple[SendingStory, ...]


@dataclass(frozen=True, slots=True)
class StepStory:
    """A delivery's step up the ladder, and who was told of it."""

    percent: int
    crossed_at: datetime
    recorded_at: datetime
    notice_id: str | None
    """None while the destination's last notice of this rung is still fresh, or when it arrived before one."""
    told: tuple[SendingStory, ...]


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Notices in the order they were made."""

    notices: tuple[NoticeStory, ...]
    next_after: int | None
    """None on the last page."""


@dataclass(frozen=True, slots=True)
class NoticeReader(Generic[TransactionT]):
    """Reads; tells nobody."""

    database: Database[TransactionT]
    notices: Notices[TransactionT]

    def list_page(self, after: int, limit: int) -> NoticePage:
        """Those after a position."""
        with self.database.read() as transaction:
            found = self.notices.list_after(transaction, after, limit)
        next_after = found[-1].position if len(found) == limit else None
        return NoticePage(tuple(_tell(each) for each in found), next_after)

    def steps_of(
        self, transaction: TransactionT, delivery_ids: Sequence[DeliveryId]
    ) -> Mapping[DeliveryId, tuple[StepStory, ...]]:
        """The ladder of each delivery that has begun to climb it."""
        marks = self.notices.marks_of(transaction, delivery_ids)
        wanted = {mark.notice_id for mark in marks if mark.notice_id is not None}
        told = self.notices.find_all(transaction, wanted)
        steps: dict[DeliveryId, tuple[StepStory, ...]] = {}
        for mark in marks:
            step = StepStory(
                percent=mark.percent,
                crossed_at=mark.crossed_at,
                recorded_at=mark.recorded_at,
                notice_id=mark.notice_id,
                told=_told(told, mark.notice_id),
            )
            steps[mark.delivery_id] = (*steps.get(mark.delivery_id, ()), step)
        return steps


def _told(told: Mapping[NoticeId, ToldNotice], notice_id: NoticeId | None) -> tuple[SendingStory, ...]:
    found = told.get(notice_id) if notice_id is not None else None
    return tuple(_sending(each) for each in found.sendings) if found else ()


def _tell(told: ToldNotice) -> NoticeStory:
    notice: Notice = told.notice
    return NoticeStory(
        position=told.position,
        notice_id=notice.notice_id,
        destination=notice.destination,
        percent=notice.percent,
        made_at=notice.made_at,
        deliveries=notice.deliveries,
        worst_delivery_id=notice.worst_delivery_id,
        worst_due_at=notice.worst_due_at,
        first_breach_at=notice.first_breach_at,
        text=Sentence(notice.text_vi, notice.text_en),
        told=tuple(_sending(each) for each in told.sendings),
    )


def _sending(sending: Sending) -> SendingStory:
    return SendingStory(
        role=sending.role,
        channel=sending.channel.value,
        address=sending.address,
        state=sending.state.value,
        attempts=sending.attempts,
        last_attempt_at=sending.last_attempt_at,
        accepted_at=sending.accepted_at,
        next_attempt_at=sending.next_attempt_at,
        answer=sending.answer,
    )
