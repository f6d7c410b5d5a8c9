"""Questions about one delivery: it is held, its outcome is in doubt and time is short, or it was answered."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Generic, TypeVar

from gateway.errors import DeliveryNotFound
from gateway.model.delivery import AttemptRow, Delivery, StoredEvent
from gateway.model.ids import DeliveryId, EventId
from gateway.model.operating import FIRST_VERSION, OperatorAct
from gateway.model.questioning import OpenCounts, QuestionKind, QuestionState
from gateway.operations.allowed_acts import allowed_acts
from gateway.operations.asked_about import AskedAbout, asked_about, read_asked
from gateway.operations.question_items import (
    QUESTIONS,
    UNIT_USED,
    USE_UNIT,
    AnswerGiven,
    Choice,
    InboxItem,
    QuestionPage,
    Wanted,
)
from gateway.operations.question_kinds import (
    DoubtfulPlace,
    count_questions,
    doubtful_places,
    is_question,
    kind_of,
)
from gateway.operations.read_journey import JourneyReader
from gateway.operations.refusals import ActRefused
from gateway.operations.sentences import DESTINATIONS, Sentence
from gateway.storage.operating_ports import OperatorActs
from mappings.units import Unit
from retry_queue.job import Job, JobId
from retry_queue.states import State

TransactionT = TypeVar("TransactionT")

COUNTED_MAX: Final = 2_000
"""More deliveries in such a state are an alarm of their own."""
SeesEvent = Callable[[EventId], bool]


@dataclass(frozen=True, slots=True)
class Looked:
    """A part of what there is."""

    items: tuple[InboxItem, ...]
    seen: int
    last: str
    """Where it goes on; empty when nothing was seen."""


@dataclass(frozen=True, slots=True)
class DeliveryQuestions(Generic[TransactionT]):
    """Told from deliveries as they stand, and from the ledger of acts; inside the caller's transaction."""

    journeys: JourneyReader[TransactionT]
    acts: OperatorActs[TransactionT]

    def open_ones(
        self,
        transaction: TransactionT,
        state: State,
        position: str,
        limit: int,
        sees: SeesEvent,
        now: datetime,
    ) -> Looked:
        """Of deliveries in this state, in the order of the queue."""
        jobs = self.journeys.queue.list_jobs(transaction, None, state, int(position or 0), limit)
        items = tuple(self._asked(transaction, jobs, sees, now))
        return Looked(items, len(jobs), str(jobs[-1].sequence) if jobs else "")

    def answered_ones(
        self, transaction: TransactionT, position: str, limit: int, sees: SeesEvent, now: datetime
    ) -> Looked:
        """Each answer that somebody gave, oldest first."""
        acts = self.acts.list_answers(transaction, position, limit)
        items = tuple(
            item
            for act in acts
            if sees(act.event_id) and (item := self._answered(transaction, act, now)) is not None
        )
        return Looked(items, len(acts), acts[-1].act_id if acts else "")

    def count(self, transaction: TransactionT, now: datetime) -> OpenCounts:
        """By kind, without reading the events: a refused item may also be about a unit or a commune."""
        queue = self.journeys.queue
        jobs = [
            job
            for state in (State.HELD, State.UNKNOWN)
            for job in queue.list_jobs(transaction, None, state, 0, COUNTED_MAX)
        ]
        return count_questions(jobs, now)

    def page(
        self, transaction: TransactionT, delivery_id: DeliveryId, sees: SeesEvent, now: datetime
    ) -> QuestionPage:
        """The open question, else the last that was answered. Raises `ActRefused` where there is neither."""
        try:
            delivery = self.journeys.deliveries.get(transaction, delivery_id)
        except DeliveryNotFound:
            raise ActRefused("not_found") from None
        if not sees(delivery.event_id):
            raise ActRefused("not_found")
        job = self.journeys.queue.find_job(transaction, JobId(delivery_id))
        if job is not None and is_question(job, now):
            return self._open_page(transaction, delivery, job, now)
        return self._answered_page(transaction, delivery, now)

    def _asked(
        self, transaction: TransactionT, jobs: Sequence[Job], sees: SeesEvent, now: datetime
    ) -> Iterator[InboxItem]:
        for job in jobs:
            if not is_question(job, now):
                continue
            delivery = self.journeys.deliveries.get(transaction, DeliveryId(job.job_id))
            if sees(delivery.event_id):
                yield self._told(transaction, delivery, job, now)[0]

    def _told(
        self, transaction: TransactionT, delivery: Delivery, job: Job, now: datetime
    ) -> tuple[InboxItem, tuple[DoubtfulPlace, ...]]:
        journeys = self.journeys
        stored = journeys.events.get(transaction, delivery.event_id, delivery.version)
        attempts = journeys.deliveries.list_attempts(transaction, delivery.delivery_id)
        places = doubtful_places(stored)
        kind = kind_of(asked_about(job), delivery.destination, attempts, places)
        return _item(delivery, stored, job, asked_about(job), kind, now), places

    def _open_page(
        self, transaction: TransactionT, delivery: Delivery, job: Job, now: datetime
    ) -> QuestionPage:
        item, places = self._told(transaction, delivery, job, now)
        acts = tuple(Choice(each.act.value, each.consequence, each.needs) for each in allowed_acts(job))
        can_edit = any(choice.answer == "edit" for choice in acts)
        units = tuple(_units(places)) if can_edit else ()
        return QuestionPage(item, (), places, _decision(delivery), (*units, *acts))

    def _answered_page(self, transaction: TransactionT, delivery: Delivery, now: datetime) -> QuestionPage:
        for act in reversed(self.acts.list_of_delivery(transaction, delivery.delivery_id)):
            item = self._answered(transaction, act, now)
            if item is not None:
                return QuestionPage(item, (), (), _decision(delivery), ())
        raise ActRefused("not_found")

    def _answered(self, transaction: TransactionT, act: OperatorAct, now: datetime) -> InboxItem | None:
        """None of an act that answered nothing."""
        asked = read_asked(act)
        if asked is None:
            return None
        delivery = self.journeys.deliveries.get(transaction, act.delivery_id)
        job = self.journeys.queue.find_job(transaction, JobId(act.delivery_id))
        if job is None:
            return None
        stored = self._as_it_was(transaction, act)
        attempts = self.journeys.deliveries.list_attempts(transaction, act.delivery_id)
        kind = kind_of(asked, delivery.destination, _before(attempts, act), doubtful_places(stored))
        given = AnswerGiven(act.act.value, act.actor, act.happened_at, act.reason)
        item = _item(delivery, stored, job, asked, kind, now)
        since = min(asked.since, act.happened_at)  # whoever looked early was not asked before he answered
        return replace(item, state=QuestionState.ANSWERED, asked_at=since, answered=given)

    def _as_it_was(self, transaction: TransactionT, act: OperatorAct) -> StoredEvent:
        """The content about which the question was put: an edit that answered it came later."""
        versions = self.journeys.events.list_versions(transaction, act.event_id)
        earlier = [each.version for each in versions if each.created_at < act.happened_at]
        return self.journeys.events.get(transaction, act.event_id, max(earlier, default=FIRST_VERSION))


