"""One page for a person who must decide: what was sent, what was said, what is at stake, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from gateway.model.delivery import AttemptRow, StoredEvent, Verb
from gateway.model.ids import DeliveryId
from gateway.model.operating import (
    BundleItem,
    EarlierRequest,
    EditProposal,
    OperatorAct,
    ProposalState,
)
from gateway.operations.allowed_acts import AllowedAct, allowed_acts
from gateway.operations.journey import DeliveryStory, tell_delivery
from gateway.operations.read_journey import JourneyReader
from gateway.operations.sentences import DESTINATIONS, Sentence, clock_time
from gateway.operations.why import Standing
from gateway.storage.operating_ports import Bundles, EditProposals, OperatorActs
from retry_queue.states import State

TransactionT = TypeVar("TransactionT")

PROPOSALS_MAX = 20


@dataclass(frozen=True, slots=True)
class Subject:
    """Which registration it is about; who it is about stands in the journey of the event."""

    event_id: str
    event_type: str
    source_event_id: str
    authority_code: str
    book_code: str
    number: str | None
    """A remark has none of its own."""
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """What passed between us and the destination, counted."""

    times_sent: int
    times_asked: int
    first_sent_at: datetime | None
    last_sent_at: datetime | None
    last_asked_at: datetime | None
    may_be_there: bool
    """It was sent and nobody knows what became of it."""


@dataclass(frozen=True, slots=True)
class AsSeen:
    """To be handed in with an act as `expected`: it is refused if something has changed meanwhile."""

    state: str
    fence: int
    version: int


@dataclass(frozen=True, slots=True)
class Past:
    """What people have done with it."""

    earlier_requests: tuple[EarlierRequest, ...]
    acts: tuple[OperatorAct, ...]
    """Oldest first."""
    bundles: tuple[BundleItem, ...]
    proposals: tuple[EditProposal, ...]
    """Edits that wait for a second person."""


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Everything needed to decide, on one page."""

    delivery: DeliveryStory
    subject: Subject
    question: Sentence
    stake: Sentence
    seconds_left: float
    """Until the due time; below zero it is past."""
    exchange: Exchange
    allowed: tuple[AllowedAct, ...]
    expected: AsSeen
    past: Past


@dataclass(frozen=True, slots=True)
class DecisionReader(Generic[TransactionT]):
    """Reads in one consistent view."""

    journeys: JourneyReader[TransactionT]
    acts: OperatorActs[TransactionT]
    proposals: EditProposals[TransactionT]
    bundles: Bundles[TransactionT]

    def get(self, delivery_id: DeliveryId, now: datetime) -> DecisionPage:
        """Raises `DeliveryNotFound`."""
        reader = self.journeys
        with reader.database.read() as transaction:
            delivery = reader.deliveries.get(transaction, delivery_id)
            stored = reader.events.get(transaction, delivery.event_id)
            standing = reader.standing_of(transaction, delivery)
            proposals = self.proposals.list_by(
                transaction, ProposalState.OPEN, delivery.event_id, PROPOSALS_MAX
            )
            past = Past(
                earlier_requests=tuple(reader.deliveries.earlier_requests(transaction, delivery_id)),
                acts=tuple(self.acts.list_of_delivery(transaction, delivery_id)),
                bundles=tuple(self.bundles.items_of_delivery(transaction, delivery_id)),
                proposals=tuple(each for each in proposals if each.delivery_id == delivery_id),
            )
        return tell_decision(stored, standing, past, now)


def tell_decision(stored: StoredEvent, standing: Standing, past: Past, now: datetime) -> DecisionPage:
    """Pure: the same facts always make the same page."""
    job, registration = standing.job, stored.event.registration
    return DecisionPage(
        delivery=tell_delivery(standing, registration.registered_at, now),
        subject=Subject(
            event_id=stored.event_id,
            event_type=stored.event.event_type,
            source_event_id=stored.event.source_event_id,
            authority_code=registration.authority_code,
            book_code=registration.book_code,
            number=registration.number,
            registered_at=registration.registered_at,
        ),
        question=_question(standing),
        stake=_stake(standing, now),
        seconds_left=(job.due_at - now).total_seconds(),
        exchange=_exchange(standing.attempts, may_be_there=job.maybe_sent),
        allowed=allowed_acts(job),
        expected=AsSeen(job.state.value, int(job.fence), standing.delivery.version),
        past=past,
    )


def _question(standing: Standing) -> Sentence:
    name, job = DESTINATIONS[standing.delivery.destination], standing.job
    if job.state.is_final:
        return Sentence("Không còn gì phải quyết định.", "There is nothing left to decide.")
    if job.maybe_sent:
        number = standing.delivery.request_id
        return Sentence(
            f"{name.vi} đã có thông điệp {number} chưa? Xem trực tiếp hoặc hỏi đầu mối của bên nhận.",
            f"Does {name.en} have message {number}? Look there, or ask the people in charge of it.",
        )
    if job.state is State.HELD:
        return Sentence(
            "Nội dung đã đúng chưa, và có gửi nữa không?", "Is the content right, and is it to be sent?"
        )
    return Sentence("Chưa cần ai quyết định.", "Nobody needs to decide anything yet.")


def _stake(standing: Standing, now: datetime) -> Sentence:
    due_at = standing.job.due_at
    at, name = clock_time(due_at), DESTINATIONS[standing.delivery.destination]
    if standing.job.state.is_final:
        return Sentence(f"Thời hạn là {at}.", f"It was due at {at}.")
    if now > due_at:
        return Sentence(
            f"Đã quá hạn {at}: {name.vi} chưa có dữ liệu hộ tịch trong thời hạn.",
            f"Past due since {at}: {name.en} does not hold it within the time set.",
        )
    return Sentence(f"Phải đến {name.vi} trước {at}.", f"It must reach {name.en} before {at}.")


def _exchange(attempts: Sequence[AttemptRow], *, may_be_there: bool) -> Exchange:
    sent = [each.started_at for each in attempts if each.verb in {Verb.SEND, Verb.COURIER}]
    asked = [each.started_at for each in attempts if each.verb is Verb.ASK]
    return Exchange(
        times_sent=len(sent),
        times_asked=len(asked),
        first_sent_at=sent[0] if sent else None,
        last_sent_at=sent[-1] if sent else None,
        last_asked_at=asked[-1] if asked else None,
        may_be_there=may_be_there,
    )
