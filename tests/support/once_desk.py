"""The receiving corridor and the inbox over any backend, for tests of "one event, once"."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from gateway.model.delivery import Delivery
from gateway.model.ids import EventId
from gateway.model.natural_keys import Fingerprint
from gateway.model.questioning import Question, QuestionId
from gateway.model.submission import Accepted, IntakeResult, Receipt, ValidSubmission
from gateway.operations.acts import ActStores
from gateway.operations.delivery_questions import DeliveryQuestions
from gateway.operations.orders import Asker
from gateway.operations.question_inbox import Inbox
from gateway.operations.questions import Answered, Answering, AnswerOrder, QuestionStores
from gateway.operations.read_journey import JourneyReader
from gateway.receive.facets import facets_of
from gateway.receive.natural_keys import fingerprint_of
from gateway.receive.once import OnceStores
from gateway.receive.plan import shipped_plans
from gateway.receive.walk import Committer, IntakeStores, Promise
from gateway.storage.ports import EventOrigin
from mappings.canonical import AnyEvent
from retry_queue.job import Job, JobId
from tests.support.submissions import PROMISE, RECEIVED_AT, a_submission, counted_bytes

PLANS = shipped_plans({"personal_id_wait_seconds": 7200})

_requests = itertools.count(1)


def fingerprint(event: AnyEvent) -> Fingerprint | None:
    """As bootstrap hands it to the answering."""
    facets = facets_of(event)
    return None if facets is None else fingerprint_of(facets)


def sees_all(_origin: EventOrigin) -> bool:
    """Every unit is the asker's."""
    return True


@dataclass
class OnceDesk:
    """`backend` has the stores of the contract suite; `now` moves only when the test moves it."""

    backend: Any
    random_bytes: Callable[[int], bytes] = field(default_factory=counted_bytes)
    now: datetime = RECEIVED_AT

    def __post_init__(self) -> None:
        stores = self.backend
        once = OnceStores(stores.natural_keys, stores.questions)
        intake: IntakeStores[Any] = IntakeStores(
            stores.events, stores.deliveries, stores.queue, stores.feed, once
        )
        promise = Promise(PLANS, PROMISE.total_seconds())
        self.commit: Committer[Any] = Committer(
            stores.database, intake, promise, lambda: self.now, self.random_bytes
        )
        acts: ActStores[Any] = ActStores(
            stores.database, stores.events, stores.deliveries, stores.queue, stores.feed, stores.acts
        )
        asked = QuestionStores(stores.questions, stores.natural_keys, stores.declarations)
        self.answering: Answering[Any] = Answering(acts, asked, fingerprint, self.random_bytes, lambda: None)
        reader: JourneyReader[Any] = JourneyReader(
            stores.database, stores.events, stores.deliveries, stores.queue, questions=stores.questions
        )
        self.journeys, self.inbox = (
            reader,
            Inbox(reader, stores.questions, DeliveryQuestions(reader, stores.acts)),
        )

    def hand_in(self, *messages: dict[str, Any], client: str = "client-1") -> list[IntakeResult]:
        """In one batch."""
        return self.commit([a_submission(message, client) for message in messages])

    def submit(self, submissions: Sequence[ValidSubmission]) -> list[IntakeResult]:
        """As they are."""
        return self.commit(submissions)

    def accept(self, message: dict[str, Any], client: str = "client-1") -> Receipt:
        """Alone, and it must be accepted."""
        (result,) = self.hand_in(message, client=client)
        assert isinstance(result, Accepted), result
        return result.receipt

    def answer(
        self,
        receipt: Receipt,
        answer: str,
        *,
        who: str = "operator-1",
        request_id: str | None = None,
        same_as: EventId | None = None,
    ) -> Answered:
        """The question that this receipt names."""
        (question,) = receipt.questions
        asker = Asker(who, "compared both books", request_id or f"r-{next(_requests)}")
        order = AnswerOrder(QuestionId(question.question_id), answer, asker, same_as)
        self.now += timedelta(minutes=5)
        return self.answering.answer(order, self.now)

    def question(self, receipt: Receipt) -> Question:
        """As it is stored."""
        with self.backend.database.read() as transaction:
            found = self.backend.questions.list_of_events(transaction, [receipt.event_id])
        (question,) = found
        assert isinstance(question, Question)
        return question

    def deliveries(self, receipt: Receipt) -> Sequence[Delivery]:
        """As they were planned."""
        with self.backend.database.read() as transaction:
            found: Sequence[Delivery] = self.backend.deliveries.list_of_event(transaction, receipt.event_id)
        return found

    def jobs(self, receipt: Receipt) -> dict[str, Job]:
        """By step."""
        deliveries = self.deliveries(receipt)
        with self.backend.database.read() as transaction:
            found = self.backend.queue.find_jobs(
                transaction, [JobId(each.delivery_id) for each in deliveries]
            )
        return {each.step: found[JobId(each.delivery_id)] for each in deliveries}

    def states(self, receipt: Receipt) -> dict[str, str]:
        """By step."""
        return {step: job.state.value for step, job in self.jobs(receipt).items()}

    def changes(self, receipt: Receipt) -> list[tuple[str, dict[str, str]]]:
        """What the feed says of it."""
        with self.backend.database.read() as transaction:
            entries = self.backend.feed.list_after(transaction, 0, 1_000)
        return [
            (each.entry.change, dict(each.entry.detail))
            for each in entries
            if each.entry.event_id == receipt.event_id
        ]

    def count_events(self) -> int:
        """That are stored."""
        with self.backend.database.read() as transaction:
            return len(self.backend.events.list_after(transaction, None, 10_000))