def is_wanted(item: InboxItem, wanted: Wanted) -> bool:
    """Of the kind and office that were asked for."""
    return wanted.kind in {None, item.kind} and wanted.authority_code in {None, item.authority_code}


def _item(
    delivery: Delivery, stored: StoredEvent, job: Job, asked: AskedAbout, kind: QuestionKind, now: datetime
) -> InboxItem:
    registration, name = stored.event.registration, DESTINATIONS[delivery.destination]
    return InboxItem(
        question_id=delivery.delivery_id,
        kind=kind,
        state=QuestionState.OPEN,
        question=QUESTIONS[kind] + Sentence(f"({name.vi})", f"({name.en})"),
        event_id=stored.event_id,
        event_type=stored.event.event_type,
        authority_code=registration.authority_code,
        registered_at=registration.registered_at,
        delivery_id=delivery.delivery_id,
        destination=delivery.destination.value,
        reason=asked.reason,
        asked_at=asked.since,
        due_at=job.due_at,
        seconds_left=(job.due_at - now).total_seconds(),
    )


def _before(attempts: Sequence[AttemptRow], act: OperatorAct) -> Sequence[AttemptRow]:
    """A confirmation leaves an attempt of its own, of the same instant."""
    return [each for each in attempts if each.started_at < act.happened_at]


def _decision(delivery: Delivery) -> str:
    """Where its page stands."""
    return f"/api/v1/deliveries/{delivery.delivery_id}"


def _units(places: tuple[DoubtfulPlace, ...]) -> Iterator[Choice]:
    for place in places:
        for unit in place.candidates:
            yield _unit_choice(place, unit)


def _unit_choice(place: DoubtfulPlace, unit: Unit) -> Choice:
    needs = ("reason", "unit_code", "pointer")
    return Choice(USE_UNIT, UNIT_USED, needs, unit.code, unit.full_name, place.pointer)
