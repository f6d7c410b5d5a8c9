"""Reading what a journey is told from, in one consistent view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from gateway.model.declaring import DeclarationCourse
from gateway.model.delivery import Delivery, Watch
from gateway.model.ids import ClientId, DeliveryId, EventId
from gateway.model.questioning import Question
from gateway.operations.journey import (
    DeliveryStory,
    Journey,
    tell_declaration,
    tell_delivery,
    tell_journey,
)
from gateway.operations.office_notices import tell_notice
from gateway.operations.queue_view import QueueView
from gateway.operations.read_notices import NoticeReader, StepStory
from gateway.operations.replays.mentions import mentions_of
from gateway.operations.replays.stories import ReplayMention
from gateway.operations.why import Standing
from gateway.storage.corrections_ports import OfficeNotices
from gateway.storage.declaration_ports import Declarations
from gateway.storage.ports import Database, Deliveries, Events
from gateway.storage.question_ports import Questions
from gateway.storage.replay_ports import Replays
from retry_queue.job import Job, JobId
from retry_queue.states import State

TransactionT = TypeVar("TransactionT")

BLOCKERS_MAX = 3
"""Earlier deliveries that are named as the reason for waiting."""


@dataclass(frozen=True, slots=True)
class JourneyReader(Generic[TransactionT]):
    """Answers "where is it?"."""

    database: Database[TransactionT]
    events: Events[TransactionT]
    deliveries: Deliveries[TransactionT]
    queue: QueueView[TransactionT]
    notices: NoticeReader[TransactionT] | None = None
    """Without it nothing is said of who was told."""
    replays: Replays[TransactionT] | None = None
    """Without it nothing is said of bulk replays."""
    questions: Questions[TransactionT] | None = None
    """Without it nothing is said of questions."""
    office_notices: OfficeNotices[TransactionT] | None = None
    """Without it nothing is said of offices that are told."""
    declarations: Declarations[TransactionT] | None = None
    """Without it nothing is said of declarations."""

    def get(self, event_id: EventId, now: datetime) -> Journey:
        """Raises `EventNotFound`."""
        with self.database.read() as transaction:
            stored = self.events.get(transaction, event_id)
            deliveries = self.deliveries.list_of_event(transaction, event_id)
            standings = self._standings(transaction, deliveries)
            versions = self.events.list_versions(transaction, event_id)
            receipt = self.events.find_receipt(transaction, event_id)
            asked = self._questions(transaction, [event_id]).get(event_id, ())
            told = self.office_notices.of_event(transaction, event_id) if self.office_notices else ()
            course = self._course(transaction, event_id)
        warnings = receipt.warnings if receipt else ()
        journey = tell_journey(stored, standings, versions, now, warnings, asked)
        return replace(
            journey,
            office_notices=tuple(tell_notice(each, now) for each in told),
            declaration=None if course is None else tell_declaration(course, journey.deliveries),
        )

    def _course(self, transaction: TransactionT, event_id: EventId) -> DeclarationCourse | None:
        """Of a declaration, or of the event that one became."""
        if self.declarations is None:
            return None
        own = self.declarations.find_all(transaction, [event_id]).get(event_id)
        return own or self.declarations.find_of_event(transaction, event_id)

    def list_by_source(
        self, client_id: ClientId | None, source_event_id: str, now: datetime
    ) -> Sequence[Journey]:
        """The sender's own number; without a client, of any sender."""
        with self.database.read() as transaction:
            event_ids = self.events.find_by_source(transaction, client_id, source_event_id)
        return [self.get(event_id, now) for event_id in event_ids]

    def get_delivery(self, delivery_id: DeliveryId, now: datetime) -> DeliveryStory:
        """One delivery alone. Raises `DeliveryNotFound`."""
        with self.database.read() as transaction:
            delivery = self.deliveries.get(transaction, delivery_id)
            stored = self.events.get(transaction, delivery.event_id)
            standings = self._standings(transaction, [delivery])
        return tell_delivery(standings[0], stored.counts_from, now)

    def standing_of(self, transaction: TransactionT, delivery: Delivery) -> Standing:
        """Everything known about one delivery, inside the caller's transaction."""
        return self._standings(transaction, [delivery])[0]

    def _standings(self, transaction: TransactionT, deliveries: Sequence[Delivery]) -> Sequence[Standing]:
        jobs = self.queue.find_jobs(transaction, [JobId(each.delivery_id) for each in deliveries])
        watches = self._watches(transaction, deliveries)
        steps = self._steps(transaction, deliveries)
        replays = self._replays(transaction, deliveries)
        asked = self._questions(transaction, [each.event_id for each in deliveries])
        return [
            replace(
                self._standing(
                    transaction, each, jobs[JobId(each.delivery_id)], watches.get(each.delivery_id)
                ),
                steps=steps.get(each.delivery_id, ()),
                replays=replays.get(each.delivery_id, ()),
                questions=asked.get(each.event_id, ()),
            )
            for each in deliveries
        ]

    def _steps(
        self, transaction: TransactionT, deliveries: Sequence[Delivery]
    ) -> Mapping[DeliveryId, tuple[StepStory, ...]]:
        if self.notices is None:
            return {}
        return self.notices.steps_of(transaction, [each.delivery_id for each in deliveries])

    def _questions(
        self, transaction: TransactionT, event_ids: Sequence[EventId]
    ) -> Mapping[EventId, tuple[Question, ...]]:
        found: dict[EventId, tuple[Question, ...]] = {}
        if self.questions is not None:
            for question in self.questions.list_of_events(transaction, event_ids):
                found[question.event_id] = (*found.get(question.event_id, ()), question)
        return found

    def _replays(
        self, transaction: TransactionT, deliveries: Sequence[Delivery]
    ) -> Mapping[DeliveryId, tuple[ReplayMention, ...]]:
        if self.replays is None:
            return {}
        return mentions_of(self.replays, transaction, [each.delivery_id for each in deliveries])

    def _watches(
        self, transaction: TransactionT, deliveries: Sequence[Delivery]
    ) -> Mapping[DeliveryId, Watch]:
        event_ids = {each.event_id for each in deliveries}
        return {
            watch.delivery_id: watch
            for event_id in event_ids
            for watch in self.deliveries.watches_of(transaction, event_id)
        }

    def _standing(
        self, transaction: TransactionT, delivery: Delivery, job: Job, watch: Watch | None
    ) -> Standing:
        return Standing(
            delivery=delivery,
            job=job,
            lane=self.queue.get_lane(transaction, job.lane),
            attempts=self.deliveries.list_attempts(transaction, delivery.delivery_id),
            blockers=self._blockers(transaction, job),
            watch=watch,
        )

    def _blockers(self, transaction: TransactionT, job: Job) -> Sequence[Delivery]:
        if job.state is not State.WAITING:
            return ()
        blockers = self.queue.list_blockers(transaction, job.job_id, BLOCKERS_MAX)
        return [self.deliveries.get(transaction, DeliveryId(blocker)) for blocker in blockers]
